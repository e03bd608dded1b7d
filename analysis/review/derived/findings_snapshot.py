"""Findings by tool as they were weighed at one moment, without a copy of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.model import Finding, ToolId

if TYPE_CHECKING:
    from collections.abc import Iterator

Found = tuple[Finding, ...]


class FindingsSnapshot(Mapping[ToolId, Found]):
    """The findings of tools at one moment, over a mapping that goes on changing.

    Whoever changes that mapping says so first (`keep`), so what is read here stays as it was.
    """

    __hash__ = object.__hash__  # it is held by what changes the mapping

    def __init__(self, now: Mapping[ToolId, Found]) -> None:
        self._now = now
        self._then: dict[ToolId, Found] = {}  # of tools that differ from `now`; nothing found is empty

    def keep(self, tool: ToolId) -> None:
        """Hold on to what is found on a tool, before it changes."""
        if tool not in self._then:
            self._then[tool] = self._now.get(tool, ())

    def add(self, finding: Finding, tool: ToolId) -> None:
        """Add a finding that belongs to this moment alone."""
        self._then[tool] = (*self.get(tool, ()), finding)

    def __getitem__(self, tool: ToolId) -> Found:
        if tool not in self._then:
            return self._now[tool]
        if not self._then[tool]:
            raise KeyError(tool)
        return self._then[tool]

    def __iter__(self) -> Iterator[ToolId]:
        yield from (tool for tool in self._now if tool not in self._then)
        yield from (tool for tool, found in self._then.items() if found)

    def __len__(self) -> int:
        return sum(1 for _ in self)
