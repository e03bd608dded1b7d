"""Messages of the desk: a toast, and an entry in the list that a reviewer can read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.text import visible
from tui.desk.widgets.layout import open_question
from tui.desk.widgets.symbols import SEP

if TYPE_CHECKING:
    from textual.app import App
    from textual.notifications import SeverityLevel

    from analysis.errors import ClearanceError

#: Maximum number of messages kept.
_MAX_ENTRIES = 500
_MAX_LENGTH = 300


class _Toast(NamedTuple):
    text: str
    severity: SeverityLevel
    seconds: float


class Messages:
    """Shows messages and keeps them: (number, text), newest last.

    A message never covers a question: it waits until the question is answered.
    """

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self.entries: list[tuple[str, str]] = []
        self._waiting: list[_Toast] = []  # said while a question was open

    def say(self, text: str) -> None:
        """Show a message in place of the one before; errors stay, and all are kept in the list."""
        self._append("", visible(text, _MAX_LENGTH))
        self._show(_Toast(visible(text, _MAX_LENGTH), "information", 3))

    def _show(self, toast: _Toast) -> None:
        """Show a toast, in place of the one before if it is no error; later if a question is open."""
        if open_question(self._app):
            self._waiting.append(toast)
            return
        for earlier in self._taken(but_last=toast.severity == "information"):
            self._notify(earlier)
        if toast.severity == "information":
            self._take_back()
        self._notify(toast)

    def _notify(self, toast: _Toast) -> None:
        self._app.notify(toast.text, severity=toast.severity, timeout=toast.seconds, markup=False)

    def show_waiting(self) -> None:
        """Show what was said while a question was open, unless another one is: every error, and the last message."""
        if not open_question(self._app):
            for toast in self._taken():
                self._notify(toast)

    def _taken(self, *, but_last: bool = False) -> list[_Toast]:
        """Return what waits and is still to be shown: errors, and the last message unless it is followed by another one."""
        waiting, self._waiting = self._waiting, []
        said = [toast for toast in waiting if toast.severity == "information"]
        return [toast for toast in waiting if toast.severity == "error" or (toast is said[-1] and not but_last)]

    def _take_back(self) -> None:
        """Take the toasts off the screen that are no errors."""
        for shown in [each for each in self._app._notifications if each.severity == "information"]:  # noqa: SLF001 - the library can only clear all of them
            self._app._unnotify(shown, refresh=False)  # noqa: SLF001

    def complain(self, error: ClearanceError, during: str = "") -> None:
        """Show an error and what to do next, with the number of its entry; `during` names the job that failed."""
        first, *rest = [visible(part, _MAX_LENGTH) for part in error.lines()]
        first = f"{during}: {first}" if during else first
        number = self._append("E", SEP.join([first, *rest]))
        text = "\n".join([f"{first}  [{number}]", *rest])
        self._show(_Toast(text, "error", 8))

    def _append(self, prefix: str, text: str) -> str:
        number = f"{prefix}{len(self.entries) + 1}"
        self.entries.append((number, text))
        del self.entries[:-_MAX_ENTRIES]
        return number
