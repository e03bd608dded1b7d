"""A table that draws only visible rows, from a list of keys and a function that returns the cells of a key.

To filter or sort is to show another list of keys; nothing else is stored, so fifty thousand rows cost as much as
fifty. Cells are safe text: the function has passed them through `analysis.text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tui.desk.widgets.line_view import LineView
from tui.desk.widgets.symbols import ELLIPSIS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.style import Style
    from textual import events

#: Maximum number of drawn rows in the cache.
_MAX_CACHED = 4_000
#: A cell: text and the name of a style, one of `LineTable.STYLES` or empty.
Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title and width in cells; 0 shares the rest. `below` hides it in narrower tables."""

    title: str
    width: int
    below: int = 0


class LineTable(LineView, can_focus=True):
    """A scrollable list of rows with a cursor. The app handles its keys, so that moves and decisions keep their order."""

    STYLES: ClassVar[tuple[str, ...]] = (
        "high", "medium", "low", "approved", "conditional", "blocked", "undecided", "dim", "strong",
    )  # fmt: skip
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-table--head", "line-table--cursor", "line-table--odd", *(f"line-table--{name}" for name in STYLES)
    }  # fmt: skip
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
    ) -> None:
        super().__init__(id=id)
        self._columns = columns
        self._cells = cells
        self._empty = empty
        self._has_cursor = has_cursor
        self.can_focus = has_cursor
        if not has_cursor:
            self.set_reactive(LineTable.cursor, -1)
        self.keys: list[str] = []
        self._drawn: tuple[Sequence[str], int] = ((), 0)  # the rows as drawn last, and how many are above the screen
        self._strips: dict[tuple[str, bool, bool, int], Strip] = {}
        self._styles: dict[tuple[str, str], Style] = {}
        self._column_widths: dict[int, list[int]] = {}

    # content -------------------------------------------------------------------------------------------

    @property
    def key(self) -> str | None:
        """The key under the cursor."""
        return self.keys[self.cursor] if 0 <= self.cursor < len(self.keys) else None

    def show(
        self, keys: Sequence[str], *, keep: str | None = None, else_first: bool = False, redraw: bool = True
    ) -> None:
        """Show other rows; the cursor stays on `keep` (default: its row), else close to it or on the first row.

        Without `redraw`, cached rows are used: only the selection of rows has changed.
        """
        wanted = keep if keep is not None else self.key
        same = not redraw and self.keys == keys  # nothing to draw: `redraw` and the cursor refresh their own rows
        self.keys = list(keys)
        if redraw or len(self._strips) > _MAX_CACHED:
            self._strips.clear()
        self.virtual_size = Size(self.size.width, len(self.keys) + 1)
        near = 0 if else_first else min(self.cursor, max(len(self.keys) - 1, 0))
        place = self._place(wanted, near) if self._has_cursor else -1
        if place == self.cursor:
            self._reveal()
            self.post_message(self.Highlighted(self, self.key))
        else:
            self.cursor = place
        if not same:
            self.refresh()

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
        top = self.scroll_offset.y
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
        self.cursor = self._clamp(self.cursor + by * max(self.size.height - 2, 1))

    def edge(self, end: int) -> None:
        """Go to the first or the last row."""
        self.cursor = len(self.keys) - 1 if end and self.keys else 0

    def _clamp(self, place: int) -> int:
        return max(0, min(place, len(self.keys) - 1))

    def drop_styles(self) -> None:
        """Drop cached rows and styles."""
        self._strips.clear()
        self._styles.clear()

    def watch_cursor(self, old: int, new: int) -> None:
        """Draw both rows again, and post the new key."""
        self._refresh_row(old)
        self._refresh_row(new)
        self._reveal()
        self.post_message(self.Highlighted(self, self.key))

    def _refresh_row(self, place: int) -> None:
        """Draw one row again, if it is visible."""
        y = place - self.scroll_offset.y + 1
        if 0 < y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _reveal(self) -> None:
        height = max(self.size.height - 1, 1)
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)

    def on_resize(self, _event: events.Resize) -> None:
        """Draw everything in the new width, and keep the cursor visible."""
        self._strips.clear()
        self.virtual_size = Size(self.size.width, len(self.keys) + 1)
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row under the mouse, as it was drawn: the reviewer has not seen a later one."""
        event.stop()
        key = self._key_at(event)
        if key is None:
            return
        if self._has_cursor:
            self.go(key)
        self.post_message(self.Clicked(self, key))

    def _key_at(self, event: events.MouseEvent) -> str | None:
        keys, top = self._drawn
        place = event.y - 1 + top
        return keys[place] if event.y > 0 and place < len(keys) else None

    # drawing -------------------------------------------------------------------------------------------

    def lines(self, rows: range) -> list[Strip]:
        """Return visible lines: the head, and the rows below it."""
        width, top = self.size.width, self.scroll_offset.y
        self._drawn = self.keys, top
        return [self._head(width) if y == 0 else self._row(y - 1 + top, width) for y in rows]

    def _head(self, width: int) -> Strip:
        return self._cached(("", False, False, width), "head", [(c.title, "") for c in self._columns])

    def _row(self, place: int, width: int) -> Strip:
        if place >= len(self.keys):
            text = f" {self._empty}" if not self.keys and place == 1 else ""
            return Strip([Segment(set_cell_size(text, width), self._style("", ""))], width)
        at = (self.keys[place], place == self.cursor, place % 2 == 1, width)
        return self._cached(at, "cursor" if at[1] else "odd" if at[2] else "")

    def _cached(self, at: tuple[str, bool, bool, int], ground: str, cells: Sequence[Cell] | None = None) -> Strip:
        """Return a cached line, or draw it."""
        strip = self._strips.get(at)
        if strip is None:
            self._strips[at] = strip = self._line(self._cells(at[0]) if cells is None else cells, ground, at[3])
        return strip

    def _widths(self, total: int) -> list[int]:
        """Return the width of each column in a table of `total` cells."""
        if total not in self._column_widths:
            fixed = [0 if total < c.below else c.width for c in self._columns]
            shared = [n for n, c in enumerate(self._columns) if c.width == 0 and total >= c.below]
            left = total - sum(w + 1 for w in fixed if w) - len(shared)
            for place, n in enumerate(shared):
                fixed[n] = max(left // len(shared) + (left % len(shared) if place == len(shared) - 1 else 0), 0)
            self._column_widths[total] = fixed
        return self._column_widths[total]

    def _style(self, ground: str, name: str) -> Style:
        """Return the style of a cell on a ground: `head`, `cursor`, `odd` or the plain one."""
        style = self._styles.get((ground, name))
        if style is None:
            base = self.get_component_rich_style(f"line-table--{ground}") if ground else self.rich_style
            style = self.resolve_style(f"line-table--{name}" if name else "", base)
            self._styles[ground, name] = style
        return style

    def _line(self, cells: Sequence[Cell], ground: str, total: int) -> Strip:
        base = self._style(ground, "")
        segments: list[Segment] = []
        for (text, name), width in zip(cells, self._widths(total), strict=True):
            if not width:
                continue
            style = self._style(ground, "" if ground == "cursor" else name)
            cut = text if cell_len(text) <= width else f"{set_cell_size(text, width - 1)}{ELLIPSIS}"
            if style == base:
                segments.append(Segment(f"{set_cell_size(cut, width)} ", base))
            else:
                segments.extend((Segment(set_cell_size(cut, width), style), Segment(" ", base)))
        return Strip(segments).adjust_cell_length(total, base)
