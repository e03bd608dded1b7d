"""The inventory and the decisions: a table, the evidence beside it, a filter above."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING

from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from analysis.model import ToolId
from analysis.review import queries
from analysis.review.queries.related_tools import related_tools
from analysis.text import visible
from tui.desk.areas.facet_column import FacetColumn
from tui.desk.areas.tool_row import COLUMNS, tool_cells
from tui.desk.pages.tool import page
from tui.desk.widgets.line_input import LineInput
from tui.desk.widgets.line_table import LineTable
from tui.desk.widgets.pane import Pane
from tui.desk.widgets.symbols import SEP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from analysis.model import Finding
    from tui.desk.shell.session import Session
    from tui.desk.widgets.line_table import Cell

#: A page is drawn at once after a rest this long, else when the cursor rests (seconds): holding a key must not pay for
#: every page, and a single key shows row and page in one frame.
_REST = 0.06
#: From so many letters on, completions are offered, and so many.
_BEGUN = 2
_OFFERS = 8


class ToolsArea(Container):
    """Where tools are decided."""

    BLANK = True  # its parts cover it: nothing of its own is painted

    class Filtered(Message):
        """Another filter is in force."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="tools")
        self.session = session
        self._timer: Timer | None = None
        self._moved = 0.0  # when the cursor moved last
        self._page: ToolId | None = None  # whose page is drawn, or about to be
        self._findings: tuple[Finding, ...] = ()  # what stands on it
        self._told = ""
        self._anchor: ToolId | None = None  # where the cursor was before the filter
        self._asked: str | None = None  # the filter as it was typed last

    def compose(self) -> ComposeResult:
        """Lay out facets, filter, table and evidence."""
        yield FacetColumn(self.session)
        with Container(id="tools-list"):
            yield LineInput(
                placeholder="filter: words, risk:high, is:undecided, method:DELETE, -data:personal", id="filter"
            )
            yield Static(Content(""), id="filter-fault")
            yield LineTable(COLUMNS, self._cells, "no tool matches; Esc clears the filter", id="tool-table")
        yield Pane(id="evidence")

    def on_mount(self) -> None:
        """Show what the session shows."""
        self.query_one("#filter", Input).display = False
        self.query_one("#filter-fault").display = False
        self.table.show(self.session.shown)

    @property
    def table(self) -> LineTable:
        """The table of tools."""
        return self.query_one("#tool-table", LineTable)

    @property
    def facets(self) -> FacetColumn:
        """The facets, shown where there is room."""
        return self.query_one("#facets", FacetColumn)

    @property
    def pane(self) -> Pane:
        """The evidence."""
        return self.query_one("#evidence", Pane)

    @property
    def tool(self) -> ToolId | None:
        """The tool under the cursor."""
        key = self.table.key
        return ToolId(key) if key is not None else None

    def _cells(self, key: str) -> list[Cell]:
        tool = ToolId(key)
        return tool_cells(self.session.review.tool(tool), marked=tool in self.session.marks)

    # what the app calls --------------------------------------------------------------------------------

    def reload(self, keep: ToolId | None = None, tools: Sequence[ToolId] | None = None) -> None:
        """Show the session's tools, of them `tools` drawn anew (None: all), the cursor on `keep` where it can be."""
        self._page = None
        if tools is not None:
            self.table.forget(tools)
        self.table.show(self.session.shown, keep=keep, anew=tools is None)

    def open_filter(self) -> None:
        """Let a filter be typed."""
        box = self.query_one("#filter", Input)
        self._anchor = self.tool
        box.display = True
        box.value = self._asked = self.session.query
        self.screen.set_focus(box)  # at once: the next key belongs to the filter already

    @property
    def filtering(self) -> bool:
        """Whether a filter is being typed."""
        return self.query_one("#filter", Input).display

    async def take_while_filtering(self, key: str, told: Callable[[], None]) -> bool:
        """Return whether a key ended the filter; all others are letters of it."""
        if key in {"enter", "escape"}:
            await self.leave_filter(keep=key == "enter")
            told()
        elif key == "tab":
            await self._complete()
        return key in {"enter", "escape", "tab"}

    async def _complete(self) -> None:
        """Put the first of what could stand here in place of the last word."""
        box = await self._typed()
        offers = queries.filter_completions(self.session.review, box.value, self.session.actor)
        if offers:
            cut = len(box.value.rstrip()) - len(box.value.split()[-1]) if box.value.strip() else 0
            kept = box.value[:cut] if box.value and not box.value[-1].isspace() else box.value
            box.value = kept + offers[0][0]
            box.cursor_position = len(box.value)

    async def _typed(self) -> Input:
        """Return the line of the filter, once all that was typed is in it."""
        box = self.query_one("#filter", Input)
        typed = asyncio.Event()
        box.call_later(typed.set)
        await typed.wait()
        return box

    async def leave_filter(self, *, keep: bool) -> None:
        """Go back to the table once all that was typed is taken in; the filter stays in force, or goes."""
        box = await self._typed()
        wanted = box.value if keep else ""
        if self.session.query != wanted or self.session.fault is not None:
            good = self.session.filter(wanted)
            self.table.show(self.session.shown, keep=self._anchor, else_first=True, anew=False)
            if not good:  # the list is not what was asked for: nothing may be decided on it by mistake
                self._tell_fault()
                return
        self.close_filter()

    def close_filter(self) -> None:
        """Go back to the table."""
        self.query_one("#filter", Input).display = False
        self._tell("")
        self.screen.set_focus(self.table)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter what was pasted or taken back; letters have been looked at already."""
        if event.input.id == "filter":
            self._refilter()

    async def caught_up(self) -> None:
        """Filter by what was typed, before the next key is looked at."""
        await self._typed()
        self._refilter()
        self.follow()

    def _refilter(self) -> None:
        """Filter while it is typed; a faulty filter keeps the last good result and says where it is wrong."""
        box = self.query_one("#filter", Input)
        if not box.display or box.value == self._asked:
            return
        self._asked = box.value
        good = self.session.filter(box.value)
        self._tell_fault()
        if good:
            self.table.show(self.session.shown, keep=self._anchor, else_first=True, anew=False)
            self.post_message(self.Filtered())

    def _tell_fault(self) -> None:
        """Say what is wrong with the filter, under the place where it is wrong."""
        fault = self.session.fault
        box = self.query_one("#filter", Input)
        offers = self._offers(box.value) if box.display else ""
        if fault is None:
            self._tell(offers)
            return
        caret = fault.place.partition("\n")[2]
        said = visible(SEP.join(part for part in (offers, fault.what, fault.remedy) if part))
        self._tell(f"{caret}\n{said}" if caret.strip() == "^" else said)

    def _offers(self, text: str) -> str:
        """Return what could stand in place of the word that is typed, with counts; nothing for an ordinary word."""
        last = text.rsplit(maxsplit=1)[-1] if text.strip() and not text[-1].isspace() else ""
        if len(last) < _BEGUN:
            return ""
        offers = queries.filter_completions(self.session.review, text, self.session.actor)[:_OFFERS]
        shown = "  ".join(f"{visible(offer, 40)} {count}" if count else visible(offer, 40) for offer, count in offers)
        return f"Tab: {shown}" if shown else ""

    def _tell(self, fault: str) -> None:
        if fault != self._told:
            self._told = fault
            told = self.query_one("#filter-fault", Static)
            told.display = bool(fault)
            told.update(Content(fault))

    # evidence --------------------------------------------------------------------------------------------

    def on_line_table_highlighted(self, _event: LineTable.Highlighted) -> None:
        """Draw the page of a tool."""
        self.follow()

    def follow(self) -> None:
        """Draw the page of the tool under the cursor, if it is another one and the cursor is not still on its way."""
        if self.tool == self._page:
            return
        now = monotonic()
        rested, self._moved, self._page = now - self._moved > _REST, now, self.tool
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if rested:
            self.show_evidence()
        else:
            self._timer = self.set_timer(_REST, self.show_evidence)

    def show_evidence(self) -> None:
        """Draw the evidence of the tool under the cursor."""
        tool = self.tool
        if tool is None:
            self.pane.show([])
            return
        review = self.session.review
        self.session.opened.add(tool)
        self._findings = queries.last_findings(review, tool)
        seen = queries.reviewed_tool(review, tool, self._findings)
        around = related_tools(review, seen)
        self.pane.show(page(seen, self._findings, queries.history_of(review, tool), around))

    def weighed(self) -> None:
        """Draw the page anew if what was decided has changed the findings on it."""
        if self.tool is not None and queries.last_findings(self.session.review, self.tool) != self._findings:
            self.show_evidence()
