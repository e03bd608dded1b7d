"""Where a review stands, as data: what `clearance status --json` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.model import RECORDED, DecisionState, Effect, Risk, ToolType
from analysis.model.serialise import whole_finding
from analysis.review import queries
from analysis.workspace import to_plain

if TYPE_CHECKING:
    from analysis.model import Answer, AnswerState, Control, Policy
    from analysis.review.session import Review


def plain(value: Any) -> dict[str, Any]:
    """Return a dataclass of the service as JSON data."""
    made: dict[str, Any] = to_plain(value)
    return made


def question(control: Control, answer: Answer | None, state: AnswerState) -> dict[str, Any]:
    """Return a governance question with its answer and the state in effect, as JSON data."""
    return plain(control) | {"state": state.value, "answer": None if answer is None else to_plain(answer)}


def policy(review: Review) -> dict[str, Any] | None:
    """Return the policy in force as JSON data, or None."""
    found = review.policy.policy
    return None if found is None else plain(found)


def policy_lines(held: Policy) -> list[str]:
    """Return a policy in words, a line for each of its settings; its words are an organisation's, as they stand."""
    lines = [f"{held.name}, sha256 {held.sha256}", f"profile: {held.profile.value if held.profile else 'not stated'}"]
    for rule in held.rules.values():
        made = "switched off" if rule.off else f"severity {rule.severity.value}" if rule.severity else "as usual"
        lines.append(f"rule {rule.rule}: {made}" + (f" ({rule.reason})" if rule.reason else ""))
    for kind, groups in held.vocabulary.items():
        lines.append(f"words of kind {kind}: {', '.join(word for group in groups for word in group.words)}")
    if held.vocabulary:
        lines.append("  own words count for sources imported from now on; import those that are here again")
    if held.roles:
        lines.append(f"sign-offs: {held.sign_offs} of {', '.join(held.roles)}")
    for tool_type, conditions in held.conditions.items():
        lines.append(f"conditions for {tool_type.value}: {', '.join(f'{c.kind.value}={c.value}' for c in conditions)}")
    for what, days in (("approvals", held.approval_days), ("accepted risks", held.acceptance_days)):
        if days is not None:
            lines.append(f"{what} end after {days} days where nobody states an end")
    return lines


def score_moved(before: int | None, review: Review) -> str:
    """Return what was made of a score, in words: from what to what."""
    after = review.summary().figures.value
    told = ["—" if value is None else str(value) for value in (before, after)]
    return f"score stays {told[1]}" if before == after else f"score {told[0]} → {told[1]}"


def not_checked(review: Review) -> list[str]:
    """Return what the score does not speak of: checks that were left out, and rules that did not run, each once."""
    skipped = dict.fromkeys(s.check for s in queries.checks_left_out(review))
    return [*skipped, *dict.fromkeys(failed.rule for failed in review.summary().not_run)]


def status(review: Review) -> dict[str, Any]:
    """Return score, verdict, counts, ledger, findings, progress, and what was not checked."""
    summary, tools = review.summary(), review.tools()
    decisions = [DecisionState.UNDECIDED, *RECORDED]
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
        "policy": {"name": held.name, "sha256": held.sha256} if (held := review.policy.policy) else None,
        "counts": {
            "tools": len(tools),
            "effect": {e.value: sum(1 for t in tools if t.effect is e) for e in Effect},
            "type": {k.value: sum(1 for t in tools if t.type is k) for k in ToolType},
            "risk": {r.value: sum(1 for t in tools if t.risk is r) for r in Risk},
            "decision": {d.value: sum(1 for t in tools if t.decision_state.simple == d) for d in decisions},
            "unclear": sum(1 for t in tools if t.row.unclear and t.type_override is None),
        },
        "caps": [{"score": height, "because": why} for height, why in summary.score.caps],
        "ledger": [to_plain(line) for line in summary.score.ledger],
        "findings": [whole_finding(finding) for finding in summary.findings],
        "progress": to_plain(summary.progress),
        "gates": [{"id": gate.id.value, "open": gate.open, "why": gate.why} for gate in summary.gates],
        "sources": [to_plain(source.info) for source in review.sources()],
        "problems": [to_plain(p) | {"source": s.info.id} for s in review.sources() for p in s.problems],
        "not_checked": list({s.check: to_plain(s) for s in queries.checks_left_out(review)}.values()),
        "rules_not_run": [to_plain(failed) for failed in summary.not_run],
    }
