"""Texts of an exact width in cells: cut at the end, or in the middle where the tail is what distinguishes names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from tui.desk.widgets.symbols import ELLIPSIS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.desk.widgets.lines import Parts


def width_of(parts: Iterable[tuple[str, str]]) -> int:
    """Return the width of (text, style name) parts in cells."""
    return sum(cell_len(text) for text, _ in parts)


def cut(text: str, width: int) -> str:
    """Return a text of at most `width` cells; a cut one ends in an ellipsis."""
    if width < 1:
        return ""
    return text if cell_len(text) <= width else f"{set_cell_size(text, width - 1).rstrip()}{ELLIPSIS}"


def cut_middle(text: str, width: int) -> str:
    """Return a text of at most `width` cells; a long one loses its middle."""
    if cell_len(text) <= width:
        return text
    if width < 5:
        return cut(text, width)
    tail = (width - 1) // 2
    end = text[-tail:]
    while cell_len(end) > tail:
        end = end[1:]
    return f"{set_cell_size(text, width - 1 - cell_len(end))}{ELLIPSIS}{end}"


def fitted_parts(parts: Parts, width: int) -> Parts:
    """Return parts of at most `width` cells; the one that does not fit is cut, what follows it is left out."""
    if width_of(parts) <= width:
        return parts
    shown: list[tuple[str, str]] = []
    left = width
    for text, name in parts:
        size = cell_len(text)
        if size > left:
            if left > 0:
                shown.append((cut(text, left), name))
            elif shown:
                before, style = shown[-1]
                shown[-1] = (cut(f"{before} ", cell_len(before)), style)
            break
        shown.append((text, name))
        left -= size
    return tuple(shown)
