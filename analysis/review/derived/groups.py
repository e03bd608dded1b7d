"""Groups: the tools that are decided as one, since they do the same kind of thing to the same resource with the same risk.

A group is a view: it has no state of its own, and its tools are decided by the same events as single ones.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.model import CapabilityKind, FlowRole, Risk, ToolType
from analysis.review.derived.view import DerivedView
from analysis.words import path_segments, split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.model import ToolId, ToolState

#: Characters of a digest in the identity of a group.
_ID_LENGTH: Final = 8
#: Words at the beginning of a tool's name that name neither an act nor a resource.
_LEADING: Final = frozenset({"a", "an", "the", "my", "all", "api", "do", "mcp", "tool", "async", "batch", "bulk"})
_WEIGHT: Final = {risk: weight for weight, risk in enumerate((Risk.HIGH, Risk.MEDIUM, Risk.LOW))}
#: A feature sets a tool apart where at most this share of its group has it, ...
_RARE: Final = 0.25
#: ... and one that is lacking, where at least this share has it.
_COMMON: Final = 1 - _RARE


@dataclass(frozen=True, slots=True)
class GroupKey:
    """What the tools of a group have in common. `unclear` and `executes` are the reasons that forbid a quick decision."""

    source: str
    kind: CapabilityKind
    resource: str
    type: ToolType
    risk: Risk
    unclear: bool
    executes: bool

    @property
    def id(self) -> str:
        """The identity: the same in every copy of a review, and after every restart."""
        parts = (self.source, self.kind, self.resource, self.type, self.risk, str(self.unclear), str(self.executes))
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]


@dataclass(frozen=True, slots=True)
class ToolGroup:
    """A group with its tools, in document order.

    `data`, `confidential` and `flow_roles` are what any of its tools has; `unlike` says what sets a tool apart from the
    others, for those that something does.
    """

    key: GroupKey
    tools: tuple[ToolId, ...]
    undecided: int
    states: Mapping[str, int]  # tools by the decision in effect: `DecisionState.simple`
    data: tuple[str, ...]
    confidential: tuple[str, ...]
    flow_roles: tuple[FlowRole, ...]
    unlike: Mapping[ToolId, tuple[str, ...]]

    @property
    def title(self) -> str:
        """The group in words: resource, type and risk, and what makes it special."""
        special = [
            word for word, holds in (("runs code", self.key.executes), ("effect unclear", self.key.unclear)) if holds
        ]
        return ", ".join((f"{self.key.resource}: {self.key.type.value}", f"{self.key.risk.value} risk", *special))


def group_key(state: ToolState) -> GroupKey:
    """Return the key of the group that a tool belongs to: from its definition, and its type and risk in effect."""
    row = state.row
    return GroupKey(
        source=row.source,
        kind=row.kind,
        resource=_resource(row.kind, row.tags if row.method else (), row.method, row.path, row.name),
        type=state.type,
        risk=state.risk,
        unclear=row.unclear and state.type_override is None,
        executes=FlowRole.CODE_EXECUTION in state.flow_roles,
    )


def _resource(kind: CapabilityKind, tags: tuple[str, ...], method: str, path: str, name: str) -> str:
    """Return what a tool is about: the first tag of an operation, else the root of its path, else the noun of its name."""
    if kind is not CapabilityKind.TOOL:
        return kind.label
    if tags:
        return tags[0]
    if method:
        return next(iter(path_segments(path)), "/")
    words = [word for word in split_words(name) if word not in _LEADING]
    noun = words[1] if len(words) > 1 else (words[0] if words else name)
    return noun[:-1] if len(noun) > 3 and noun.endswith("s") and noun[-2] not in "sui" else noun


class Groups(DerivedView):
    """The groups of all tools, those with work of high risk first."""

    def rebuild(self) -> None:
        """Group every tool."""
        self._keys = [group_key(state) for state in self.table.states]
        self._members: dict[GroupKey, list[int]] = {}
        for place, key in enumerate(self._keys):
            self._members.setdefault(key, []).append(place)
        self._undecided = [state.undecided for state in self.table.states]
        self._left = Counter(key for key, undecided in zip(self._keys, self._undecided, strict=True) if undecided)
        self._made: dict[GroupKey, ToolGroup] = {}
        self._ordered: tuple[ToolGroup, ...] | None = None

    def update(self, places: set[int]) -> None:
        """Move the tools at some places to their groups, and forget what was computed of those groups."""
        self._ordered = None
        for place in places:
            state = self.table.states[place]
            old, new = self._keys[place], group_key(state)
            self._left[old] -= self._undecided[place]
            self._undecided[place] = state.undecided
            self._left[new] += state.undecided
            self._made.pop(old, None)
            self._made.pop(new, None)
            if old != new:
                self._keys[place] = new
                self._members[old].remove(place)
                if not self._members[old]:
                    del self._members[old]
                self._members[new] = sorted([*self._members.get(new, ()), place])

    def ordered(self) -> tuple[ToolGroup, ...]:
        """Return every group: those with undecided tools first, then by risk, size and title."""
        if self._ordered is None:
            found = (self.group(key) for key in self._members)
            self._ordered = tuple(
                sorted(found, key=lambda g: (not g.undecided, _WEIGHT[g.key.risk], -g.undecided, g.title, g.key.id))
            )
        return self._ordered

    @property
    def waiting(self) -> int:
        """The number of groups with undecided tools."""
        return sum(1 for left in self._left.values() if left)

    def group(self, key: GroupKey) -> ToolGroup:
        """Return a group by its key, which has to be that of a tool."""
        if key not in self._made:
            self._made[key] = _group(key, [self.table.states[place] for place in self._members[key]])
        return self._made[key]

    def id_of(self, tool: ToolId) -> str:
        """Return the identity of the group of a tool."""
        return self._keys[self.table.places[tool]].id

    def of(self, tool: ToolId) -> ToolGroup:
        """Return the group of a tool."""
        return self.group(self._keys[self.table.places[tool]])


def _group(key: GroupKey, states: Sequence[ToolState]) -> ToolGroup:
    features = [frozenset(_features(state)) for state in states]
    counts = Counter(feature for found in features for feature in found)
    unlike = {}
    for state, found in zip(states, features, strict=True):
        apart = tuple(_apart(found, counts, len(states)))
        if apart:
            unlike[state.row.id] = apart
    present = {role for state in states for role in state.flow_roles}
    return ToolGroup(
        key=key,
        tools=tuple(state.row.id for state in states),
        undecided=sum(state.undecided for state in states),
        states=Counter(state.decision_state.simple for state in states),
        data=_union(state.row.data for state in states),
        confidential=_union(state.row.confidential for state in states),
        flow_roles=tuple(role for role in FlowRole if role in present),
        unlike=unlike,
    )


def _union(values: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for each in values for value in each))


def _features(state: ToolState) -> Iterable[str]:
    """Yield in words what of a tool may set it apart from others of its resource, type and risk."""
    row = state.row
    yield from (f"returns {data} data" for data in row.data)
    yield from (f"returns {kind}" for kind in row.confidential)
    yield from (role.value for role in state.flow_roles)
    yield from (f"scope {scope}" for scope in row.scopes)
    yield f"undo: {row.reversibility.value}"
    if row.method and (state.type is ToolType.READ) is not (row.method in {"GET", "HEAD"}):
        yield f"{row.method} method"
    if row.credential in {"none", "optional"}:
        yield f"credential {row.credential}"
    if row.deprecated:
        yield "deprecated"


def _apart(found: frozenset[str], counts: Counter[str], size: int) -> Iterable[str]:
    """Yield what few others of a group have, then what most others have and this one lacks."""
    if size < 3:
        return
    rare = [feature for feature in found if counts[feature] == 1 or counts[feature] <= size * _RARE]
    yield from sorted(rare)
    lacking = [f for f, count in counts.items() if f not in found and count >= max(size * _COMMON, 2)]
    yield from (f"not: {feature}" for feature in sorted(lacking))
