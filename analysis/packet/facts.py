"""One tool, finding or control as plain data: the rows that every part of the review document is made of."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from analysis.model import ConditionKind, Effect, Exposure, Status, ToolType

if TYPE_CHECKING:
    from analysis.model import Answer, Control, Decision, Disposition, Finding, Note, Retag, ToolReview

_ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)
_EFFECTS: Final = (Effect.READ, Effect.SIDE_EFFECT, Effect.CRITICAL)
_WEIGHT: Final = {ToolType.READ: 0, ToolType.SIDE_EFFECT: 1}  # every other type counts as 2


class State(StrEnum):
    """Where one tool stands on the day of the packet. Only the first two let an agent call it."""

    APPROVED = "approved"
    CONDITIONAL = "conditional"
    BLOCKED = "blocked"
    UNDECIDED = "undecided"
    STALE = "stale"
    CONFLICTING = "conflicting"
    EXPIRED = "expired"

    @property
    def allowed(self) -> bool:
        """Whether a tool in this state may be given to the agent."""
        return self in {State.APPROVED, State.CONDITIONAL}


def iso_date(value: str) -> str:
    """Return the date at the start of a value, or an empty string: people also write "after the pilot"."""
    found = _ISO_DATE.match(value)
    return found.group() if found else ""


def expired(decision: Decision, as_of: str) -> bool:
    """Whether a decision carries an expiry date that has passed."""
    ends = [iso_date(c.value) for c in decision.conditions if c.kind is ConditionKind.EXPIRES]
    return any(end and end < as_of[:10] for end in ends)


def state(review: ToolReview, as_of: str) -> State:
    """Return where a tool stands: whatever is in doubt is not allowed, and no condition is ever dropped."""
    decision = review.decision
    if review.conflict:
        return State.CONFLICTING
    if review.stale or (decision and decision.definition != review.tool.digest):
        return State.STALE
    if decision is None:
        return State.UNDECIDED
    if decision.exposure is Exposure.BLOCKED:
        return State.BLOCKED
    if expired(decision, as_of):
        return State.EXPIRED
    if decision.conditions:
        return State.CONDITIONAL
    # "Approved with conditions" without a condition says two things; the tool waits until a person says one.
    return State.APPROVED if decision.exposure is Exposure.APPROVED else State.UNDECIDED


def effect(review: ToolReview) -> Effect:
    """Return the effect in effect: a re-tag of the type moves it, administrative and billing being critical."""
    if review.type_retag is None:
        return review.assessment.effect
    return next((e for e in _EFFECTS if e.value == review.type.value), Effect.CRITICAL)


def tool_row(review: ToolReview, as_of: str) -> dict[str, Any]:
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
        "effect": effect(review).value,
        "type": review.type.value,
        "types": [t.value for t in engine.types],
        "reversibility": engine.reversibility.value,
        "risk": review.risk.value,
        "unclear": engine.unclear,
        "confidence_percent": round(engine.confidence * 100),
        "data": [{"data": h.data, "direction": h.direction, "fields": list(h.fields)} for h in engine.data],
        "reasons": [
            {"where": r.where, "matched": r.matched, "says": r.says, "against": r.against} for r in engine.reasons
        ],
        "state": state(review, as_of).value,
        "findings": list(review.findings),
        "hints": dict(tool.hints),
        "tokens": engine.tokens,
    }


def decision_row(review: ToolReview, as_of: str) -> dict[str, Any]:
    """Return what people said of a tool."""
    decision = review.decision
    return {
        "id": review.tool.id,
        "name": review.tool.name,
        "state": state(review, as_of).value,
        "exposure": decision.exposure.value if decision else None,
        "conditions": [
            {"kind": c.kind.value, "value": c.value, "evidence": c.evidence}
            for c in (decision.conditions if decision else ())
        ],
        "reason": decision.reason if decision else "",
        "actor": decision.actor if decision else "",
        "at": decision.at if decision else "",
        "decided_definition_sha256": decision.definition if decision else "",
        "definition_sha256": review.tool.digest,
        "risk_retag": _retag(review.risk_retag, review.assessment.risk.value, lowers=lowers_risk(review)),
        "type_retag": _retag(review.type_retag, review.assessment.type.value, lowers=lowers_type(review)),
        "notes": [note_row(n) for n in review.notes],
    }


def lowers_risk(review: ToolReview) -> bool:
    """Whether a reviewer put the risk below what the engine proposed."""
    return review.risk_retag is not None and review.risk.rank < review.assessment.risk.rank


def lowers_type(review: ToolReview) -> bool:
    """Whether a reviewer put the type below what the engine proposed."""
    before, after = (_WEIGHT.get(t, 2) for t in (review.assessment.type, review.type))
    return review.type_retag is not None and after < before


def _retag(retag: Retag | None, before: str, *, lowers: bool) -> dict[str, Any] | None:
    if retag is None:
        return None
    said = {"reason": retag.reason, "actor": retag.actor, "at": retag.at}
    return {"from": before, "to": retag.value, "lowers": lowers, **said}


def note_row(note: Note) -> dict[str, Any]:
    """Return a remark."""
    return {"subject": note.subject, "text": note.text, "actor": note.actor, "at": note.at}


def finding_row(
    finding: Finding, disposition: Disposition | None, review: ToolReview | None, wins: int
) -> dict[str, Any]:
    """Return a finding with what people made of it. `residual`: it still weighs on what is exposed."""
    standing = finding.status in {Status.OPEN, Status.FIXING, Status.ACCEPTED}
    return {
        "id": finding.id,
        "rule": finding.rule,
        "family": finding.family,
        "title": finding.title,
        "severity": finding.severity.value,
        "confidence": finding.confidence,
        "points": finding.severity.points if finding.points is None else finding.points,
        "ceiling": finding.ceiling,
        "wins": wins,
        "why": finding.why,
        "remedy": finding.remedy,
        "tool": finding.tool,
        "tool_name": review.tool.name if review else "",
        "control": finding.control,
        "pointer": finding.pointer,
        "line": finding.line,
        "matched": finding.matched,
        "status": finding.status.value,
        "residual": standing and (review is None or review.live),
        "disposition": _disposition(disposition),
    }


def _disposition(said: Disposition | None) -> dict[str, Any] | None:
    if said is None:
        return None
    who = {"actor": said.actor, "at": said.at, "owner": said.owner, "until": said.until}
    return {"status": said.status.value, "reason": said.reason, "code": said.code, "evidence": said.evidence, **who}


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
        "evidence": [
            {"title": e.title, "level": e.level, "where": e.where, "sha256": e.sha256, "valid_until": e.valid_until}
            for e in (answer.evidence if answer else ())
        ],
    }
