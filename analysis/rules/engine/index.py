"""Incremental inverted index of tools: key to tools in document order, updated tool by tool.

A rule over all tools that only counts, or names the first few, reads its result from the index, so the cost of one
decision does not grow with the number of tools.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

    from analysis.model import ToolState

    IndexKey = Callable[[ToolState], Iterable[Hashable]]
    IndexedTools = Mapping[Any, Sequence[ToolState]]

#: Key of the tools of a source that was read with errors, from which tools may be missing.
UNREAD: Final = "unread"


def partition(tools: Iterable[ToolState], index_key: IndexKey) -> IndexedTools:
    """Return tools by index key; keys in the order of their first tools."""
    found: dict[Hashable, list[ToolState]] = {}
    for tool in tools:
        for key in dict.fromkeys(index_key(tool)):
            found.setdefault(key, []).append(tool)
    return found


class TableSlice(Sequence["ToolState"]):
    """A read-only view of some tools of a list, by position; items are looked up on access."""

    __slots__ = ("_places", "_tools")

    def __init__(self, tools: Sequence[ToolState], places: Sequence[int]) -> None:
        self._tools = tools
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> ToolState: ...
    @overload
    def __getitem__(self, at: slice) -> list[ToolState]: ...
    def __getitem__(self, at: int | slice) -> ToolState | list[ToolState]:
        if isinstance(at, slice):
            return [self._tools[place] for place in self._places[at]]
        return self._tools[self._places[at]]

    def __iter__(self) -> Iterator[ToolState]:
        return map(self._tools.__getitem__, self._places)


class Index:
    """Index of a list of tools by key. The caller owns the list and reports changed positions."""

    def __init__(self, index_key: IndexKey, tools: Sequence[ToolState]) -> None:
        self._index_key = index_key
        self._tools = tools
        self._places: dict[Hashable, list[int]] = {}
        self._keys: dict[int, tuple[Hashable, ...]] = {}
        for place, tool in enumerate(tools):
            if (found := index_key(tool)) and (now := tuple(dict.fromkeys(found))):
                self._keys[place] = now
                for key in now:
                    self._places.setdefault(key, []).append(place)

    def update(self, places: Iterable[int]) -> bool:
        """Index the tools at some positions again; return whether any key changed."""
        return sum(map(self.update_one, places)) > 0

    def update_one(self, place: int) -> bool:
        """Index the tool at one position again; return whether its keys changed."""
        now, before = tuple(dict.fromkeys(self._index_key(self._tools[place]))), self._keys.get(place, ())
        if now == before:
            return False
        for key in before:
            positions = self._places[key]
            del positions[bisect_left(positions, place)]
            if not positions:
                del self._places[key]
        for key in now:
            insort(self._places.setdefault(key, []), place)
        if now:
            self._keys[place] = now
        else:
            del self._keys[place]
        return True

    def places(self, key: Hashable) -> list[int]:
        """Return the positions of the tools with a key. The list is internal: do not modify it."""
        return self._places.get(key, [])

    def tools_at(self, key: Hashable) -> Sequence[ToolState]:
        """Return a live view of the tools with a key."""
        return TableSlice(self._tools, self.places(key))

    def within(self, key: Hashable, other: Hashable) -> bool:
        """Whether the tools with `key` are a subset of those with `other`, or the same."""
        some, others = self.places(key), self.places(other)
        return len(some) <= len(others) and all(
            others[bisect_left(others, each) % len(others)] == each for each in some
        )

    def groups(self) -> IndexedTools:
        """Return the same as `partition` for the current list."""
        first = sorted(self._places.items(), key=lambda group: group[1][0])
        return {key: TableSlice(self._tools, places) for key, places in first}
