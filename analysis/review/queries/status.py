"""The status of a review as JSON data: what `clearance status --json` prints."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from analysis.collector import collector_paused
from analysis.model import RECORDED, CapabilityKind, DecisionState, Effect, Risk, ToolType
from analysis.model.serialise import whole_finding
from analysis.review import queries
from analysis.review.queries.findings import QUEUE_QUERIES
from analysis.review.queries.people import from_others, set_aside
from analysis.workspace import to_plain

if TYPE_CHECKING:
    from analysis.model import Answer, AnswerState, Control, Policy
    from analysis.review.record.understanding import SetAside
    from analysis.review.session import Review


def json_data(value: Any) -> dict[str, Any]:
    """Return a dataclass as JSON data."""
    data: dict[str, Any] = to_plain(value)
    return data


def question_data(control: Control, answer: Answer | None, state: AnswerState) -> dict[str, Any]:
    """Return a governance question with its answer and the state in effect, as JSON data."""
    return json_data(control) | {"state": state.value, "answer": None if answer is None else to_plain(answer)}


def policy_data(review: Review) -> dict[str, Any] | None:
    """Return the policy in force as JSON data, or None."""
    found = review.policy.policy
    return None if found is None else json_data(found)


def policy_lines(policy: Policy) -> list[str]:
    """Return a policy in words, a line for each setting; text of the organisation is not escaped."""
    profile = policy.profile.value if policy.profile else "not stated"
    lines = [f"{policy.name}, sha256 {policy.sha256}", f"profile: {profile}"]
    for rule in policy.rules.values():
        setting = "switched off" if rule.off else f"severity {rule.severity.value}" if rule.severity else "as usual"
        lines.append(f"rule {rule.rule}: {setting}" + (f" ({rule.reason})" if rule.reason else ""))
    for kind, groups in policy.vocabulary.items():
        lines.append(f"words of kind {kind}: {', '.join(word for group in groups for word in group.words)}")
    if policy.vocabulary:
        lines.append("  own words count for sources imported from now on; import those that are here again")
    if policy.roles:
        lines.append(f"sign-offs: {policy.sign_offs} of {', '.join(policy.roles)}")
    for tool_type, conditions in policy.conditions.items():
        lines.append(f"conditions for {tool_type.value}: {', '.join(f'{c.kind.value}={c.value}' for c in conditions)}")
    for what, days in (("approvals", policy.approval_days), ("accepted risks", policy.acceptance_days)):
        if days is not None:
            lines.append(f"{what} without an expiry date end after {days} days")
    return lines


def score_change(before: int | None, review: Review) -> str:
    """Return the change of a score in words."""
    after = review.summary().figures.value
    shown = ["—" if value is None else str(value) for value in (before, after)]
    return f"score stays {shown[1]}" if before == after else f"score {shown[0]} → {shown[1]}"


def not_checked(review: Review) -> list[str]:
    """Return what the score does not cover: checks that were left out, and rules that did not run, each once."""
    skipped = dict.fromkeys(s.check for s in queries.checks_left_out(review))
    return [*skipped, *dict.fromkeys(failed.rule for failed in review.summary().not_run)]


def from_others_data(review: Review) -> dict[str, Any]:
    """Return what was recorded on other copies, as JSON data."""
    found = from_others(review)
    return json_data(found) | {"sentence": found.sentence}


def aside_data(aside: SetAside, settled: bool) -> dict[str, Any]:
    """Return an event that was set aside, as JSON data."""
    event = aside.event
    stated = {"id": event.id, "replica": event.replica, "seq": event.seq, "actor": event.actor, "at": event.at}
    return stated | {"kind": event.kind, "key": event.key, "why": aside.why, "newer": aside.newer, "settled": settled}


@collector_paused()
def status_data(review: Review) -> dict[str, Any]:
    """Return score, verdict, counts, ledger, findings, progress, and what was not checked.

    `counts.tools` counts tools only; the other counts and the progress are over all kinds of capabilities.
    """
    summary, tools = review.summary(), review.tools()
    decisions = [DecisionState.UNDECIDED, *RECORDED]
    kinds, effects = Counter(tool.row.kind for tool in tools), Counter(tool.effect for tool in tools)
    types, risks = Counter(tool.type for tool in tools), Counter(tool.risk for tool in tools)
    states = Counter(tool.decision_state.simple for tool in tools)
    return {
        "title": review.title,
        "file": str(review.path),
        "as_of": review.as_of,
        "score": summary.score.value,
        "score_without_acceptances": summary.score.without_acceptances,
        "quality": summary.score.quality,
        "score_model": summary.score.model,
        "verdict": summary.score.verdict,
        "because": list(summary.score.because),
        "profile": review.policy.profile.value,
        "policy": {"name": policy.name, "sha256": policy.sha256} if (policy := review.policy.policy) else None,
        "counts": {
            "tools": kinds[CapabilityKind.TOOL],
            "kind": {kind.value: kinds[kind] for kind in CapabilityKind},
            "effect": {effect.value: effects[effect] for effect in Effect},
            "type": {kind.value: types[kind] for kind in ToolType},
            "risk": {risk.value: risks[risk] for risk in Risk},
            "decision": {state.value: states[state] for state in decisions},
            "unclear": sum(1 for t in tools if t.row.unclear and t.type_override is None),
        },
        "caps": [{"score": cap, "because": why} for cap, why in summary.score.caps],
        "ledger": [to_plain(line) for line in summary.score.ledger],
        "findings": [whole_finding(finding) for finding in summary.findings],
        "queue": [
            {
                "rule": row.rule,
                "title": row.title,
                "tools": len(row.tools),
                "points": row.points,
                "query": QUEUE_QUERIES[row.rule],
            }
            for row in summary.queue
        ],
        "progress": to_plain(summary.progress),
        "gates": [{"id": gate.id.value, "open": gate.open, "why": gate.why} for gate in summary.gates],
        "sources": [to_plain(source.info) for source in review.sources()],
        "problems": [to_plain(p) | {"source": s.info.id} for s in review.sources() for p in s.problems],
        "from_others": from_others_data(review),
        "set_aside": [aside_data(each, settled) for each, settled in set_aside(review)],
        "not_checked": list({s.check: to_plain(s) for s in queries.checks_left_out(review)}.values()),
        "rules_not_run": [to_plain(failed) for failed in summary.not_run],
    }
