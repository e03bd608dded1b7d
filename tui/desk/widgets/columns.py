"""Things side by side in a pane: a label at the left, a column for each thing, in blocks as wide as the pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells, set_cell_size

from analysis.text import visible
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.symbols import ELLIPSIS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: A narrower column says nothing.
_LEAST = 24


def beside(rows: Sequence[tuple[str, tuple[str, ...]]], width: int, label: int) -> Iterator[Line]:
    """Yield rows of (label, one value for each thing); the first row holds the names of the things.

    Where not all things fit beside each other, the rest follows in another block.
    """
    things = len(rows[0][1])
    fit = max((width - label) // (_LEAST + 1), 1)
    for first in range(0, things, fit):
        shown = min(fit, things - first)
        room = max((width - label) // shown - 1, 8)
        yield line("")
        for place, (name, values) in enumerate(rows):
            cells = [chop_cells(visible(value, 300), room) or [""] for value in values[first : first + shown]]
            for number in range(max(map(len, cells))):
                head = _fitted(visible(name, 80) if not number else "", label)
                parts = [_fitted(cell[number] if number < len(cell) else "", room) for cell in cells]
                yield line((f"{head} ", "dim"), (" ".join(parts).rstrip(), "" if place else "strong"))


def _fitted(text: str, width: int) -> str:
    """Return a text of exactly so many cells; one that is cut ends in a sign that it was."""
    return set_cell_size(text if cell_len(text) <= width else f"{set_cell_size(text, width - 1)}{ELLIPSIS}", width)
