"""Paragraphs of styled text, before anything draws them: the desk wraps them into a pane, a command prints them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: (text, style name) parts, and how far wrapped lines are set in."""

    parts: tuple[tuple[str, str], ...]
    indent: int = 0


def line(*parts: str | tuple[str, str], indent: int = 0) -> Line:
    """Return a paragraph of plain strings and (text, style) pairs."""
    return Line(tuple((part, "") if isinstance(part, str) else part for part in parts), indent)
