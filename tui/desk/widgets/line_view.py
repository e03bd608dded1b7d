"""The base of table and page: a widget that draws its own lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.desk.widgets.ascii import in_ascii
from tui.desk.widgets.symbols import RULE

if TYPE_CHECKING:
    from textual.geometry import Region
    from textual.widget import Widget

#: Characters of a rule, horizontal and vertical, by the border type of the style sheet.
_RULES = {"ascii": "-|"}


class FixedSize:
    """Mixin of a scrollable widget whose content does not change its size, so that no other widget is laid out again."""

    virtual_size = Reactive(Size(0, 0), layout=False)

    def watch_virtual_size(self, size: Size) -> None:
        """Update the scroll bars, as the library does on a layout."""
        cast("Widget", self)._scroll_update(size)  # noqa: SLF001 - the library has no public call


class LineView(FixedSize, ScrollView):
    """A scrollable widget without padding that draws its lines itself (`lines`); its border is a plain rule.

    The library wraps every line in a box and caches the result. Leaving that out halves the cost of a key; subclasses
    cache their own lines.
    """

    def notify_style_update(self) -> None:
        """Draw everything again: theme or focus has changed."""
        super().notify_style_update()
        self.drop_styles()

    def drop_styles(self) -> None:
        """Drop cached styles and the lines drawn in them."""

    def resolve_style(self, name: str, base: Style) -> Style:
        """Return a component style by name on top of `base`, as this terminal shows it; an empty name returns `base`."""
        style = base + self.get_component_rich_style(name, partial=True) if name else base
        background = self.background_colors[1]
        for each in self.get_line_filters():
            style = each.apply([Segment(" ", style)], background)[0].style or style
        return style

    def lines(self, rows: range) -> list[Strip]:
        """Return visible lines of the full width, in styles from `resolve_style`."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Return one visible line."""
        return self.lines(range(y, y + 1))[0]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of a region of this widget, with its border."""
        width, height = self.region.size
        gutter = self.styles.gutter
        inner = range(max(crop.y - gutter.top, 0), min(crop.bottom, height - gutter.bottom) - gutter.top)
        strips = self.lines(inner)
        if gutter.left:
            edge = Segment(self._rule(1), self._rule_style("left"))
            strips = [Strip([edge, *strip], strip.cell_length + 1) for strip in strips]
        if crop.y < gutter.top:
            strips.insert(0, Strip([Segment(self._rule(0) * width, self._rule_style("top"))], width))
        if crop.bottom > height - gutter.bottom:
            strips.append(Strip([Segment(self._rule(0) * width, self._rule_style("bottom"))], width))
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return in_ascii(strips, self.get_line_filters())

    def _rule(self, direction: int) -> str:
        kinds = {kind for kind, _ in self.styles.border}
        return next((_RULES[kind] for kind in kinds if kind in _RULES), RULE)[direction]

    def _rule_style(self, side: str) -> Style:
        color = self.background_colors[1] + getattr(self.styles, f"border_{side}")[1]
        return self.resolve_style("", self.rich_style + Style.from_color(color.rich_color))
