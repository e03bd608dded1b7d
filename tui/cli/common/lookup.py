"""From an argument to the tool or finding it names, and from tools to their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.model import FindingId
from analysis.review import queries
from analysis.text import visible
from analysis.words import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.model import Finding, ToolId
    from analysis.review.session import Review

#: Maximum number of tool names printed in one line.
_MAX_NAMES = 10


def resolve_tool(review: Review, text: str) -> ToolId:
    """Return the tool with this name or id. Raises `UsageError` with the nearest name."""
    states = review.tools()
    found = [s.row.id for s in states if s.row.id == text] or [s.row.id for s in states if s.row.name == text]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{len(found)} tools have this name", place=text, remedy=f"use an id, such as {found[0]}")
    near = nearest(text, [s.row.name for s in states])
    remedy = f"did you mean {near}?" if near else "list the tools with: clearance tools FILE"
    raise UsageError("there is no such tool in the review", place=text, remedy=remedy)


def resolve_finding(review: Review, text: str) -> Finding | None:
    """Return the finding with this id, grouped or single, or None."""
    listed = {each.id: each for each in review.summary().findings}
    return listed.get(FindingId(text)) or queries.findings_by_id(review).get(FindingId(text))


def resolve_subject(review: Review, text: str) -> str:
    """Return what a note may be attached to: the review, a question, a finding, or a tool by its name or id."""
    if text == "review" or text in {control.id for control, _, _ in queries.asked_controls(review)}:
        return text
    return text if resolve_finding(review, text) is not None else resolve_tool(review, text)


def tool_names(review: Review, tools: Iterable[ToolId]) -> str:
    """Return the names of tools on one line, and how many more there are."""
    names = [visible(review.tool(tool).row.name) for tool in tools]
    more = f" and {len(names) - _MAX_NAMES:,} more" if len(names) > _MAX_NAMES else ""
    return ", ".join(names[:_MAX_NAMES]) + more
