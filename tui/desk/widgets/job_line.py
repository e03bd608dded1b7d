"""The line that shows a running job: what it does, its progress, the time so far, and how to stop it."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Callable

_REFRESH_SECONDS: Final = 0.1


class JobLine(Widget):
    """One line about a job; `progress` returns how far it is, empty if unknown."""

    def __init__(self, label: str, progress: Callable[[], str]) -> None:
        super().__init__(id="job")
        self._label = label
        self._progress = progress
        self._started = monotonic()

    def on_mount(self) -> None:
        """Start to refresh."""
        self.auto_refresh = _REFRESH_SECONDS

    def render(self) -> Content:
        """Return the line."""
        parts = ": ".join(part for part in (self._label, self._progress()) if part)
        return Content(f" {parts}, {monotonic() - self._started:.0f} s; Esc stops it")
