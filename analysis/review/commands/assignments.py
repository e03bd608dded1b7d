"""Assign tools to the people who are to decide them. An assignment is no decision, and changes no verdict."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.review.commands.outcome import Outcome
from analysis.review.record import drafts
from analysis.text import visible
from analysis.workspace.keys import assignment_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import ToolId
    from analysis.review.session import Review
    from analysis.workspace import EventDraft


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, written YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def assign(review: Review, tools: Sequence[ToolId], to: str, *, due: str = "", actor: str, at: str) -> Outcome:
    """Assign tools to a person as one action, with the day (ISO date) by which they are to be decided, if there is one.

    An empty `to` takes the assignments back. Raises `UsageError` for a date that is none, or where nothing would change.
    """
    name, day = to.strip(), due.strip()
    if day and not is_day(day):
        raise UsageError("the due date is not a date", place=visible(day, 40), remedy="write YYYY-MM-DD")
    if day and not name:
        raise UsageError("a due date needs a person", remedy="name who is to decide")
    taken = [tool for tool in tools if name or review.tool(tool).assignment is not None]
    if not taken:
        raise UsageError("no tool is assigned", remedy="name tools that are: --where is:assigned")
    data = {"to": name, "due": day} if name else {}

    def make() -> list[EventDraft]:
        registers = review.record.registers
        return [
            drafts.replacing(registers, "tool.assigned", assignment_key(review.tool(t).row.id), data) for t in taken
        ]

    review.commit(make, actor, at)
    what = review.tool(taken[0]).row.name if len(taken) == 1 else f"{len(taken):,} tools"
    by = f", due {day}" if day else ""
    return Outcome(f"{what}: assigned to {name}{by}" if name else f"{what}: assigned to no one", tuple(taken))
