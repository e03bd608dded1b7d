"""The exfiltration path over the tools of a review, and what a decision would do to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.model import Decision, DecisionState, ExfiltrationPath, FlowRole
from analysis.review.derived.view import DerivedView
from analysis.rules.detect.lethal_trifecta import (
    PathChange,
    PathPart,
    allowed_path_keys,
    blocking_sets,
    blocking_sets_of,
    exposed_path_keys,
    path_change,
    path_keys,
    path_of,
)
from analysis.rules.engine.index import Index

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from analysis.model import (
        BlockingSet,
        Condition,
        FlowRoleSignal,
        OpenFlowRole,
        Override,
        SourceId,
        ToolId,
        ToolState,
    )
    from analysis.review.derived.view import ToolTable

__all__ = ["Flows", "PathChange", "ReviewFlows", "ToolFlowRole", "flow_roles_of"]


#: Index key of the allowed tools.
_ALLOWED = "allowed"


def _role_keys(tool: ToolState) -> Iterator[str]:
    """Yield the flow roles of an exposed tool, and whether it is allowed."""
    if tool.live:
        yield from tool.flow_roles
        if tool.decision_state.allowed:
            yield _ALLOWED


@dataclass(frozen=True, slots=True)
class ReviewFlows:
    """The path over all exposed tools, the one over the allowed tools, and the tools of each flow role.

    `approved` is the number of allowed tools: the path over none of them is absent, and says nothing yet.
    `cuts` are the sets of exposed tools whose blocking removes the path, smallest first; `allowed_cuts` those of allowed
    tools.
    """

    exposed: ExfiltrationPath
    allowed: ExfiltrationPath
    cuts: tuple[BlockingSet, ...]
    allowed_cuts: tuple[BlockingSet, ...]
    by_role: tuple[tuple[FlowRole, tuple[ToolId, ...]], ...]
    approved: int


@dataclass(frozen=True, slots=True)
class ToolFlowRole:
    """One flow role of one tool: its signals, the override, whether it is in effect, and what leaves it open."""

    flow_role: FlowRole
    signals: tuple[FlowRoleSignal, ...]
    override: Override | None
    holds: bool
    open_because: str = ""


class Flows(DerivedView):
    """The flows over the tools of a review. `unread` are the sources with errors, from which tools may be missing."""

    def __init__(self, table: ToolTable, unread: Sequence[SourceId] = ()) -> None:
        self._unread = tuple(unread)
        super().__init__(table)

    def rebuild(self) -> None:
        """Index the flow roles of every tool."""
        self._exposed_keys = Index(exposed_path_keys, self.table.states)
        self._allowed_keys = Index(allowed_path_keys, self.table.states)
        self._roles = Index(_role_keys, self.table.states)
        self._exposed: ExfiltrationPath | None = None
        self._allowed: ExfiltrationPath | None = None
        self._cuts: tuple[BlockingSet, ...] | None = None

    def update(self, places: set[int]) -> None:
        """Follow the tools at some places."""
        self._roles.update(places)
        if self._exposed_keys.update(places):
            self._exposed = self._cuts = None
        if self._allowed_keys.update(places) or self._unread:
            self._allowed = None

    @property
    def exposed(self) -> ExfiltrationPath:
        """The path over all tools that are not blocked."""
        if self._exposed is None:
            self._exposed = path_of(self._exposed_keys, self.table.ids, self._unread)
        return self._exposed

    @property
    def allowed(self) -> ExfiltrationPath:
        """The path over the allowed tools. A source with errors counts from its first approved tool on."""
        if self._allowed is None:
            unread = self._unread_of(self.table.states) if self._unread else ()
            self._allowed = path_of(self._allowed_keys, self.table.ids, unread)
        return self._allowed

    @property
    def cuts(self) -> tuple[BlockingSet, ...]:
        """The sets of exposed tools whose blocking removes the path, smallest first."""
        if self._cuts is None:
            possible = PathPart.POSSIBLE
            self._cuts = blocking_sets_of(
                self.exposed, lambda role, other: self._exposed_keys.within((possible, role), (possible, other))
            )
        return self._cuts

    def all(self) -> ReviewFlows:
        """Return both paths, what cuts the exposed one, and the tools of each flow role."""
        ids = self.table.ids
        by_role = tuple((role, tuple(ids[place] for place in self._roles.places(role))) for role in FlowRole)
        approved = len(self._roles.places(_ALLOWED))
        return ReviewFlows(self.exposed, self.allowed, self.cuts, blocking_sets(self.allowed), by_role, approved)

    def blocking_sets_with(self, tool: ToolId) -> tuple[BlockingSet, ...]:
        """Return the sets of tools that would remove the exposed path and include a tool."""
        return tuple(each for each in self.cuts if tool in each.tools)

    def _unread_of(self, states: Iterable[ToolState]) -> tuple[SourceId, ...]:
        """Return the sources with errors from which a tool is approved."""
        used = {state.row.source for state in states if state.decision_state.allowed}
        return tuple(source for source in self._unread if source in used)

    def effect_of(
        self, tools: Sequence[ToolId], wanted: DecisionState | None, conditions: Sequence[Condition] = ()
    ) -> PathChange:
        """Return what a decision would do to the path over the allowed tools."""
        states = [_as_decided(self.table.states[self.table.places[tool]], wanted, conditions) for tool in tools]
        if not self._unread and not any(map(path_keys, states)):
            return PathChange(self.allowed, self.allowed)
        change = path_change(self.allowed, *states)
        unread = tuple(dict.fromkeys((*change.after.unread, *self._unread_of(states))))
        return replace(change, after=replace(change.after, unread=unread))


def flow_roles_of(
    tool: ToolState, signals: Iterable[FlowRoleSignal], left_open: Iterable[OpenFlowRole] = ()
) -> tuple[ToolFlowRole, ...]:
    """Return the flow roles that the engine or a reviewer sees in a tool.

    Those overridden as absent are included, and those in `left_open` with what leaves them open.
    """
    seen, overrides = tuple(signals), dict(tool.flow_role_overrides)
    why = {role.flow_role: role.why for role in left_open if role.flow_role not in overrides}
    return tuple(
        ToolFlowRole(
            role,
            tuple(s for s in seen if s.flow_role is role),
            overrides.get(role),
            role in tool.flow_roles,
            why.get(role, ""),
        )
        for role in FlowRole
        if role in tool.row.flow_roles or role in overrides or role in why
    )


def _as_decided(now: ToolState, wanted: DecisionState | None, conditions: Sequence[Condition]) -> ToolState:
    if wanted is None:
        return replace(now, decision=None, decision_state=DecisionState.UNDECIDED)
    decision = Decision(wanted, "", now.row.digest, "", "", tuple(conditions))
    return replace(now, decision=decision, decision_state=wanted)
