"""The statement on the exfiltration path (lethal trifecta) over a set of tools: one record for rules, screens and exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from analysis.model.assessment import FlowRole
from analysis.model.source import SourceId, ToolId

#: The three roles of the path, in the order in which data passes them.
TRIFECTA: Final = (FlowRole.PRIVATE_DATA, FlowRole.UNTRUSTED_CONTENT, FlowRole.EXFILTRATION_SINK)


class PathState(StrEnum):
    """What can be said of the exfiltration path over a set of tools."""

    PRESENT = "present"  # each role has a tool
    ABSENT = "absent"  # one role has none, and no tool or source leaves that open
    NOT_KNOWN = "not known"  # open roles or sources that were not read in full could complete it
    CONDITIONAL = "broken by condition"  # absent only because a person approves each call of every sink


@dataclass(frozen=True, slots=True)
class BlockingSet:
    """All tools that play a role or could: blocking them removes the exfiltration path."""

    flow_role: FlowRole
    tools: tuple[ToolId, ...]


@dataclass(frozen=True, slots=True)
class ExfiltrationPath:
    """The tools of each role of the path over one set of tools, and what is not settled.

    `possible` holds, by role, the tools of `flow_roles` and those whose definition leaves the role open. `held` are the
    sinks of which a person approves each call, with evidence. `unread` are sources with errors: tools may be missing.
    """

    flow_roles: Mapping[FlowRole, tuple[ToolId, ...]]
    possible: Mapping[FlowRole, tuple[ToolId, ...]]
    held: tuple[ToolId, ...] = ()
    unread: tuple[SourceId, ...] = ()

    @property
    def state(self) -> PathState:
        """What can be said of the path. It is absent only where every tool is settled for a role that no tool plays."""
        if all(self.flow_roles[role] for role in TRIFECTA):
            return PathState.PRESENT
        if self.unread or all(self.possible[role] for role in TRIFECTA):
            return PathState.NOT_KNOWN
        others = (FlowRole.PRIVATE_DATA, FlowRole.UNTRUSTED_CONTENT)
        if self.held and all(self.possible[role] for role in others):
            return PathState.CONDITIONAL
        return PathState.ABSENT

    @property
    def present(self) -> bool:
        """Whether all three roles have a tool, so that the attack works."""
        return self.state is PathState.PRESENT

    @property
    def excluded(self) -> bool:
        """Whether the attack is ruled out, by absence or by a condition."""
        return self.state in {PathState.ABSENT, PathState.CONDITIONAL}

    @property
    def unsettled(self) -> tuple[ToolId, ...]:
        """The tools whose open roles keep the path from being known, each once; empty where it is known."""
        if self.state is not PathState.NOT_KNOWN:
            return ()
        played = {role: frozenset(self.flow_roles[role]) for role in TRIFECTA}
        return tuple(
            dict.fromkeys(tool for role in TRIFECTA for tool in self.possible[role] if tool not in played[role])
        )
