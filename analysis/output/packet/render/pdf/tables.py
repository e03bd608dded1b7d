"""Tables as data for the template: heads, rows, and which rows may be divided over two pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.output.packet.chapters.blocks import RowGroup, Table
from analysis.output.packet.chapters.inline import cell

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.output.packet.chapters.blocks import Cell

#: Maximum number of lines of a row that is kept on one page; a page has some sixty.
_MAX_LINES: Final = 20
#: Marks of the columns of risk in the matrix, by their head.
_TONES: Final = {"low risk": "low", "medium risk": "med", "high risk": "high"}


def table_rows(block: Table, line: Callable[[Cell, int], list[Any]]) -> dict[str, Any]:
    """Return head and rows of a table; `line` makes the pieces of a cell for a number of characters.

    A column of n percent has room for about n characters.
    """
    widths = block.widths or (100 // len(block.head),) * len(block.head)
    first_sum = len(block.rows) - block.totals
    rows: list[dict[str, Any]] = []
    for at, row in enumerate(block.rows):
        if isinstance(row, RowGroup):
            rows.append({"group": line(row.text, 100)})
            continue
        cells = [line(value, room) for value, room in zip(row, widths, strict=True)]
        lines = max(_length(value) / room for value, room in zip(row, widths, strict=True))
        rows.append({"cells": cells, "sum": at >= first_sum, "whole": lines <= _MAX_LINES})
    matrix = block.kind == "matrix"
    return {"head": [_head(name, matrix=matrix) for name in block.head], "rows": rows}


def _head(name: str, *, matrix: bool) -> list[Any]:
    if matrix and name in _TONES:
        return [{"is": "badge", "word": name, "tone": _TONES[name], "muted": True}]
    return [name]


def _length(value: Cell) -> int:
    return sum(_characters(piece) for piece in cell(value))


def _characters(piece: Any) -> int:
    if isinstance(piece, str):
        return len(piece)
    if hasattr(piece, "pieces"):
        return sum(map(_characters, piece.pieces))
    return len(getattr(piece, "text", ""))
