"""Findings by tool, of which a summary keeps the state of its time while the index goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from analysis.model import Finding, ToolId

if TYPE_CHECKING:
    from collections.abc import ItemsView, Iterator, ValuesView

Found = tuple[Finding, ...]

#: Maximum number of tools in what differs from the shared part, before that is made anew.
_MAX_CHANGED: Final = 500


class FoundByTool(Mapping[ToolId, Found]):
    """Findings by tool, without tools that have none.

    What was kept shares all but the tools that changed since: a summary after each decision would else copy, and
    free, as many entries as there are tools. The shared part is never changed.
    """

    def __init__(self, shared: dict[ToolId, Found] | None = None, changed: dict[ToolId, Found] | None = None) -> None:
        self._shared = {} if shared is None else shared
        self._changed = {} if changed is None else changed  # empty where a tool no longer has any

    def replace(self, tool: ToolId, found: Found) -> None:
        """Put other findings in the place of those of a tool."""
        self._changed[tool] = found

    def kept(self) -> FoundByTool:
        """Return the findings as they are now: later ones do not reach them."""
        if len(self._changed) > _MAX_CHANGED:
            self._shared, self._changed = self._whole(), {}
        return FoundByTool(self._shared, dict(self._changed))

    def of(self, tool: ToolId) -> Found:
        """Return the findings of a tool, or none."""
        found = self._changed.get(tool)
        return self._shared.get(tool, ()) if found is None else found

    def __getitem__(self, tool: ToolId) -> Found:
        found = self.of(tool)
        if not found:
            raise KeyError(tool)
        return found

    def __iter__(self) -> Iterator[ToolId]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def values(self) -> ValuesView[Found]:
        """Return the findings of each tool."""
        return self._whole().values()

    def items(self) -> ItemsView[ToolId, Found]:
        """Return each tool with its findings."""
        return self._whole().items()

    def _whole(self) -> dict[ToolId, Found]:
        """Return all in one dictionary, which is not to be changed."""
        if not self._changed:
            return self._shared
        return {tool: found for tool, found in (self._shared | self._changed).items() if found}
