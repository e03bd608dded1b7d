"""Decide tools: approve, approve with conditions, block, or take the decision back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.errors import CheckFailed, UsageError
from analysis.model import DecisionState, FlowRole, Risk
from analysis.model.parameter_limit import ParameterLimit
from analysis.model.terms import terms
from analysis.review.commands.outcome import Outcome
from analysis.review.queries.decision_support.condition_choices import parameter_names
from analysis.review.queries.decision_support.decision_reasons import is_own_reason
from analysis.review.record import drafts
from analysis.review.record.conditions import refuse_untyped
from analysis.text import visible
from analysis.workspace.keys import decision_key

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from analysis.model import Condition, ToolId
    from analysis.review.derived.duplicates import DuplicateGroup
    from analysis.review.session import Review


_APPROVALS: Final = frozenset({DecisionState.APPROVED, DecisionState.CONDITIONAL})
#: Maximum number of tools named in a sentence.
_MAX_NAMED: Final = 4


def left_out_of_bulk(
    review: Review, tools: Sequence[ToolId], decision_state: DecisionState | None
) -> tuple[ToolId, ...]:
    """Return the tools that an approval of several does not take: executors, which no allowlist limits.

    Each of them is approved by itself.
    """
    if len(tools) < 2 or decision_state not in _APPROVALS:
        return ()
    return tuple(tool for tool in tools if FlowRole.CODE_EXECUTION in review.tool(tool).flow_roles)


def refuse_unseen(
    review: Review, tools: Sequence[ToolId], decision_state: DecisionState | None, opened: Collection[ToolId] = ()
) -> None:
    """Raise `CheckFailed` for an approval of several tools with high-risk ones among them that were not opened."""
    if len(tools) < 2 or decision_state not in _APPROVALS:
        return
    unseen = [tool for tool in tools if review.tool(tool).risk is Risk.HIGH and tool not in opened]
    if unseen:
        name = visible(review.tool(unseen[0]).row.name, 60)
        raise CheckFailed(
            f"{len(unseen)} of the {len(tools)} tools are HIGH risk and were not opened, first {name}",
            remedy="decide them one by one, or add -risk:high to the filter",
        )


def refuse_without_own_reason(
    review: Review, tools: Sequence[ToolId], decision_state: DecisionState | None, reason: str
) -> None:
    """Raise `UsageError` for an approval of high risk whose reason is only what the assessment says."""
    if decision_state not in _APPROVALS:
        return
    for state in map(review.tool, tools):
        if state.risk is Risk.HIGH and not is_own_reason(state, reason):
            raise UsageError(
                "high risk needs a reason of your own", place=visible(state.row.name, 60),
                why="this one only repeats the assessment", remedy="say why this agent needs it",
            )  # fmt: skip


def refuse_unknown_parameters(review: Review, tools: Sequence[ToolId], conditions: Sequence[Condition]) -> None:
    """Raise `UsageError` for a limit on a parameter that one of the tools does not have: every call would be refused."""
    limits = [limit for each in conditions if isinstance(limit := terms(each), ParameterLimit)]
    for limit in limits:
        first = limit.parameter.partition(".")[0]
        for tool in tools:
            names = parameter_names(review, tool)
            if names and first not in names and not limit.forbidden:
                raise UsageError(
                    f"{visible(review.tool(tool).row.name, 60)} has no parameter {visible(first, 40)}",
                    why=f"its parameters are {visible(', '.join(names), 200)}", remedy="name one of them, or decide the tools apart",
                )  # fmt: skip


def decide(
    review: Review, tools: Sequence[ToolId], decision_state: DecisionState | None, *, reason: str, actor: str, at: str,
    conditions: Sequence[Condition] = (), opened: Collection[ToolId] = (),
) -> Outcome:  # fmt: skip
    """Decide tools as one action; None takes the decision back. An approval of several leaves executors out.

    `opened` are the tools whose page the person has seen. Raises `UsageError`, for high risk also where the reason only
    repeats the assessment, and `CheckFailed` where only executors would be approved, or several tools with high-risk ones
    among them that were not opened.
    """
    if not reason.strip():
        raise UsageError("a decision needs a reason", remedy="say in a few words why")
    if decision_state is DecisionState.CONDITIONAL and not conditions:
        raise UsageError("approval with conditions needs a condition", remedy="name at least one")
    if decision_state is not DecisionState.CONDITIONAL and conditions:
        raise UsageError("only an approval with conditions carries conditions", remedy="leave them out")
    refuse_untyped(conditions)
    refuse_unknown_parameters(review, tools, conditions)

    if decision_state is not DecisionState.BLOCKED:  # a block is never held up
        _refuse_sampled(review, tools)
    left_out = left_out_of_bulk(review, tools, decision_state)
    tools = [tool for tool in tools if tool not in left_out]
    refuse_unseen(review, tools, decision_state, opened)
    refuse_without_own_reason(review, tools, decision_state, reason)
    if left_out and not tools:
        raise CheckFailed(
            f"{_named(review, left_out)} run what their caller writes, and are not approved in bulk",
            remedy="approve each by itself: clearance decide FILE --where 'name:NAME' --approve",
        )

    stated = len(conditions)
    decision_state, conditions = drafts.with_policy_expiry(decision_state, conditions, review.policy.policy, at)
    until = f", until {conditions[-1].value} by policy" if len(conditions) > stated else ""
    # Bound to the definitions on the screen: one imported by another program meanwhile has not been reviewed.
    digests = {tool: review.tool(tool).row.digest for tool in tools}

    def data(tool: ToolId) -> dict[str, Any]:
        review.tool(tool)  # again: another program may have removed it
        found: dict[str, Any] = {"exposure": decision_state.value if decision_state else None, "reason": reason.strip()}
        found |= {"definition": digests[tool]} if decision_state is not None else {}
        listed = [{"kind": c.kind.value, "value": c.value, "evidence": c.evidence} for c in conditions]
        return found | ({"conditions": listed} if listed else {})

    review.commit(
        lambda: [
            drafts.replacing(review.record.registers, "tool.decided", decision_key(tool), data(tool)) for tool in tools
        ],
        actor,
        at,
    )
    named = review.tool(tools[0]).row.name if len(tools) == 1 else f"{len(tools)} tools"
    rest = f"; left out, to be approved one by one: {_named(review, left_out)}" if left_out else ""
    sentence = f"{decision_state.value if decision_state else 'cleared'}: {named}{until}{rest}"
    return Outcome(sentence, tuple(tools), left_out)


def _refuse_sampled(review: Review, tools: Sequence[ToolId]) -> None:
    """Raise `CheckFailed` for a bulk with tools of the sample: each of them is looked at and decided by itself."""
    drawn = [tool for tool in tools if (decision := review.tool(tool).decision) is not None and decision.sampled]
    if len(tools) > 1 and drawn:
        raise CheckFailed(
            f"{len(drawn)} of the {len(tools)} tools were drawn to be looked at, first {visible(review.tool(drawn[0]).row.name, 60)}",
            remedy="decide each of them by itself, or add -is:sampled to the filter",
        )


def _named(review: Review, tools: Sequence[ToolId]) -> str:
    """Return the number of executors with the first names: `6 executors (invoke, gateway, run_code and 3 more)`."""
    names = ", ".join(visible(review.tool(tool).row.name, 40) for tool in tools[:_MAX_NAMED])
    more = f" and {len(tools) - _MAX_NAMED} more" if len(tools) > _MAX_NAMED else ""
    return f"{len(tools)} executor{'s' if len(tools) > 1 else ''} ({names}{more})"


def keep_one(review: Review, group: DuplicateGroup, keep: ToolId, *, reason: str, actor: str, at: str) -> Outcome:
    """Block all duplicates of a group but one, whose decision stays as it is. Raises `CheckFailed`."""
    others = [row.id for row in group.members if row.id != keep]
    rest = [tool for tool in others if review.tool(tool).decision_state is not DecisionState.BLOCKED]
    if not rest:
        raise CheckFailed("the others are blocked already", place=review.tool(keep).row.name)
    return decide(review, rest, DecisionState.BLOCKED, reason=reason, actor=actor, at=at)
