"""The tools of a review with one feed of changes, and what is derived from them.

A `ToolTable` says which places have changed since a version. A `DerivedView` catches up when it is read: with
`update(places)` it follows single changes, with `rebuild()` it works everything out; both give the same result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from analysis.model import ToolId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.model import ToolState


class ToolTable:
    """Every tool of a review, in document order. A tool keeps its place as long as the table exists."""

    def __init__(self, states: Iterable[ToolState]) -> None:
        self.states = list(states)
        self.ids = [state.row.id for state in self.states]
        self.places = {tool: place for place, tool in enumerate(self.ids)}
        self.sources = {state.row.id: state.row.source for state in self.states}
        self._changed: list[int] = []

    @property
    def version(self) -> int:
        """The number of changes so far."""
        return len(self._changed)

    def get(self, tool: str | None) -> ToolState | None:
        """Return a tool, or None when it is not in the review."""
        place = self.places.get(ToolId(tool or ""))
        return None if place is None else self.states[place]

    def put(self, state: ToolState) -> None:
        """Replace the state of a tool."""
        place = self.places[state.row.id]
        self.states[place] = state
        self._changed.append(place)

    def touch(self, tools: Iterable[ToolId]) -> None:
        """Mark tools as changed whose state is the same but not what is derived from it, such as their findings."""
        self._changed.extend(self.places[tool] for tool in tools if tool in self.places)

    def changed_since(self, version: int) -> set[int]:
        """Return the places that have changed since a version."""
        return set(self._changed[version:])


class DerivedView:
    """Something derived from all tools, brought up to date when it is read."""

    def __init__(self, table: ToolTable) -> None:
        self.table = table
        self._version = table.version
        self.rebuild()

    @property
    def version(self) -> int:
        """The version of the table that the view shows."""
        return self._version

    def rebuild(self) -> None:
        """Work everything out."""
        raise NotImplementedError

    def update(self, places: set[int]) -> None:
        """Follow the tools at some places. The result is the same as that of `rebuild`."""
        raise NotImplementedError

    def current(self) -> Self:
        """Return the view, up to date."""
        if self._version != self.table.version:
            places = self.table.changed_since(self._version)
            self._version = self.table.version
            self.update(places)
        return self
