"""A line of input into which no hidden characters can be pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from analysis.text import visible
from tui.desk.widgets.line_view import FixedSize

if TYPE_CHECKING:
    from textual import events
    from textual.validation import ValidationResult


class LineInput(FixedSize, Input):
    """An input that makes pasted text safe, like any other text from outside."""

    def validate(self, value: str) -> ValidationResult | None:  # noqa: ARG002 - the library's signature
        """Accept any text: forms check it when it is submitted, and the library would style it anew with each letter."""
        return None

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.replace(visible(event.text), *self.selection)
