"""The column of views and facets next to the inventory, where there is room; a click applies one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.containers import Container
from textual.message import Message

from analysis.text import visible
from tui.desk.pages.facets import FacetChoice, choices
from tui.desk.widgets.line_table import LineTable
from tui.desk.widgets.table_columns import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from tui.desk.shell.session import Session
    from tui.desk.widgets.table_columns import Cell

#: Idle time before facets are counted, seconds: a key does not wait for them.
_IDLE_SECONDS: Final = 0.15


class FacetColumn(Container):
    """Views and facets, with the number of shown tools that each keeps."""

    BLANK = True

    class Chosen(Message):
        """A facet was clicked: `query` is the filter it leads to."""

        def __init__(self, query: str) -> None:
            super().__init__()
            self.query = query

    def __init__(self, session: Session) -> None:
        super().__init__(id="facets")
        self._session = session
        self._choices: dict[str, FacetChoice] = {}
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        """Give the frame its title."""
        self.table.entitle("Narrow")

    def compose(self) -> ComposeResult:
        """Lay out the table."""
        yield LineTable(
            (Column("Views and facets", 0), Column("", 7)), self._cells, "", id="facet-table", has_cursor=False
        )

    @property
    def table(self) -> LineTable:
        """The table of choices."""
        return self.query_one(LineTable)

    def schedule_count(self) -> None:
        """Count once the keyboard is idle, if the column is on the screen."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_IDLE_SECONDS, self._count) if self.display else None

    def _count(self) -> None:
        rows: dict[str, FacetChoice] = {}
        title = ""
        for choice in choices(self._session):
            if choice.title != title:
                title = choice.title
                rows[f"title {title}"] = FacetChoice(title, "", None, "")
            rows[f"{choice.title} {choice.label}"] = choice
        if list(rows.items()) != list(self._choices.items()):
            self._choices = rows
            self.table.show(list(rows), keep="")

    def _cells(self, key: str) -> Sequence[Cell]:
        choice = self._choices[key]
        if not choice.label:
            return [(choice.title, "dim"), ("", "")]
        style = "strong" if choice.used else "" if choice.count != 0 else "dim"
        count = "" if choice.count is None else f"{choice.count:>7,}"
        return [(f"{'*' if choice.used else ' '} {visible(choice.label, 40)}", style), (count, style)]

    def on_resize(self) -> None:
        """Count as soon as there is room for the column."""
        self.schedule_count()

    def on_line_table_clicked(self, event: LineTable.Clicked) -> None:
        """Apply the choice that was clicked."""
        event.stop()
        choice = self._choices[event.key]
        if choice.label:
            self.post_message(self.Chosen(choice.query))

    def on_line_table_highlighted(self, event: LineTable.Highlighted) -> None:
        """Keep the messages of the table here: it has no cursor."""
        event.stop()
