"""A figure: rows of text on surfaces of their own, computed for the size of the widget; parts of it can be clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from tui.desk.widgets.cells import cut
from tui.desk.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual import events


class Run(NamedTuple):
    """A piece of a row: text, name of its style, surface under it, and what a click on it chooses, empty for nothing."""

    text: str
    style: str = ""
    surface: str = "ground"
    target: str = ""


#: Rows of a figure.
Rows = list[list[Run]]


def blank(width: int, surface: str = "ground") -> Run:
    """Return a piece without text."""
    return Run(" " * max(width, 0), "", surface)


def width_of_row(row: Iterable[Run]) -> int:
    """Return the width of a row in cells."""
    return sum(cell_len(run.text) for run in row)


def spread(left: Sequence[Run], right: Sequence[Run], width: int, surface: str = "ground") -> list[Run]:
    """Return a row with pieces at both ends; where it is too narrow, the last piece at the left is cut."""
    room = width - width_of_row(right)
    over = width_of_row(left) + bool(right) - room
    if over > 0 and left:
        last = left[-1]
        left = [*left[:-1], last._replace(text=cut(last.text, cell_len(last.text) - over))]
    return [*left, blank(room - width_of_row(left), surface), *right]


class Figure(LineView, can_focus=False):
    """Draws what a function returns for its size."""

    class Chosen(Message):
        """A piece with a target was clicked."""

        def __init__(self, target: str) -> None:
            super().__init__()
            self.target = target

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.selected = False  # keys act on it
        self._draw: Callable[[int, int], Rows] = lambda _width, _height: []
        self._rows: tuple[tuple[int, int], Rows] | None = None

    @property
    def has_keyboard(self) -> bool:
        """Whether keys act here."""
        return self.selected

    def show(self, draw: Callable[[int, int], Rows]) -> None:
        """Show what a function returns for a width and height in cells."""
        self._draw = draw
        self._rows = None
        self.refresh()

    def _current(self) -> Rows:
        size = (self.size.width, self.size.height)
        if self._rows is None or self._rows[0] != size:
            self._rows = (size, self._draw(*size) if all(size) else [])
        return self._rows[1]

    def lines(self, rows: range) -> list[Strip]:
        """Return visible lines."""
        width, ink, found = self.size.width, self.ink, self._current()
        return [
            Strip([Segment(run.text, ink(run.style, run.surface)) for run in (found[y] if y < len(found) else ())])
            .simplify()
            .adjust_cell_length(width, ink(""))
            for y in rows
        ]

    def on_click(self, event: events.Click) -> None:
        """Choose the piece under the mouse."""
        event.stop()
        x, y = event.x - self.styles.gutter.left, event.y - self.styles.gutter.top
        found = self._current()
        left = 0
        for run in found[y] if 0 <= y < len(found) else ():
            left += cell_len(run.text)
            if 0 <= x < left:
                if run.target:
                    self.post_message(self.Chosen(run.target))
                return
