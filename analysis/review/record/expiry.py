"""The effective time of a review: its last event, or the last recorded expiry date that has passed since.

An approval, an accepted risk or a piece of evidence expires without any new event, and two exports of one review are
equal as long as nothing expired between them.

Events may come from machines whose clocks are wrong. An event dated after the reader's own clock does not set the time
and moves no deadline; it is listed among what was not checked.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from analysis.model import ConditionKind, Skipped, Status, iso_date
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.workspace import Event, Registers

#: Maximum number of actors with a wrong clock that are named.
_MAX_ACTORS = 3


def last_event_time(events: Sequence[Event], now: str) -> str:
    """Return the time of the last event that the reader's clock has reached; without a clock, of the last event.

    Where the clock has reached none of them, it is the time of the clock.
    """
    return max((event.at for event in events if not now or event.at <= now), default=now)


def dated_ahead(events: Sequence[Event], now: str) -> tuple[Skipped, ...]:
    """Report events dated after the reader's day: how many, by whom, up to when.

    A difference of seconds between two clocks is not reported, because deadlines are dates.
    """
    ahead = [event for event in events if now and event.at[:10] > now[:10]]
    if not ahead:
        return ()
    people = list(dict.fromkeys(visible(event.actor, 60) for event in ahead))
    more = f" and {len(people) - _MAX_ACTORS} more" if len(people) > _MAX_ACTORS else ""
    named = ", ".join(people[:_MAX_ACTORS]) + more
    count = f"{len(ahead)} events are" if len(ahead) > 1 else "1 event is"
    until = visible(max(event.at for event in ahead)[:10])
    why = f"{count} dated in the future, up to {until}, by {named}: a clock is wrong, and no deadline follows it"
    return (Skipped("dates of events", why),)


def effective_time(registers: Registers, last: str, now: str) -> str:
    """Return the time of the last event, or midnight after the latest expiry date that has passed by `now`."""
    if now[:10] <= last[:10]:
        return last
    passed = [day for day in _expiry_dates(registers) if last[:10] <= day < now[:10]]
    try:
        after = [date.fromisoformat(day) + timedelta(days=1) for day in passed]
    except (ValueError, OverflowError):  # not a calendar date: it expires nothing
        return last
    return max([last, *(f"{day.isoformat()}T00:00:00Z" for day in after)])


def _expiry_dates(registers: Registers) -> Iterator[str]:
    """Yield the expiry dates of decisions, accepted risks and evidence in effect."""
    for area in ("tool", "finding", "control"):
        for key in registers.keys(area):
            for event in registers.heads(key):
                yield from filter(None, (iso_date(str(value)) for value in _recorded_dates(event.data)))


def _recorded_dates(data: dict[str, Any]) -> Iterator[str | None]:
    for condition in data.get("conditions", ()):
        if condition["kind"] == ConditionKind.EXPIRES:
            yield condition["value"]
    if data.get("status") == Status.ACCEPTED:
        yield data.get("until")
    for evidence in data["evidence"] if isinstance(data.get("evidence"), list) else ():
        yield evidence.get("valid_until")
