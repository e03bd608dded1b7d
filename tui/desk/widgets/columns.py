"""Items side by side in a pane: labels at the left, one column per item, in blocks of the pane's width."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, chop_cells, set_cell_size

from analysis.text import visible
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.symbols import ELLIPSIS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_WORD: Final = re.compile(r"\w+")
#: Minimum width of a column.
_MIN_WIDTH = 24


def side_by_side(rows: Sequence[tuple[str, tuple[str, ...]]], width: int, label: int) -> Iterator[Line]:
    """Yield rows of (label, one value per item); the first row contains the names of the items.

    Items that do not fit follow in another block. Words that not all items have in a row are marked.
    """
    items = len(rows[0][1])
    fit = max((width - label) // (_MIN_WIDTH + 1), 1)
    for first in range(0, items, fit):
        shown = min(fit, items - first)
        room = max((width - label) // shown - 1, 8)
        yield line("")
        for place, (name, values) in enumerate(rows):
            shared = set.intersection(*(set(lower_words(value)) for value in values))
            cells = [chop_cells(visible(value, 300), room) or [""] for value in values[first : first + shown]]
            for number in range(max(map(len, cells))):
                head = _fitted(visible(name, 80) if not number else "", label)
                shown_row = " ".join(
                    _fitted(cell[number] if number < len(cell) else "", room) for cell in cells
                ).rstrip()
                parts = differing_words(shown_row, shared) if place else [(shown_row, "strong")]
                yield line((f"{head} ", "dim"), *parts)


def lower_words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return [word.casefold() for word in _WORD.findall(visible(text, 300))]


def differing_words(text: str, shared: Collection[str]) -> list[tuple[str, str]]:
    """Return a text in parts, with the words marked that are not shared."""
    pieces = _WORD.split(text), [*_WORD.findall(text), ""]
    found: list[tuple[str, str]] = []
    for between, word in zip(*pieces, strict=True):
        found += [(between, ""), (word, "" if word.casefold() in shared else "mark")]
    return [(piece, style) for piece, style in found if piece]


def _fitted(text: str, width: int) -> str:
    """Return a text of exactly `width` cells; a cut one ends in an ellipsis."""
    return set_cell_size(text if cell_len(text) <= width else f"{set_cell_size(text, width - 1)}{ELLIPSIS}", width)
