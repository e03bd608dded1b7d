"""The inventory and the decisions: a table, the evidence of a tool next to it, a filter above."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

from textual import work
from textual.containers import Container
from textual.message import Message

from analysis.model import ToolId
from analysis.review import queries
from analysis.review.queries.related_tools import related_tools
from analysis.text import visible
from tui.desk.areas.facet_column import FacetColumn
from tui.desk.areas.filter_bar import FilterBar
from tui.desk.areas.filter_tabs import FilterTabs
from tui.desk.areas.tool_row import ToolColumns
from tui.desk.pages.names_finder import NamesFinder
from tui.desk.pages.source_code import SourceCache, source_lines
from tui.desk.pages.tool import page
from tui.desk.widgets.layout import covered
from tui.desk.widgets.line_table import LineTable
from tui.desk.widgets.lines import line
from tui.desk.widgets.pane import Pane
from tui.desk.widgets.symbols import SEP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from analysis.model import Finding, ReviewedTool, SourceId
    from tui.desk.shell.session import Session
    from tui.desk.widgets.table_columns import Cell

#: A page is drawn at once after the cursor has rested this long, else when it next rests, seconds: holding a key does
#: not pay for every page, and a single key shows row and page in one frame.
_REST_SECONDS: Final = 0.06


class ToolsArea(Container):
    """Where tools are decided."""

    BLANK = True  # its children cover it: nothing of its own is painted

    class Filtered(Message):
        """Another filter is in force."""

    def __init__(self, session: Session, name: str) -> None:
        super().__init__(id=name)
        self.session = session
        self.filter_tabs = FilterTabs(session)
        self.filter_bar = FilterBar(session, self._show_filtered, self._focus_table)
        self.columns = ToolColumns(session.columns)
        self.sources = SourceCache(session.review)
        self._timer: Timer | None = None
        self._moved_at = 0.0  # when the cursor moved last
        self._page: ToolId | None = None  # the tool whose page is drawn, or about to be
        self._findings: tuple[Finding, ...] = ()  # the findings on that page
        self._names = NamesFinder(session, self, self._names_found)
        self._anchor: ToolId | None = None  # the tool under the cursor before the filter

    def compose(self) -> ComposeResult:
        """Lay out facets, filter, table and evidence."""
        yield FacetColumn(self.session)
        with Container(id="tools-list"):
            yield self.filter_tabs
            yield self.filter_bar
            yield LineTable(
                self.columns.columns, self._cells, "no tool matches; Esc clears the filter", id="tool-table"
            )
        yield Pane(id="evidence")
        yield Pane(id="source")

    def on_mount(self) -> None:
        """Show the tools of the session."""
        self.table.show(self.session.shown)
        self.entitle()
        self.pane.entitle("Evidence")
        self.query_one("#source", Pane).entitle("Source")

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

    def entitle(self) -> None:
        """Say in tabs and frame how many tools are shown, marked and decided, in which order, by which filter."""
        session = self.session
        self.filter_tabs.update_tabs()
        progress = session.review.summary().progress
        whole, shown = progress.tools, len(session.shown)
        counts = [(f"{shown:,} of {whole:,}" if shown != whole else f"{whole:,} {progress.noun}", "soft")]
        if session.marks:
            counts += [(SEP, "dim"), (f"{len(session.marks):,} marked", "focus")]
        if session.order != "document":
            counts += [(f"{SEP}by {session.order}", "dim")]
        if session.query:
            kind, words = self._filter_in_words()
            counts += [(f"{SEP}{kind}", "dim"), (visible(words, 80), "link")]
        self.table.entitle("Tools", tuple(counts))

    def _filter_in_words(self) -> tuple[str, str]:
        """Return what the list is narrowed by: a filter as typed, or a group of the queue by its title."""
        words = self.session.words_of(self.session.query)
        return ("filter: " if words == self.session.query else "group: "), words

    def _cells(self, key: str) -> list[Cell]:
        tool = ToolId(key)
        return self.columns.cells(self.session.review.tool(tool), marked=tool in self.session.marks)

    def choose_columns(self, names: Sequence[str]) -> None:
        """Show other columns."""
        self.columns = ToolColumns(names)
        self.table.show_columns(self.columns.columns)

    # the list ------------------------------------------------------------------------------------------

    def reload(self, keep: ToolId | None = None, tools: Sequence[ToolId] | None = None) -> None:
        """Show the tools of the session, with `tools` drawn again (None: all), the cursor on `keep` if it is shown."""
        self._page = None
        if tools is not None:
            self.table.redraw(tools)
        self.table.show(self.session.shown, keep=keep, redraw=tools is None)

    def apply_filter(self, query: str) -> None:
        """Show the tools that a filter selects: from the first one on, in a tab from where it was left."""
        session = self.session
        session.came_from.clear()  # a filter of one's own: Esc clears it
        if session.query in ("", *session.tabs):
            session.tab_rows[session.query] = self.tool
        session.filter(query)
        self.reload()
        left = session.tab_rows.get(query) if query in ("", *session.tabs) else None
        if left is None or not self.table.go(left):
            self.table.edge(0)

    def on_filter_tabs_chosen(self, event: FilterTabs.Chosen) -> None:
        """Show the tab that was clicked, or close it, unless a question or the filter is open."""
        if covered(self.app) or self.filter_bar.is_open:
            return
        if event.close:
            self.close_tab(event.query)
        else:
            self.apply_filter(event.query)
        self.post_message(self.Filtered())

    def close_tab(self, query: str) -> None:
        """Keep a filter as a tab no longer, and show what is before it."""
        session = self.session
        place = session.tabs.index(query)
        session.tabs.remove(query)
        session.tab_rows.pop(query, None)
        if session.query == query:
            self.apply_filter(("", *session.tabs)[place])

    def open_filter(self) -> None:
        """Let a filter be typed."""
        self._anchor = self.tool
        self.filter_bar.open()

    def _show_filtered(self) -> None:
        self.table.show(self.session.shown, keep=self._anchor, else_first=True, redraw=False)
        self.post_message(self.Filtered())

    def _focus_table(self) -> None:
        self.screen.set_focus(self.table)

    def on_facet_column_chosen(self, event: FacetColumn.Chosen) -> None:
        """Apply the facet that was clicked, unless a question or the filter is open."""
        if not covered(self.app) and not self.filter_bar.is_open:
            self.apply_filter(event.query)
            self.post_message(self.Filtered())

    def on_line_table_head_clicked(self, event: LineTable.HeadClicked) -> None:
        """Order by the column that was clicked, a second time as in the document; not while a question is open."""
        event.stop()
        order = self.columns.order_of(event.column)
        if covered(self.app) or self.filter_bar.is_open:
            return
        self.session.order = "document" if self.session.order == order else order
        self.session.refilter()
        self.reload(self.tool)
        self.post_message(self.Filtered())

    # evidence ------------------------------------------------------------------------------------------

    def on_line_table_highlighted(self, _event: LineTable.Highlighted) -> None:
        """Draw the page of the tool under the cursor."""
        self.follow()

    def follow(self) -> None:
        """Draw the page of the tool under the cursor, if it is another one and the cursor is not moving on."""
        if self.tool == self._page:
            return
        now = monotonic()
        rested, self._moved_at, self._page = now - self._moved_at > _REST_SECONDS, now, self.tool
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if rested:
            self.show_evidence()
        else:
            self._timer = self.set_timer(_REST_SECONDS, self.show_evidence)

    def show_evidence(self, *, keep_place: bool = False) -> None:
        """Draw the evidence of the tool under the cursor, from the top unless it was drawn before.

        Once the desk is left it draws nothing: a document that was being read may end after the lists are gone.
        """
        if not self.app.is_running:
            return
        tool = self.tool
        if tool is None:
            self.pane.show([])
            return
        review = self.session.review
        self.session.opened.add(tool)
        self._findings = queries.last_findings(review, tool)
        reviewed = queries.reviewed_tool(review, tool, self._findings)
        related = related_tools(review, reviewed)
        history, names = queries.history_of(review, tool), self._names.of(tool, find=self.has_class("-evidence-only"))
        self.pane.show(
            page(reviewed, self._findings, history, related, names, self.session.actor), keep_place=keep_place
        )
        self._show_source(reviewed)

    def _names_found(self) -> None:
        self.show_evidence(keep_place=True)

    def on_resize(self) -> None:
        """Draw what may have room next to the evidence, or no longer has."""
        if self._page is not None and self.has_class("-evidence-only"):
            self.show_evidence(keep_place=True)

    def show_whole(self, *, whole: bool) -> None:
        """Show the evidence on the whole screen, or the list again with the keys."""
        self.set_class(whole, "-evidence-only")
        if not whole:
            self._focus_table()  # a hidden table has lost it
        self.show_evidence()

    def _show_source(self, reviewed: ReviewedTool) -> None:
        """Draw the lines that define a tool, with the words of the signals marked, where they have room next to the evidence."""
        pane, row = self.query_one("#source", Pane), reviewed.state.row
        if not pane.display:
            return
        pane.entitle(counts=((visible(row.source, 40), "name"),))
        if not self.sources.has(row.source):
            pane.show([line(("reading the source", "dim"))])
            self._read_source(row.source)
            return
        matched = [reason.matched for reason in reviewed.assessment.reasons]
        lines = source_lines(self.sources.excerpt(row.source, row.line), matched)
        pane.show(lines or [line(("the source gives no line for this tool", "dim"))])

    @work(group="source", exclusive=True)
    async def _read_source(self, source: SourceId) -> None:
        """Read a source next to the keys, and draw the tool under the cursor again."""
        await self.sources.read(source)
        self.show_evidence(keep_place=True)

    def refresh_findings(self) -> None:
        """Draw the page again if a decision has changed the findings on it."""
        if self.tool is not None and queries.last_findings(self.session.review, self.tool) != self._findings:
            self.show_evidence(keep_place=True)
