"""The events of an open file: read once, checked, in canonical order; later only what is new is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.workspace.events import check_chains
from analysis.workspace.order import CanonicalOrder, insert_in_order

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from analysis.workspace.events import Event

_READ: Final = "SELECT id, replica, seq, body FROM events WHERE n > ? ORDER BY n"
#: What a log was before a transaction: how many events had been added since it was read, and the heads.
Snapshot = tuple[int, dict[str, tuple[int, str]]]


class ChainedLog:
    """The events of a file; `heads` are the last event of each replica as (seq, id)."""

    def __init__(self, connection: sqlite3.Connection, events: Sequence[Event]) -> None:
        self._connection = connection
        self.order = CanonicalOrder(events)
        #: The events that were read, each after the one before it in its chain.
        self.as_stored = events
        self._ordered: list[Event] | None = None
        self.heads: dict[str, tuple[int, str]] = {}
        self._added: list[Event] = []
        self._count(events)

    @classmethod
    def read(cls, connection: sqlite3.Connection, known: Mapping[str, Event] | None = None) -> ChainedLog:
        """Read and check all events of a file; `known` ones are not read again. Raises `BrokenLogError`."""
        return cls(connection, check_chains(connection.execute(_READ, (-1 << 63,)), known=known))

    @property
    def events(self) -> list[Event]:
        """All events, in canonical order."""
        if self._ordered is None:
            self._ordered = self.order.sorted(self.as_stored)
        return self._ordered

    def refresh(self) -> list[Event]:
        """Read the events that other programs have committed; return them in canonical order. Raises `BrokenLogError`."""
        known, last = len(self.events), self._connection.execute("SELECT max(n) FROM events").fetchone()[0] or 0
        if last == known:  # rows are numbered from 1 without a gap, unless another program chose their numbers
            return []
        rows = self._connection.execute(_READ, (min(known, last),)).fetchall()
        ids = {event.id for event in self.events} if rows else set()
        arrived = check_chains([row for row in rows if row[0] not in ids], self.heads)
        self._keep(arrived)
        return self.order.sorted(arrived)

    def insert(self, events: Sequence[Event]) -> None:
        """Write events, each after the one before it in its chain, inside a transaction."""
        self._connection.executemany(
            "INSERT INTO events (id, replica, seq, key, body) VALUES (?, ?, ?, ?, ?)",
            [(e.id, e.replica, e.seq, e.key, e.body) for e in events],
        )
        self._keep(events)

    def snapshot(self) -> Snapshot:
        """Return what `restore` takes the log back to."""
        return len(self._added), dict(self.heads)

    def restore(self, before: Snapshot) -> None:
        """Take the log back, after a transaction was rolled back."""
        count, self.heads = before
        taken_back = {event.id for event in self._added[count:]}
        if taken_back:
            del self._added[count:]
            self._ordered = [event for event in self.events if event.id not in taken_back]

    def _keep(self, events: Sequence[Event]) -> None:
        self._added += events
        ordered = self.events
        if not self.order.add(events):  # a cause that was missing has arrived, and moves what follows from it
            self.order = CanonicalOrder([*ordered, *events])
            self._ordered = self.order.sorted([*ordered, *events])
        else:
            insert_in_order(ordered, events, self.order)
        self._count(events)

    def _count(self, events: Sequence[Event]) -> None:
        for event in events:
            self.heads[event.replica] = (event.seq, event.id)
