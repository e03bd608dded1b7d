"""Tables as HTML. On a phone a row becomes a block: its first cell is the heading, every other has its label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.output.packet.chapters.blocks import Bar, Cell, RowGroup, Table
from analysis.output.packet.chapters.inline import NONE, cell
from analysis.output.packet.render.markup import Html, h, safe_text
from analysis.output.packet.render.pieces import pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

_MATRIX = "matrix"
#: Marks of the columns of risk in the matrix, by their head.
_MARKS = {"low risk": "mark low", "medium risk": "mark med", "high risk": "mark high"}


def html_table(block: Table) -> Html:
    """Return a table with its head, its groups and its sums."""
    matrix = block.kind == _MATRIX
    columns = [h("col", class_=f"c{width}") for width in block.widths]
    names = h("tr", *(_head(name, number=at in block.numeric, marked=matrix) for at, name in enumerate(block.head)))
    first_sum = len(block.rows) - block.totals
    rows = [_row(block, row, total=at >= first_sum) for at, row in enumerate(block.rows)]
    return h(
        "table",
        h("caption", safe_text(block.caption.text), class_="" if block.captioned else "unseen"),
        *([h("colgroup", *columns)] if columns else []),
        h("thead", names),
        h("tbody", Html("\n".join(rows))),
        class_="mx" if matrix else "st",
    )


def _head(name: str, *, number: bool, marked: bool) -> Html:
    label = h("span", safe_text(name), class_=_MARKS[name]) if marked and name in _MARKS else safe_text(name)
    return h("th", label, scope="col", class_="r" if number else "")


def _row(block: Table, row: Sequence[Cell] | RowGroup, *, total: bool) -> Html:
    if isinstance(row, RowGroup):
        return h("tr", h("td", *pieces(row.text), colspan=str(len(block.head)), class_="hd"), class_="grp")
    cells = (_cell(block, at, value) for at, value in enumerate(row))
    return h("tr", *cells, class_="sum" if total else "")


def _cell(block: Table, at: int, value: Cell) -> Html:
    shown = cell(value)
    empty = shown == (NONE,)
    if block.kind == _MATRIX:
        if isinstance(shown[0], Bar):
            inside = h("div", *pieces(shown[:1]), h("span", *pieces(shown[1:])), class_="c")
        else:
            inside = h("span", *pieces(value))
        return h("td", inside, class_="r" if at else "")
    classes = " ".join(name for name, on in (("hd", not at), ("r", at in block.numeric), ("da", empty)) if on)
    # One box around the pieces: on a phone the cell is a grid of label and value.
    inside = h("div", *pieces(value))
    return h("td", inside, class_=classes, data_l="" if not at else block.head[at])
