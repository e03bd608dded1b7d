"""The review document as data: `review.json`, and the only thing the Markdown and HTML pages are made from.

Plain JSON types and no floats, so that every reader and every digest sees the same bytes. Text of a source
stands here as it came; the page that shows it escapes it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from analysis.model import DecisionState, Effect, Risk, Status, ToolType, iso_date
from analysis.output.packet.question_sections import questions
from analysis.output.packet.rows import (
    control_row,
    decision_row,
    finding_row,
    intake_row,
    lowers_risk,
    lowers_type,
    note_row,
    policy_row,
    tool_row,
)

if TYPE_CHECKING:
    from analysis.model import LedgerLine, ReviewSnapshot, Score, SourceInfo

FORMAT: Final = "clearance-review"
FORMAT_VERSION: Final = 1
#: The file of a packet that holds the organisation's policy, byte for byte.
POLICY: Final = "policy.yaml"
#: Sentences of the log that the document carries; the whole log is `events.jsonl`.
HISTORY: Final = 200
_TOP: Final = 5

#: What each verdict means for the one who asked, in one or two sentences.
SENTENCES: Final = {
    "blocked": "Not cleared. The agent must not be given this tool set until the points below are settled.",
    "not reviewed": "Not decided yet. Tools or governance questions are open, and whatever is open is not allowed.",
    "approvable with conditions": "Can be cleared under conditions. The agent may be given the approved tools, "
    "as long as the conditions and accepted risks below hold.",
    "approvable": "Can be cleared. The agent may be given the approved tools.",
}

_COMMANDS: Final = (
    "# Run in the packet's folder. Bring your own allowed_signers: a packet cannot vouch for its own signers.",
    "# 1. Each sign-off, with the ROLE and SIGNER of its file name:",
    "ssh-keygen -Y verify -f allowed_signers -I SIGNER -n ROLE.signoff@clearance \\",
    "  -s signoffs/ROLE.SIGNER.json.sig < signoffs/ROLE.SIGNER.json",
    "# 2. The sign-off is about this manifest:",
    'grep -q "$(sha256sum manifest.json | cut -c1-64)" signoffs/ROLE.SIGNER.json && echo "manifest: signed"',
    "# 3. The manifest is about these files:",
    'grep -q "$(sha256sum SHA256SUMS | cut -c1-64)" manifest.json && sha256sum -c --quiet SHA256SUMS && echo "files: OK"',
    "# The same in one step, with one key per role, where the product is installed:",
    "clearance verify . --allowed-signers allowed_signers",
)


def document(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    """Return the whole review as data."""
    by_id = {r.tool.id: r for r in review_snapshot.tools}
    wins = {line.finding: line.gain for line in review_snapshot.score.ledger if line.finding}
    findings = [
        finding_row(f, review_snapshot.dispositions.get(f.id), by_id.get(f.tool) if f.tool else None, wins.get(f.id, 0))
        for f in review_snapshot.findings
    ]
    controls = [control_row(control, answer) for control, answer in review_snapshot.controls]
    decisions = [decision_row(r) for r in review_snapshot.tools]
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "status": status(review_snapshot),
        "open_gates": list(review_snapshot.open_gates),
        "title": review_snapshot.title,
        "workspace": review_snapshot.workspace,
        "as_of": review_snapshot.as_of,
        "product": review_snapshot.product,
        "rule_pack": review_snapshot.rule_pack,
        "inventory_sha256": inventory_digest(review_snapshot),
        "lapses_first": lapses_first(review_snapshot),
        "sources": [_source(s, review_snapshot) for s in review_snapshot.sources],
        "decision": _decision(review_snapshot),
        "score": _score(review_snapshot.score),
        "counts": counts(review_snapshot),
        "residual": [f["id"] for f in findings if f["residual"]],
        "top_residual": [f["id"] for f in findings if f["residual"]][:_TOP],
        "blocked": _blocked(review_snapshot),
        "questions": questions(review_snapshot, controls),
        "inventory": [tool_row(r) for r in review_snapshot.tools],
        "decisions": decisions,
        "high_risk": [r.tool.id for r in review_snapshot.tools if r.state.risk is Risk.HIGH],
        "findings": findings,
        "acceptances": [f["id"] for f in findings if f["status"] == Status.ACCEPTED],
        "overrides": _overrides(review_snapshot),
        "profile": review_snapshot.profile.value,
        "intake": intake_row(review_snapshot.intake) if review_snapshot.intake else None,
        "policy": policy_row(review_snapshot.policy, POLICY) if review_snapshot.policy else None,
        "controls": controls,
        "notes": [note_row(n) for n in review_snapshot.notes],
        "problems": [
            {
                "source": s,
                "level": p.level.value,
                "what": p.what,
                "pointer": p.pointer,
                "line": p.line,
                "next": p.remedy,
            }
            for s, p in review_snapshot.problems
        ],
        "not_checked": [{"check": s.check, "reason": s.reason} for s in review_snapshot.not_checked],
        "rules_not_run": [{"rule": r.rule, "reason": r.reason} for r in review_snapshot.rules_not_run],
        "history": _history(review_snapshot),
        "how_to_verify": list(_COMMANDS),
    }


def _blocked(review_snapshot: ReviewSnapshot) -> list[str]:
    """Return the tools that are withheld, the riskiest first: the first page names only a few."""
    found = [r for r in review_snapshot.tools if r.state.decision_state is DecisionState.BLOCKED]
    return [r.tool.id for r in sorted(found, key=lambda r: -r.state.risk.rank)]


def status(review_snapshot: ReviewSnapshot) -> str:
    """Return the one word that every exported file carries: FINAL, or DRAFT as long as a gate is open."""
    return "DRAFT" if review_snapshot.draft else "FINAL"


def inventory_digest(review_snapshot: ReviewSnapshot) -> str:
    """Return the SHA-256 over all (tool id, definition digest): whether any tool drifted is one comparison.

    Hashed is the compact ASCII JSON of the sorted list of pairs.
    """
    pairs = sorted([r.tool.id, r.tool.digest] for r in review_snapshot.tools)
    return hashlib.sha256(json.dumps(pairs, separators=(",", ":")).encode()).hexdigest()


def counts(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    """Return the headline figures. Every class is named even when it is empty, so that a nought is a statement."""
    tools = review_snapshot.tools
    effects = Counter(r.state.effect for r in tools)
    types = Counter(r.state.type for r in tools)
    risks = Counter(r.state.risk for r in tools)
    states = Counter(r.state.decision_state for r in tools)
    open_findings = Counter(
        f.severity.value for f in review_snapshot.findings if f.status in {Status.OPEN, Status.FIXING}
    )
    return {
        "tools": len(tools),
        "by_effect": {e.value: effects[e] for e in Effect},
        "by_type": {t.value: types[t] for t in ToolType},
        "by_risk": {r.value: risks[r] for r in Risk},
        "by_state": {s.value: states[s] for s in DecisionState},
        "open_findings": dict(sorted(open_findings.items())),
        "answers": dict(
            sorted(Counter(a.state.value if a else "unanswered" for _, a in review_snapshot.controls).items())
        ),
    }


def file_label(uri: str) -> str:
    """Return the last part of a source's address: folders, log-ins and queries are nobody's business."""
    if "://" in uri:
        uri = uri.partition("?")[0].partition("#")[0].rpartition("@")[2]
    return uri.replace("\\", "/").rstrip("/").rpartition("/")[2]


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
        "files": [{"file": path, "sha256": digest} for path, digest in source.files],
        "facts": [{"fact": name, "value": value} for name, value in source.facts],
        "servers": list(source.servers),
        "not_callable": list(source.not_callable),
    }


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
        "ceilings": [{"at": at, "why": why} for at, why in score.caps],
        "ledger": [_ledger(line) for line in score.ledger],
    }


def _ledger(line: LedgerLine) -> dict[str, Any]:
    points = {"points": f"{line.points:.1f}", "counted": f"{line.penalty:.1f}", "wins": line.gain}
    return {"finding": line.finding, "label": line.label, "rule": line.rule, **points}


def _overrides(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    """Every human word that made the picture friendlier: counted beside the score, so that it cannot hide."""
    risk = [r.tool.id for r in review_snapshot.tools if lowers_risk(r)]
    kind = [r.tool.id for r in review_snapshot.tools if lowers_type(r)]
    false = [f.id for f in review_snapshot.findings if f.status is Status.FALSE_POSITIVE]
    return {
        "count": len(risk) + len(kind) + len(false),
        "risk_lowered": risk,
        "type_lowered": kind,
        "false_positives": false,
    }


def lapses_first(review_snapshot: ReviewSnapshot) -> str:
    """Return the earliest date on which a condition, an acceptance or a piece of evidence ends, if one is given."""
    said = [
        c.value
        for r in review_snapshot.tools
        if r.state.decision
        for c in r.state.decision.conditions
        if c.kind.value == "expires"
    ]
    said += [d.until for d in review_snapshot.dispositions.values() if d.status is Status.ACCEPTED]
    said += [e.valid_until for _, answer in review_snapshot.controls if answer for e in answer.evidence]
    return min(filter(None, map(iso_date, said)), default="")


def _history(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    last = review_snapshot.log[-HISTORY:]
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
