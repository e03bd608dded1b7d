"""The moment at which a review stands: its last event, or the last end recorded in it that has passed since.

Events may come from machines whose clocks are wrong. What is dated after the reader's own clock tells no time: it moves
no deadline, and is named where a review says what it does not vouch for.

So an approval, an accepted risk or a piece of evidence runs out although nobody writes anything, and two exports of one
review are equal as long as nothing ran out between them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from analysis.model import ConditionKind, Skipped, Status, iso_date
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.workspace import Event, Registers

#: So many people with a wrong clock are named.
_NAMED = 3


def last_of(events: Sequence[Event], now: str) -> str:
    """Return the time of the last event that the reader's clock has reached; without a clock, of the last event.

    Where the clock has reached none of them, time stands at the clock.
    """
    return max((event.at for event in events if not now or event.at <= now), default=now)


def dated_ahead(events: Sequence[Event], now: str) -> tuple[Skipped, ...]:
    """Return what there is to say of events dated after the reader's day: how many, by whom, up to when.

    Some seconds between two clocks are no news, because deadlines are days.
    """
    ahead = [event for event in events if now and event.at[:10] > now[:10]]
    if not ahead:
        return ()
    people = list(dict.fromkeys(visible(event.actor, 60) for event in ahead))
    named = ", ".join(people[:_NAMED]) + (f" and {len(people) - _NAMED} more" if len(people) > _NAMED else "")
    count = f"{len(ahead)} events are" if len(ahead) > 1 else "1 event is"
    until = visible(max(event.at for event in ahead)[:10], 20)
    why = f"{count} dated in the future, up to {until}, by {named}: a clock is wrong, and no deadline follows it"
    return (Skipped("dates of events", why),)


def effective_time(registers: Registers, last: str, now: str) -> str:
    """Return the time of the last event, or the beginning of the day after an end that has passed by `now`."""
    if now[:10] <= last[:10]:
        return last
    passed = [end for end in _ends(registers) if last[:10] <= end < now[:10]]
    try:
        after = [date.fromisoformat(end) + timedelta(days=1) for end in passed]
    except (ValueError, OverflowError):  # a date that no calendar has ends nothing by itself
        return last
    return max([last, *(f"{day.isoformat()}T00:00:00Z" for day in after)])


def _ends(registers: Registers) -> Iterator[str]:
    """Yield every date on which something that holds runs out."""
    for area in ("tool", "finding", "control"):
        for key in registers.keys(area):
            for event in registers.heads(key):
                yield from filter(None, (iso_date(str(value)) for value in _stated(event.data)))


def _stated(data: dict[str, Any]) -> Iterator[str]:
    for condition in data.get("conditions", ()):
        if condition["kind"] == ConditionKind.EXPIRES:
            yield condition["value"]
    if data.get("status") == Status.ACCEPTED:
        yield data.get("until", "")
    for evidence in data.get("evidence", ()) if isinstance(data.get("evidence"), list) else ():
        yield evidence.get("valid_until", "")
