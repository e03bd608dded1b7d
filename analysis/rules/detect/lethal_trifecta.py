"""The exfiltration path (lethal trifecta): private data, untrusted content and an exfiltration sink in one set of tools.

Untrusted text can instruct a model to read private data and send it to an attacker. That needs all three roles;
blocking every tool of one role removes the path. Pure functions of tool states, fast enough to run at every decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.model import FlowRole, ToolId
from analysis.rules.engine.index import Index

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from analysis.model import ToolState

#: The three roles of the path, in the order in which data passes them.
TRIFECTA: Final = (FlowRole.PRIVATE_DATA, FlowRole.UNTRUSTED_CONTENT, FlowRole.EXFILTRATION_SINK)


@dataclass(frozen=True, slots=True)
class BlockingSet:
    """All tools of one role: blocking them removes the exfiltration path."""

    flow_role: FlowRole
    tools: tuple[ToolId, ...]


@dataclass(frozen=True, slots=True)
class ExfiltrationPath:
    """The tools of each role of the path."""

    flow_roles: Mapping[FlowRole, tuple[ToolId, ...]]

    @property
    def present(self) -> bool:
        """Whether all three roles have a tool, so that the attack works."""
        return all(self.flow_roles[flow_role] for flow_role in TRIFECTA)

    @property
    def blocking_sets(self) -> tuple[BlockingSet, ...]:
        """The sets of tools whose blocking removes the path, smallest first; empty where it is absent."""
        sets = {flow_role: frozenset(found) for flow_role, found in self.flow_roles.items()}
        return blocking_sets_of(self, lambda flow_role, other: sets[flow_role] < sets[other])


def blocking_sets_of(found: ExfiltrationPath, within: Callable[[FlowRole, FlowRole], bool]) -> tuple[BlockingSet, ...]:
    """Return the blocking sets of a path, smallest first, without those that contain another one.

    `within(a, b)` is whether the tools of role `a` are a proper subset of those of role `b`.
    """
    flow_roles = TRIFECTA if found.present else ()
    sets = [
        BlockingSet(flow_role, found.flow_roles[flow_role])
        for flow_role in flow_roles
        if not any(within(other, flow_role) for other in flow_roles)
    ]
    return tuple(sorted(sets, key=lambda found: len(found.tools)))


@dataclass(frozen=True, slots=True)
class PathChange:
    """The effect of one decision on the exfiltration path over approved tools."""

    before: ExfiltrationPath
    after: ExfiltrationPath

    @property
    def completes(self) -> bool:
        """Whether the decision completes the path."""
        return self.after.present and not self.before.present

    @property
    def removes(self) -> bool:
        """Whether the decision removes the path."""
        return self.before.present and not self.after.present


def path_roles(tool: ToolState) -> frozenset[FlowRole]:
    """Return the roles of the path that a tool plays. A sink with per-call approval does not count."""
    flow_roles = tool.flow_roles.intersection(TRIFECTA)
    return (
        flow_roles - {FlowRole.EXFILTRATION_SINK}
        if FlowRole.EXFILTRATION_SINK in flow_roles and tool.confirmed
        else flow_roles
    )


def exposed_path_roles(tool: ToolState) -> frozenset[FlowRole]:
    """Return the path roles of a tool that is not blocked; undecided tools count as exposed."""
    return path_roles(tool) if tool.live else frozenset()


def allowed_path_roles(tool: ToolState) -> frozenset[FlowRole]:
    """Return the path roles of an approved tool."""
    return path_roles(tool) if tool.decision_state.allowed else frozenset()


def exposed_path(tools: Sequence[ToolState]) -> ExfiltrationPath:
    """Return the exfiltration path over all tools that are not blocked."""
    return path_of(Index(exposed_path_roles, tools), [tool.row.id for tool in tools])


def path_of(index: Index, tools: Sequence[ToolId]) -> ExfiltrationPath:
    """Return the path over indexed tools; `tools` are the ids of the list that the index covers."""
    return ExfiltrationPath(
        {flow_role: tuple(map(tools.__getitem__, index.places(flow_role))) for flow_role in TRIFECTA}
    )


def path_change(before: ExfiltrationPath, *decided: ToolState) -> PathChange:
    """Return the effect of a decision on the path over approved tools; `decided` are the states after it."""
    touched = {tool.row.id for tool in decided}
    after = {
        flow_role: [tool for tool in found if tool not in touched] for flow_role, found in before.flow_roles.items()
    }
    for tool in decided:
        for flow_role in allowed_path_roles(tool):
            after[flow_role].append(tool.row.id)
    return PathChange(before, ExfiltrationPath({flow_role: tuple(found) for flow_role, found in after.items()}))
