"""Override what the engine says of a tool, or of several as one action: risk, type, or a flow role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import CheckFailed, UsageError
from analysis.model import Effect, FlowRole, Risk, ToolType, effect_of
from analysis.review.commands.outcome import Outcome
from analysis.review.record import drafts, state
from analysis.workspace.keys import override_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from analysis.model import ToolId, ToolRow
    from analysis.review.session import Review
    from analysis.workspace import EventDraft


def override_risk(review: Review, tool: ToolId, risk: Risk, *, reason: str, actor: str, at: str) -> Outcome:
    """Set the risk of a tool. Raises `UsageError` where the risk is lowered without a reason."""
    now = review.tool(tool)
    if risk.rank < max(now.row.risk.rank, now.risk.rank) and not reason.strip():
        raise UsageError("lowering a risk needs a reason", remedy="say why it is lower than proposed")
    return _override(review, tool, "risk", risk.value, reason, actor, at)


def override_type(review: Review, tool: ToolId, kind: ToolType, *, reason: str, actor: str, at: str) -> Outcome:
    """Set the type of a tool. Raises `UsageError` without a reason: the type decides which rules apply."""
    review.tool(tool)
    if not reason.strip():
        raise UsageError("re-tagging a type needs a reason", remedy="say what the engine did not see")
    return _override(review, tool, "type", kind.value, reason, actor, at)


def override_flow_role(
    review: Review, tool: ToolId, flow_role: FlowRole, *, present: bool, reason: str, actor: str, at: str
) -> Outcome:
    """Say whether a tool has a flow role. Raises `UsageError` without a reason."""
    review.tool(tool)
    if not reason.strip():
        raise UsageError("correcting a flow role needs a reason", remedy="say what the engine did not see")
    value = "present" if present else "absent"
    return _override(review, tool, state.FLOW_ROLE_REGISTERS[flow_role], value, reason, actor, at)


def values_of_label(label: Risk | ToolType | FlowRole, *, present: bool = True) -> dict[str, str]:
    """Return the value of a label by the name of its register; of a flow role, whether it is present."""
    if isinstance(label, FlowRole):
        return {state.FLOW_ROLE_REGISTERS[label]: "present" if present else "absent"}
    return {"risk" if isinstance(label, Risk) else "type": label.value}


def is_milder(row: ToolRow, values: Mapping[str, str]) -> bool:
    """Whether overrides make a tool look less dangerous than the engine does: risk, effect, or a flow role that goes."""
    effects = tuple(Effect)
    return (
        ("risk" in values and Risk(values["risk"]).rank < row.risk.rank)
        or ("type" in values and effects.index(effect_of(ToolType(values["type"]))) < effects.index(row.effect))
        or "absent" in values.values()
    )


def left_out_unseen(
    review: Review, tools: Sequence[ToolId], values: Callable[[ToolRow], Mapping[str, str]], opened: Collection[ToolId]
) -> tuple[ToolId, ...]:
    """Return the tools that an override of several leaves as they are: of high risk, not opened, and made milder by it."""
    if len(tools) < 2:
        return ()
    states = [review.tool(tool) for tool in tools if tool not in opened]
    return tuple(s.row.id for s in states if s.risk is Risk.HIGH and is_milder(s.row, values(s.row)))


def override_tools(
    review: Review, tools: Sequence[ToolId], label: Risk | ToolType | FlowRole, *, reason: str, actor: str, at: str,
    present: bool = True, opened: Collection[ToolId] = (),
) -> Outcome:  # fmt: skip
    """Set the risk, the type or a flow role of several tools as one action with one reason.

    `opened` are the tools whose page the person has seen; those of high risk that were not opened keep a label that
    would become milder. Raises `UsageError` without a reason, and `CheckFailed` where none is left.
    """
    if not reason.strip():
        raise UsageError("re-tagging several tools needs a reason", remedy="say what the engine did not see")
    values = values_of_label(label, present=present)
    left_out = left_out_unseen(review, tools, lambda _: values, opened)
    taken = [tool for tool in tools if tool not in left_out]
    if not taken:
        raise CheckFailed(
            f"all {len(left_out)} tools are of high risk and were not opened",
            remedy="open them, or re-tag them one by one",
        )
    (what, value), data = next(iter(values.items())), {"reason": reason.strip()}

    def make() -> list[EventDraft]:
        registers, known = review.record.registers, [review.tool(tool).row.id for tool in taken]
        return [
            drafts.replacing(registers, "tool.retagged", override_key(t, what), {"value": value} | data) for t in known
        ]

    review.commit(make, actor, at)
    name = label.value if isinstance(label, FlowRole) else what
    rest = f"; left out, of high risk and not opened: {len(left_out)}" if left_out else ""
    return Outcome(f"{name} of {len(taken):,} tools is now {value}{rest}", tuple(taken), left_out)


def _override(review: Review, tool: ToolId, what: str, value: str, reason: str, actor: str, at: str) -> Outcome:
    data = {"value": value, "reason": reason.strip()}

    def make() -> list[EventDraft]:
        review.tool(tool)  # again: another program may have removed it
        return [drafts.replacing(review.record.registers, "tool.retagged", override_key(tool, what), data)]

    review.commit(make, actor, at)
    return Outcome(f"{what} of {review.tool(tool).row.name} is now {value}", (tool,))
