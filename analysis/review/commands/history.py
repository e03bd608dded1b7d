"""Undo and redo: each actor takes back their own actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import CheckFailed
from analysis.review.commands.outcome import Outcome
from analysis.review.record import history

if TYPE_CHECKING:
    from analysis.review.session import Review
    from analysis.workspace import Event, EventDraft


def undo(review: Review, *, actor: str, at: str) -> Outcome:
    """Take back the last action of an actor. Raises `CheckFailed` when there is none."""
    return _step(review, 0, "undo", "undone", actor, at)


def redo(review: Review, *, actor: str, at: str) -> Outcome:
    """Take back the last undo of an actor. Raises `CheckFailed` when there is none."""
    return _step(review, 1, "redo", "done again", actor, at)


def _step(review: Review, stack_index: int, name: str, past: str, actor: str, at: str) -> Outcome:
    action: list[Event] = []

    def make() -> list[EventDraft]:
        stack = history.stacks(review.record.understood, actor)[stack_index]
        if not stack:
            raise CheckFailed(f"there is nothing to {name}", remedy="each person takes back their own actions only")
        action[:] = stack[-1]
        return history.reverting_drafts(action, review.record.understood, review.record.registers)

    review.commit(make, actor, at)
    tools = tuple(dict.fromkeys(tool for event in action if (tool := review.tool_of(event)) is not None))
    plain = action if name == "undo" else history.original_events(action, review.record.understood)
    names: dict[str, str] = {tool: review.tool(tool).row.name for tool in tools}
    what = history.event_sentence(plain[0], names) if len(action) == 1 else f"{len(action)} changes"
    return Outcome(f"{past}: {what}", tools)
