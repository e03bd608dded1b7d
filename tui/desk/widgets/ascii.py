"""ASCII-only terminals: everything drawn passes one translation table on its way to the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tui.desk.widgets.symbols import TO_ASCII

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.strip import Strip

_UNUSED = Color(0, 0, 0)


class Ascii(LineFilter):
    """Replaces the characters of the desk and the library by ASCII; letters of a document stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - signature of the library
        """Return segments of the same widths."""
        return [
            segment if segment.text.isascii() else Segment(segment.text.translate(TO_ASCII), *segment[1:])
            for segment in segments
        ]


def in_ascii(strips: list[Strip], filters: Sequence[LineFilter]) -> list[Strip]:
    """Return lines that a widget has drawn itself, in ASCII if that filter is on."""
    ascii_filter = next((each for each in filters if isinstance(each, Ascii)), None)
    return strips if ascii_filter is None else [strip.apply_filter(ascii_filter, _UNUSED) for strip in strips]
