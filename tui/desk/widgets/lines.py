"""Paragraphs of styled text: the desk wraps them in a pane, a command prints them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: (text, style name) parts, and the indent of wrapped lines."""

    parts: tuple[tuple[str, str], ...]
    indent: int = 0


def line(*parts: str | tuple[str, str], indent: int = 0) -> Line:
    """Return a paragraph of plain strings and (text, style) pairs."""
    return Line(tuple((part, "") if isinstance(part, str) else part for part in parts), indent)
