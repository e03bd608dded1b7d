"""The canonical order of events: the same in every copy of a review, whichever way the copies were merged.

Events are sorted by time, causal depth, id. The time is the stated one, but never before that of a cause: a
clock that is behind moves no event before what it replaces or continues. The depth is the length of the longest chain of
causes. A text that is no time sorts first. So an event follows its causes, a log reads in the order in which things happened as far as the clocks agree, and
nothing depends on the order of arrival.

Causes are the event before it in its chain, what it replaces and what it takes back. Ids are hashes over these, so there
is no circle. A cause that is not in the file counts as none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.workspace.events import Event

#: Sorts events: time, depth, id.
OrderKey = tuple[str, int, str]
_FIRST: Final[OrderKey] = ("", 0, "")
#: The form of every time in the record: ISO 8601, UTC.
TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)


class CanonicalOrder:
    """The places of events in the canonical order."""

    def __init__(self, events: Sequence[Event] = ()) -> None:
        self._keys: dict[str, OrderKey] = {}
        self._lacking: set[str] = set()
        self.add(events)

    def add(self, events: Sequence[Event]) -> bool:
        """Add events. Returns whether the places of the earlier ones stay, as they do unless a missing cause arrives."""
        keys, matches = self._keys, TIME.fullmatch
        late: dict[str, Event] = {}  # events that state causes that come after them in the sequence
        new = {event.id for event in events}
        stays = self._lacking.isdisjoint(new)
        for event in events:
            if late:
                late[event.id] = event
                continue
            time = event.at if matches(event.at) else ""
            depth = int(not event.prev and event.kind != "review.created")  # the beginning of the review comes first
            for cause in (event.prev, event.undoes, *event.replaces):
                if not cause:
                    continue
                found = keys.get(cause)
                if found is not None:
                    time = max(time, found[0])
                    depth = max(depth, found[1])
                elif cause in new:
                    late[event.id] = event
                    break
                else:
                    self._lacking.add(cause)
            else:
                keys[event.id] = (time, depth + 1, event.id)
        self._add_late(late)
        return stays

    def _add_late(self, late: dict[str, Event]) -> None:
        """Add events of which each may be a cause of any other; without recursion, because a chain may be long."""
        waiting = list(late.values())
        while waiting:
            event = waiting[-1]
            causes = [late[cause] for cause in _causes(event) if cause in late and cause not in self._keys]
            if event.id in self._keys or not causes:
                waiting.pop()
                self._keys[event.id] = self._place(event)
            else:
                waiting += causes

    def _place(self, event: Event) -> OrderKey:
        time = event.at if TIME.fullmatch(event.at) else ""
        depth = int(not event.prev and event.kind != "review.created")  # the beginning of the review comes first
        for cause in _causes(event):
            found = self._keys.get(cause, _FIRST)
            if found is _FIRST:
                self._lacking.add(cause)
            time, depth = max(time, found[0]), max(depth, found[1])
        return time, depth + 1, event.id

    def key(self, event: Event) -> OrderKey:
        """Return the place of an event that was added."""
        return self._keys[event.id]

    def sorted(self, events: Iterable[Event]) -> list[Event]:
        """Return events that were added in canonical order."""
        return sorted(events, key=self.key)


def in_order(events: Sequence[Event]) -> list[Event]:
    """Return events in canonical order."""
    return CanonicalOrder(events).sorted(events)


def _causes(event: Event) -> tuple[str, ...]:
    return tuple([cause for cause in (event.prev, event.undoes, *event.replaces) if cause])
