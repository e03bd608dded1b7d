"""Where the rows of a table are when they are in sections: each section has a line of its own above its first row."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.desk.widgets.lines import Parts


class TableSections:
    """Positions of rows and lines; both count from 0, lines from the first one below the head."""

    def __init__(self, sections: Mapping[int, Parts], rows: int) -> None:
        found = sorted(sections.items())
        self._rows = rows
        self._firsts = [first for first, _ in found]
        self._starts = [first + number for number, first in enumerate(self._firsts)]
        self._lines = dict(zip(self._starts, (parts for _, parts in found), strict=True))

    @property
    def lines(self) -> int:
        """The number of lines, of rows and sections."""
        return self._rows + len(self._firsts)

    def begins(self, row: int) -> bool:
        """Whether a row is the first one of its section."""
        return row in self._firsts

    def line_of(self, row: int) -> int:
        """Return the line of a row."""
        return row + bisect_right(self._firsts, row)

    def rows_above(self, line: int) -> int:
        """Return the number of rows above a line."""
        return min(line - bisect_left(self._starts, line), self._rows)

    def row_at(self, line: int) -> int | None:
        """Return the row on a line; None for the line of a section, and below the last row."""
        row = line - bisect_left(self._starts, line)
        return row if line not in self._lines and row < self._rows else None

    def section_at(self, line: int) -> Parts | None:
        """Return the section on a line, if that is one."""
        return self._lines.get(line)
