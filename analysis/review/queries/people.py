"""Who acted in a review, how often in which way, and from when to when."""

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
    """One actor: how many events of which kind, most frequent first, and the times of the first and the last."""

    name: str
    done: tuple[tuple[str, int], ...]
    first: str
    last: str

    @property
    def events(self) -> int:
        """How many events they recorded."""
        return sum(count for _, count in self.done)


def people(review: Review) -> tuple[Person, ...]:
    """Return everybody who acted in a review, who did most first."""
    entries: dict[str, list[LogEntry]] = {}
    for entry in queries.log(review):
        entries.setdefault(entry.actor, []).append(entry)
    found = [
        Person(
            name, tuple(Counter(e.kind for e in own).most_common()), min(e.at for e in own), max(e.at for e in own)
        )
        for name, own in entries.items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda person: -person.events))
