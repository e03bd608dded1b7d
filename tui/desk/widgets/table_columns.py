"""The columns of a table: their widths, and the segments of a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from textual.strip import Strip

from tui.desk.widgets.cells import cut_middle, fitted_parts, width_of
from tui.desk.widgets.lines import Parts
from tui.desk.widgets.symbols import CURSOR, CURSOR_PALE, MARKED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.desk.styles.ink import Ink

#: A cell: text and the name of its style; or several such parts side by side.
Cell = tuple[str, str] | Parts
#: Cells before the first column: the bar of the cursor, and a blank.
_GUTTER: Final = 2
#: Width from which two blanks separate columns, and not one.
_AIRY: Final = 90
#: Surface of a row -> the bar before it.
_BARS: Final = {"select": CURSOR, "raised": CURSOR_PALE}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title and width in cells; 0 shares the rest, by `weight`. `below` hides it in narrower tables.

    Numbers go to the `right`; a name that is too long loses its `middle`.
    """

    title: str
    width: int
    below: int = 0
    right: bool = False
    middle: bool = False
    weight: int = 1


def cell_parts(cell: Cell) -> Parts:
    """Return a cell as parts."""
    return (cell,) if cell and isinstance(cell[0], str) else cell


def cell_text(cell: Cell) -> str:
    """Return a cell as text."""
    return "".join(text for text, _ in cell_parts(cell))


class TableColumns:
    """Columns, with their widths in tables of several widths."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._known: dict[int, list[int]] = {}

    @property
    def heads(self) -> list[Cell]:
        """The titles as cells."""
        return [(column.title, "dim") for column in self._columns]

    def widths(self, total: int) -> list[int]:
        """Return the width of each column in a table of `total` cells; 0 hides it."""
        if total not in self._known:
            fixed = [0 if total < c.below else c.width for c in self._columns]
            shared = [n for n, c in enumerate(self._columns) if c.width == 0 and total >= c.below]
            gaps = (sum(1 for width in fixed if width) + len(shared) - 1) * _gap(total)
            left = total - _GUTTER - 1 - sum(fixed) - gaps
            weights = sum(self._columns[n].weight for n in shared)
            for n in shared:
                fixed[n] = max(left * self._columns[n].weight // weights, 0)
            self._known[total] = fixed
        return self._known[total]

    def at(self, x: int, total: int) -> int | None:
        """Return the column at a place of a line."""
        left = _GUTTER
        for number, width in enumerate(self.widths(total)):
            if width and left <= x < left + width:
                return number
            left += width + _gap(total) if width else 0
        return None

    def line(self, cells: Sequence[Cell], surface: str, total: int, ink: Ink, *, marked: bool = False) -> Strip:
        """Return a row of `total` cells on a surface; a marked one says so before its first column."""
        base = ink("", surface)
        segments = [Segment(f"{_BARS.get(surface, ' ')}{MARKED if marked else ' '}", ink("link", surface))]
        gap = " " * _gap(total)
        for cell, width, column in zip(cells, self.widths(total), self._columns, strict=True):
            if not width:
                continue
            parts = cell_parts(cell)
            if column.middle and len(parts) == 1:
                parts = ((cut_middle(parts[0][0], width), parts[0][1]),)
            parts = fitted_parts(parts, width)
            room = width - width_of(parts)
            if column.right and room:
                segments.append(Segment(" " * room, base))
            segments.extend(Segment(text, ink(name, surface)) for text, name in parts)
            segments.append(Segment(gap if column.right else " " * room + gap, base))
        return Strip(segments).simplify().adjust_cell_length(total, base)


def roomy_width(needed: int, blanks: int) -> int:
    """Return the width from which columns have room that need `needed` cells with `blanks` single blanks between them."""
    return needed if needed + blanks <= _AIRY else needed + blanks


def _gap(total: int) -> int:
    return 2 if total >= _AIRY else 1
