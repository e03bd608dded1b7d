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
from bisect import insort
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.workspace.events import Event

#: Sorts events: time, depth, id.
OrderKey = tuple[str, int, str]
_FIRST: Final[OrderKey] = ("", 0, "")
#: Number of new events from which sorting all is faster than inserting each.
_MANY: Final = 500
#: The form of every time in the record: ISO 8601, UTC.
TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)


class CanonicalOrder:
    """The places of events in the canonical order, computed when they are first asked for."""

    def __init__(self, events: Sequence[Event] = ()) -> None:
        self._keys: dict[str, OrderKey] = {}
        self._lacking: set[str] = set()
        self._given = events
        self._waiting = list(events)
        self._run: _Run | None = None  # of the waiting events, where they are in order as they are
        self._last = 0  # where among them those begin that were added last

    def copy(self) -> CanonicalOrder:
        """Return the same places, to which other events can be added."""
        self._work_out()
        made = CanonicalOrder()
        made._keys, made._lacking = dict(self._keys), set(self._lacking)
        return made

    def add(self, events: Sequence[Event]) -> bool:
        """Add events. Returns whether the places of the earlier ones stay, as they do unless a missing cause arrives."""
        if self._run is not None and self._run.goes_on(events):
            self._last = len(self._waiting)
            self._waiting += events
            return True
        self._work_out()
        return self._add(events)

    def comes_last(self, events: Iterable[Event]) -> bool:
        """Whether events, of those that were added last, are known to come after all others, as they are given."""
        if self._run is None:
            return False
        tail = iter(self._waiting[self._last :])
        return all(any(each is event for each in tail) for event in events)

    def _work_out(self) -> None:
        waiting, self._waiting, self._run = self._waiting, [], None
        if waiting:
            self._add(waiting)

    def _add(self, events: Sequence[Event]) -> bool:
        keys, matches = self._keys, TIME.fullmatch
        late: dict[str, Event] = {}  # events that state causes that come after them in the sequence
        new = {event[0] for event in events} if self._lacking else None
        stays = new is None or self._lacking.isdisjoint(new)
        stated, read = "", ""  # the time that was stated last, and what it is read as
        for event in events:
            identity, _, _, prev, _, at, kind, _, _, replaces, undoes, *_ = event
            if late:
                late[identity] = event
                continue
            if at != stated:
                stated, read = at, at if matches(at) else ""
            time, depth = read, 0 if prev or kind == "review.created" else 1  # the beginning of the review comes first
            for cause in (prev, undoes, *replaces) if undoes else (prev, *replaces):
                found = keys.get(cause)
                if found is not None:
                    time = max(time, found[0])
                    depth = max(depth, found[1])
                elif cause:
                    if new is None:
                        new = {event[0] for event in events}
                    if cause in new:
                        late[identity] = event
                        break
                    self._lacking.add(cause)
            else:
                keys[identity] = (time, depth + 1, identity)
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
        self._work_out()
        return self._keys[event.id]

    def sorted(self, events: Iterable[Event]) -> list[Event]:
        """Return events that were added in canonical order."""
        found = list(events)
        if events is self._given and self._waiting and self._run is None:
            run = _Run()
            if run.goes_on(self._waiting):
                self._run = run
                return list(self._waiting)
        elif self.comes_last(found):
            return found
        self._work_out()
        keys = self._keys
        return sorted(found, key=lambda event: keys[event.id])


class _Run:
    """Events that follow each other in canonical order, as far as that shows without computing their places.

    Each comes after its causes and is later than the one before, or follows it in its chain at the same time, and so is
    deeper. Most logs that one copy has written are like that.
    """

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._last = ""
        self._at = ""

    def goes_on(self, events: Iterable[Event]) -> bool:
        """Add events that go on like that; after the first one that does not, the run is of no use any more."""
        seen, last, at = self._seen, self._last, self._at
        for identity, _, _, prev, _, stated, _, _, _, replaces, undoes, *_ in events:
            if stated != at:
                if stated < at or not TIME.fullmatch(stated):
                    return False
                at = stated
            elif prev != last or not last:
                return False
            if (prev and prev not in seen) or (undoes and undoes not in seen) or not seen.issuperset(replaces):
                return False
            seen.add(identity)
            last = identity
        self._last, self._at = last, at
        return True


def insert_in_order(events: list[Event], added: Sequence[Event], order: CanonicalOrder) -> None:
    """Insert events into a list in canonical order; all of them were added to the order."""
    if order.comes_last(added):
        events += added
        return
    if len(added) > _MANY:
        events += added
        events.sort(key=order.key)
        return
    for event in added:
        insort(events, event, key=order.key)


def in_order(events: Sequence[Event]) -> list[Event]:
    """Return events in canonical order."""
    return CanonicalOrder(events).sorted(events)


def _causes(event: Event) -> tuple[str, ...]:
    return tuple([cause for cause in (event.prev, event.undoes, *event.replaces) if cause])


@lru_cache(maxsize=8192)
def is_time(text: str) -> bool:
    """Whether a text is a time of the calendar in the form of the record; the events of one action share one."""
    try:
        return TIME.fullmatch(text) is not None and datetime.fromisoformat(text[:19]) is not None
    except ValueError:
        return False
