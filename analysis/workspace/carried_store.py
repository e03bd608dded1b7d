"""A store without a file: the events and rows that a packet carries, for reading only."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from analysis.workspace import file_schema
from analysis.workspace.chained_log import ChainedLog
from analysis.workspace.events import check_chains
from analysis.workspace.store import Store
from analysis.workspace.stored_rows import Derived

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.workspace.stored_rows import Rows


def carried_store(place: Path, events: Sequence[tuple[str, str, int, str]], rows: Rows) -> Store:
    """Return a store that cannot be written to.

    `events` are (id, replica, seq, body) in stored order, `rows` what follows from the sources, `place` what messages
    name. Raises `BrokenLogError` for events that do not fit together.
    """
    checked = check_chains(events)
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    file_schema.build(connection)
    connection.executemany(
        "INSERT INTO events (id, replica, seq, key, body) VALUES (?, ?, ?, ?, ?)",
        [(e.id, e.replica, e.seq, e.key, e.body) for e in checked],
    )
    return Store(
        place,
        connection,
        ChainedLog(connection, checked),
        engine="",
        writable=False,
        derived=Derived(rows, "", verified=True),
    )
