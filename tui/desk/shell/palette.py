"""The command palette: every action by name. It tolerates keys that come before it is laid out or after it closes."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from textual import work
from textual.await_complete import AwaitComplete
from textual.command import CommandPalette
from textual.css.query import NoMatches

#: The library's method, without its worker.
_GATHER: Final = CommandPalette._gather_commands.__wrapped__  # type: ignore[attr-defined]  # noqa: SLF001


class Palette(CommandPalette):
    """The palette of the library, safe against keys at any time."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, unless it is closed."""
        return super().dismiss(result) if self.is_current else AwaitComplete()

    def _action_command_list(self, action: str) -> None:
        """Move in the list; before it is laid out, as after a resize, the library does not find its rows."""
        with suppress(KeyError, NoMatches):
            super()._action_command_list(action)

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)  # noqa: SLF001 - the library cancels by it
    async def _gather_commands(self, search_value: str) -> None:
        """Search commands; a palette that is closed before it is laid out has no list for them."""
        with suppress(NoMatches):
            await _GATHER(self, search_value)
