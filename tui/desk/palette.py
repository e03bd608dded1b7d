"""The command palette: every action by name. Two keys that both close it close it once."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette


class Palette(CommandPalette):
    """The palette of the library, safe against keys that come faster than it closes."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, unless it is closed already."""
        return super().dismiss(result) if self.is_current else AwaitComplete()
