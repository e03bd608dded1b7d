"""Flows over several tools: which of them together read private data, read foreign words and reach somebody outside.

Text that a stranger wrote can ask a model for what it may read and have it sent where the stranger waits. That needs
three legs at once; closing any one of them, whole, ends it. Everything here is a pure function of the tools as they
stand, fast enough to be asked at every decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.model import FlowRole, ToolId
from analysis.rules.engine.index import Index

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from analysis.model import ToolState

#: The three legs, in the order in which data passes them.
TRIFECTA: Final = (FlowRole.PRIVATE, FlowRole.UNTRUSTED, FlowRole.SINK)


@dataclass(frozen=True, slots=True)
class Cut:
    """Tools that break the flow when all of them are blocked: they are one whole leg."""

    flow_role: FlowRole
    tools: tuple[ToolId, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """The tools that stand on each leg."""

    flow_roles: Mapping[FlowRole, tuple[ToolId, ...]]

    @property
    def closed(self) -> bool:
        """Whether all three legs stand, so that the attack works."""
        return all(self.flow_roles[flow_role] for flow_role in TRIFECTA)

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """The ways to break it, the one with the fewest tools first; none where nothing has to be broken."""
        sets = {flow_role: frozenset(found) for flow_role, found in self.flow_roles.items()}
        return cuts_of(self, lambda flow_role, other: sets[flow_role] < sets[other])


def cuts_of(found: Flow, within: Callable[[FlowRole, FlowRole], bool]) -> tuple[Cut, ...]:
    """Return the ways to break a flow; `within` says whether one leg holds all tools of the first and more.

    Each leg has to go whole; one that holds all the tools of another is no choice, for the other would do.
    """
    flow_roles = TRIFECTA if found.closed else ()
    cuts = [
        Cut(flow_role, found.flow_roles[flow_role])
        for flow_role in flow_roles
        if not any(within(other, flow_role) for other in flow_roles)
    ]
    return tuple(sorted(cuts, key=lambda cut: len(cut.tools)))


@dataclass(frozen=True, slots=True)
class FlowChange:
    """What one decision does to the flow over the tools that an agent is given."""

    before: Flow
    after: Flow

    @property
    def closes(self) -> bool:
        """Whether the decision completes the three legs."""
        return self.after.closed and not self.before.closed

    @property
    def breaks(self) -> bool:
        """Whether the decision takes a leg away."""
        return self.before.closed and not self.after.closed


def open_roles(tool: ToolState) -> frozenset[FlowRole]:
    """Return the legs of the three that a tool stands on. A way out that a person approves at each call is none."""
    flow_roles = tool.flow_roles.intersection(TRIFECTA)
    return flow_roles - {FlowRole.SINK} if FlowRole.SINK in flow_roles and tool.confirmed else flow_roles


def exposed_roles(tool: ToolState) -> frozenset[FlowRole]:
    """Return the legs on which a tool stands that is not blocked; undecided ones count as exposed."""
    return open_roles(tool) if tool.live else frozenset()


def allowed_roles(tool: ToolState) -> frozenset[FlowRole]:
    """Return the legs on which a tool stands that the agent is given."""
    return open_roles(tool) if tool.decision_state.allowed else frozenset()


def exposed(tools: Sequence[ToolState]) -> Flow:
    """Return the flow over all tools that are not blocked."""
    return flow_of(Index(exposed_roles, tools), [tool.row.id for tool in tools])


def flow_of(index: Index, tools: Sequence[ToolId]) -> Flow:
    """Return the flow over the tools that an index holds by leg; `tools` are those of its list."""
    return Flow({flow_role: tuple(map(tools.__getitem__, index.at(flow_role))) for flow_role in TRIFECTA})


def change(before: Flow, *decided: ToolState) -> FlowChange:
    """Return what a decision does to the flow over allowed tools; `decided` are the tools as they would stand."""
    touched = {tool.row.id for tool in decided}
    after = {
        flow_role: [tool for tool in found if tool not in touched] for flow_role, found in before.flow_roles.items()
    }
    for tool in decided:
        for flow_role in allowed_roles(tool):
            after[flow_role].append(tool.row.id)
    return FlowChange(before, Flow({flow_role: tuple(found) for flow_role, found in after.items()}))
