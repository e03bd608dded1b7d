"""The review document as data: `review.json`, and the only input of the Markdown and HTML pages.

Plain JSON types, so that every reader and every digest sees the same bytes. Text of a source is stored unchanged;
the page that shows it escapes it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from analysis.model import CapabilityKind, DecisionState, Effect, Risk, Status, ToolType
from analysis.model.serialise import note_facts, path_facts, reviewed_tool_facts
from analysis.output.header import file_label, inventory_digest, status
from analysis.output.packet.document.first_end import first_end
from analysis.output.packet.document.question_answers import questions
from analysis.output.packet.document.rows import control_row, finding_row, intake_row, policy_row
from analysis.output.packet.folder import MANIFEST, SIGNOFFS, SUMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import LedgerLine, ReviewSnapshot, Score, SourceInfo

FORMAT: Final = "clearance-review"
FORMAT_VERSION: Final = 2
#: Name of the file in a packet.
REVIEW_JSON: Final = "review.json"
#: Name of the file that holds the organisation's policy, byte for byte.
POLICY: Final = "policy.yaml"
#: Maximum number of events that the document shows as sentences; the file of events has all.
MAX_HISTORY: Final = 200
_MAX_TOP_RISKS: Final = 5

#: What each verdict means for the person who requested the tools.
SENTENCES: Final = {
    "blocked": "Not cleared. The agent must not be given this tool set until the points below are settled.",
    "not reviewed": "Not decided yet. Tools or governance questions are open, and whatever is open is not allowed.",
    "approvable with conditions": "Can be cleared under conditions. The agent may be given the approved tools, "
    "as long as the conditions and accepted risks below apply.",
    "approvable": "Can be cleared. The agent may be given the approved tools.",
}

_COMMANDS: Final = (
    "# Run in the packet's folder. Bring your own allowed_signers: a packet cannot say who may sign it.",
    "# 1. Each sign-off, with the ROLE and SIGNER of its file name:",
    "ssh-keygen -Y verify -f allowed_signers -I SIGNER -n ROLE.signoff@clearance \\",
    f"  -s {SIGNOFFS}/ROLE.SIGNER.json.sig < {SIGNOFFS}/ROLE.SIGNER.json",
    "# 2. The sign-off is about this manifest:",
    f'grep -q "$(sha256sum {MANIFEST} | cut -c1-64)" {SIGNOFFS}/ROLE.SIGNER.json && echo "manifest: signed"',
    "# 3. The manifest is about these files:",
    f'grep -q "$(sha256sum {SUMS} | cut -c1-64)" {MANIFEST} && sha256sum -c --quiet {SUMS} && echo "files: OK"',
    "# The same in one step, with one key per role, where the product is installed:",
    "clearance verify . --allowed-signers allowed_signers",
)


def document(review_snapshot: ReviewSnapshot, files: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """Return the whole review as data. `files` are the files of its packet, as name and title."""
    by_id = {r.tool.id: r for r in review_snapshot.tools}
    gains = {line.finding: line.gain for line in review_snapshot.score.ledger if line.finding}
    findings = [
        finding_row(
            f, review_snapshot.dispositions.get(f.id), by_id.get(f.tool) if f.tool else None, gains.get(f.id, 0)
        )
        for f in review_snapshot.findings
    ]
    controls = [control_row(control, answer) for control, answer in review_snapshot.controls]
    tools = [reviewed_tool_facts(r) for r in review_snapshot.tools]
    residual = [f["id"] for f in findings if f["residual"]]
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "status": status(review_snapshot),
        "open_gates": [gate.why for gate in review_snapshot.open_gates],
        "title": review_snapshot.title,
        "workspace": review_snapshot.workspace,
        "as_of": review_snapshot.as_of,
        "product": {"name": review_snapshot.product.name, "version": review_snapshot.product.version},
        "rule_pack": review_snapshot.rule_pack,
        "inventory_sha256": inventory_digest(review_snapshot),
        "earliest_expiry": first_end(review_snapshot).date,
        "earliest_expiry_item": first_end(review_snapshot).item,
        "sources": [_source(s, review_snapshot) for s in review_snapshot.sources],
        "decision": _decision(review_snapshot),
        "score": _score(review_snapshot.score),
        "counts": counts(review_snapshot),
        "residual": residual,
        "top_residual": residual[:_MAX_TOP_RISKS],
        "blocked": _blocked(review_snapshot),
        "questions": questions(review_snapshot, controls),
        "tools": tools,
        "high_risk": [r.tool.id for r in review_snapshot.tools if r.state.risk is Risk.HIGH],
        "exfiltration_path": _exfiltration_path(review_snapshot),
        "findings": findings,
        "acceptances": [f["id"] for f in findings if f["status"] == Status.ACCEPTED],
        "overrides": _lowering_overrides(tools, review_snapshot),
        "profile": review_snapshot.profile.value,
        "intake": intake_row(review_snapshot.intake) if review_snapshot.intake else None,
        "policy": policy_row(review_snapshot.policy, POLICY) if review_snapshot.policy else None,
        "controls": controls,
        "notes": [note_facts(n) for n in review_snapshot.notes],
        "problems": [
            {
                "source": source,
                "level": problem.level.value,
                "what": problem.what,
                "pointer": problem.pointer,
                "line": problem.line,
                "next": problem.remedy,
            }
            for source, problem in review_snapshot.problems
        ],
        "not_checked": [{"check": s.check, "reason": s.reason} for s in review_snapshot.not_checked],
        "rules_not_run": [{"rule": r.rule, "reason": r.reason} for r in review_snapshot.rules_not_run],
        "history": _history(review_snapshot),
        "files": [{"file": name, "title": title} for name, title in files],
        "how_to_verify": list(_COMMANDS),
    }


def _exfiltration_path(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    """Return what is known of the exfiltration path, over approved tools and over undecided ones as well."""
    stated = {"approved": review_snapshot.approved_path, "approved_and_undecided": review_snapshot.exposed_path}
    return {over: path_facts(path) for over, path in stated.items() if path is not None}


def _blocked(review_snapshot: ReviewSnapshot) -> list[str]:
    """Return the blocked tools, highest risk first: the first page names only a few."""
    blocked = [r for r in review_snapshot.tools if r.state.decision_state is DecisionState.BLOCKED]
    return [r.tool.id for r in sorted(blocked, key=lambda r: -r.state.risk.rank)]


def counts(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    """Return the headline figures. Every class is named even when it is empty, so that a zero is a statement."""
    tools = review_snapshot.tools
    kinds = Counter(r.tool.kind for r in tools)
    effects = Counter(r.state.effect for r in tools)
    types = Counter(r.state.type for r in tools)
    risks = Counter(r.state.risk for r in tools)
    states = Counter(r.state.decision_state for r in tools)
    open_findings = Counter(
        f.severity.value for f in review_snapshot.findings if f.status in {Status.OPEN, Status.FIXING}
    )
    return {
        "tools": kinds[CapabilityKind.TOOL],
        "capabilities": len(tools),
        "by_kind": {k.value: kinds[k] for k in CapabilityKind},
        "by_effect": {e.value: effects[e] for e in Effect},
        "by_type": {t.value: types[t] for t in ToolType},
        "by_risk": {r.value: risks[r] for r in Risk},
        "by_state": {s.value: states[s] for s in DecisionState},
        "open_findings": dict(sorted(open_findings.items())),
        "answers": dict(
            sorted(Counter(a.state.value if a else "unanswered" for _, a in review_snapshot.controls).items())
        ),
    }


def _source(source: SourceInfo, review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    return {
        "id": source.id,
        "kind": source.kind.value,
        "file": file_label(source.uri),
        "sha256": source.sha256,
        "title": source.title,
        "version": source.version,
        "format": source.format,
        "size": source.size,
        "tools": sum(r.tool.source == source.id for r in review_snapshot.tools),
        "kinds": _kinds(source, review_snapshot),
        "files": [{"file": path, "sha256": digest} for path, digest in source.files],
        "facts": [{"fact": name, "value": value} for name, value in source.facts],
        "servers": list(source.servers),
        "not_callable": list(source.not_callable),
    }


def _kinds(source: SourceInfo, review_snapshot: ReviewSnapshot) -> dict[str, int]:
    counts = Counter(r.tool.kind for r in review_snapshot.tools if r.tool.source == source.id)
    return {kind.value: counts[kind] for kind in CapabilityKind}


def _decision(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    verdict = review_snapshot.score.verdict
    return {
        "verdict": verdict,
        "sentence": SENTENCES.get(verdict, f"The verdict is: {verdict}."),
        "because": list(review_snapshot.score.because),
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "model": score.model,
        "value": score.value,
        "without_acceptances": score.without_acceptances,
        "quality": score.quality,
        "verdict": score.verdict,
        "because": list(score.because),
        "caps": [{"at": at, "why": why} for at, why in score.caps],
        "ledger": [_ledger_row(line) for line in score.ledger],
    }


def _ledger_row(line: LedgerLine) -> dict[str, Any]:
    points = {"points": f"{line.points:.1f}", "counted": f"{line.penalty:.1f}", "gain": line.gain}
    return {"finding": line.finding, "label": line.label, "rule": line.rule, **points}


def _lowering_overrides(tools: Sequence[dict[str, Any]], review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    """Return every correction that improved the result: counted next to the score."""
    lowered = {
        what: [tool["id"] for tool in tools if tool["overrides"].get(what, {}).get("lowers")]
        for what in ("risk", "type")
    }
    false_positives = [f.id for f in review_snapshot.findings if f.status is Status.FALSE_POSITIVE]
    return {
        "count": len(lowered["risk"]) + len(lowered["type"]) + len(false_positives),
        "risk_lowered": lowered["risk"],
        "type_lowered": lowered["type"],
        "false_positives": false_positives,
    }


def _history(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    last = review_snapshot.log[-MAX_HISTORY:]
    return {
        "events": len(review_snapshot.log),
        "shown": len(last),
        "heads": {
            replica: {"seq": seq, "id": event} for replica, (seq, event) in sorted(review_snapshot.heads.items())
        },
        "entries": [
            {"at": e.at, "actor": e.actor, "kind": e.kind, "sentence": e.sentence, "id": e.id, "seq": e.seq}
            for e in last
        ],
    }
