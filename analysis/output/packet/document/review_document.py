"""The review document as data: `review.json`, and the only input of the Markdown and HTML pages.

Plain JSON types, so that every reader and every digest sees the same bytes. Text of a source is stored unchanged;
the page that shows it escapes it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from analysis.model import CapabilityKind, DecisionState, Effect, Risk, Status, ToolType
from analysis.model.serialise import note_facts
from analysis.output.header import file_label, inventory_digest, status
from analysis.output.packet.document.decision_counts import (
    by_type_and_risk,
    decision_groups,
    high_risk_allowed,
    permission_rows,
    recommended,
    resources,
)
from analysis.output.packet.document.first_end import first_end
from analysis.output.packet.document.flows import diagram_rows, exfiltration_path
from analysis.output.packet.document.packet_contents import changes_since
from analysis.output.packet.document.proof import TRACKS, evidence_register, frameworks, track_rows
from analysis.output.packet.document.question_answers import questions
from analysis.output.packet.document.risks import by_rule, residual_rows, settled_at_once
from analysis.output.packet.document.rows import control_row, finding_row, policy_row, request_row, tool_row
from analysis.output.packet.folder import MANIFEST, SIGNOFFS, SUMS
from analysis.output.scopes import minimum_scopes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import LedgerLine, ReviewSnapshot, Score, SourceInfo

FORMAT: Final = "clearance-review"
FORMAT_VERSION: Final = 3
#: Name of the file in a packet.
REVIEW_JSON: Final = "review.json"
#: Name of the file that holds the organisation's policy, byte for byte.
POLICY: Final = "policy.yaml"
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


def _keys(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    """Return with which keys people have signed events; nothing where none is signed."""
    found = sorted({(each.person, each.key) for each in review_snapshot.proofs})
    return {"keys": [{"person": person, "key": key} for person, key in found]} if found else {}


def document(review_snapshot: ReviewSnapshot, files: Sequence[tuple[str, str, bool]] = ()) -> dict[str, Any]:
    """Return the whole review as data. `files` are those of its packet: name, title, and whether it is recomputed."""
    by_id = {r.tool.id: r for r in review_snapshot.tools}
    gains = {line.finding: line.gain for line in review_snapshot.score.ledger if line.finding}
    findings = [
        finding_row(
            f, review_snapshot.dispositions.get(f.id), by_id.get(f.tool) if f.tool else None, gains.get(f.id, 0)
        )
        for f in review_snapshot.findings
    ]
    end = first_end(review_snapshot)
    controls = [control_row(control, answer) for control, answer in review_snapshot.controls]
    tools = [tool_row(r) for r in review_snapshot.tools]
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
        "sources": [_source(s, review_snapshot) for s in review_snapshot.sources],
        "profile": review_snapshot.profile.value,
        "request": request_row(review_snapshot.intake),
        "policy": policy_row(review_snapshot.policy, POLICY) if review_snapshot.policy else None,
        "people": {
            "requesters": list(review_snapshot.requesters),
            "deciders": sorted({r.state.decision.actor for r in review_snapshot.tools if r.state.decision}),
            **_keys(review_snapshot),
        },
        "supersedes": review_snapshot.supersedes,
        "since_packet": changes_since(review_snapshot),
        "verdict": review_snapshot.score.verdict,
        "ends": {"at": end.date, "what": end.item},
        "score": _score(review_snapshot.score),
        "counts": counts(review_snapshot),
        "types": by_type_and_risk(review_snapshot.tools),
        "questions": questions(review_snapshot, controls),
        "groups": decision_groups(review_snapshot.tools),
        "resources": resources(review_snapshot.tools),
        "high_risk_allowed": high_risk_allowed(review_snapshot.tools),
        "permissions": permission_rows(review_snapshot.tools),
        "recommended": recommended(review_snapshot.tools, review_snapshot.background.recommended),
        "exfiltration_path": exfiltration_path(review_snapshot),
        "diagrams": diagram_rows(review_snapshot.background.diagrams),
        "scopes": minimum_scopes(review_snapshot.tools),
        "residual": residual_rows(findings),
        "findings_by_rule": by_rule(findings),
        "settled_at_once": settled_at_once(findings),
        "overrides": _lowering_overrides(tools, review_snapshot),
        "tools": tools,
        "findings": findings,
        "controls": controls,
        "evidence": evidence_register(controls, review_snapshot.tools),
        "tracks": track_rows([c for c in review_snapshot.background.checklists if c.id in TRACKS], controls),
        "frameworks": frameworks(review_snapshot.background.standards, controls),
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
        "log": _log(review_snapshot),
        "files": [{"file": name, "title": title, "recomputed": again} for name, title, again in files],
        "how_to_verify": list(_COMMANDS),
    }


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
        "kinds": _kinds(source, review_snapshot),
        "files": [{"file": path, "sha256": digest} for path, digest in source.files],
        "facts": [{"fact": name, "value": value} for name, value in source.facts],
        "servers": list(source.servers),
        "not_callable": list(source.not_callable),
    }


def _kinds(source: SourceInfo, review_snapshot: ReviewSnapshot) -> dict[str, int]:
    counts = Counter(r.tool.kind for r in review_snapshot.tools if r.tool.source == source.id)
    return {kind.value: counts[kind] for kind in CapabilityKind}


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


def _log(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    times = [entry.at for entry in review_snapshot.log]
    return {
        "events": len(review_snapshot.log),
        "people": sorted({entry.actor for entry in review_snapshot.log}),
        "first_at": min(times, default=""),
        "last_at": max(times, default=""),
        "heads": {
            replica: {"seq": seq, "id": event} for replica, (seq, event) in sorted(review_snapshot.heads.items())
        },
    }
