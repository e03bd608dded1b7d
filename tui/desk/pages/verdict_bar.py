"""The bar of every verdict: what is decided, on how many tools, and why. Enter commits, Esc leaves, Up recalls a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from analysis.text import visible
from tui.desk.widgets.line_input import LineInput
from tui.desk.widgets.line_view import FixedSize
from tui.desk.widgets.prompts import Form
from tui.desk.widgets.symbols import SEP, UP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.screen import Screen
    from textual.widgets import Input

    from tui.desk.widgets.prompts import FormField

#: What an empty field says that a person has to fill.
_OWN_WORDS: Final = "in your own words"
#: Maximum number of fields.
_MAX_FIELDS: Final = 2


class _Words(FixedSize, Static):
    """A text of the bar."""


class VerdictBar(Form):
    """A form of one line for each field, at the lower edge. What is filled in is selected: typing takes its place.

    There is one bar, which is shown and hidden: people decide hundreds of times, and the library styles each new widget.
    """

    def __init__(self) -> None:
        super().__init__("", ())
        self._title_line = _Words(classes="prompt-title")
        self._note_line = _Words(classes="prompt-note")
        self._error_line = _Words(id="prompt-error")
        self._keys_line = _Words(classes="prompt-hint")
        self._labels = [_Words(classes="prompt-label") for _ in range(_MAX_FIELDS)]
        self._lines = [LineInput(select_on_focus=True) for _ in range(_MAX_FIELDS)]
        self._rows = [
            Horizontal(*each, classes="verdict-field") for each in zip(self._labels, self._lines, strict=True)
        ]

    def compose(self) -> ComposeResult:
        """Lay out verdict, warnings, fields and keys."""
        yield from (self._title_line, self._note_line, *self._rows, self._error_line, self._keys_line)

    def fill(
        self, title: str, fields: Sequence[FormField], note: str = "", check: Callable[[list[str]], str] | None = None
    ) -> VerdictBar:
        """Say what is decided and what is asked, and return the bar. Texts are safe to show."""
        self._title, self._fields, self._note, self._check = title, fields, note, check
        self._offered = ()
        self._title_line.update(Content(title))
        self._note_line.update(Content(note))
        self._note_line.display = bool(note)
        self._error_line.display = False
        for label, line, row, field in zip(self._labels, self._lines, self._rows, fields, strict=False):
            label.update(Content(f"{field.label}:"))
            line.value = visible(field.value)
            line.placeholder = _OWN_WORDS if field.needed else ""
            row.display = True
        for row in self._rows[len(fields) :]:
            row.display = False
        recall = f"{UP} recalls an earlier one{SEP}" if any(field.choices for field in fields) else ""
        self._keys_line.update(Content(f"Enter commits{SEP}{recall}Esc leaves"))
        return self

    async def come(self, screen: Screen[None]) -> None:  # noqa: ARG002 - it is on the screen already
        """Appear, with the keys in the first empty field."""
        self.display = True
        self._begin()

    async def go(self) -> None:
        """Hide."""
        self.display = False

    def _inputs(self) -> list[Input]:
        return [*self._lines[: len(self._fields)]]

    def _show_error(self, text: str) -> None:
        self._error_line.update(Content(text))
        self._error_line.display = True
