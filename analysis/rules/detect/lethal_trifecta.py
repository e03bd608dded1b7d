"""The exfiltration path (lethal trifecta): private data, untrusted content and an exfiltration sink in one set of tools.

Untrusted text can instruct a model to read private data and send it to an attacker. That needs all three roles;
blocking every tool that plays one of them, or could, removes the path. Pure functions of tool states, fast enough to
run at every decision.

A tool that executes code plays all three roles: what it runs can read what its environment holds, its output can hold
what others wrote, and it can send. So it makes the path present by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from analysis.model import TRIFECTA, BlockingSet, ExfiltrationPath, FlowRole, PathState, ToolId
from analysis.rules.engine.index import UNREAD, Index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from analysis.model import OpenFlowRole, SourceId, ToolState
    from analysis.rules.engine.index import IndexedTools


class PathPart(StrEnum):
    """How a tool takes part in a role of the path."""

    PLAYS = "plays"
    POSSIBLE = "possible"  # it plays the role, or its definition leaves that open
    HELD = "held"  # a sink, but a person approves each call


PathKey: TypeAlias = tuple[PathPart, FlowRole]
_SINK: Final = FlowRole.EXFILTRATION_SINK
_HELD: Final = (PathPart.HELD, _SINK)
#: The role that makes a tool play every role of the path.
_EVERY: Final = FlowRole.CODE_EXECUTION


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
    def unsettles(self) -> bool:
        """Whether the path was ruled out before the decision, and is not known after it."""
        return self.after.state is PathState.NOT_KNOWN and self.before.excluded

    @property
    def removes(self) -> bool:
        """Whether the decision removes the path, so that it is ruled out."""
        return self.after.excluded and not self.before.excluded


def path_keys(tool: ToolState) -> tuple[PathKey, ...]:
    """Return how a tool takes part in the path. A sink with evidenced per-call approval is held, and does not count."""
    return _keys(tool.flow_roles, tool.open_flow_roles, confirmed=tool.confirmed)


@lru_cache(maxsize=4096)
def _keys(played: frozenset[FlowRole], left_open: tuple[OpenFlowRole, ...], *, confirmed: bool) -> tuple[PathKey, ...]:
    keys: list[PathKey] = []
    uncertain = {role.flow_role for role in left_open}
    for role in TRIFECTA:
        plays = role in played or _EVERY in played
        if not plays and role not in uncertain:
            continue
        if role is _SINK and confirmed:
            keys.append(_HELD)
            continue
        keys += [(PathPart.PLAYS, role)] * plays + [(PathPart.POSSIBLE, role)]
    return tuple(keys)


def exposed_path_keys(tool: ToolState) -> tuple[PathKey, ...]:
    """Return how a tool that is not blocked takes part in the path; undecided tools count as exposed."""
    return path_keys(tool) if tool.live else ()


def allowed_path_keys(tool: ToolState) -> tuple[PathKey, ...]:
    """Return how an approved tool takes part in the path."""
    return path_keys(tool) if tool.decision_state.allowed else ()


def exposed_path(tools: Sequence[ToolState], unread: Iterable[SourceId] = ()) -> ExfiltrationPath:
    """Return the exfiltration path over all tools that are not blocked."""
    return path_of(Index(exposed_path_keys, tools), [tool.row.id for tool in tools], unread)


def path_of(index: Index, tools: Sequence[ToolId], unread: Iterable[SourceId] = ()) -> ExfiltrationPath:
    """Return the path over indexed tools; `tools` are the ids of the list that the index covers."""

    def ids(part: PathPart, role: FlowRole) -> tuple[ToolId, ...]:
        return tuple(map(tools.__getitem__, index.places((part, role))))

    return ExfiltrationPath(
        {role: ids(PathPart.PLAYS, role) for role in TRIFECTA},
        {role: ids(PathPart.POSSIBLE, role) for role in TRIFECTA},
        ids(*_HELD),
        tuple(unread),
    )


def state_of(tools: IndexedTools) -> ExfiltrationPath:
    """Return the path over tools by key, each named by its first tool alone: enough for its state."""

    def first(part: PathPart, role: FlowRole) -> tuple[ToolId, ...]:
        return tuple(tool.row.id for tool in tools.get((part, role), ())[:1])

    return ExfiltrationPath(
        {role: first(PathPart.PLAYS, role) for role in TRIFECTA},
        {role: first(PathPart.POSSIBLE, role) for role in TRIFECTA},
        first(*_HELD),
        tuple(dict.fromkeys(tool.row.source for tool in tools.get(UNREAD, ()))),
    )


def blocking_sets(path: ExfiltrationPath) -> tuple[BlockingSet, ...]:
    """Return the sets of tools whose blocking removes the path, smallest first; empty where it is ruled out."""
    sets = {role: frozenset(found) for role, found in path.possible.items()}
    return blocking_sets_of(path, lambda role, other: sets[role] <= sets[other])


def blocking_sets_of(path: ExfiltrationPath, within: Callable[[FlowRole, FlowRole], bool]) -> tuple[BlockingSet, ...]:
    """Return the blocking sets of a path, smallest first, without those that contain another one.

    `within(a, b)` is whether the tools that could play role `a` are among those of role `b`.
    """
    roles = [role for role in TRIFECTA if path.possible[role]]
    if path.excluded or len(roles) < len(TRIFECTA):
        return ()
    kept: list[FlowRole] = []
    for role in sorted(TRIFECTA, key=lambda role: len(path.possible[role])):
        if not any(within(other, role) for other in kept):
            kept.append(role)
    return tuple(BlockingSet(role, path.possible[role]) for role in kept)


def path_change(before: ExfiltrationPath, *decided: ToolState) -> PathChange:
    """Return the effect of a decision on the path over approved tools; `decided` are the states after it."""
    touched = {tool.row.id for tool in decided}
    keys = [(tool.row.id, key) for tool in decided for key in allowed_path_keys(tool)]

    def after(part: PathPart, role: FlowRole, found: tuple[ToolId, ...]) -> tuple[ToolId, ...]:
        kept = [tool for tool in found if tool not in touched]
        return (*kept, *(tool for tool, key in keys if key == (part, role)))

    return PathChange(
        before,
        ExfiltrationPath(
            {role: after(PathPart.PLAYS, role, found) for role, found in before.flow_roles.items()},
            {role: after(PathPart.POSSIBLE, role, found) for role, found in before.possible.items()},
            after(*_HELD, before.held),
            before.unread,
        ),
    )
