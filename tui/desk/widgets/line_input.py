"""A line to fill in, into which nothing hidden can be pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from analysis.text import visible
from tui.desk.widgets.line_view import Steady

if TYPE_CHECKING:
    from textual import events


class LineInput(Input, Steady):
    """An input whose pasted text is made visible first, like any other text from outside."""

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(visible(event.text))
