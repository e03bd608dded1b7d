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
from textual.reactive import Reactive, reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

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


class LineTable(ScrollView, can_focus=True):
    """A scrollable list of rows with a cursor. Its keys are the app's: moves and verdicts must keep their order."""

    STYLES: ClassVar[tuple[str, ...]] = (
        "high", "medium", "low", "approved", "conditional", "blocked", "undecided", "dim", "strong",
    )  # fmt: skip
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-table--head", "line-table--cursor", "line-table--odd", *(f"line-table--{name}" for name in STYLES)
    }  # fmt: skip
    # A table's size depends on its place, never on its rows: no relayout of the screen when they change.
    virtual_size = Reactive(Size(0, 0), layout=False)
    cursor: reactive[int] = reactive(0)

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
        self._strips: dict[tuple[str, bool, bool, int], Strip] = {}

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
        self.keys = list(keys)
        if anew or len(self._strips) > _KEPT:
            self._strips.clear()
        self.virtual_size = Size(self.size.width, len(self.keys) + 1)
        near = 0 if else_first else min(self.cursor, max(len(self.keys) - 1, 0))
        place = self.keys.index(wanted) if wanted in self.keys else near
        if place == self.cursor:
            self._reveal()
            self.post_message(self.Highlighted(self, self.key))
        else:
            self.cursor = place
        self.refresh()

    def forget(self, keys: Sequence[str] | None = None) -> None:
        """Draw rows anew: some, or all."""
        if keys is None:
            self._strips.clear()
        else:
            gone = set(keys)
            self._strips = {at: strip for at, strip in self._strips.items() if at[0] not in gone}
        self.refresh()

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

    def watch_virtual_size(self, size: Size) -> None:
        """Tell the scroll bars; the private call is what the library itself makes on a relayout."""
        self._scroll_update(size)

    def watch_cursor(self, old: int, new: int) -> None:
        """Redraw two lines, and say where the cursor is."""
        for place in (old, new):
            y = place - self.scroll_offset.y + 1
            if 0 < y < self.size.height:
                self.refresh(Region(0, y, self.size.width, 1))
        self._reveal()
        self.post_message(self.Highlighted(self, self.key))

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
        place = event.y - 1 + self.scroll_offset.y
        if event.y > 0 and place < len(self.keys):
            self.cursor = place

    # drawing -------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Return one visible line."""
        width = self.size.width
        if y == 0:
            return self._line([(c.title, "") for c in self.columns], self.get_component_rich_style("line-table--head"))
        place = y - 1 + self.scroll_offset.y
        if not self.keys and y == 2:
            return Strip([Segment(set_cell_size(f" {self.empty}", width), self.rich_style)], width)
        if place >= len(self.keys):
            return Strip.blank(width, self.rich_style)
        at = (self.keys[place], place == self.cursor, place % 2 == 1, width)
        if at not in self._strips:
            base = self.rich_style
            if at[1]:
                base = self.get_component_rich_style("line-table--cursor")
            elif at[2]:
                base = self.get_component_rich_style("line-table--odd")
            self._strips[at] = self._line(self.cells(at[0]), base, cursor=at[1])
        return self._strips[at]

    def _widths(self) -> list[int]:
        total = self.size.width
        fixed = [0 if total < c.below else c.width for c in self.columns]
        shared = [n for n, c in enumerate(self.columns) if c.width == 0 and total >= c.below]
        left = total - sum(w + 1 for w in fixed if w) - len(shared)
        for place, n in enumerate(shared):
            fixed[n] = max(left // len(shared) + (left % len(shared) if place == len(shared) - 1 else 0), 0)
        return fixed

    def _line(self, cells: Sequence[Cell], base: Style, *, cursor: bool = False) -> Strip:
        segments: list[Segment] = []
        for (text, name), width in zip(cells, self._widths(), strict=True):
            if not width:
                continue
            style = (
                base + self.get_component_rich_style(f"line-table--{name}", partial=True)
                if name and not cursor
                else base
            )
            cut = text if cell_len(text) <= width else f"{set_cell_size(text, width - 1)}…"
            segments.extend((Segment(set_cell_size(cut, width), style), Segment(" ", base)))
        return Strip(segments).adjust_cell_length(self.size.width, base)
