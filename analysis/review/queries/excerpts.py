"""The lines of a stored source that define a tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review import queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import SourceId, ToolId
    from analysis.review.session import Review

#: Maximum number of lines of an excerpt.
MAX_LINES = 200


def source_text(review: Review, source: SourceId) -> tuple[bytes, ...]:
    """Return the lines of the first file of a source, as stored; none where it is not stored."""
    files = queries.stored_files(review, source)
    return tuple(files[0][1].splitlines()) if files else ()


def excerpt(review: Review, tool: ToolId, limit: int = MAX_LINES) -> list[tuple[int, str]]:
    """Return (line number, stored text) of a tool's definition; see `excerpt_at`."""
    row = review.tool(tool).row
    return excerpt_at(source_text(review, row.source), row.line, limit)


def excerpt_at(stored: Sequence[bytes], start: int | None, limit: int = MAX_LINES) -> list[tuple[int, str]]:
    """Return (line number, text) of the definition that begins at a line; empty where no line is known.

    It ends where the indentation returns to that of its first line (JSON), or falls below it (YAML, where the first
    line is that of the first key), or after `limit` lines.
    """
    if start is None or not 1 <= start <= len(stored):
        return []
    lines = [text.decode("utf-8", "replace") for text in stored[start - 1 : start + limit - 1]]
    opens = lines[0].rstrip().endswith(("{", "["))
    margin = _indent(lines[0]) - (not opens)
    found = [(start, lines[0])]
    for number, text in enumerate(lines[1:], start + 1):
        if text.strip() and _indent(text) <= margin:
            if text.strip()[0] in "}]":
                found.append((number, text))
            break
        found.append((number, text))
    return found


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
