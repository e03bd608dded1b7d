"""The column beside the list where there is room for one: views and facets; a click applies one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.message import Message

from analysis.text import visible
from tui.desk.pages.facets import FacetChoice, choices
from tui.desk.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.timer import Timer

    from tui.desk.shell.session import Session
    from tui.desk.widgets.line_table import Cell

#: Facets are counted when the hands rest this long (seconds): a key does not wait for them.
_REST: Final = 0.15


class FacetColumn(LineTable, can_focus=False):
    """Views and facets, with counts of what is shown.."""

    class Chosen(Message):
        """Another filter is wanted."""

        def __init__(self, query: str) -> None:
            super().__init__()
            self.query = query

    def __init__(self, session: Session) -> None:
        super().__init__((Column("NARROW", 0), Column("", 7)), self._facet_cells, "", id="facets")
        self._session = session
        self._choices: dict[str, FacetChoice] = {}
        self._timer: Timer | None = None
        self.set_reactive(LineTable.cursor, -1)  # no row of it is the one that is worked on

    def follow(self) -> None:
        """Count anew once the hands rest, if it can be seen."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_REST, self._count) if self.display else None

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
            self.show(list(rows), keep="")

    def _facet_cells(self, key: str) -> Sequence[Cell]:
        choice = self._choices[key]
        if not choice.label:
            return [(choice.title, "dim"), ("", "")]
        style = "strong" if choice.used else "" if choice.count != 0 else "dim"
        count = "" if choice.count is None else f"{choice.count:>7,}"
        return [(f"{'*' if choice.used else ' '} {visible(choice.label, 40)}", style), (count, style)]

    def on_resize(self, event: events.Resize) -> None:
        """Count as soon as there is room to be seen."""
        super().on_resize(event)
        self.follow()

    def on_click(self, event: events.Click) -> None:
        """Apply what is pointed at."""
        event.stop()
        choice = self._choices.get(self.pointed(event) or "")
        if choice is not None and choice.label:
            self.post_message(self.Chosen(choice.query))
