"""An area with a list: a table over a page. Each area says which rows, which cells, which page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from analysis.review import queries
from analysis.text import visible
from tui.desk.areas import AREAS
from tui.desk.widgets.line_table import LineTable
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.pane import Pane
from tui.desk.widgets.symbols import SEP
from tui.desk.widgets.table_columns import Cell, Column, cell_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import ComposeResult

    from analysis.model import Note, ToolId
    from tui.desk.shell.session import Session
    from tui.desk.widgets.lines import Parts


#: Maximum number of lines above a table.
_MAX_HEAD = 2


@dataclass(frozen=True, slots=True)
class Target:
    """Where Enter leads: an area and a row in it; for tools, a filter or tools to mark."""

    area: str = "tools"
    key: str = ""
    query: str = ""
    marks: tuple[ToolId, ...] = ()


class RowMarks:
    """The marked rows of a list: what an action applies to, where it can apply to several. `changed` draws rows again."""

    def __init__(self, changed: Callable[[Sequence[str] | None], None]) -> None:
        self.keys: set[str] = set()
        self.table: LineTable | None = None  # once it has rows
        self._changed = changed
        self._range_from: str | None = None  # the row where a range begins

    @property
    def _listed(self) -> list[str]:
        return self.table.keys if self.table is not None else []

    @property
    def _here(self) -> str | None:
        return self.table.key if self.table is not None else None

    def rows(self) -> list[str]:
        """Return the marked rows that are listed, in their order."""
        return [key for key in self._listed if key in self.keys] if self.keys else []

    def targets(self) -> list[str]:
        """Return the rows that an action applies to: the marked ones that are listed, else the one under the cursor."""
        return self.rows() or ([self._here] if self._here is not None else [])

    def toggle(self) -> None:
        """Mark or unmark the row under the cursor, and move on."""
        if self.table is not None and self._here is not None:
            self.keys ^= {self._here}
            self._changed([self._here])
            self.table.move(1)

    def toggle_all(self) -> None:
        """Mark all rows that are listed, or none if all are."""
        listed = set(self._listed)
        if listed <= self.keys:
            self.keys -= listed
        else:
            self.keys |= listed
        self._changed(None)

    def toggle_range(self) -> bool:
        """Start a range at the cursor, or mark from its start to the cursor. Returns whether it was started."""
        keys, key = self._listed, self._here
        if key is None:
            return False
        if self._range_from not in keys:
            self._range_from = key
            return True
        first, last = sorted((keys.index(self._range_from), keys.index(key)))
        self.keys |= set(keys[first : last + 1])
        self._range_from = None
        self._changed(None)
        return False

    def clear(self) -> None:
        """Take the marks off, and forget where a range begins."""
        self._range_from = None
        if self.keys:
            self.keys.clear()
            self._changed(None)


class ListArea(Container):
    """A table over a page. Subclasses say which rows, which cells, which page."""

    COLUMNS: tuple[Column, ...] = ()
    EMPTY = ""
    TITLE = ""  # of the frame of the table
    PAGE = ""  # of the frame of the page

    def __init__(self, session: Session, name: str) -> None:
        super().__init__(id=name, classes="list-area")
        self.session = session
        self.words = ""
        self.marks = RowMarks(self._show_marks)
        self._loaded = False  # whether rows have been read

    def compose(self) -> ComposeResult:
        """Lay out header, table and page."""
        yield Static(Content(""), id=f"{self.id}-head", classes="list-head")
        yield LineTable(self.COLUMNS, self.cells, self.EMPTY, id=f"{self.id}-table")
        yield Pane(id=f"{self.id}-page")

    def on_mount(self) -> None:
        """Give the frames their titles."""
        self._entitle()

    def _entitle(self) -> None:
        """Give the frames their titles."""
        self.table.entitle(self.TITLE or AREAS[self.id or ""].title)
        self.pane.entitle(self.PAGE)

    @property
    def table(self) -> LineTable:
        """The table."""
        return self.query_one(LineTable)

    @property
    def pane(self) -> Pane:
        """The page."""
        return self.query_one(Pane)

    def reload(self) -> None:
        """Read the rows again."""
        self._loaded = True
        self.marks.table = self.table
        self.table.marks = self.marks.keys
        wanted = self.words.lower().split()
        found = self.rows()
        keys = [key for key in found if self._matches(key, wanted)] if wanted else found
        self.table.show(keys, sections=self._sections(keys))
        self._show_head()
        self._show_counts()
        self.draw()

    def _sections(self, keys: Sequence[str]) -> Mapping[int, Parts]:  # noqa: ARG002 - most lists have none
        """Return the lines above rows, by position of the row."""
        return {}

    def counts(self) -> Parts:
        """Return what the frame of the table says at its right: how many rows there are."""
        return ((f"{len(self.table.keys):,}", "strong"),)

    def _matches(self, key: str, wanted: Sequence[str]) -> bool:
        """Whether a row contains every word, and none after a minus sign."""
        text = " ".join(map(cell_text, self.cells(key))).lower()
        return all(
            (word[1:] not in text) if word.startswith("-") and len(word) > 1 else word in text for word in wanted
        )

    # header and filters --------------------------------------------------------------------------------

    def head(self) -> str:
        """Return the line above the table; an empty one is hidden."""
        return ""

    def active_filters(self) -> list[str]:
        """Return the filters in force, each in a few words."""
        return [f"words {self.words}"] if self.words else []

    def clear_filters(self) -> None:
        """Show every row again, and take the marks off."""
        self.words = ""
        self.marks.clear()

    def _show_head(self) -> None:
        heads = self.query(f"#{self.id}-head")
        filters = SEP.join(self.active_filters())
        shown = f" only: {visible(filters, 200)}  (Esc shows all)" if filters else ""
        text = "  ".join(part for part in (shown, self.head()) if part)
        shown_lines = _head_lines(text, max(self.app.size.width - 1, 10))
        for each in heads.results(Static):
            each.display = bool(text)
            each.styles.height = max(len(shown_lines), 1)
            each.update(Content("\n").join(shown_lines), layout=False)

    def _show_marks(self, keys: Sequence[str] | None) -> None:
        """Draw the rows again whose marks have changed (None: all), and say how many are marked."""
        self.table.redraw(keys)
        self._show_counts()

    def _show_counts(self) -> None:
        """Say in the frame how many rows are marked, and what the area counts."""
        marked = len(self.marks.rows())
        parts: Parts = ((f"{marked:,} marked", "focus"), (SEP, "dim")) if marked else ()
        self.table.entitle(counts=(*parts, *self.counts()))

    # the row under the cursor --------------------------------------------------------------------------

    def on_line_table_highlighted(self, _event: LineTable.Highlighted) -> None:
        """Show the page of the row under the cursor."""
        if self._loaded:
            self._follow()

    def _follow(self) -> None:
        """Show what belongs to the row under the cursor."""
        self.draw()

    def on_resize(self) -> None:
        """Fit header and page to the new width."""
        if self._loaded:
            self._fit()

    def _fit(self) -> None:
        """Fit header and page to the new width."""
        if self.table.keys:
            self._show_head()
            self.draw()

    def subject(self) -> str | None:
        """Return the subject of a note on the row under the cursor."""
        return self.table.key

    def tool(self) -> ToolId | None:
        """Return the tool of the row under the cursor, if it has one."""
        return None

    def target(self) -> Target | None:
        """Return where Enter leads from the row under the cursor."""
        return None

    def draw(self) -> None:
        """Draw the page."""
        key = self.table.key
        self.pane.show(self.page(key) if key is not None else [])

    def scroll_page(self, by: int) -> None:
        """Scroll the page by half its height."""
        self.pane.page(by)

    def rows(self) -> Sequence[str]:
        """Return the keys of the rows."""
        raise NotImplementedError

    def cells(self, key: str) -> Sequence[Cell]:
        """Return the cells of a row."""
        raise NotImplementedError

    def page(self, key: str) -> Sequence[Line]:
        """Return the page of a row."""
        raise NotImplementedError

    def notes_on(self, subject: str) -> list[Line]:
        """Return the notes on a subject as paragraphs."""
        return note_lines(queries.notes(self.session.review, subject))


def _head_lines(text: str, width: int) -> list[Content]:
    """Return the line above a table, wrapped where it is wider than the screen; what still does not fit is cut."""
    wrapped = Content(text).wrap(width - 1)
    kept = wrapped[:_MAX_HEAD]
    if len(wrapped) > _MAX_HEAD:
        rest = " ".join(each.plain for each in wrapped[_MAX_HEAD - 1 :])
        kept[-1] = Content(rest)
    return [Content(f" {each.plain.strip()}").truncate(width, ellipsis=True) for each in kept]


def note_lines(notes: Sequence[Note]) -> list[Line]:
    """Return notes as paragraphs under a heading; nothing where there is none."""
    lines = [line((f"{visible(n.actor)} {n.at[:10]} ", "dim"), visible(n.text), indent=2) for n in notes]
    return [line(""), line(("Notes", "title")), *lines] if lines else []
