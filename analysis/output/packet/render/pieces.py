"""The pieces of a line as HTML: words, codes, states, gaps, and the small pictures between them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from analysis import text
from analysis.output.packet.chapters.blocks import (
    Badge,
    Bar,
    Cell,
    Code,
    Gap,
    Inline,
    SafeText,
    Small,
    Squares,
    Step,
    Strong,
    Timestamp,
)
from analysis.output.packet.chapters.inline import cell
from analysis.output.packet.render import svg
from analysis.output.packet.render.markup import Html, h, outside_text, safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator


#: Maximum number of pieces whose HTML is kept: states, types and people recur in every row of a table.
_MAX_KEPT: Final = 1_024


def pieces(value: Cell) -> Iterator[Html]:
    """Yield the pieces of a cell; a dash if it is empty."""
    return map(_inline, cell(value))


def swatch(state: str) -> Html:
    """Return a sample of how a state is drawn."""
    return svg.bar(Bar(((state, 1),), 14, 10))


@lru_cache(_MAX_KEPT)
def _inline(piece: Inline) -> Html:  # noqa: PLR0911 - a case for each kind of piece
    match piece:
        case SafeText():
            return safe_text(piece.text)
        case str():
            return outside_text(piece)
        case Code():
            shown = Html(text.html(piece.text, piece.limit).replace("/", "/<wbr>"))
            return h("code", h("bdi", shown))
        case Badge():
            return h("span", safe_text(piece.word), class_=f"mark {piece.tone}".strip())
        case Timestamp():
            return h("time", safe_text(piece.text))
        case Gap():
            return h("span", safe_text(piece.word.text), class_="miss" if piece.required else "s")
        case Strong():
            return h("b", *map(_inline, piece.pieces))
        case Small():
            return h("span", *pieces(piece.pieces), class_="s" if piece.inside else "s line")
        case Bar():
            return svg.bar(piece)
        case Squares():
            return svg.strip(piece)
        case Step():
            return svg.step(piece)
