"""A pane of wrapped paragraphs, drawn line by line. Text arrives safe; styles are names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tui.desk.widgets.lines import Line


_WORDS = re.compile(r" *[^ ]+ *|[ ]+")


def wrapped(parts: Sequence[tuple[str, str]], width: int) -> list[list[tuple[str, str]]]:
    """Return (text, style name) parts broken into rows of at most `width` cells, at blanks where there are any."""
    rows: list[list[tuple[str, str]]] = [[]]
    left = width
    for text, name in parts:
        for found in _WORDS.findall(text):
            word = found
            if cell_len(word.rstrip(" ")) > left and left < width:
                rows.append([])
                left, word = width, word.lstrip(" ")
            if cell_len(word) > width and word.strip(" "):
                *heads, word = chop_cells(word, width)  # longer than any row: it begins one of its own
                for head in heads:
                    rows[-1].append((head, name))
                    rows.append([])
                left = width
            if word:
                rows[-1].append((word, name))
                left -= cell_len(word)
    return rows


class Pane(ScrollView, can_focus=False):
    """Shows paragraphs; scrolls by the keys of whoever owns it."""

    STYLES: ClassVar[tuple[str, ...]] = ("title", "strong", "mark", "dim", "good", "warn", "bad", "against")
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"pane--{name}" for name in STYLES}

    virtual_size = Reactive(Size(0, 0), layout=False)

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()
        self._strips: list[Strip] = []

    def show(self, lines: Sequence[Line]) -> None:
        """Show other paragraphs from the top."""
        self._lines = lines
        self._wrap()
        self.scroll_to(y=0, animate=False)
        self.refresh()

    def watch_virtual_size(self, size: Size) -> None:
        """Tell the scroll bars, as the library does on a relayout."""
        self._scroll_update(size)

    def on_resize(self, _event: events.Resize) -> None:
        """Wrap to the new width."""
        self._wrap()
        self.refresh()

    def page(self, by: int) -> None:
        """Scroll by half a page."""
        self.scroll_to(y=self.scroll_offset.y + by * max(self.size.height // 2, 1), animate=False)

    def _wrap(self) -> None:
        width = max(self.size.width - 2, 10)
        base = self.rich_style
        styles = {name: base + self.get_component_rich_style(f"pane--{name}", partial=True) for name in self.STYLES} | {
            "": base
        }
        strips = []
        for each in self._lines:
            for n, row in enumerate(wrapped(each.parts, max(width - each.indent, 8))):
                lead = " " * (each.indent if n else 0) + " "
                segments = [Segment(lead, base), *(Segment(text, styles[name]) for text, name in row)]
                strips.append(Strip(segments).adjust_cell_length(self.size.width, base))
        self._strips = strips
        self.virtual_size = Size(self.size.width, len(strips))

    def render_line(self, y: int) -> Strip:
        """Return one visible line."""
        place = y + self.scroll_offset.y
        if place < len(self._strips):
            return self._strips[place]
        return Strip.blank(self.size.width, self.rich_style)
