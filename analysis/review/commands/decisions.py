"""Decide tools: approve, approve with conditions, block, or take the decision back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.errors import CheckFailed, UsageError
from analysis.model import DecisionState
from analysis.review.commands.outcome import Outcome
from analysis.review.record import drafts
from analysis.workspace.keys import decision_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import Condition, ToolId
    from analysis.review.derived.duplicates import DuplicateGroup
    from analysis.review.session import Review


def decide(
    review: Review, tools: Sequence[ToolId], decision_state: DecisionState | None, *, reason: str, actor: str, at: str,
    conditions: Sequence[Condition] = (),
) -> Outcome:  # fmt: skip
    """Decide tools as one action; None takes the decision back. Raises `UsageError`."""
    if not reason.strip():
        raise UsageError("a decision needs a reason", remedy="say in a few words why")
    if decision_state is DecisionState.CONDITIONAL and not conditions:
        raise UsageError("approval with conditions needs a condition", remedy="name at least one")
    if decision_state is not DecisionState.CONDITIONAL and conditions:
        raise UsageError("only an approval with conditions carries conditions", remedy="leave them out")

    stated = len(conditions)
    decision_state, conditions = drafts.lasting(decision_state, conditions, review.policy.policy, at)
    until = f", until {conditions[-1].value} by policy" if len(conditions) > stated else ""
    # Bound to what was on the screen: nobody here has seen a definition that is imported meanwhile.
    digests = {tool: review.tool(tool).row.digest for tool in tools}

    def data(tool: ToolId) -> dict[str, Any]:
        review.tool(tool)  # again: another program may have removed it
        made: dict[str, Any] = {"exposure": decision_state.value if decision_state else None, "reason": reason.strip()}
        made |= {"definition": digests[tool]} if decision_state is not None else {}
        listed = [{"kind": c.kind.value, "value": c.value, "evidence": c.evidence} for c in conditions]
        return made | ({"conditions": listed} if listed else {})

    review.commit(
        lambda: [
            drafts.replacing(review.record.registers, "tool.decided", decision_key(tool), data(tool)) for tool in tools
        ],
        actor,
        at,
    )
    named = review.tool(tools[0]).row.name if len(tools) == 1 else f"{len(tools)} tools"
    return Outcome(f"{decision_state.value if decision_state else 'cleared'}: {named}{until}", tuple(tools))


def keep_one(review: Review, group: DuplicateGroup, keep: ToolId, *, reason: str, actor: str, at: str) -> Outcome:
    """Block all duplicates of a group but one, whose decision stays as it is. Raises `CheckFailed`."""
    others = [row.id for row in group.members if row.id != keep]
    rest = [tool for tool in others if review.tool(tool).decision_state is not DecisionState.BLOCKED]
    if not rest:
        raise CheckFailed("the others are blocked already", place=review.tool(keep).row.name)
    return decide(review, rest, DecisionState.BLOCKED, reason=reason, actor=actor, at=at)
