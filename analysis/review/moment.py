"""The moment at which a review stands: its last event, or the last end recorded in it that has passed since.

So an approval, an accepted risk or a piece of evidence runs out although nobody writes anything, and two exports of one
review are equal as long as nothing ran out between them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from analysis.model import ConditionKind, Status, iso_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.workspace import Registers


def stands_at(registers: Registers, last: str, now: str) -> str:
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
    for prefix in ("tool/", "finding/", "control/"):
        for key in registers.keys(prefix):
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
