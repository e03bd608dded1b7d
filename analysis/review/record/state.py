"""The state in effect, folded from the registers. Pure: the same events in any order give the same state."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from analysis.model import (
    Answer,
    AnswerState,
    Assignment,
    Condition,
    ConditionKind,
    Decision,
    DecisionState,
    Disposition,
    Evidence,
    FindingId,
    FlowRole,
    Intake,
    Note,
    Override,
    Risk,
    Status,
    ToolState,
    ToolType,
    decision_state_of,
    effect_of,
    iso_date,
    recorded_state,
)
from analysis.review.record.signed_packet import since_packet
from analysis.workspace import from_plain
from analysis.workspace.keys import (
    INTAKE,
    REVIEW,
    answer_key,
    assignment_key,
    decision_key,
    finding_key,
    override_key,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.model import SignedPacket, ToolRow
    from analysis.workspace import Event, Registers


#: Names of flow role overrides in register keys. They are in every review file, so they stay as they are.
FLOW_ROLE_REGISTERS: Final[Mapping[FlowRole, str]] = {
    FlowRole.PRIVATE_DATA: "leg-private",
    FlowRole.UNTRUSTED_CONTENT: "leg-untrusted",
    FlowRole.EXFILTRATION_SINK: "leg-way-out",
    FlowRole.CODE_EXECUTION: "leg-code",
    FlowRole.SELF_MODIFICATION: "leg-limits",
}
#: The decisions that may wait for a proof; no other does.
_APPROVALS: Final = frozenset({DecisionState.APPROVED.value, DecisionState.CONDITIONAL.value})
#: What a reviewer may override of a tool, as in register keys.
OVERRIDABLE: Final = ("risk", "type", *FLOW_ROLE_REGISTERS.values())


def recorded_views(registers: Registers) -> dict[str, str]:
    """Return the saved views as name -> query, by name; where reviewers differ, the later one counts."""
    heads = [max(registers.heads(key), key=lambda event: (event.at, event.id)) for key in registers.keys("view")]
    found = {str(e.data["name"]): str(e.data["query"]) for e in heads if e.data.get("name") and e.data.get("query")}
    return dict(sorted(found.items()))


def decision_of(event: Event) -> Decision | None:
    """Return the decision that an event records; None where it clears one."""
    data = event.data
    if not data.get("exposure"):
        return None
    stated = data.get("conditions")
    conditions = [Condition(ConditionKind(c["kind"]), c["value"], c.get("evidence", "")) for c in stated or ()]
    return Decision(
        recorded_state(data["exposure"]),
        data.get("reason", ""),
        data.get("definition", ""),
        event.actor,
        event.at,
        tuple(conditions),
        str(data["proposal"]) if data.get("proposal") else None,
        bool(data.get("sampled")),
    )


def decision_in_effect(heads: Sequence[Event]) -> tuple[Event | None, bool]:
    """Return the live event of a decision that is in effect, and whether live ones conflict, so that none is.

    Events agree that decide the same on the same definition under the same conditions; reasons, evidence and expiry dates
    may differ. Of those that agree, the one that expires first is in effect, then the one with the lowest id.
    """
    if len(heads) < 2:
        return (heads[0] if heads else None), False
    if len({_substance(head) for head in heads}) > 1:
        return None, True
    return min(heads, key=lambda head: (_first_expiry(head), head.id), default=None), False


def _side(head: Event) -> Decision:
    """Return one side of a conflict."""
    withdrawn = Decision(DecisionState.UNDECIDED, head.data.get("reason", ""), "", head.actor, head.at)
    return decision_of(head) or withdrawn


def _substance(head: Event) -> tuple[Any, ...]:
    """Return what live events of a decision have to agree on."""
    if not head.data.get("exposure"):
        return ()
    conditions = head.data.get("conditions", ())
    lasting = frozenset((c["kind"], c["value"]) for c in conditions if c["kind"] != ConditionKind.EXPIRES)
    return head.data["exposure"], head.data.get("definition", ""), lasting


def _first_expiry(head: Event) -> str:
    dates = (iso_date(c["value"]) for c in head.data.get("conditions", ()) if c["kind"] == ConditionKind.EXPIRES)
    return min(filter(None, dates), default="9999")


def _override(heads: Sequence[Event], proposed: str) -> Override | None:
    """Return the override in effect; where reviewers differ, the most dangerous value counts.

    A head without a value means the value that the engine proposes.
    """
    if not heads:
        return None
    order = [*Risk, *ToolType]
    worst = max(heads, key=lambda head: order.index(_risk_or_type(head.data.get("value") or proposed)))
    if not worst.data.get("value"):
        return None
    return Override(worst.data["value"], worst.data.get("reason", ""), worst.actor, worst.at)


def _flow_role_overrides(tool: str, registers: Registers) -> tuple[tuple[FlowRole, Override], ...]:
    """Return the overrides of a tool's flow roles; where reviewers differ, the role counts as present."""
    found = []
    for flow_role, register in FLOW_ROLE_REGISTERS.items():
        heads = [head for head in registers.heads(override_key(tool, register)) if head.data.get("value")]
        if heads:
            head = max(heads, key=lambda head: (head.data["value"] == "present", head.id))
            found.append((flow_role, Override(head.data["value"], head.data.get("reason", ""), head.actor, head.at)))
    return tuple(found)


def override_values(heads: Sequence[Event]) -> frozenset[str]:
    """Return the values that live overrides of one register state; an empty one leaves it to the engine."""
    return frozenset(head.data.get("value") or "" for head in heads)


def _risk_or_type(value: str) -> Risk | ToolType:
    return Risk(value) if value in set(Risk) else ToolType(value)


