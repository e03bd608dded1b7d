"""Tools by what they count under, in document order; kept true while single tools change.

A rule over all tools that only counts, or names the first few, reads the answer from such an index: one decision then
costs as much among fifty thousand tools as among fifty.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

    from analysis.model import ToolState

    Under = Callable[[ToolState], Iterable[Hashable]]
    Groups = Mapping[Any, Sequence[ToolState]]


def partition(tools: Iterable[ToolState], index_key: Under) -> Groups:
    """Return tools by what they count under, in their order; the groups in the order of their first tools."""
    found: dict[Hashable, list[ToolState]] = {}
    for tool in tools:
        for key in dict.fromkeys(index_key(tool)):
            found.setdefault(key, []).append(tool)
    return found


class TableSlice(Sequence["ToolState"]):
    """Some tools of a list, by their places in it: looked up when they are asked for."""

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
    """Which tools of a list count under what. The list belongs to the caller, who says what has changed in it."""

    def __init__(self, index_key: Under, tools: Sequence[ToolState]) -> None:
        self._under = index_key
        self._tools = tools
        self._places: dict[Hashable, list[int]] = {}
        self._keys: dict[int, tuple[Hashable, ...]] = {}
        self.follow(range(len(tools)))

    def follow(self, places: Iterable[int]) -> bool:
        """Look again at the tools at some places; return whether any counts under something else than before."""
        return sum(map(self.put, places)) > 0

    def put(self, place: int) -> bool:
        """Look again at the tool at a place; return whether it counts under something else than before."""
        now, before = tuple(dict.fromkeys(self._under(self._tools[place]))), self._keys.get(place, ())
        if now == before:
            return False
        for key in before:
            places = self._places[key]
            del places[bisect_left(places, place)]
            if not places:
                del self._places[key]
        for key in now:
            insort(self._places.setdefault(key, []), place)
        if now:
            self._keys[place] = now
        else:
            del self._keys[place]
        return True

    def at(self, key: Hashable) -> list[int]:
        """Return the places of the tools that count under something; the list is the index's own."""
        return self._places.get(key, [])

    def index_key(self, key: Hashable) -> Sequence[ToolState]:
        """Return the tools that count under something, as they stand when they are looked at."""
        return TableSlice(self._tools, self.at(key))

    def within(self, key: Hashable, other: Hashable) -> bool:
        """Whether all that counts under something counts under another thing too, and not only that."""
        some, others = self.at(key), self.at(other)
        return len(some) < len(others) and all(others[bisect_left(others, each) % len(others)] == each for each in some)

    def groups(self) -> Groups:
        """Return the same as `partition` for the list as it stands."""
        first = sorted(self._places.items(), key=lambda group: group[1][0])
        return {key: TableSlice(self._tools, places) for key, places in first}
