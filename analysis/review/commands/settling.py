"""Settle what a merge left open: a register on which reviewers differ, or an event that cannot be understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from analysis.errors import CheckFailed, UsageError
from analysis.review.commands.outcome import Outcome
from analysis.review.record import drafts
from analysis.review.record.conflicts import conflicts
from analysis.review.record.forms import FIELDS, LEFT_ASIDE
from analysis.review.record.history import event_sentence
from analysis.workspace.keys import event_key, parse_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.review.record.understanding import SetAside
    from analysis.review.session import Review
    from analysis.workspace import EventDraft

_T = TypeVar("_T")
#: Shortest beginning of an id that names an event.
_MIN_PREFIX = 6


def settle(review: Review, event: str, *, reason: str, actor: str, at: str) -> Outcome:
    """Settle by one event what an event is part of; `event` is its id, or the beginning of one.

    Of a conflict, its side is taken; an event that was set aside is left aside. Raises `UsageError` for an event that is
    neither, and `CheckFailed` where only a new decision settles it.
    """
    if not reason.strip():
        raise UsageError("settling needs a reason", remedy="say in a few words why")
    aside = _named(event, {each.event.id: each for each in review.record.unsettled})
    if aside is not None:
        return _leave_aside(review, aside, reason.strip(), actor, at)
    side = _named(event, {s.id: s for each in conflicts(review.record.registers) for s in each.sides})
    if side is None:
        raise UsageError(
            "no open conflict has this event", place=event, remedy="list them with: clearance conflicts FILE"
        )
    data = dict(side.data)
    if side.kind == "tool.decided":
        data = {"exposure": None} | data
    if data and "reason" in FIELDS[side.kind]:
        data["reason"] = reason.strip()

    def make() -> list[EventDraft]:
        registers = review.record.registers
        if side.id not in registers.head_ids(side.key):
            raise CheckFailed("it was settled in the meantime", place=side.key)
        return [drafts.replacing(registers, side.kind, side.key, data)]

    review.commit(make, actor, at)
    tool = review.tool_of(side)
    names: dict[str, str] = {tool: review.tool(tool).row.name} if tool is not None else {}
    return Outcome(f"settled: {event_sentence(side, names)}", (tool,) if tool is not None else ())


def _leave_aside(review: Review, aside: SetAside, reason: str, actor: str, at: str) -> Outcome:
    if not aside.readable:
        raise CheckFailed(
            "no packet could carry this event", place=aside.event.id, why=aside.why,
            remedy="make a new copy without it: merge this file into a copy from before it",
        )  # fmt: skip
    if parse_key(aside.event.key).name == "decision" and review.tool_of(aside.event) is not None:
        raise CheckFailed(
            "only a new decision settles this", place=aside.event.key, why=aside.why, remedy="decide the tool again"
        )
    key = event_key(aside.event.id)
    review.commit(lambda: [drafts.replacing(review.record.registers, LEFT_ASIDE, key, {"reason": reason})], actor, at)
    return Outcome(f"left aside: an event by {aside.event.actor or 'no one'} ({aside.why})")


def _named(beginning: str, by_id: Mapping[str, _T]) -> _T | None:
    """Return what an id or the beginning of one names. Raises `UsageError` where several begin so."""
    found = [
        each for identity, each in by_id.items() if len(beginning) >= _MIN_PREFIX and identity.startswith(beginning)
    ]
    if len(found) > 1:
        raise UsageError(f"{len(found)} events begin so", place=beginning, remedy="give more of the id")
    return found[0] if found else None
