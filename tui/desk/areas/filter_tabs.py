"""The filters that a reviewer keeps as tabs over the inventory, each with the number of its tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from analysis.errors import ClearanceError
from analysis.review import queries
from analysis.text import visible
from tui.desk.widgets.cells import cut, width_of
from tui.desk.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events
    from textual.timer import Timer

    from tui.desk.shell.session import Session

#: Idle time before tools are counted again, seconds: a key does not wait for it.
_IDLE_SECONDS: Final = 0.15
_MAX_LABEL: Final = 28
_CLOSE: Final = "x"


class FilterTabs(LineView, can_focus=False):
    """One line of tabs: all tools, then the kept filters; hidden where none is kept."""

    class Chosen(Message):
        """A tab was clicked: `query` is its filter, to be shown, or with `close` to be kept no longer."""

        def __init__(self, query: str, *, close: bool) -> None:
            super().__init__()
            self.query = query
            self.close = close

    def __init__(self, session: Session) -> None:
        super().__init__(id="filter-tabs")
        self._parts: list[tuple[str, str]] = []  # texts of the line, with the names of their styles
        self._session = session
        self._counted: dict[str, int] = {}  # tools by filter, as counted last
        self._timer: Timer | None = None
        self._places: list[tuple[range, str, bool]] = []

    def on_mount(self) -> None:
        """Start hidden."""
        self.display = False

    def update_tabs(self) -> None:
        """Show the tabs as they are, with the counts known; they are counted again when the keyboard rests."""
        session = self._session
        self.display = bool(session.tabs)
        if session.fault is None:
            self._counted[session.query] = len(session.shown)
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if session.tabs:
            self._draw()
            self._timer = self.set_timer(_IDLE_SECONDS, self._count)

    def _count(self) -> None:
        session = self._session
        for query in session.tabs:
            try:
                found = queries.select(
                    session.review, query, actor=session.actor, marked=session.marks, seen=session.opened
                )
            except ClearanceError:  # a group that is no more
                self._counted.pop(query, None)
            else:
                self._counted[query] = len(found)
        self._draw()

    def _draw(self) -> None:
        session = self._session
        parts: list[tuple[str, str]] = [(" ", "")]
        self._places = []
        for query in ("", *session.tabs):
            here = query == session.query
            for text, style, close in self._tab(query, here=here):
                start = width_of(parts)
                parts.append((text, "tab" if here else style))
                self._places.append((range(start, start + cell_len(text)), query, close))
            parts.append((" ", ""))
        if parts != self._parts:
            self._parts = parts
            self.refresh()

    def lines(self, rows: range) -> list[Strip]:
        """Return the line."""
        segments = [Segment(text, self.ink(name)) for text, name in self._parts]
        return [Strip(segments).adjust_cell_length(self.size.width, self.ink("")) for _ in rows]

    def _tab(self, query: str, *, here: bool) -> Iterator[tuple[str, str, bool]]:
        session = self._session
        label = cut(visible(session.words_of(query), 80), _MAX_LABEL) if query else "All"
        count = self._counted.get(query) if query else session.review.summary().progress.tools
        yield f" {label}", "soft", False
        yield f" {'' if count is None else f'{count:,}'} ", "dim", False
        if query and here:
            yield f"{_CLOSE} ", "key", True

    def on_click(self, event: events.Click) -> None:
        """Choose or close the tab under the mouse."""
        event.stop()
        for place, query, close in self._places:
            if event.x in place:
                self.post_message(self.Chosen(query, close=close))
                return
