"""A review that is being opened: its first rows are on the screen while the whole of it is read and checked."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING

from textual.containers import Container
from textual.content import Content

from analysis.model import ToolId
from analysis.review import queries
from analysis.text import visible
from tui import clock
from tui.desk.areas.tool_row import COLUMNS, tool_cells
from tui.desk.widgets.line_table import LineTable
from tui.desk.widgets.symbols import ELLIPSIS

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult

    from analysis.review.queries.preview import OpeningPreview
    from analysis.review.session import Review
    from tui.desk.widgets.line_table import Cell


class OpeningArea(Container):
    """The first rows of a review, to look at only."""

    def __init__(self, look: OpeningPreview) -> None:
        super().__init__(id="opening")
        self._states = {tool.row.id: tool for tool in look.first}

    def compose(self) -> ComposeResult:
        """Lay out the rows."""
        yield LineTable(COLUMNS, self._cells, "", id="opening-table")

    def on_mount(self) -> None:
        """Show the rows."""
        self.query_one(LineTable).show(list(self._states))

    def _cells(self, key: str) -> list[Cell]:
        return tool_cells(self._states[ToolId(key)])


def opening_line(look: OpeningPreview) -> Content:
    """Return title and size in the line of state."""
    return Content.assemble((f" {visible(look.title, 60)}", "bold"), f"  {look.tools:,} tools  opening {ELLIPSIS}")


async def open_whole(path: Path, actor: str) -> Review:
    """Return a review, read and checked beside the screen, and everything worked out that the first key needs.

    Raises what `Review.open` raises.
    """
    return await asyncio.to_thread(_open, path, actor)


def _open(path: Path, actor: str) -> Review:
    gc.disable()  # a hundred thousand objects are made that all stay: looking for garbage among them finds none
    try:
        from analysis.review.session import Review  # noqa: PLC0415 - the first rows are on the screen before it
        from tui.desk.actions import registry as actions  # noqa: F401, PLC0415 - loaded before the first key asks for it

        review = Review.open(path, now=clock.now())
        queries.prepare(review, actor)
        gc.freeze()
        return review
    finally:
        gc.enable()
