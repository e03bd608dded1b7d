"""Terminals that want no colours (`NO_COLOR`): emphasis is kept as attributes, and no colour code is sent."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter

from tui.desk.styles.themes import WITHOUT_COLOUR, theme_tokens

if TYPE_CHECKING:
    from textual.color import Color

_VALUES: Final = theme_tokens(WITHOUT_COLOUR)
#: Surfaces that are shown reversed: they carry a verdict, the cursor, or a key.
_FILLED: Final = frozenset(
    _VALUES[each] for each in ("select", "heat-top", "fill-green", "fill-amber", "fill-red", "fill-violet")
) - {_VALUES["ground"]}
_QUIET: Final = frozenset(_VALUES[each] for each in ("dim", "line", "track"))
_WITHOUT: Final = Style()


@cache
def _emphasis(style: Style) -> Style:
    """Return a style without its colours: filled is reversed, quiet is dim, bold and underlined stay."""
    color = style.color.get_truecolor().hex if style.color is not None else ""
    ground = style.bgcolor.get_truecolor(foreground=False).hex if style.bgcolor is not None else ""
    filled = ground in _FILLED or bool(style.reverse)
    return Style(
        bold=style.bold,
        underline=style.underline,
        italic=style.italic,
        reverse=filled or None,
        dim=(color in _QUIET and not filled) or None,
        meta=style.meta or None,
    )


class WithoutColour(LineFilter):
    """Replaces colours by attributes; the theme has to be the one without colours."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - signature of the library
        """Return segments of the same texts."""
        return [Segment(text, _emphasis(style or _WITHOUT), control) for text, style, control in segments]
