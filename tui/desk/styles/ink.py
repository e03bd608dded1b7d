"""The styles that line renderers draw in: by name and surface, resolved once per theme.

A style is a token and a weight. Colour says what people decided and what stops a sign-off, where the keyboard is, and
what a document consists of; risk and severity below critical are weight alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakKeyDictionary

from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from tui.desk.styles.themes import DEFAULT, theme_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from textual.app import App
    from textual.filter import LineFilter


class Look(NamedTuple):
    """A style: the token of its text, its weight, and the surface that it brings along, if it does."""

    colour: str = "text"
    bold: bool = False
    underline: bool = False
    surface: str = ""


#: Name -> style, for cells of tables and parts of paragraphs. An unknown name is a mistake and raises `KeyError`.
LOOKS: Final[Mapping[str, Look]] = {
    "": Look(),
    "strong": Look("strong", bold=True),
    "bright": Look("strong"),
    "soft": Look("soft"),
    "dim": Look("dim"),
    "line": Look("line"),
    "track": Look("track"),
    "title": Look("text", bold=True),
    "focus": Look("blue", bold=True),
    "key": Look("blue", bold=True),
    "link": Look("blue"),
    "mark": Look("strong", bold=True, underline=True),
    "against": Look("dim"),
    # risk and severity
    "critical": Look("red", bold=True),
    "high": Look("strong", bold=True),
    "medium": Look("text"),
    "low": Look("dim"),
    # decisions, and what stops a sign-off
    "approved": Look("green"),
    "conditional": Look("amber"),
    "blocked": Look("red"),
    "undecided": Look("dim"),
    "good": Look("green"),
    "warn": Look("strong"),
    "bad": Look("red", bold=True),
    # what changed
    "changed": Look("violet"),
    "added": Look("on-fill", bold=True, surface="fill-violet"),
    "gone": Look("soft", surface="track"),
    # inks of documents
    "read": Look("teal"),
    "write": Look("sand"),
    "delete": Look("rose"),
    "name": Look("teal"),
    "string": Look("sand"),
    "reference": Look("rose"),
    # chips and bands
    "chip-approvable": Look("on-fill", bold=True, surface="fill-green"),
    "chip-conditions": Look("on-fill", bold=True, surface="fill-amber"),
    "chip-blocked": Look("on-fill", bold=True, surface="fill-red"),
    "chip-open": Look("strong", bold=True, surface="track"),
    "tab": Look("strong", bold=True, surface="select"),
}
#: On the row of the cursor, quiet tokens are one step louder, so that their contrast holds.
_ON_SELECT: Final = {"dim": "soft", "text": "strong", "line": "dim"}
#: On fills and on the brightest cell of the heat matrix there is one colour of text.
_ON: Final = {
    "heat-top": "on-top",
    "fill-green": "on-fill",
    "fill-amber": "on-fill",
    "fill-red": "on-fill",
    "fill-violet": "on-fill",
}
#: On the middle cells of the heat matrix, quiet text is as loud as the rest.
_ON_HEAT: Final = {"dim": "text", "soft": "text"}
_INKS: WeakKeyDictionary[App[Any], Ink] = WeakKeyDictionary()


def css_style(name: str) -> str:
    """Return a style by name as the library's widgets write it; the surface is theirs."""
    look = LOOKS[name]
    words = (*(["bold"] if look.bold else []), *(["underline"] if look.underline else []), f"${look.colour}")
    return " ".join(words)


class Ink:
    """The styles of one theme, as this terminal shows them."""

    def __init__(self, values: Mapping[str, str], filters: Sequence[LineFilter] = ()) -> None:
        self.key: object = None
        self._values = values
        self._filters = filters
        self._styles: dict[tuple[str, str], Style] = {}

    def __call__(self, name: str, surface: str = "ground") -> Style:
        """Return a style by name on a surface. Raises `KeyError` for a name that there is not."""
        style = self._styles.get((name, surface))
        if style is None:
            style = self._styles[name, surface] = self._resolved(LOOKS[name], surface)
        return style

    def _resolved(self, look: Look, surface: str) -> Style:
        ground = look.surface or surface
        token = _ON.get(ground, look.colour)
        if not look.surface and ground == "select":
            token = _ON_SELECT.get(token, token)
        elif ground in {"heat-2", "heat-3"}:
            token = _ON_HEAT.get(token, token)
        style = self.plain(token, ground, bold=look.bold, underline=look.underline)
        for each in self._filters:
            shown = each.apply([Segment(" ", style)], Color.parse(self._values[ground]))[0].style
            style = style if shown is None else shown
        return style

    def plain(self, token: str, surface: str, *, bold: bool = False, underline: bool = False) -> Style:
        """Return the style of a token on a surface, before the filters of the terminal."""
        value = self._values
        return Style(color=value[token], bgcolor=value[surface], bold=bold or None, underline=underline or None)


def ink_of(app: App[Any]) -> Ink:
    """Return the styles of an application: of its theme, made once; of the default one if the theme is not ours."""
    filters = tuple(app.get_line_filters())
    key = (app.theme, *map(id, filters))
    ink = _INKS.get(app)
    if ink is None or ink.key != key:
        variables = app.theme_variables
        ink = Ink({token: variables.get(token, value) for token, value in theme_tokens(DEFAULT).items()}, filters)
        ink.key = key
        _INKS[app] = ink
    return ink
