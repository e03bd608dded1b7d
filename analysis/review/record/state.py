"""Events folded into what holds now. Pure: the same events in any order give the same state."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis.model import (
    Answer,
    AnswerState,
    Condition,
    ConditionKind,
    Decision,
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
    recorded_state,
)
from analysis.workspace import from_plain
from analysis.workspace.keys import INTAKE, answer_key, decision_key, finding_key, override_key, parse_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import ToolRow
    from analysis.workspace import Event, Registers


_FLOW_ROLE_REGISTERS = {
    FlowRole.PRIVATE_DATA: "leg-private",
    FlowRole.UNTRUSTED_CONTENT: "leg-untrusted",
    FlowRole.EXFILTRATION_SINK: "leg-way-out",
    FlowRole.CODE_EXECUTION: "leg-code",
    FlowRole.SELF_MODIFICATION: "leg-limits",
}


def flow_role_register(flow_role: FlowRole) -> str:
    """Return the register suffix of a flow role: `leg-way-out`. Stored in logs since 0.1.0, so it never changes."""
    return _FLOW_ROLE_REGISTERS[flow_role]


#: Register suffixes of a tool that a reviewer can override.
OVERRIDABLE = ("risk", "type", *map(flow_role_register, FlowRole))


def views(registers: Registers) -> dict[str, str]:
    """Return the saved views as name -> query, by name; where two people differ, the later one counts."""
    heads = [max(registers.heads(key), key=lambda event: (event.at, event.id)) for key in registers.keys("view")]
    found = {str(e.data["name"]): str(e.data["query"]) for e in heads if e.data.get("name") and e.data.get("query")}
    return dict(sorted(found.items()))


def decision_of(event: Event) -> Decision | None:
    """Return the decision that an event states; None where it takes one back."""
    data = event.data
    if not data.get("exposure"):
        return None
    conditions = tuple(
        Condition(ConditionKind(c["kind"]), c["value"], c.get("evidence", "")) for c in data.get("conditions", ())
    )
    return Decision(
        recorded_state(data["exposure"]),
        data.get("reason", ""),
        data.get("definition", ""),
        event.actor,
        event.at,
        conditions,
    )


def _override(heads: Sequence[Event], proposed: str) -> Override | None:
    """Return the re-tag in force; where reviewers differ, the most dangerous value counts.

    A head without a value stands for what the engine proposes.
    """
    if not heads:
        return None
    order = [*Risk, *ToolType]
    worst = max(heads, key=lambda head: order.index(_known(head.data.get("value") or proposed)))
    if not worst.data.get("value"):
        return None
    return Override(worst.data["value"], worst.data.get("reason", ""), worst.actor, worst.at)


def _flow_roles(tool: str, registers: Registers) -> tuple[tuple[FlowRole, Override], ...]:
    """Return the overridden flow roles of a tool; where reviewers differ, the role counts as present."""
    found = []
    for flow_role in FlowRole:
        heads = [
            head
            for head in registers.heads(override_key(tool, flow_role_register(flow_role)))
            if head.data.get("value")
        ]
        if heads:
            said = max(heads, key=lambda head: (head.data["value"] == "present", head.id))
            found.append((flow_role, Override(said.data["value"], said.data.get("reason", ""), said.actor, said.at)))
    return tuple(found)


def _known(value: str) -> Risk | ToolType:
    return Risk(value) if value in set(Risk) else ToolType(value)


def tool_state(row: ToolRow, registers: Registers, as_of: str = "") -> ToolState:
    """Return a tool with everything said of it, as it stands at a time."""
    heads = registers.heads(decision_key(row.id))
    conflict = len(heads) > 1 and any(head.data != heads[0].data for head in heads)
    made = None if conflict or not heads else decision_of(heads[0])
    risk_override = _override(registers.heads(override_key(row.id, "risk")), row.risk.value)
    type_override = _override(registers.heads(override_key(row.id, "type")), row.types[0].value)
    kind = ToolType(type_override.value) if type_override else row.types[0]
    return ToolState(
        row=row,
        risk=Risk(risk_override.value) if risk_override else row.risk,
        type=kind,
        effect=effect_of(kind) if type_override else row.effect,
        decision_state=decision_state_of(made, row.digest, as_of, conflict=conflict),
        decision=made,
        risk_override=risk_override,
        type_override=type_override,
        notes=len(notes_on(row.id, registers)),
        flow_role_overrides=_flow_roles(row.id, registers),
    )


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
    """Return what people made of a finding; where they differ, it stays open."""
    heads = registers.heads(finding_key(finding))
    if not heads or not heads[0].data.get("status") or any(head.data != heads[0].data for head in heads):
        return None
    data = heads[0].data
    return Disposition(
        Status(data["status"]), data.get("reason", ""), heads[0].actor, heads[0].at,
        code=data.get("code", ""), evidence=data.get("evidence", ""), owner=data.get("owner", ""), until=data.get("until", ""),
        voids=tuple(data.get("voids", ())), seen=tuple(sorted(data.get("seen", {}).items())),
    )  # fmt: skip


def _evidence(stated: dict[str, Any], event: Event) -> Evidence:
    """Return evidence; where it does not say who collected it, whoever gave the answer did."""
    said = from_plain(Evidence, stated)
    return replace(said, collected_by=said.collected_by or event.actor, collected_at=said.collected_at or event.at)


def answer(control: str, registers: Registers) -> Answer | None:
    """Return the answer to a control; where two differ, it counts as open."""
    heads = registers.heads(answer_key(control))
    if not heads or not heads[0].data.get("state") or any(head.data != heads[0].data for head in heads):
        return None
    data = heads[0].data
    evidence = tuple(_evidence(stated, heads[0]) for stated in data.get("evidence", ()))
    return Answer(control, AnswerState(data["state"]), data.get("text", ""), heads[0].actor, heads[0].at, evidence)


def intake(registers: Registers) -> Intake | None:
    """Return what was said at intake; where two differ, the later one counts."""
    heads = [head for head in registers.heads(INTAKE) if head.data]
    return from_plain(Intake, max(heads, key=lambda head: (head.at, head.id)).data) if heads else None


def first(registers: Registers, key: str) -> dict[str, Any]:
    """Return the data of a key that one event holds, or nothing."""
    heads = registers.heads(key)
    return heads[0].data if heads else {}


def validate_registers(registers: Registers) -> None:
    """Read every register once, so that nothing later can turn out not to be readable."""
    all_notes(registers)
    intake(registers)
    for key in registers.keys("finding"):
        disposition(FindingId(parse_key(key).subject), registers)
    for key in registers.keys("control"):
        answer(parse_key(key).subject, registers)
