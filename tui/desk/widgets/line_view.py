"""What a table and a page share: lines they draw themselves, and their way to the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.desk.widgets.ascii import lettered
from tui.desk.widgets.symbols import RULE

if TYPE_CHECKING:
    from textual.geometry import Region

#: What a rule is drawn with: across and down, by the kind of border that the style sheet asks for.
_RULES = {"ascii": "-|"}


class Steady(ScrollView):
    """A scrollable widget whose size depends on its place, never on how much it shows: that moves no other widget."""

    virtual_size = Reactive(Size(0, 0), layout=False)

    def watch_virtual_size(self, size: Size) -> None:
        """Tell the scroll bars; the private call is what the library itself makes on a relayout."""
        self._scroll_update(size)


class LineView(Steady):
    """A scrollable widget without padding that draws its lines itself (`lines`); its border is a plain rule.

    The library paints a box around every line and keeps what it has painted. Here lines are kept by whoever draws
    them: leaving the boxes out is half of what a key costs.
    """

    def notify_style_update(self) -> None:
        """Draw everything anew: the theme has changed, or who has the keys."""
        super().notify_style_update()
        self.restyled()

    def restyled(self) -> None:
        """Forget what was drawn in styles that are no longer true."""

    def painted(self, name: str, base: Style) -> Style:
        """Return a style by its name, laid over another one, as this terminal shows it; no name leaves that as it is."""
        style = base + self.get_component_rich_style(name, partial=True) if name else base
        background = self.background_colors[1]
        for each in self.get_line_filters():
            style = each.apply([Segment(" ", style)], background)[0].style or style
        return style

    def lines(self, rows: range) -> list[Strip]:
        """Return visible lines, as wide as there is room, in styles that were `painted`."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Return one visible line."""
        return self.lines(range(y, y + 1))[0]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of a part of the place that this widget has, with its border."""
        width, height = self.region.size
        gutter = self.styles.gutter
        inner = range(max(crop.y - gutter.top, 0), min(crop.bottom, height - gutter.bottom) - gutter.top)
        strips = self.lines(inner)
        if gutter.left:
            edge = Segment(self._rule(1), self._ruled("left"))
            strips = [Strip([edge, *strip], strip.cell_length + 1) for strip in strips]
        if crop.y < gutter.top:
            strips.insert(0, Strip([Segment(self._rule(0) * width, self._ruled("top"))], width))
        if crop.bottom > height - gutter.bottom:
            strips.append(Strip([Segment(self._rule(0) * width, self._ruled("bottom"))], width))
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return lettered(strips, self.get_line_filters())

    def _rule(self, down: int) -> str:
        kinds = {kind for kind, _ in self.styles.border}
        return next((_RULES[kind] for kind in kinds if kind in _RULES), RULE)[down]

    def _ruled(self, side: str) -> Style:
        color = self.background_colors[1] + getattr(self.styles, f"border_{side}")[1]
        return self.painted("", self.rich_style + Style.from_color(color.rich_color))
