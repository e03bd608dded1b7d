"""The history: who did what, when; narrowed by person, kind and day."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.model import ToolId
from analysis.review import queries
from analysis.text import visible
from tui.desk.areas.list_area import ListArea, Target
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.symbols import SEP
from tui.desk.widgets.table_columns import Cell, Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import LogEntry
    from tui.desk.shell.session import Session


class TrailArea(ListArea):
    """Who did what, when. Newest first."""

    COLUMNS = (Column("When", 20), Column("Who", 16), Column("What", 0))
    EMPTY = "no events match; Esc shows all"
    TITLE, PAGE = "Events", "Event"

    def __init__(self, session: Session, name: str) -> None:
        super().__init__(session, name)
        self.who = ""
        self.kind = ""
        self.since = ""

    def rows(self) -> Sequence[str]:
        """Return the events, newest first."""
        self._log: dict[str, LogEntry] = {
            entry.id: entry for entry in reversed(queries.audit_trail(self.session.review))
        }
        return [
            entry.id
            for entry in self._log.values()
            if self.who in {"", entry.actor} and self.kind in {"", entry.kind} and entry.at >= self.since
        ]

    def active_filters(self) -> list[str]:
        """Return person, kind and day, where chosen."""
        chosen = (("by", self.who), ("kind", self.kind), ("since", self.since))
        return [*(f"{name} {value}" for name, value in chosen if value), *super().active_filters()]

    def clear_filters(self) -> None:
        """Show every event again."""
        super().clear_filters()
        self.who = self.kind = self.since = ""

    def kinds(self) -> list[tuple[str, str]]:
        """Return the kinds of events, with counts."""
        return [
            (kind, f"{n:,}")
            for kind, n in Counter(e.kind for e in queries.audit_trail(self.session.review)).most_common()
        ]

    def tool(self) -> ToolId | None:
        """Return the tool of the event under the cursor, if it is in the review."""
        entry = self._log.get(self.table.key or "")
        if entry is None or not entry.key.startswith("tool/"):
            return None
        tool = ToolId(entry.key.partition("/")[2].rpartition("/")[0])
        return tool if any(state.row.id == tool for state in self.session.review.tools()) else None

    def target(self) -> Target | None:
        """Lead to the tool."""
        tool = self.tool()
        return Target(key=tool) if tool else None

    def cells(self, key: str) -> Sequence[Cell]:
        """Return one event as cells."""
        entry = self._log[key]
        return [(entry.at, "dim"), (visible(entry.actor, 40), ""), (visible(entry.sentence, 300), "")]

    def page(self, key: str) -> Sequence[Line]:
        """Return one event as it is stored."""
        entry = self._log[key]
        return [
            line((visible(entry.sentence), "title")),
            line((f"event {entry.seq} of replica {entry.replica[:8]}{SEP}{entry.id}", "dim")),
            line(visible(entry.body, 4_000)),
        ]