def tool_state(row: ToolRow, registers: Registers, as_of: str = "", packet: SignedPacket | None = None) -> ToolState:
    """Return a tool with its decision, overrides, number of notes and difference from a signed packet, at a time."""
    key = decision_key(row.id)
    heads = registers.heads(key)
    head, conflict = decision_in_effect(heads)
    decision = None if head is None else decision_of(head)
    if (
        len(heads) > 1 and decision is not None and any(each.data.get("sampled") for each in heads)
    ):  # agreement is no second look
        decision = replace(decision, sampled=True)
    risk_override, type_override = None, None
    if row.id in registers.overridden:
        risk_override = _override(registers.heads(override_key(row.id, "risk")), row.risk.value)
        type_override = _override(registers.heads(override_key(row.id, "type")), row.types[0].value)
    tool_type = ToolType(type_override.value) if type_override else row.types[0]
    state = decision_state_of(decision, row.digest, as_of, conflict=conflict)
    assigned = assignment(row.id, registers)
    return ToolState(
        row=row,
        risk=Risk(risk_override.value) if risk_override else row.risk,
        type=tool_type,
        effect=effect_of(tool_type) if type_override else row.effect,
        decision_state=state,
        decision=decision,
        risk_override=risk_override,
        type_override=type_override,
        notes=len(notes_on(row.id, registers)) if registers.notes(row.id) else 0,
        flow_role_overrides=_flow_role_overrides(row.id, registers) if row.id in registers.overridden else (),
        since_packet=since_packet(row, packet),
        assignment=assigned,
        overdue=bool(assigned and assigned.due and assigned.due < as_of[:10] and not state.settled),
        sides=tuple(map(_side, sorted(heads, key=lambda each: (each.at, each.id)))) if conflict else (),
        claimed=_claimed(registers.waiting(key)),
    )


def assignment(tool: str, registers: Registers) -> Assignment | None:
    """Return who is to decide a tool; where reviewers differ, the later one counts."""
    heads = registers.heads(assignment_key(tool))
    if not heads:
        return None
    head = max(heads, key=lambda each: (each.at, each.id))
    return Assignment(head.data["to"], head.data.get("due", ""), head.actor, head.at) if head.data else None


def _claimed(events: Sequence[Event]) -> tuple[Decision, ...]:
    """Return the approvals that wait for a proof, oldest first, without those that a later one was to replace."""
    if not events:
        return ()
    replaced = {identity for event in events for identity in event.replaces}
    waiting = [e for e in events if e.id not in replaced and e.data.get("exposure") in _APPROVALS]
    return tuple(filter(None, map(decision_of, sorted(waiting, key=lambda each: (each.at, each.id)))))


def agree(heads: Sequence[Event], *, but: str) -> bool:
    """Whether live events of a register record the same, except for one field of their data."""
    first = {name: value for name, value in heads[0].data.items() if name != but}
    return all({name: value for name, value in head.data.items() if name != but} == first for head in heads[1:])


def notes_on(subject: str, registers: Registers) -> tuple[Note, ...]:
    """Return the notes on a subject, oldest first."""
    events = [event for key in registers.notes(subject) for event in registers.heads(key) if event.data.get("text")]
    events.sort(key=lambda event: (event.at, event.id))
    return tuple(Note(subject, event.data["text"], event.actor, event.at) for event in events)


def all_notes(registers: Registers) -> tuple[Note, ...]:
    """Return every note of the review, oldest first."""
    events = [event for key in registers.keys("note") for event in registers.heads(key) if event.data.get("text")]
    events.sort(key=lambda event: (event.at, event.id))
    return tuple(Note(event.data["subject"], event.data["text"], event.actor, event.at) for event in events)


def disposition(finding: FindingId, registers: Registers) -> Disposition | None:
    """Return the disposition of a finding; None where there is none, or reviewers differ: it stays open."""
    heads = registers.heads(finding_key(finding))
    if not heads or not heads[0].data.get("status") or not agree(heads, but="reason"):
        return None
    data = heads[0].data
    return Disposition(
        Status(data["status"]), data.get("reason", ""), heads[0].actor, heads[0].at,
        code=data.get("code", ""), evidence=data.get("evidence", ""), owner=data.get("owner", ""), until=data.get("until", ""),
        voids=tuple(data.get("voids", ())), seen=tuple(sorted(data.get("seen", {}).items())),
    )  # fmt: skip


def _evidence(data: dict[str, Any], event: Event) -> Evidence:
    """Return recorded evidence; without a collector, it was collected by the author of the answer."""
    found = from_plain(Evidence, data)
    return replace(found, collected_by=found.collected_by or event.actor, collected_at=found.collected_at or event.at)


def recorded_answer(control: str, registers: Registers) -> Answer | None:
    """Return the answer to a control; None where there is none, or reviewers differ: it is unanswered."""
    heads = registers.heads(answer_key(control))
    if not heads or not heads[0].data.get("state") or not agree(heads, but="text"):
        return None
    data = heads[0].data
    evidence = tuple(_evidence(each, heads[0]) for each in data.get("evidence", ()))
    return Answer(control, AnswerState(data["state"]), data.get("text", ""), heads[0].actor, heads[0].at, evidence)


def recorded_intake(registers: Registers) -> Intake | None:
    """Return the access request; where reviewers differ, the later one counts."""
    heads = [head for head in registers.heads(INTAKE) if head.data]
    return from_plain(Intake, max(heads, key=lambda head: (head.at, head.id)).data) if heads else None


def recorded_title(registers: Registers) -> str:
    """Return the title of the review, or an empty string."""
    heads = registers.heads(REVIEW)
    return str(heads[0].data.get("title", "")) if heads else ""
