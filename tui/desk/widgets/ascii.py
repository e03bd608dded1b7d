"""A desk for terminals that show ASCII only: what is drawn goes through one table on its way to the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tui.desk.widgets.symbols import TO_ASCII

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.strip import Strip

_ANY = Color(0, 0, 0)


class Ascii(LineFilter):
    """Puts ASCII in the place of all that the desk and the library draw; other letters of a document stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the library's
        """Return segments of the same widths."""
        return [
            segment if segment.text.isascii() else Segment(segment.text.translate(TO_ASCII), *segment[1:])
            for segment in segments
        ]


def lettered(strips: list[Strip], filters: Sequence[LineFilter]) -> list[Strip]:
    """Return lines that a widget has drawn and coloured itself, in the letters that this terminal shows."""
    plain = next((each for each in filters if isinstance(each, Ascii)), None)
    return strips if plain is None else [strip.apply_filter(plain, _ANY) for strip in strips]
