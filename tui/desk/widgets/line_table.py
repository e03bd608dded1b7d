"""A table that draws only the lines one can see, from keys and a function that gives a key's cells.

Filtering or sorting is showing another list of keys; nothing else is stored, so fifty thousand rows cost what
fifty do. Cells arrive as safe text: whoever gives them has passed them through `analysis.text`.
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

#: So many drawn rows are kept.
_KEPT = 4_000
#: A cell: text and the name of a style, one of `LineTable.STYLES` or empty.
Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, and its width in cells; 0 shares what is left. `below` hides it in narrower tables."""

    title: str
    width: int
    below: int = 0


class LineTable(LineView, can_focus=True):
    """A scrollable list of rows with a cursor. Its keys are the app's: moves and verdicts must keep their order."""

    STYLES: ClassVar[tuple[str, ...]] = (
        "high", "medium", "low", "approved", "conditional", "blocked", "undecided", "dim", "strong",
    )  # fmt: skip
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-table--head", "line-table--cursor", "line-table--odd", *(f"line-table--{name}" for name in STYLES)
    }  # fmt: skip
    cursor: reactive[int] = reactive(0, repaint=False)  # two lines are drawn anew, not all of them

    class Highlighted(Message):
        """The cursor stands on another key (None: the table is empty)."""

        def __init__(self, table: LineTable, key: str | None) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> LineTable:
            """The table, for handlers that choose by selector."""
            return self.table

    def __init__(
        self, columns: Sequence[Column], cells: Callable[[str], Sequence[Cell]], empty: str, *, id: str
    ) -> None:
        super().__init__(id=id)
        self.columns = columns
        self.cells = cells
        self.empty = empty
        self.keys: list[str] = []
        self._drawn: tuple[Sequence[str], int] = ((), 0)  # the rows on the screen, and how many are above it
        self._strips: dict[tuple[str, bool, bool, int], Strip] = {}
        self._styles: dict[tuple[str, str], Style] = {}
        self._shares: dict[int, list[int]] = {}

    # content -------------------------------------------------------------------------------------------

    @property
    def key(self) -> str | None:
        """The key under the cursor."""
        return self.keys[self.cursor] if 0 <= self.cursor < len(self.keys) else None

    def show(
        self, keys: Sequence[str], *, keep: str | None = None, else_first: bool = False, anew: bool = True
    ) -> None:
        """Show other rows; the cursor stays on `keep` (default: where it is), else as near as it can, or goes first.

        Rows that were drawn before are drawn `anew`, unless only the choice of rows has changed.
        """
        wanted = keep if keep is not None else self.key
        same = not anew and self.keys == keys  # what stands there stays: `forget` and the cursor draw their own lines
        self.keys = list(keys)
        if anew or len(self._strips) > _KEPT:
            self._strips.clear()
        self.virtual_size = Size(self.size.width, len(self.keys) + 1)
        near = 0 if else_first else min(self.cursor, max(len(self.keys) - 1, 0))
        place = self._place(wanted, near)
        if place == self.cursor:
            self._reveal()
            self.post_message(self.Highlighted(self, self.key))
        else:
            self.cursor = place
        if not same:
            self.refresh()

    def _place(self, wanted: str | None, near: int) -> int:
        """Return where a key stands, looking onward from the cursor first; `near` where it is not shown."""
        for start, end in ((self.cursor, len(self.keys)), (0, self.cursor)):
            try:
                return self.keys.index(wanted, start, end)  # type: ignore[arg-type] # None stands nowhere
            except ValueError:
                continue
        return near

    def forget(self, keys: Sequence[str] | None = None) -> None:
        """Draw rows anew: some, or all."""
        if keys is None:
            self._strips.clear()
            self.refresh()
            return
        gone = set(keys)
        self._strips = {at: strip for at, strip in self._strips.items() if at[0] not in gone}
        top = self.scroll_offset.y
        for place, key in enumerate(self.keys[top : top + self.size.height], top):
            if key in gone:
                self._redraw(place)

    def go(self, key: str) -> bool:
        """Put the cursor on a key, if it is shown."""
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

    def restyled(self) -> None:
        """Draw all rows anew."""
        self._strips.clear()
        self._styles.clear()

    def watch_cursor(self, old: int, new: int) -> None:
        """Redraw two lines, and say where the cursor is."""
        self._redraw(old)
        self._redraw(new)
        self._reveal()
        self.post_message(self.Highlighted(self, self.key))

    def _redraw(self, place: int) -> None:
        """Draw one row anew, if it is in sight."""
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
        """Widths have changed: draw everything anew and keep the cursor in sight."""
        self._strips.clear()
        self.virtual_size = Size(self.size.width, len(self.keys) + 1)
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse points."""
        key = self.pointed(event)
        if key is not None:
            self.go(key)

    def pointed(self, event: events.MouseEvent) -> str | None:
        """Return the row that is drawn where the mouse points; what is to be drawn next has not been seen."""
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
        return self._kept(("", False, False, width), "head", [(c.title, "") for c in self.columns])

    def _row(self, place: int, width: int) -> Strip:
        if place >= len(self.keys):
            said = f" {self.empty}" if not self.keys and place == 1 else ""
            return Strip([Segment(set_cell_size(said, width), self._style("", ""))], width)
        at = (self.keys[place], place == self.cursor, place % 2 == 1, width)
        return self._kept(at, "cursor" if at[1] else "odd" if at[2] else "")

    def _kept(self, at: tuple[str, bool, bool, int], ground: str, cells: Sequence[Cell] | None = None) -> Strip:
        """Return a line as it was drawn before, or draw it."""
        strip = self._strips.get(at)
        if strip is None:
            self._strips[at] = strip = self._line(self.cells(at[0]) if cells is None else cells, ground, at[3])
        return strip

    def _widths(self, total: int) -> list[int]:
        """Return the width of every column in a table so wide."""
        if total not in self._shares:
            fixed = [0 if total < c.below else c.width for c in self.columns]
            shared = [n for n, c in enumerate(self.columns) if c.width == 0 and total >= c.below]
            left = total - sum(w + 1 for w in fixed if w) - len(shared)
            for place, n in enumerate(shared):
                fixed[n] = max(left // len(shared) + (left % len(shared) if place == len(shared) - 1 else 0), 0)
            self._shares[total] = fixed
        return self._shares[total]

    def _style(self, ground: str, name: str) -> Style:
        """Return the style of a cell on a ground: `head`, `cursor`, `odd` or none."""
        style = self._styles.get((ground, name))
        if style is None:
            base = self.get_component_rich_style(f"line-table--{ground}") if ground else self.rich_style
            style = self.painted(f"line-table--{name}" if name else "", base)
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
