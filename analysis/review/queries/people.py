"""Actors of a review: their events by kind, and the times of their first and last event."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.review import queries

if TYPE_CHECKING:
    from analysis.model import LogEntry
    from analysis.review.session import Review


@dataclass(frozen=True, slots=True)
class Person:
    """One actor: number of events by kind, most frequent first, and the times of the first and the last."""

    name: str
    done: tuple[tuple[str, int], ...]
    first: str
    last: str

    @property
    def events(self) -> int:
        """The number of events that they recorded."""
        return sum(count for _, count in self.done)


def people_in(review: Review) -> tuple[Person, ...]:
    """Return the actors of a review, by number of events."""
    entries: dict[str, list[LogEntry]] = {}
    for entry in queries.audit_trail(review):
        entries.setdefault(entry.actor, []).append(entry)
    found = [
        Person(
            name, tuple(Counter(e.kind for e in own).most_common()), min(e.at for e in own), max(e.at for e in own)
        )
        for name, own in entries.items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda person: -person.events))
