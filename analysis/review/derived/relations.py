"""How the tools of a review relate: flows over several of them, and families that an agent cannot tell apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

from analysis.errors import AnswerIsNo
from analysis.model import Decision, DecisionState, FlowRole
from analysis.review.derived.view import DerivedView, PerReviewCache
from analysis.rules.detect.lethal_trifecta import (
    TRIFECTA,
    Cut,
    Flow,
    FlowChange,
    allowed_roles,
    change,
    cuts_of,
    exposed_roles,
    flow_of,
)
from analysis.rules.detect.similar_tools import DuplicateGroup, duplicate_groups
from analysis.rules.engine.index import Index

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from analysis.model import Condition, FlowRoleSignal, Override, ToolId, ToolState
    from analysis.review.reading import ReviewReader
    from analysis.review.service import Outcome, Review

T = TypeVar("T")

__all__ = [
    "TRIFECTA",
    "Cut",
    "Difference",
    "DuplicateGroup",
    "Flow",
    "FlowChange",
    "ReviewFlows",
    "ToolFlowRole",
    "cuts_through",
    "differences",
    "duplicate_group_of",
    "duplicate_groups_of",
    "effect_of",
    "exposed_flow",
    "flow_roles_of",
    "flows_of",
    "keep_one",
]  # fmt: skip

#: What was worked out of a review, by name, with what it holds for; it goes with the review.
_KEPT: WeakKeyDictionary[ReviewReader, dict[str, tuple[Hashable, Any]]] = WeakKeyDictionary()
_NONE: Final = "none"


# flows -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReviewFlows:
    """The flow over all tools that are not blocked, the one over those allowed, and every tool that lends a leg."""

    exposed: Flow
    allowed: Flow
    lending: tuple[tuple[FlowRole, tuple[ToolId, ...]], ...]


@dataclass(frozen=True, slots=True)
class ToolFlowRole:
    """One leg of one tool: what shows it, what a reviewer said of it, and whether it holds now."""

    flow_role: FlowRole
    signals: tuple[FlowRoleSignal, ...]
    override: Override | None
    holds: bool


class _FlowRoles(DerivedView):
    """Which tools stand on which leg, kept while decisions change a few of them."""

    def __init__(self, review: ReviewReader) -> None:
        super().__init__(review)
        self._indexes = Index(exposed_roles, self.tools), Index(allowed_roles, self.tools)
        self._flows: list[Flow | None] = [None, None]
        self._cuts: tuple[Cut, ...] | None = None

    def moved(self, places: set[int]) -> None:
        for which, index in enumerate(self._indexes):
            if index.follow(places):
                self._flows[which] = None
                self._cuts = self._cuts if which else None

    def flow(self, which: int) -> Flow:
        """Return the flow over the tools that are exposed (0), or allowed (1)."""
        found = self._flows[which]
        if found is None:
            self._flows[which] = found = flow_of(self._indexes[which], self.ids)
        return found

    def cuts(self) -> tuple[Cut, ...]:
        """Return what breaks the flow over the tools that are exposed."""
        if self._cuts is None:
            self._cuts = cuts_of(self.flow(0), self._indexes[0].within)
        return self._cuts


_FLOW_ROLES: Final = PerReviewCache(_FlowRoles)


def _inventory(review: ReviewReader) -> Hashable:
    return tuple(f"{source.info.id} {source.info.sha256}" for source in review.sources())


def flows_of(review: ReviewReader) -> ReviewFlows:
    """Return the flows over the tools of a review as they stand."""
    live = [tool for tool in review.tools() if tool.live]
    lending = tuple(
        (flow_role, tuple(tool.row.id for tool in live if flow_role in tool.flow_roles)) for flow_role in FlowRole
    )
    return ReviewFlows(exposed_flow(review), _FLOW_ROLES.of(review).flow(1), lending)


def exposed_flow(review: ReviewReader) -> Flow:
    """Return the flow over all tools that are not blocked."""
    return _FLOW_ROLES.of(review).flow(0)


def cuts_through(review: ReviewReader, tool: ToolId) -> tuple[Cut, ...]:
    """Return what breaks that flow and takes a tool with it."""
    return tuple(cut for cut in _FLOW_ROLES.of(review).cuts() if tool in cut.tools)


def _kept(review: ReviewReader, name: str, holds_for: Hashable, make: Callable[[], T]) -> T:
    """Return what was worked out before, as long as what it holds for is the same."""
    kept = _KEPT.setdefault(review, {})
    if name not in kept or kept[name][0] != holds_for:
        kept[name] = (holds_for, make())
    found: T = kept[name][1]
    return found


def flow_roles_of(tool: ToolState, seen: Iterable[FlowRoleSignal]) -> tuple[ToolFlowRole, ...]:
    """Return the legs that the engine or a reviewer sees in a tool, those it has lost included."""
    signals, said = tuple(seen), dict(tool.flow_role_overrides)
    return tuple(
        ToolFlowRole(
            flow_role,
            tuple(each for each in signals if each.flow_role is flow_role),
            said.get(flow_role),
            flow_role in tool.flow_roles,
        )
        for flow_role in FlowRole
        if flow_role in tool.row.flow_roles or flow_role in said
    )


def effect_of(
    review: ReviewReader,
    tools: Sequence[ToolId],
    decision_state: DecisionState | None,
    conditions: Sequence[Condition] = (),
) -> FlowChange:
    """Return what a decision would do to the flow over the tools that the agent is given."""
    states = [_as_decided(review.tool(tool), decision_state, conditions) for tool in tools]
    if all(state.flow_roles.isdisjoint(TRIFECTA) for state in states):  # then it is as it was
        return change(Flow(dict.fromkeys(TRIFECTA, ())))
    return change(_FLOW_ROLES.of(review).flow(1), *states)


def _as_decided(now: ToolState, decision_state: DecisionState | None, conditions: Sequence[Condition]) -> ToolState:
    if decision_state is None:
        return replace(now, decision=None, decision_state=DecisionState.UNDECIDED)
    made = Decision(decision_state, "", now.row.digest, "", "", tuple(conditions))
    return replace(now, decision=made, decision_state=decision_state)


# families ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which the members of a family differ: what, and its value in each, in their order."""

    what: str
    values: tuple[str, ...]


