"""One tool, finding or control as plain data: the rows that every part of the review document is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.model import Status, ToolType

if TYPE_CHECKING:
    from analysis.model import (
        Answer,
        Control,
        Disposition,
        Evidence,
        Finding,
        Intake,
        Note,
        Override,
        Policy,
        ReviewedTool,
    )

_WEIGHT: Final = {ToolType.READ: 0, ToolType.SIDE_EFFECT: 1}  # every other type counts as 2


def tool_row(review: ReviewedTool) -> dict[str, Any]:
    """Return what a tool is and what the engine says of it."""
    tool, engine = review.tool, review.assessment
    return {
        "id": tool.id,
        "source": tool.source,
        "name": tool.name,
        "method": tool.method,
        "path": tool.path,
        "operation_id": tool.operation_id,
        "summary": tool.summary or tool.description,
        "deprecated": tool.deprecated,
        "definition_sha256": tool.digest,
        "effect": review.state.effect.value,
        "type": review.state.type.value,
        "types": [t.value for t in engine.types],
        "reversibility": engine.reversibility.value,
        "risk": review.state.risk.value,
        "unclear": engine.unclear,
        "confidence_percent": round(engine.confidence * 100),
        "data": [{"data": h.data, "direction": h.direction, "fields": list(h.fields)} for h in engine.data],
        "reasons": [
            {"where": r.where, "matched": r.matched, "says": r.says, "against": r.against} for r in engine.reasons
        ],
        "state": review.state.decision_state.value,
        "findings": list(review.findings),
        "hints": dict(tool.hints),
        "tokens": engine.tokens,
    }


def decision_row(review: ReviewedTool) -> dict[str, Any]:
    """Return what people said of a tool."""
    decision = review.state.decision
    return {
        "id": review.tool.id,
        "name": review.tool.name,
        "state": review.state.decision_state.value,
        "exposure": decision.state.value if decision else None,
        "conditions": [
            {"kind": c.kind.value, "value": c.value, "evidence": c.evidence}
            for c in (decision.conditions if decision else ())
        ],
        "reason": decision.reason if decision else "",
        "actor": decision.actor if decision else "",
        "at": decision.at if decision else "",
        "decided_definition_sha256": decision.definition if decision else "",
        "definition_sha256": review.tool.digest,
        "risk_retag": _override(review.state.risk_override, review.assessment.risk.value, lowers=lowers_risk(review)),
        "type_retag": _override(review.state.type_override, review.assessment.type.value, lowers=lowers_type(review)),
        "notes": [note_row(n) for n in review.notes],
    }


def lowers_risk(review: ReviewedTool) -> bool:
    """Whether a reviewer put the risk below what the engine proposed."""
    return review.state.risk_override is not None and review.state.risk.rank < review.assessment.risk.rank


def lowers_type(review: ReviewedTool) -> bool:
    """Whether a reviewer put the type below what the engine proposed."""
    before, after = (_WEIGHT.get(t, 2) for t in (review.assessment.type, review.state.type))
    return review.state.type_override is not None and after < before


def _override(override: Override | None, before: str, *, lowers: bool) -> dict[str, Any] | None:
    if override is None:
        return None
    said = {"reason": override.reason, "actor": override.actor, "at": override.at}
    return {"from": before, "to": override.value, "lowers": lowers, **said}


def note_row(note: Note) -> dict[str, Any]:
    """Return a remark."""
    return {"subject": note.subject, "text": note.text, "actor": note.actor, "at": note.at}


def finding_row(
    finding: Finding, disposition: Disposition | None, review: ReviewedTool | None, wins: int
) -> dict[str, Any]:
    """Return a finding with what people made of it. `residual`: it still weighs on what is exposed."""
    summary = finding.status in {Status.OPEN, Status.FIXING, Status.ACCEPTED}
    return {
        "id": finding.id,
        "rule": finding.rule,
        "family": finding.family,
        "title": finding.title,
        "severity": finding.severity.value,
        "confidence": finding.confidence,
        "points": finding.severity.points if finding.points is None else finding.points,
        "ceiling": finding.cap,
        "wins": wins,
        "why": finding.why,
        "remedy": finding.remedy,
        "tool": finding.tool,
        "tool_name": review.tool.name if review else "",
        "tools": list(finding.tools),
        "control": finding.control,
        "pointer": finding.pointer,
        "line": finding.line,
        "matched": finding.matched,
        "status": finding.status.value,
        "residual": summary and (review is None or review.state.live),
        "disposition": _disposition(disposition),
    }


def _disposition(said: Disposition | None) -> dict[str, Any] | None:
    if said is None:
        return None
    who = {"actor": said.actor, "at": said.at, "owner": said.owner, "until": said.until}
    told = {"reason": said.reason, "code": said.code, "evidence": said.evidence, "voids": list(said.voids)}
    return {"status": said.status.value, **told, **who}


def control_row(control: Control, answer: Answer | None) -> dict[str, Any]:
    """Return a governance question with its answer and evidence; no answer is an answer, "unanswered"."""
    return {
        "id": control.id,
        "title": control.title,
        "question": control.question,
        "lists": list(control.lists),
        "who": control.who,
        "min_level": control.min_level,
        "points": control.points,
        "maps_to": list(control.maps_to),
        "state": answer.state.value if answer else "unanswered",
        "text": answer.text if answer else "",
        "actor": answer.actor if answer else "",
        "at": answer.at if answer else "",
        "profile": control.profile.value,
        "raises": list(control.raises),
        "evidence": [_evidence(e) for e in (answer.evidence if answer else ())],
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "title": evidence.title,
        "kind": evidence.kind.value,
        "level": evidence.level,
        "where": evidence.where,
        "source": evidence.source,
        "sha256": evidence.sha256,
        "size": evidence.size,
        "collected_by": evidence.collected_by,
        "collected_at": evidence.collected_at,
        "valid_until": evidence.valid_until,
    }


def intake_row(said: Intake) -> dict[str, Any]:
    """Return what whoever asked for the tools said of them."""
    named = {"server": said.server, "owner": said.owner, "purpose": said.purpose}
    return named | {"data": list(said.data), "writes": said.writes}


def policy_row(policy: Policy, file: str) -> dict[str, Any]:
    """Return the policy in force: where its text is, and what it changed. Rules that it switched off are not run."""
    changed = [
        {"rule": s.rule, "severity": s.severity.value, "reason": s.reason} for s in policy.rules.values() if s.severity
    ]
    return {
        "name": policy.name,
        "file": file,
        "sha256": policy.sha256,
        "profile": policy.profile.value if policy.profile else None,
        "severities": changed,
        "switched_off": [{"rule": s.rule, "reason": s.reason} for s in policy.rules.values() if s.off],
        "own_words": {kind: [w for group in groups for w in group.words] for kind, groups in policy.vocabulary.items()},
        "sign_off": {"roles": list(policy.roles), "needed": policy.sign_offs},
        "expiry_days": {"approvals": policy.approval_days, "acceptances": policy.acceptance_days},
    }
