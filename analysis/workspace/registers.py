"""Registers: what of a log is live, by key. Pure: the same events in any order give the same registers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.workspace.keys import parse_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.workspace.events import Event


class Registers:
    """The live heads of every key: the events of the key minus all that a later event replaces.

    Set operations only, so the order in which events arrive does not matter. An event that was set aside is no head and
    replaces nothing; the next event of its key replaces it, which settles it. One that waits for its proof is the same,
    until it is added.
    """

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._live: dict[str, dict[str, Event]] = {}
        self._replaced: set[tuple[str, str]] = set()
        self._aside: dict[str, dict[str, Event]] = {}
        self._waiting: dict[str, dict[str, Event]] = {}
        self._areas: dict[str, list[str]] = {}
        self._notes: dict[str, list[str]] = {}
        #: The tools of which something besides the decision was recorded.
        self.overridden: set[str] = set()
        for event in events:
            self.add(event)

    def add(self, event: Event, *, replaces: bool = True) -> None:
        """Add one event; with `replaces` false it is heard next to what it says that it replaces."""
        key = event.key
        heads = self._live.get(key)
        if heads is None:
            parsed = parse_key(key)
            self._areas.setdefault(parsed.area, []).append(key)
            if parsed.area == "tool" and parsed.name != "decision":
                self.overridden.add(parsed.subject)
            if parsed.area == "note":
                self._notes.setdefault(parsed.subject, []).append(key)
            heads = self._live[key] = {}
        if replaces:
            for identity in event.replaces:
                self._replaced.add((key, identity))
                heads.pop(identity, None)
        if self._aside and key in self._aside:
            self._aside[key].pop(event.id, None)
            self._waiting.get(key, {}).pop(event.id, None)
        if (key, event.id) not in self._replaced:
            heads[event.id] = event

    def leave_aside(self, event: Event, *, waits: bool = False) -> None:
        """Note an event that nothing is derived from; one that `waits` is understood, and may be added later."""
        self._aside.setdefault(event.key, {})[event.id] = event
        if waits:
            self._waiting.setdefault(event.key, {})[event.id] = event

    def waiting(self, key: str) -> list[Event]:
        """Return the events of a key that wait and that nothing replaces, in order of id."""
        found = self._waiting.get(key)
        if not found:
            return []
        return sorted((e for e in found.values() if (key, e.id) not in self._replaced), key=lambda event: event.id)

    @property
    def keys_waiting(self) -> list[str]:
        """The keys of which an event waits."""
        return [key for key in self._waiting if self.waiting(key)]

    def replaced(self, event: Event) -> bool:
        """Whether a later event of its key replaces an event."""
        return (event.key, event.id) in self._replaced

    def heads(self, key: str) -> list[Event]:
        """Return the live events of a key, in order of id, so that every replica sees the same order."""
        live = self._live.get(key)
        if not live:
            return []
        return list(live.values()) if len(live) == 1 else sorted(live.values(), key=lambda event: event.id)

    def head_ids(self, key: str) -> tuple[str, ...]:
        """Return the ids of all that the next event of a key replaces: its live events, and those left aside."""
        aside = {identity for identity in self._aside.get(key, ()) if (key, identity) not in self._replaced}
        return tuple(sorted(aside | self._live.get(key, {}).keys()))

    def notes(self, subject: str) -> list[str]:
        """Return the keys of the notes on a subject."""
        return self._notes.get(subject, [])

    def keys(self, area: str) -> list[str]:
        """Return the keys of an area, such as `tool`, that have a live event."""
        return [key for key in self._areas.get(area, ()) if self._live[key]]
