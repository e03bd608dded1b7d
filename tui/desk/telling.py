"""What the desk says in passing: a toast, and a line in a list that can be read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.text import visible
from tui.desk.asking import Conversation

if TYPE_CHECKING:
    from analysis.errors import ClearanceError

_KEPT = 500


class Telling(Conversation):
    """A conversation that tells, and keeps what it has told: number and text, newest last."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, str]] = []

    def say(self, text: str) -> None:
        """Say something in passing."""
        self._keep("", visible(text, 300))
        self.notify(visible(text, 300), timeout=3, markup=False)

    def complain(self, error: ClearanceError) -> None:
        """Say what went wrong and what to do next; the number finds it again in the list."""
        lines = [visible(part, 300) for part in error.lines()]
        number = self._keep("E", " · ".join(lines))
        self.notify("\n".join([f"{lines[0]}  [{number}]", *lines[1:]]), severity="error", timeout=8, markup=False)

    def _keep(self, kind: str, text: str) -> str:
        number = f"{kind}{len(self.told) + 1}"
        self.told.append((number, text))
        del self.told[:-_KEPT]
        return number
