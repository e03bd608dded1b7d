"""The bar of every verdict: what is decided, on how many tools, and why. Enter commits, Esc leaves, Up recalls a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from analysis.text import visible
from tui.desk.widgets.line_input import LineInput
from tui.desk.widgets.prompts import Form
from tui.desk.widgets.symbols import SEP, UP

if TYPE_CHECKING:
    from textual.app import ComposeResult

#: What an empty field says that a person has to fill.
_OWN_WORDS = "in your own words"


class VerdictBar(Form):
    """A form of one line for each field, at the lower edge. What is filled in is selected: typing takes its place."""

    def compose(self) -> ComposeResult:
        """Lay out verdict, warnings, fields and keys."""
        with Vertical(classes="verdict-bar"):
            yield Static(Content(self._title), classes="prompt-title")
            if self._note:
                yield Static(Content(self._note), classes="prompt-note")
            for number, field in enumerate(self._fields):
                with Horizontal(classes="verdict-field"):
                    yield Static(Content(f"{field.label}:"), classes="prompt-label")
                    hint = _OWN_WORDS if field.needed else ""
                    yield LineInput(visible(field.value), hint, id=f"field-{number}", select_on_focus=True)
            recall = f"{UP} recalls an earlier one{SEP}" if any(field.choices for field in self._fields) else ""
            yield Static(Content(""), id="prompt-error")
            yield Static(Content(f"Enter commits{SEP}{recall}Esc leaves"), classes="prompt-hint")

    def _show_error(self, text: str) -> None:
        super()._show_error(text)
        self.query_one("#prompt-error", Static).display = True
