"""Override what the engine says of a tool: its risk, its type, or a flow role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.review.commands.outcome import Outcome
from analysis.review.record import drafts, state
from analysis.workspace.keys import override_key

if TYPE_CHECKING:
    from analysis.model import FlowRole, Risk, ToolId, ToolType
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


def _override(review: Review, tool: ToolId, what: str, value: str, reason: str, actor: str, at: str) -> Outcome:
    data = {"value": value, "reason": reason.strip()}

    def make() -> list[EventDraft]:
        review.tool(tool)  # again: another program may have removed it
        return [drafts.replacing(review.record.registers, "tool.retagged", override_key(tool, what), data)]

    review.commit(make, actor, at)
    return Outcome(f"{what} of {review.tool(tool).row.name} is now {value}", (tool,))
