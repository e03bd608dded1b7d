"""The base of table, page and bar: a widget that draws its own lines, its frame and its scroll bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.desk.styles.ink import ink_of
from tui.desk.widgets.ascii import in_ascii
from tui.desk.widgets.cells import fitted_parts, width_of
from tui.desk.widgets.symbols import HEAVY, ROUND, THUMB

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events
    from textual.widget import Widget

    from tui.desk.styles.ink import Ink
    from tui.desk.widgets.lines import Parts


#: Maximum number of framed lines kept: several screens.
_MAX_KEPT: Final = 400
#: Room that cut counts need; with less of it they are left out.
_MIN_COUNTS: Final = 20


class FixedSize:
    """Mixin of a scrollable widget whose content does not change its size, so that no other widget is laid out again."""

    virtual_size = Reactive(Size(0, 0), layout=False)

    def watch_virtual_size(self, size: Size) -> None:
        """Update the scroll bars, as the library does on a layout."""
        cast("Widget", self)._scroll_update(size)  # noqa: SLF001 - the library has no public call


class LineView(FixedSize, ScrollView):
    """A scrollable widget that draws its lines itself (`lines`).

    Where the style sheet gives it a border, that is a frame: title at the left of the top line, counts at its right,
    position at the right of the bottom line, and the thumb of the scroll bar in the right line. The frame is heavy
    where the keyboard is. The library wraps every line in a box and caches the result; leaving that out halves the
    cost of a key; subclasses cache their own lines.
    """

    #: The surface on which it is drawn.
    surface: str = "ground"
    #: What the frame says: title, counts and position.
    title: str = ""
    counts: Parts = ()
    position: Parts = ()
    #: Whether keys act on another pane, although this one has the focus of the library.
    keys_elsewhere: bool = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._between_sides: dict[tuple[int, Segment, Segment], tuple[Strip, Strip]] = {}  # by the line, which it holds

    @property
    def ink(self) -> Ink:
        """The styles of the theme in force: ask once for all that is drawn."""
        return ink_of(self.app)

    def drop_lines(self) -> None:
        """Drop cached lines: another theme is in force."""

    def lines(self, rows: range) -> list[Strip]:
        """Return visible lines of the width inside the frame, in styles of `ink`."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Return one visible line, without the frame."""
        return self.lines(range(y, y + 1))[0]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of a region of this widget, with its frame."""
        width, height = self.region.size
        if self.styles.gutter.top and width > 1 and height > 1:
            strips = self._framed(crop, width, height)
        else:
            strips = self.lines(range(crop.y, crop.bottom))
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return in_ascii(strips, self.get_line_filters())

    # the frame -----------------------------------------------------------------------------------------

    def entitle(self, title: str | None = None, counts: Parts | None = None, position: Parts | None = None) -> None:
        """Change what the frame says; what is not given stays. Texts are safe to show."""
        said = (self.title, self.counts, self.position)
        self.title = said[0] if title is None else title
        self.counts = said[1] if counts is None else counts
        self.position = said[2] if position is None else position
        if said != (self.title, self.counts, self.position) and self.region.size:
            self.refresh(*self._edges())

    def _edges(self) -> tuple[Region, Region]:
        """Return the top and the bottom line of the frame, as `refresh` counts them: from the first line inside."""
        width, height = self.region.size
        return Region(-1, -1, width, 1), Region(-1, height - 2, width, 1)

    @property
    def has_keyboard(self) -> bool:
        """Whether keys act here: not while a question covers the screen."""
        return self.has_focus and not self.keys_elsewhere and self.screen is self.app.screen

    def _framed(self, crop: Region, width: int, height: int) -> list[Strip]:
        here, ink = self.has_keyboard, self.ink
        corners, style = HEAVY if here else ROUND, ink("link" if here else "line", self.surface)
        rows = range(max(crop.y - 1, 0), min(crop.bottom, height - 1) - 1)
        thumb = self._thumb(height - 2)
        side, bar = Segment(corners[5], style), Segment(THUMB, style)
        strips = [
            self._between(side, strip, bar if y in thumb else side)
            for y, strip in zip(rows, self.lines(rows), strict=True)
        ]
        if crop.y < 1:
            title = ((f" {self.title} ", "focus" if here else "title"),) if self.title else ()
            strips.insert(0, self._edge(width, corners[0], corners[1], corners[4], title, self.counts, style))
        if crop.bottom > height - 1:
            strips.append(self._edge(width, corners[2], corners[3], corners[4], (), self.position, style))
        return strips

    def _between(self, left: Segment, strip: Strip, right: Segment) -> Strip:
        """Return a line between the sides of the frame: the same one each time, of which the library keeps its parts."""
        found = self._between_sides.get((id(strip), left, right))
        if found is None:
            if len(self._between_sides) >= _MAX_KEPT:
                self._between_sides.clear()
            found = strip, Strip([left, *strip, right], strip.cell_length + 2)
            self._between_sides[id(strip), left, right] = found
        return found[1]

    def _edge(self, width: int, start: str, end: str, rule: str, left: Parts, right: Parts, style: Style) -> Strip:
        """Return the top or bottom line: corner, title, rule, counts, corner."""
        wanted: Parts = ((" ", ""), *right, (" ", "")) if right else ()
        room = max(width - width_of(left) - 6, 0)
        shown = wanted if width_of(wanted) <= room else fitted_parts(wanted, room) if room >= _MIN_COUNTS else ()
        left = fitted_parts(left, max(width - 4, 0))
        fill = max(width - 4 - width_of(left) - width_of(shown), 0)
        ink, surface = self.ink, self.surface
        segments = [Segment(start + rule, style), *(Segment(text, ink(name, surface)) for text, name in left)]
        segments.append(Segment(rule * fill, style))
        segments.extend(Segment(text, ink(name, surface)) for text, name in shown)
        segments.append(Segment(rule + end, style))
        return Strip(segments).adjust_cell_length(width, style)

    def _thumb(self, height: int) -> range:
        """Return the lines of the thumb; none where everything is visible."""
        whole = self.virtual_size.height
        if height < 1 or whole <= height:
            return range(0)
        size = max(height * height // whole, 1)
        top = round(self.scroll_offset.y * (height - size) / max(whole - height, 1))
        return range(top, top + size)

    def watch_has_focus(self, has_focus: bool) -> None:
        """Draw frame and cursor as the keyboard comes or goes."""
        super().watch_has_focus(has_focus)
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw the scroll bar again."""
        super().watch_scroll_y(old_value, new_value)
        self.refresh()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Go to the place of the scroll bar that was pressed."""
        height = self.size.height
        if self.styles.gutter.top and event.x == self.region.width - 1 and self.virtual_size.height > height > 1:
            event.stop()
            share = min(max(event.y - 1, 0) / (height - 1), 1.0)
            self.scroll_to(y=round(share * (self.virtual_size.height - height)), animate=False)
