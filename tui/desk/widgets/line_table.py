"""A table that draws only visible rows, from a list of keys and a function that returns the cells of a key.

To filter or sort is to show another list of keys; nothing else is stored, so fifty thousand rows cost as much as
fifty. Cells are safe text: the function has passed them through `analysis.text`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tui.desk.widgets.cells import fitted_parts
from tui.desk.widgets.line_view import LineView
from tui.desk.widgets.table_columns import TableColumns
from tui.desk.widgets.table_sections import TableSections

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from textual import events

    from tui.desk.widgets.lines import Parts
    from tui.desk.widgets.table_columns import Cell, Column

#: Maximum number of drawn rows in the cache.
_MAX_CACHED = 4_000


class LineTable(LineView, can_focus=True):
    """A scrollable list of rows with a cursor. The app handles its keys, so that moves and decisions keep their order.

    Rows may be in sections, each with a line of its own above its first row; the cursor passes over these lines.
    """

    cursor: reactive[int] = reactive(0, repaint=False)  # two rows are drawn again, not all

    class Highlighted(Message):
        """The cursor is on another key (None: the table is empty)."""

        def __init__(self, table: LineTable, key: str | None) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> LineTable:
            """The table, for handlers with a selector."""
            return self.table

    class HeadClicked(Message):
        """The head of a column was clicked."""

        def __init__(self, table: LineTable, column: int) -> None:
            super().__init__()
            self.table = table
            self.column = column

    class Clicked(Message):
        """A row was clicked."""

        def __init__(self, table: LineTable, key: str) -> None:
            super().__init__()
            self.table = table
            self.key = key

    def __init__(
        self,
        columns: Sequence[Column],
        cells: Callable[[str], Sequence[Cell]],
        empty: str,
        *,
        id: str,
        has_cursor: bool = True,
        has_head: bool = True,
    ) -> None:
        super().__init__(id=id)
        self._columns = TableColumns(columns)
        self._cells = cells
        self._empty = empty
        self._has_cursor = has_cursor
        self._top = int(has_head)  # lines above the first row
        self.can_focus = has_cursor
        if not has_cursor:
            self.set_reactive(LineTable.cursor, -1)
        self.keys: list[str] = []
        self.marks: Collection[str] = ()  # the keys of marked rows; who changes them draws the rows again
        self._sections = TableSections({}, 0)
        self._drawn: tuple[Sequence[str], int] = ((), 0)  # the rows as drawn last, and how many are above the screen
        self._strips: dict[tuple[str, str, int], Strip] = {}

    # content -------------------------------------------------------------------------------------------

    @property
    def key(self) -> str | None:
        """The key under the cursor."""
        return self.keys[self.cursor] if 0 <= self.cursor < len(self.keys) else None

    def show(
        self,
        keys: Sequence[str],
        *,
        keep: str | None = None,
        else_first: bool = False,
        redraw: bool = True,
        sections: Mapping[int, Parts] | None = None,
    ) -> None:
        """Show other rows; the cursor stays on `keep` (default: its row), else close to it or on the first row.

        Without `redraw`, cached rows are used: only the selection of rows has changed. `sections` are the lines above
        rows, by position of the row.
        """
        wanted = keep if keep is not None else self.key
        same = not redraw and self.keys == keys  # nothing to draw: `redraw` and the cursor refresh their own rows
        self.keys = list(keys)
        self._sections = TableSections(sections or {}, len(self.keys))
        if redraw or len(self._strips) > _MAX_CACHED:
            self._strips.clear()
        self._measure()
        near = 0 if else_first else min(self.cursor, max(len(self.keys) - 1, 0))
        place = self._place(wanted, near) if self._has_cursor else -1
        if place == self.cursor:
            self._reveal()
            self.post_message(self.Highlighted(self, self.key))
        else:
            self.cursor = place
        if not same:
            self.refresh()

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns, of cells that the function returns from now on."""
        self._columns = TableColumns(columns)
        self.redraw()

    def _measure(self) -> None:
        self.virtual_size = Size(self.size.width, self._sections.lines + self._top)
        self._show_position()

    def _show_position(self) -> None:
        """Say in the frame which rows are visible, unless all are."""
        height = max(self.size.height - self._top, 1)
        whole = self._sections.lines
        first = self._sections.rows_above(self.scroll_offset.y)
        last = self._sections.rows_above(self.scroll_offset.y + height)
        to = f" to {last:,}" if last > first + 1 else ""
        shown = f"{first + 1:,}{to} of {len(self.keys):,}"
        self.entitle(position=((shown, "dim"),) if whole > height and self.keys else ())

    def _place(self, wanted: str | None, near: int) -> int:
        """Return the position of a key, searched from the cursor onward first; `near` if it is not shown."""
        for start, end in ((self.cursor, len(self.keys)), (0, self.cursor)):
            try:
                return self.keys.index(wanted, start, end)  # type: ignore[arg-type] # None is in no list
            except ValueError:
                continue
        return near

    def redraw(self, keys: Sequence[str] | None = None) -> None:
        """Draw some or all rows again."""
        if keys is None:
            self._strips.clear()
            self.refresh()
            return
        gone = set(keys)
        self._strips = {at: strip for at, strip in self._strips.items() if at[0] not in gone}
        top = self._sections.rows_above(self.scroll_offset.y)
        for place, key in enumerate(self.keys[top : top + self.size.height], top):
            if key in gone:
                self._refresh_row(place)

    def go(self, key: str) -> bool:
        """Put the cursor on a key, and return whether it is shown."""
        if key not in self.keys:
            return False
        self.cursor = self.keys.index(key)
        return True

    # moving --------------------------------------------------------------------------------------------

    def move(self, by: int) -> None:
        """Move the cursor by rows."""
        self.cursor = self._clamp(self.cursor + by)

    def page(self, by: int) -> None:
        """Move the cursor by a page."""
        self.cursor = self._clamp(self.cursor + by * max(self.size.height - self._top - 1, 1))

    def edge(self, end: int) -> None:
        """Go to the first or the last row."""
        self.cursor = len(self.keys) - 1 if end and self.keys else 0

    def _clamp(self, place: int) -> int:
        return max(0, min(place, len(self.keys) - 1))

    def drop_lines(self) -> None:
        """Drop cached rows."""
        self._strips.clear()

    def watch_cursor(self, old: int, new: int) -> None:
        """Draw both rows again, and post the new key."""
        self._refresh_row(old)
        self._refresh_row(new)
        self._reveal()
        self.post_message(self.Highlighted(self, self.key))

    def _refresh_row(self, place: int) -> None:
        """Draw one row again, if it is visible."""
        y = self._sections.line_of(place) - self.scroll_offset.y + self._top
        if self._top <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _reveal(self) -> None:
        height = max(self.size.height - self._top, 1)
        top, row = self.scroll_offset.y, self._sections.line_of(max(self.cursor, 0))
        first = row - 1 if self._sections.begins(self.cursor) else row  # with its section
        if first < top:
            self.scroll_to(y=first, animate=False)
        elif row >= top + height:
            self.scroll_to(y=row - height + 1, animate=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Say which rows are visible."""
        super().watch_scroll_y(old_value, new_value)
        self._show_position()

    def on_resize(self, _event: events.Resize) -> None:
        """Draw everything in the new width, and keep the cursor visible."""
        self._strips.clear()
        self._measure()
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row under the mouse, as it was drawn: the reviewer has not seen a later one."""
        event.stop()
        x, y = event.x - self.styles.gutter.left, event.y - self.styles.gutter.top
        if not 0 <= x < self.size.width:  # the frame, with the scroll bar
            return
        if y < self._top:
            column = self._columns.at(x, self.size.width)
            if column is not None:
                self.post_message(self.HeadClicked(self, column))
            return
        keys, top = self._drawn
        place = self._sections.row_at(y - self._top + top) if self._top <= y < self.size.height else None
        if place is None or place >= len(keys):
            return
        if self._has_cursor:
            self.go(keys[place])
        self.post_message(self.Clicked(self, keys[place]))

    # drawing -------------------------------------------------------------------------------------------

    def lines(self, rows: range) -> list[Strip]:
        """Return visible lines: the head, and the rows below it."""
        width, top = self.size.width, self.scroll_offset.y
        self._drawn = self.keys, top
        return [self._head(width) if y < self._top else self._row(y - self._top + top, width) for y in rows]

    def _head(self, width: int) -> Strip:
        return self._cached(("", "ground", width), self._columns.heads)

    def _row(self, line: int, width: int) -> Strip:
        place = self._sections.row_at(line)
        if place is None:
            section = self._sections.section_at(line)
            if section is not None:
                return self._section(section, width)
            text = f"  {self._empty}" if not self.keys and line == 0 else ""
            return Strip([Segment(set_cell_size(text, width), self.ink("dim"))], width)
        ground = "ground" if place != self.cursor else "select" if self.has_keyboard else "raised"
        return self._cached((self.keys[place], ground, width))

    def _section(self, parts: Parts, width: int) -> Strip:
        shown = fitted_parts(parts, width)
        segments = [Segment(text, self.ink(name, "raised")) for text, name in shown]
        return Strip(segments).adjust_cell_length(width, self.ink("", "raised"))

    def _cached(self, at: tuple[str, str, int], cells: Sequence[Cell] | None = None) -> Strip:
        """Return a cached line, or draw it."""
        strip = self._strips.get(at)
        if strip is None:
            self._strips[at] = strip = self._columns.line(
                self._cells(at[0]) if cells is None else cells, at[1], at[2], self.ink, marked=at[0] in self.marks
            )
        return strip
