"""The history: who did what, when; narrowed by person, kind and day."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.review import queries
from analysis.review.record.history import activity
from analysis.text import visible
from tui.desk.areas.list_area import ListArea, Target
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.symbols import SEP
from tui.desk.widgets.table_columns import Cell, Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import LogEntry, ToolId
    from analysis.review.queries.tools import RecordedAction
    from tui.desk.shell.session import Session
    from tui.desk.widgets.lines import Parts


#: Maximum number of tools of a bulk that are listed.
_MAX_LISTED = 20


class TrailArea(ListArea):
    """Who did what, when. Newest first."""

    COLUMNS = (Column("When", 20), Column("Who", 16), Column("What", 0))
    EMPTY = "no events match; Esc shows all"
    TITLE, PAGE = "Events", "Event"

    def __init__(self, session: Session, name: str) -> None:
        super().__init__(session, name)
        self.who = ""
        self.kind = ""  # in words
        self.since = ""

    def rows(self) -> Sequence[str]:
        """Return the actions, newest first; a search for words looks at each event of a bulk."""
        found = queries.recorded_actions(self.session.review, together=not self.words)
        self._log: dict[str, RecordedAction] = {action.entries[0].id: action for action in reversed(found)}
        return [key for key, action in self._log.items() if self._is_wanted(action.entries[0])]

    def counts(self) -> Parts:
        """Return how many actions are listed, and of how many events they are: a bulk is one action."""
        listed = len(self.table.keys)
        events = sum(len(self._log[key].entries) for key in self.table.keys)
        whole = ((f"{SEP}", "dim"), (f"{events:,}", "strong"), (" events", "dim")) if events != listed else ()
        return ((f"{listed:,}", "strong"), (f" action{'s' if listed != 1 else ''}", "dim"), *whole)

    def _is_wanted(self, entry: LogEntry) -> bool:
        return self.who in {"", entry.actor} and self.kind in {"", activity(entry.kind)} and entry.at >= self.since

    def active_filters(self) -> list[str]:
        """Return person, kind and day, where chosen."""
        chosen = (("by", self.who), ("only", self.kind), ("since", self.since))
        return [*(f"{name} {value}" for name, value in chosen if value), *super().active_filters()]

    def clear_filters(self) -> None:
        """Show every event again."""
        super().clear_filters()
        self.who = self.kind = self.since = ""

    def kinds(self) -> list[tuple[str, str]]:
        """Return the kinds of events in words, with counts."""
        counts = Counter(activity(entry.kind) for entry in queries.audit_trail(self.session.review))
        return [(kind, f"{count:,}") for kind, count in counts.most_common()]

    def _tools(self) -> tuple[ToolId, ...]:
        """Return the tools of the row under the cursor that are in the review."""
        action = self._log.get(self.table.key or "")
        return action.tools if action is not None else ()

    def tool(self) -> ToolId | None:
        """Return the tool of the row under the cursor, if it is about one that is in the review."""
        tools = self._tools()
        return tools[0] if len(tools) == 1 else None

    def target(self) -> Target | None:
        """Lead to the tool, or to all tools of a bulk, which are marked."""
        tools = self._tools()
        if len(tools) > 1:
            return Target(query="is:marked", marks=tools)
        return Target(key=tools[0]) if tools else None

    def cells(self, key: str) -> Sequence[Cell]:
        """Return one action as cells."""
        action = self._log[key]
        entry = action.entries[0]
        return [(entry.at, "dim"), (visible(entry.actor, 40), ""), (visible(action.sentence, 300), "")]

    def page(self, key: str) -> Sequence[Line]:
        """Return the events as they are stored; of a bulk, its sentences and the first one."""
        action = self._log[key]
        entry = action.entries[0]
        each = (
            [line(visible(one.sentence, 300)) for one in action.entries[:_MAX_LISTED]]
            if len(action.entries) > 1
            else []
        )
        more = len(action.entries) - _MAX_LISTED
        return [
            line((visible(action.sentence), "title")),
            *each,
            *([line((f"and {more:,} more; Enter marks and lists all", "dim"))] if more > 0 else []),
            line((f"event {entry.seq} of replica {entry.replica[:8]}{SEP}{entry.id}", "dim")),
            line(visible(entry.body, 4_000)),
        ]
