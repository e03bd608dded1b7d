"""A pane of wrapped paragraphs, drawn line by line. Its text is already safe to show; styles are names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip

from tui.desk.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual import events

    from tui.desk.widgets.lines import Line


_WORDS = re.compile(r" *[^ ]+ *|[ ]+")


def wrapped(parts: Sequence[tuple[str, str]], width: int) -> list[list[tuple[str, str]]]:
    """Return (text, style name) parts broken into rows of at most `width` cells, at blanks where possible."""
    if sum(cell_len(text) for text, _ in parts) <= width:
        return [list(parts)]
    rows: list[list[tuple[str, str]]] = [[]]
    left = width
    for text, name in parts:
        for found in _WORDS.findall(text):
            word = found
            if cell_len(word.rstrip(" ")) > left and left < width:
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

    STYLES: ClassVar[tuple[str, ...]] = ("title", "strong", "mark", "dim", "good", "warn", "bad", "against")
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"pane--{name}" for name in STYLES}

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()
        self._rows: list[tuple[list[Segment], int]] = []  # each with its width
        self._strips: dict[int, Strip] = {}
        self._styles: dict[str, Style] = {}

    def show(self, lines: Sequence[Line], *, keep_place: bool = False) -> None:
        """Show other paragraphs, from the top unless they are a new version of those that were read."""
        self._lines = lines
        self._wrap()
        if not keep_place:
            self.scroll_to(y=0, animate=False)
        self.refresh()

    def drop_styles(self) -> None:
        """Draw the paragraphs again."""
        self._styles.clear()
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
        if not self._styles:
            base = self.rich_style
            self._styles = {
                name: self.resolve_style(f"pane--{name}" if name else "", base) for name in (*self.STYLES, "")
            }
        styles, base = self._styles, self._styles[""]
        rows = []
        for each in self._lines:
            for n, row in enumerate(wrapped(each.parts, max(total - 2 - each.indent, 8))):
                lead = " " * (each.indent if n else 0) + " "
                left = total - len(lead) - sum(cell_len(text) for text, _ in row)
                segments = [Segment(lead, base), *(Segment(text, styles[name]) for text, name in row)]
                if left > 0:
                    segments.append(Segment(" " * left, base))
                rows.append((segments, total - min(left, 0)))
        self._rows, self._strips = rows, {}
        self.virtual_size = Size(total, len(rows))

    def lines(self, rows: range) -> list[Strip]:
        """Return visible lines."""
        top = self.scroll_offset.y
        shown = range(rows.start + top, min(rows.stop + top, len(self._rows)))
        strips = [self._strip(place) for place in shown]
        if len(strips) < len(rows):
            style = self._styles.get("") or self.resolve_style("", self.rich_style)
            strips += [Strip.blank(self.size.width, style)] * (len(rows) - len(strips))
        return strips

    def _strip(self, place: int) -> Strip:
        """Return a cached row, or draw it: most rows of a page are never on the screen."""
        strip = self._strips.get(place)
        if strip is None:
            segments, width = self._rows[place]
            strip = Strip(segments, width)
            if width > self.size.width:  # narrower than a word
                strip = strip.adjust_cell_length(self.size.width, self._styles[""])
            self._strips[place] = strip
        return strip
