"""Messages of the desk: a toast, and an entry in the list that a reviewer can read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.text import visible
from tui.desk.widgets.symbols import SEP

if TYPE_CHECKING:
    from textual.app import App

    from analysis.errors import ClearanceError

#: Maximum number of messages kept.
_MAX_ENTRIES = 500
_MAX_LENGTH = 300


class Messages:
    """Shows messages and keeps them: (number, text), newest last."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self.entries: list[tuple[str, str]] = []

    def say(self, text: str) -> None:
        """Show a message in place of the one before; errors stay, and all are kept in the list."""
        self._append("", visible(text, _MAX_LENGTH))
        for shown in [each for each in self._app._notifications if each.severity == "information"]:  # noqa: SLF001 - the library can only clear all of them
            self._app._unnotify(shown, refresh=False)  # noqa: SLF001
        self._app.notify(visible(text, _MAX_LENGTH), timeout=3, markup=False)

    def complain(self, error: ClearanceError, during: str = "") -> None:
        """Show an error and what to do next, with the number of its entry; `during` names the job that failed."""
        first, *rest = [visible(part, _MAX_LENGTH) for part in error.lines()]
        first = f"{during}: {first}" if during else first
        number = self._append("E", SEP.join([first, *rest]))
        text = "\n".join([f"{first}  [{number}]", *rest])
        self._app.notify(text, severity="error", timeout=8, markup=False)

    def _append(self, prefix: str, text: str) -> str:
        number = f"{prefix}{len(self.entries) + 1}"
        self.entries.append((number, text))
        del self.entries[:-_MAX_ENTRIES]
        return number
