"""The lines of a stored source that define a tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review import queries

if TYPE_CHECKING:
    from analysis.model import ToolId
    from analysis.review.session import Review

#: Maximum number of lines of an excerpt.
MAX_LINES = 200


def excerpt(review: Review, tool: ToolId, limit: int = MAX_LINES) -> list[tuple[int, str]]:
    """Return (line number, stored text) of a tool's definition; empty where no line is known.

    It ends where the indentation returns to that of its first line (JSON), or falls below it (YAML, where the first
    line is that of the first key), or after `limit` lines.
    """
    row = review.tool(tool).row
    files = queries.stored_files(review, row.source)
    if row.line is None or not files:
        return []
    lines = files[0][1].decode("utf-8", "replace").splitlines()
    if not 1 <= row.line <= len(lines):
        return []
    opens = lines[row.line - 1].rstrip().endswith(("{", "["))
    margin = _indent(lines[row.line - 1]) - (not opens)
    found = [(row.line, lines[row.line - 1])]
    for number, text in enumerate(lines[row.line : row.line + limit - 1], row.line + 1):
        if text.strip() and _indent(text) <= margin:
            if text.strip()[0] in "}]":
                found.append((number, text))
            break
        found.append((number, text))
    return found


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
