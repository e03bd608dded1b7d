"""Opening a review: its first rows are on the screen while all of it is read and verified."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING

from textual.containers import Container

from analysis.model import ToolId
from analysis.review import queries
from analysis.text import visible
from tui import clock
from tui.desk.areas.tool_row import USUAL, ToolColumns
from tui.desk.widgets.line_table import LineTable
from tui.desk.widgets.symbols import ELLIPSIS, LOGO, STEP

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.app import ComposeResult

    from analysis.review.queries.preview import OpeningPreview
    from analysis.review.session import Review
    from tui.desk.widgets.bar import BarPart
    from tui.desk.widgets.table_columns import Cell


class OpeningArea(Container):
    """The first rows of a review, read-only."""

    def __init__(self, preview: OpeningPreview, columns: Sequence[str] = USUAL) -> None:
        super().__init__(id="opening")
        self._columns = ToolColumns(columns)
        self._states = {tool.row.id: tool for tool in preview.first}

    def compose(self) -> ComposeResult:
        """Lay out the rows."""
        yield LineTable(self._columns.columns, self._cells, "", id="opening-table")

    def on_mount(self) -> None:
        """Show the rows."""
        self.query_one(LineTable).show(list(self._states))

    def _cells(self, key: str) -> list[Cell]:
        return self._columns.cells(self._states[ToolId(key)])


def opening_line(preview: OpeningPreview) -> list[BarPart]:
    """Return title and number of tools for the header."""
    title = visible(preview.title, 60)
    return [
        (f" {LOGO} ", "key", ""),
        ("Clearance", "strong", ""),
        (f" {STEP} {title}", "soft", ""),
        (f"  {preview.tools:,} tools  opening {ELLIPSIS}", "dim", ""),
    ]


async def open_review(path: Path, actor: str) -> Review:
    """Return a review, read and verified in a thread, with everything computed that the first key needs.

    Raises the errors of `Review.open`.
    """
    return await asyncio.to_thread(_open, path, actor)


def _open(path: Path, actor: str) -> Review:
    gc.disable()  # some hundred thousand objects are allocated that all stay alive
    try:
        from analysis.review.session import Review  # noqa: PLC0415 - the first rows do not wait for it
        from tui.desk.shell.keys import load_actions  # noqa: PLC0415

        load_actions()  # before the first key

        review = Review.open(path, now=clock.now())
        queries.prepare(review, actor)
        gc.freeze()
        return review
    finally:
        gc.enable()
