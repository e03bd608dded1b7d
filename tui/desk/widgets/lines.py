"""Paragraphs of styled text: the desk wraps them in a pane, a command prints them."""

from __future__ import annotations

from dataclasses import dataclass

#: A piece of text and the name of its style, one of `tui.desk.styles.ink.LOOKS`.
Part = tuple[str, str]
#: Pieces of text side by side.
Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: (text, style name) parts, and the indent of wrapped lines."""

    parts: Parts
    indent: int = 0


def line(*parts: str | Part, indent: int = 0) -> Line:
    """Return a paragraph of plain strings and (text, style) pairs."""
    return Line(parts_of(*parts), indent)


def parts_of(*parts: str | Part) -> Parts:
    """Return plain strings and (text, style) pairs as pairs."""
    return tuple((part, "") if isinstance(part, str) else part for part in parts)
