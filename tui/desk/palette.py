"""The command palette: every action by name. It holds against keys that come faster than it closes or is laid out."""

from __future__ import annotations

from contextlib import suppress

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette


class Palette(CommandPalette):
    """The palette of the library, safe against keys at the wrong moment."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, unless it is closed already."""
        return super().dismiss(result) if self.is_current else AwaitComplete()

    def _action_command_list(self, action: str) -> None:
        """Move in the list. Before it is laid out, as after a change of size, the library does not find its rows."""
        with suppress(KeyError):
            super()._action_command_list(action)
