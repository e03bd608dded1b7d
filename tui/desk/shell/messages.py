"""What the desk says in passing: a toast, and a line in a list that can be read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from textual.app import SuspendNotSupported

from analysis.errors import UsageError
from analysis.text import visible
from tui.desk.shell.prompt_flow import PromptFlow
from tui.desk.widgets.symbols import SEP

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.errors import ClearanceError

T = TypeVar("T")

_KEPT = 500


class Messenger(PromptFlow):
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
        number = self._keep("E", SEP.join(lines))
        self.notify("\n".join([f"{lines[0]}  [{number}]", *lines[1:]]), severity="error", timeout=8, markup=False)

    def suspend_for(self, work: Callable[[], T]) -> T:
        """Give the terminal to other work, and take it back."""
        try:
            with self.suspend():
                return work()
        except SuspendNotSupported:
            where = (
                "a browser cannot start your editor" if self.is_web else "this terminal cannot be given to your editor"
            )
            raise UsageError(where, remedy="press n for a note of one line") from None

    def _keep(self, kind: str, text: str) -> str:
        number = f"{kind}{len(self.told) + 1}"
        self.told.append((number, text))
        del self.told[:-_KEPT]
        return number
