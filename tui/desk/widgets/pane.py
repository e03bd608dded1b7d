"""A pane of wrapped paragraphs, drawn line by line. Its text is already safe to show; styles are names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip

from tui.desk.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tui.desk.widgets.lines import Line


_WORDS = re.compile(r" *[^ ]+ *|[ ]+")


def wrapped(parts: Sequence[tuple[str, str]], width: int, indent: int = 0) -> list[list[tuple[str, str]]]:
    """Return (text, style name) parts broken into rows of at most `width` cells, at blanks where possible.

    Rows after the first are narrower by `indent`.
    """
    if sum(cell_len(text) for text, _ in parts) <= width:
        return [list(parts)]
    rows: list[list[tuple[str, str]]] = [[]]
    left, width = width, max(width - indent, 8)
    for text, name in parts:
        for found in _WORDS.findall(text):
            word = found
            if cell_len(word.rstrip(" ")) > left and rows[-1]:
                rows.append([])
                left, word = width, word.lstrip(" ")
            if cell_len(word) > width and word.strip(" "):
                *heads, word = chop_cells(word, width)  # longer than a row: it starts a new one
                for head in heads:
                    rows[-1].append((head, name))
                    rows.append([])
                left = width
            if word:
                rows[-1].append((word, name))
                left -= cell_len(word)
    return rows


class Pane(LineView, can_focus=False):
    """Shows paragraphs; its owner scrolls it."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()
        self._rows: list[tuple[list[Segment], int]] = []  # each with its width
        self._strips: dict[int, Strip] = {}

    @property
    def has_keyboard(self) -> bool:
        """Whether keys act here: it has the whole screen, and no question covers it."""
        return self._whole_screen() and self.screen is self.app.screen

    def _whole_screen(self) -> bool:
        return self.id == "evidence" and self.parent is not None and self.parent.has_class("-evidence-only")

    def show(self, lines: Sequence[Line], *, keep_place: bool = False) -> None:
        """Show other paragraphs, from the top unless they are a new version of those that were read."""
        self._lines = lines
        self._wrap()
        if not keep_place:
            self.scroll_to(y=0, animate=False)
        self.refresh()

    def drop_lines(self) -> None:
        """Draw the paragraphs again."""
        if self._lines:
            self._wrap()

    def on_resize(self, _event: events.Resize) -> None:
        """Wrap to the new width."""
        self._wrap()
        self.refresh()

    def page(self, by: int) -> None:
        """Scroll by half a page."""
        self.scroll_to(y=self.scroll_offset.y + by * max(self.size.height // 2, 1), animate=False)

    def _wrap(self) -> None:
        total = self.size.width
        ink, base = self.ink, self.ink("")
        rows = []
        for each in self._lines:
            for n, row in enumerate(wrapped(each.parts, max(total - 2, 8), each.indent)):
                lead = " " * (each.indent if n else 0) + " "
                left = total - len(lead) - sum(cell_len(text) for text, _ in row)
                segments = [Segment(lead, base), *(Segment(text, ink(name)) for text, name in row)]
                if left > 0:
                    segments.append(Segment(" " * left, base))
                rows.append((segments, total - min(left, 0)))
        self._rows, self._strips = rows, {}
        self.virtual_size = Size(total, len(rows))

    def lines(self, rows: range) -> list[Strip]:
        """Return visible lines."""
        top, width = self.scroll_offset.y, self.size.width
        shown = range(rows.start + top, min(rows.stop + top, len(self._rows)))
        strips = [self._strip(place, width) for place in shown]
        if len(strips) < len(rows):
            strips += [Strip.blank(width, self.ink(""))] * (len(rows) - len(strips))
        return strips

    def _strip(self, place: int, width: int) -> Strip:
        """Return a cached row, or draw it: most rows of a page are never on the screen."""
        strip = self._strips.get(place)
        if strip is None:
            segments, needed = self._rows[place]
            strip = Strip(segments, needed)
            if needed > width:  # narrower than a word
                strip = strip.adjust_cell_length(width, self.ink(""))
            self._strips[place] = strip
        return strip
