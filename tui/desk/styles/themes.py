"""The themes of the desk: the only place that names a colour. Each theme gives every token a value.

Tokens of text: `green`, `amber`, `red` (decisions), `blue` (focus and keys), `violet` (changed), `teal`, `sand`, `rose`
(inks of documents), `strong`, `text`, `soft`, `dim`, and `line` for frames. Tokens of surfaces: `ground`, `raised`,
`select`, `field`, `track`, `zebra`, `heat-0` to `heat-3`, `heat-top`, and the fills of the four signals; `on-fill` and
`on-top` are the text on fills and on the brightest heat cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App

#: Name of the theme in force where none was chosen, and where colours are not to be sent.
DEFAULT: Final = "dark"
WITHOUT_COLOUR: Final = "mono"

_NAMES: Final = ("dark", "light", "contrast", "mono")
#: Token -> its value in each theme, in the order of `_NAMES`. Contrasts are held by `tests/tui/desk/styles/test_contrast.py`.
_TOKENS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "green": ("#74e6a6", "#0f7040", "#5dff9b", "#e4e4e4"),
    "amber": ("#f4b740", "#8f5600", "#ffd400", "#e4e4e4"),
    "red": ("#ff6f66", "#a3121a", "#ff8f88", "#ffffff"),
    "blue": ("#62b5ff", "#0b5cad", "#6cc9ff", "#ffffff"),
    "violet": ("#d0abff", "#552a9c", "#eed6ff", "#e4e4e4"),
    "teal": ("#6cc9c2", "#0f6b68", "#8ff5ec", "#c6c6c6"),
    "sand": ("#d3c48f", "#6d5a12", "#f5e6a8", "#c6c6c6"),
    "rose": ("#f0a3b6", "#9c2f55", "#ffc2d1", "#e4e4e4"),
    "strong": ("#ffffff", "#000000", "#ffffff", "#ffffff"),
    "text": ("#e1e7ef", "#1d2228", "#ffffff", "#e4e4e4"),
    "soft": ("#b0bbc9", "#444c55", "#f0f0f0", "#c6c6c6"),
    "dim": ("#8a97a8", "#5d656e", "#d0d0d0", "#9e9e9e"),
    "line": ("#5d6a7c", "#85888c", "#c8c8c8", "#8a8a8a"),
    "ground": ("#0e131a", "#fbfaf7", "#000000", "#000000"),
    "raised": ("#1b2430", "#ebe9e2", "#000000", "#262626"),
    "select": ("#12314f", "#d6e6f7", "#003f7a", "#3a3a3a"),
    "field": ("#0a0e14", "#ffffff", "#000000", "#000000"),
    "track": ("#2c3745", "#d7d5ce", "#4d4d4d", "#3b3b3b"),
    "zebra": ("#111821", "#f6f4ef", "#000000", "#0c0c0c"),
    "heat-0": ("#161e28", "#f1efe9", "#000000", "#121212"),
    "heat-1": ("#222d3b", "#dfdfdb", "#1c1c1c", "#262626"),
    "heat-2": ("#334255", "#c3c7ca", "#333333", "#393939"),
    "heat-3": ("#4a5c73", "#a4abb2", "#4d4d4d", "#4e4e4e"),
    "heat-top": ("#bccadb", "#2b333c", "#ffffff", "#d0d0d0"),
    "on-top": ("#0e131a", "#ffffff", "#000000", "#000000"),
    "fill-green": ("#1a6a40", "#0f7040", "#5dff9b", "#d0d0d0"),
    "fill-amber": ("#835600", "#8f5600", "#ffd400", "#d0d0d0"),
    "fill-red": ("#ae2a2a", "#a3121a", "#ff8f88", "#ffffff"),
    "fill-violet": ("#43307a", "#552a9c", "#eed6ff", "#d0d0d0"),
    "on-fill": ("#ffffff", "#ffffff", "#000000", "#000000"),
}
#: Names of the library's own style sheets -> the token that they mean here.
_LIBRARY: Final = {
    "text-muted": "dim", "text-disabled": "dim", "text-primary": "blue", "text-secondary": "blue", "text-accent": "blue",
    "text-error": "red", "text-warning": "amber", "text-success": "green", "foreground-muted": "soft",
    "foreground-disabled": "dim", "primary-muted": "select", "surface-active": "select",
    "block-cursor-foreground": "strong", "block-cursor-background": "select", "block-cursor-blurred-foreground": "strong",
    "block-cursor-blurred-background": "raised", "block-hover-background": "raised", "border": "blue",
    "border-blurred": "line", "scrollbar": "line", "scrollbar-hover": "blue", "scrollbar-active": "blue",
    "scrollbar-background": "ground", "scrollbar-background-hover": "ground", "scrollbar-background-active": "ground",
    "scrollbar-corner-color": "ground", "input-cursor-background": "text", "input-cursor-foreground": "ground",
    "input-selection-background": "select", "input-selection-foreground": "strong", "link-color": "blue",
    "link-color-hover": "blue", "footer-key-foreground": "blue",
}  # fmt: skip


def theme_tokens(theme: str) -> dict[str, str]:
    """Return the value of every token in a theme. Raises `ValueError` for an unknown theme."""
    place = _NAMES.index(theme)
    return {token: values[place] for token, values in _TOKENS.items()}


def _theme(name: str) -> Theme:
    found = theme_tokens(name)
    return Theme(
        name=name,
        dark=name != "light",
        primary=found["blue"],
        secondary=found["blue"],
        accent=found["blue"],
        success=found["green"],
        warning=found["amber"],
        error=found["red"],
        foreground=found["text"],
        background=found["ground"],
        surface=found["raised"],
        panel=found["raised"],
        boost=found["field"],
        variables=found | {own: found[token] for own, token in _LIBRARY.items()},
    )


#: Every theme by name, in the order in which the key goes through them.
THEMES: Final[Mapping[str, Theme]] = {name: _theme(name) for name in _NAMES}


def register(app: App[None], theme: str = DEFAULT) -> None:
    """Give an application these themes in place of those of the library, and put one in force."""
    for each in THEMES.values():
        app.register_theme(each)
    app.theme = theme
    for name in app.available_themes.keys() - THEMES.keys():
        app.unregister_theme(name)


def after(theme: str) -> str:
    """Return the name of the theme after another one; after the last the first."""
    names = list(THEMES)
    return names[(names.index(theme) + 1) % len(names)]
