"""The exfiltration path over the tools of a review, and what a decision would do to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.model import Decision, DecisionState, FlowRole
from analysis.review.derived.view import DerivedView
from analysis.rules.detect.lethal_trifecta import (
    TRIFECTA,
    BlockingSet,
    ExfiltrationPath,
    PathChange,
    allowed_path_roles,
    blocking_sets_of,
    exposed_path_roles,
    path_change,
    path_of,
)
from analysis.rules.engine.index import Index

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.model import Condition, FlowRoleSignal, Override, ToolId, ToolState

__all__ = [
    "TRIFECTA",
    "BlockingSet",
    "ExfiltrationPath",
    "Flows",
    "PathChange",
    "ReviewFlows",
    "ToolFlowRole",
    "flow_roles_of",
]


@dataclass(frozen=True, slots=True)
class ReviewFlows:
    """The path over all exposed tools, the one over the allowed tools, and the tools of each flow role."""

    exposed: ExfiltrationPath
    allowed: ExfiltrationPath
    by_role: tuple[tuple[FlowRole, tuple[ToolId, ...]], ...]


@dataclass(frozen=True, slots=True)
class ToolFlowRole:
    """One flow role of one tool: its signals, the override, and whether it is in effect."""

    flow_role: FlowRole
    signals: tuple[FlowRoleSignal, ...]
    override: Override | None
    holds: bool


class Flows(DerivedView):
    """The flows over the tools of a review."""

    def rebuild(self) -> None:
        """Index the flow roles of every tool."""
        self._exposed_roles = Index(exposed_path_roles, self.table.states)
        self._allowed_roles = Index(allowed_path_roles, self.table.states)
        self._exposed: ExfiltrationPath | None = None
        self._allowed: ExfiltrationPath | None = None
        self._sets: tuple[BlockingSet, ...] | None = None

    def update(self, places: set[int]) -> None:
        """Follow the tools at some places."""
        if self._exposed_roles.update(places):
            self._exposed = self._sets = None
        if self._allowed_roles.update(places):
            self._allowed = None

    @property
    def exposed(self) -> ExfiltrationPath:
        """The path over all tools that are not blocked."""
        if self._exposed is None:
            self._exposed = path_of(self._exposed_roles, self.table.ids)
        return self._exposed

    @property
    def allowed(self) -> ExfiltrationPath:
        """The path over the allowed tools."""
        if self._allowed is None:
            self._allowed = path_of(self._allowed_roles, self.table.ids)
        return self._allowed

    def all(self) -> ReviewFlows:
        """Return both paths, and the tools of each flow role."""
        live = [tool for tool in self.table.states if tool.live]
        by_role = tuple((role, tuple(tool.row.id for tool in live if role in tool.flow_roles)) for role in FlowRole)
        return ReviewFlows(self.exposed, self.allowed, by_role)

    def blocking_sets_with(self, tool: ToolId) -> tuple[BlockingSet, ...]:
        """Return the sets of tools that would remove the exposed path and include a tool."""
        if self._sets is None:
            self._sets = blocking_sets_of(self.exposed, self._exposed_roles.within)
        return tuple(each for each in self._sets if tool in each.tools)

    def effect_of(
        self, tools: Sequence[ToolId], wanted: DecisionState | None, conditions: Sequence[Condition] = ()
    ) -> PathChange:
        """Return what a decision would do to the path over the allowed tools."""
        states = [_as_decided(self.table.states[self.table.places[tool]], wanted, conditions) for tool in tools]
        if all(state.flow_roles.isdisjoint(TRIFECTA) for state in states):
            return path_change(ExfiltrationPath(dict.fromkeys(TRIFECTA, ())))
        return path_change(self.allowed, *states)


def flow_roles_of(tool: ToolState, signals: Iterable[FlowRoleSignal]) -> tuple[ToolFlowRole, ...]:
    """Return the flow roles that the engine or a reviewer sees in a tool, those overridden as absent included."""
    seen, overrides = tuple(signals), dict(tool.flow_role_overrides)
    return tuple(
        ToolFlowRole(role, tuple(s for s in seen if s.flow_role is role), overrides.get(role), role in tool.flow_roles)
        for role in FlowRole
        if role in tool.row.flow_roles or role in overrides
    )


def _as_decided(now: ToolState, wanted: DecisionState | None, conditions: Sequence[Condition]) -> ToolState:
    if wanted is None:
        return replace(now, decision=None, decision_state=DecisionState.UNDECIDED)
    decision = Decision(wanted, "", now.row.digest, "", "", tuple(conditions))
    return replace(now, decision=decision, decision_state=wanted)
