"""Colours and drawing rules of the PDF: those of the style sheet of the page on a light ground, as literal values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: Typefaces next to the template, for text and for code.
SANS: Final = "Source Sans 3"
MONO: Final = "Source Code Pro"
#: Weight of what the style sheet sets in semibold: the one face that is there.
SEMIBOLD: Final = "600"
_LIGHT: Final = re.compile(r":root \{([^}]*)\}")
_TOKEN: Final = re.compile(r"--([\w-]+): ([^;]+);")
#: Rules for what is inside a drawing.
_DRAWING: Final = re.compile(r"^svg ((?:\.|text)[^{]*\{[^}]*\})", re.MULTILINE)
_USE: Final = re.compile(r"var\(--([\w-]+)\)")


@dataclass(frozen=True, slots=True)
class PrintStyle:
    """`tokens`: value of each custom property, by name. `drawing`: the style sheet that a drawing has inside."""

    tokens: dict[str, str]
    drawing: str


def print_style(sheet: str) -> PrintStyle:
    """Return the print style of a style sheet whose first rule sets the custom properties for a light ground."""
    light = _LIGHT.search(sheet)
    tokens = dict(_TOKEN.findall(light[1] if light else "")) | {"face": f'"{SANS}"', "mono": f'"{MONO}"'}
    rules = " ".join(_USE.sub(lambda use: tokens[use[1]], rule) for rule in _DRAWING.findall(sheet))
    return PrintStyle(tokens, rules.replace("font-weight: 650", f"font-weight: {SEMIBOLD}"))