def duplicate_groups_of(review: ReviewReader) -> tuple[DuplicateGroup, ...]:
    """Return the families of alike tools, in document order."""
    return _kept(review, "families", _inventory(review), lambda: duplicate_groups(tool.row for tool in review.tools()))


def duplicate_group_of(review: ReviewReader, tool: ToolId) -> DuplicateGroup | None:
    """Return the first family that a tool belongs to."""
    return _kept(review, "families by tool", _inventory(review), lambda: _by_member(duplicate_groups_of(review))).get(
        tool
    )


def _by_member(found: Sequence[DuplicateGroup]) -> dict[ToolId, DuplicateGroup]:
    return {row.id: family for family in reversed(found) for row in family.members}


def differences(review: ReviewReader, family: DuplicateGroup) -> tuple[Difference, ...]:
    """Return in what the members of a family differ: what they are, what they take, and what was decided of them."""
    columns = [_facts(review.tool(row.id)) for row in family.members]
    named = list(dict.fromkeys(name for column in columns for name in column))
    found = (Difference(name, tuple(column.get(name, _NONE) for column in columns)) for name in named)
    return tuple(each for each in found if len(set(each.values)) > 1)


def _facts(tool: ToolState) -> dict[str, str]:
    row = tool.row
    told = {
        "decision": tool.decision_state.value,
        "call": f"{row.method} {row.path}".strip(),
        "summary": row.summary,
        "risk": tool.risk.value,
        "type": tool.type.value,
        "undo": row.reversibility.value,
        "data": ", ".join(row.data),
        "deprecated": "yes" if row.deprecated else "no",
        "credential": row.credential,
        "scopes": ", ".join(row.scopes),
        "servers": ", ".join(row.servers),
        "described": f"{row.description_length:,} characters",
        "tokens": f"{row.tokens:,}",
        "answer": row.fields,
    }
    return {name: value or _NONE for name, value in told.items()} | {f"takes {name}": "yes" for name in row.inputs}


def keep_one(review: Review, family: DuplicateGroup, keep: ToolId, *, reason: str, actor: str, at: str) -> Outcome:
    """Block all members of a family but one, as one action; what was decided of the one stays as it is."""
    rest = [
        r.id for r in family.members if r.id != keep and review.tool(r.id).decision_state is not DecisionState.BLOCKED
    ]
    if not rest:
        raise AnswerIsNo("the others are blocked already", place=review.tool(keep).row.name)
    return review.decide(rest, DecisionState.BLOCKED, reason=reason, actor=actor, at=at)
