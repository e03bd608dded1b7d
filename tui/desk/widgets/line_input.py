"""A line of input into which no hidden characters can be pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from analysis.text import visible
from tui.desk.widgets.line_view import FixedSize

if TYPE_CHECKING:
    from textual import events


class LineInput(FixedSize, Input):
    """An input that makes pasted text safe, like any other text from outside."""

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.replace(visible(event.text), *self.selection)
