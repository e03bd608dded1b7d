"""A bar of one or two lines whose parts can be clicked: header, areas, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from tui.desk.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

#: A part of a bar: text, name of its style, and the action that a click on it runs, empty for none.
BarPart = tuple[str, str, str]


class ActionBar(LineView, can_focus=False):
    """Lines that are always on the screen."""

    class Pressed(Message):
        """A part was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, *, id: str, surface: str = "raised") -> None:
        super().__init__(id=id)
        self.surface = surface
        self._rows: tuple[tuple[BarPart, ...], ...] = ()

    def show(self, *rows: Sequence[BarPart]) -> None:
        """Show other lines, if they differ."""
        found = tuple(map(tuple, rows))
        if found != self._rows:
            self._rows = found
            self.refresh()

    def lines(self, rows: range) -> list[Strip]:
        """Return the lines."""
        width, ink, surface = self.size.width, self.ink, self.surface
        strips = []
        for y in rows:
            parts = self._rows[y] if y < len(self._rows) else ()
            segments = [Segment(text, ink(name, surface)) for text, name, _ in parts]
            strips.append(Strip(segments).adjust_cell_length(width, ink("", surface)))
        return strips

    def on_click(self, event: events.Click) -> None:
        """Run the action of the part under the mouse."""
        event.stop()
        left = 0
        for text, _, action in self._rows[event.y] if event.y < len(self._rows) else ():
            left += cell_len(text)
            if event.x < left:
                if action:
                    self.post_message(self.Pressed(action))
                return
