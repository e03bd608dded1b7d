"""Reasons of decisions: what a person would write from the assessment, and what one wrote before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.assess.sensitivity.data_classes import class_lists
from analysis.model import DecisionState, Reversibility, Risk, ToolType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import ToolId, ToolState
    from analysis.review.session import Review

#: Maximum number of earlier reasons that are recalled.
MAX_REASONS: Final = 30
_DOES: Final = {
    ToolType.READ: "reads only",
    ToolType.SIDE_EFFECT: "changes data",
    ToolType.CRITICAL: "critical change",
    ToolType.ADMINISTRATIVE: "administrative",
    ToolType.BILLING: "billing",
}
_UNDO: Final = {
    Reversibility.READ: "",
    Reversibility.REVERSIBLE: "can be undone",
    Reversibility.EXTERNAL: "can be undone outside the API only",
    Reversibility.IRREVERSIBLE: "cannot be undone",
    Reversibility.UNKNOWN: "unknown whether it can be undone",
}
#: The reason proposed for a decision that is taken back.
CLEARED: Final = "to be decided again"


def proposed_reason(tool: ToolState, decision_state: DecisionState | None) -> str:
    """Return the reason that the assessment of a tool gives for a decision, in words a person would write."""
    if decision_state is None:
        return CLEARED
    unclear = " (effect unclear)" if tool.row.unclear and tool.type_override is None else ""
    undo = "" if tool.type is ToolType.READ else _UNDO[tool.row.reversibility]
    weighty = [data for data in tool.row.data if data in class_lists().weighty]
    returns = f"returns {' and '.join(weighty)} data" if weighty else ""
    facts = (f"{_DOES[tool.type]}{unclear}", undo, returns, f"{tool.risk.value} risk")
    words = ", ".join(filter(None, facts))
    return f"not for this agent: {words}" if decision_state is DecisionState.BLOCKED else words


def prefilled_reason(review: Review, tools: Sequence[ToolId], decision_state: DecisionState | None) -> str:
    """Return the reason to fill in for a decision on tools; empty where a person has to write one.

    That is for high risk, and where the assessments of the tools do not agree.
    """
    states = [review.tool(tool) for tool in tools]
    if decision_state is not None and any(state.risk is Risk.HIGH for state in states):
        return ""
    proposed = {proposed_reason(state, decision_state) for state in states}
    return proposed.pop() if len(proposed) == 1 else ""


def is_own_reason(tool: ToolState, reason: str) -> bool:
    """Whether a person wrote a reason: it is none that the assessment gives."""
    proposed = (DecisionState.APPROVED, DecisionState.BLOCKED, None)
    return bool(reason.strip()) and reason.strip() not in {proposed_reason(tool, each) for each in proposed}


def reasons_used(review: Review, actor: str) -> list[str]:
    """Return the reasons that a person wrote for decisions, the last one at the end, each once."""
    found: dict[str, None] = {}
    for event in reversed(review.record.understood):
        if event.kind != "tool.decided" or event.actor != actor or event.undoes or event.data.get("proposal"):
            continue
        tool = review.tool_of(event)
        reason = str(event.data.get("reason", ""))
        if tool is not None and is_own_reason(review.tool(tool), reason):
            found.setdefault(reason)
            if len(found) == MAX_REASONS:
                break
    return list(reversed(found))
