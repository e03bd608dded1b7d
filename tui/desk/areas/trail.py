"""The history: who did what, when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.text import visible
from tui.desk.areas.list_area import ListArea
from tui.desk.widgets.line_table import Cell, Column
from tui.desk.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import LogEntry


class TrailArea(ListArea):
    """Who did what, when. Newest first."""

    COLUMNS = (Column("WHEN", 20), Column("WHO", 16), Column("WHAT", 0))
    EMPTY = "nothing has happened"

    def rows(self) -> Sequence[str]:
        """Return the events, newest first."""
        self._log: dict[str, LogEntry] = {entry.id: entry for entry in reversed(self.session.review.log())}
        return list(self._log)

    def cells(self, key: str) -> Sequence[Cell]:
        """Return one event as cells."""
        entry = self._log[key]
        return [(entry.at, "dim"), (visible(entry.actor, 40), ""), (visible(entry.sentence, 300), "")]

    def page(self, key: str) -> Sequence[Line]:
        """Return one event as it is stored."""
        entry = self._log[key]
        return [
            line((visible(entry.sentence), "title")),
            line((f"event {entry.seq} of replica {entry.replica[:8]} · {entry.id}", "dim")),
            line(visible(entry.body, 4_000)),
        ]
