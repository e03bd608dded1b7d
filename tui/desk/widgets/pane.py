"""A pane of wrapped paragraphs, drawn line by line. Text arrives safe; styles are names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.text import Text
from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: (text, style name) parts, and how far wrapped lines are set in."""

    parts: tuple[tuple[str, str], ...]
    indent: int = 0


def line(*parts: str | tuple[str, str], indent: int = 0) -> Line:
    """Return a paragraph of plain strings and (text, style) pairs."""
    return Line(tuple((part, "") if isinstance(part, str) else part for part in parts), indent)


class Pane(ScrollView, can_focus=False):
    """Shows paragraphs; scrolls by the keys of whoever owns it."""

    STYLES: ClassVar[tuple[str, ...]] = ("title", "strong", "dim", "good", "warn", "bad", "against")
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
        strips = []
        for each in self._lines:
            text = Text(end="")
            for part, name in each.parts:
                style = self.get_component_rich_style(f"pane--{name}", partial=True) if name else ""
                text.append(part, style)
            for n, wrapped in enumerate(text.wrap(self.app.console, max(width - each.indent, 8)) or [Text("")]):
                lead = " " * (each.indent if n else 0) + " "
                segments = [
                    Segment(lead, base),
                    *(Segment(s.text, base + s.style if s.style else base) for s in wrapped.render(self.app.console)),
                ]
                strips.append(Strip(segments).adjust_cell_length(self.size.width, base))
        self._strips = strips
        self.virtual_size = Size(self.size.width, len(strips))

    def render_line(self, y: int) -> Strip:
        """Return one visible line."""
        place = y + self.scroll_offset.y
        if place < len(self._strips):
            return self._strips[place]
        return Strip.blank(self.size.width, self.rich_style)
