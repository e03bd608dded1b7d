"""Preview of a review file: enough rows to fill a screen, before the whole file has been read and checked.

Only a file that is unchanged since this machine verified it has a preview: any other may hold rows that were tampered
with (see `stored_rows`). Every row shown is checked against its checksum, too. The chains of events and all other rows
are checked when the file is opened in full, before anything can be recorded.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.workspace import file_schema, replicas, side_files
from analysis.workspace.events import BrokenLogError, Event, read_event
from analysis.workspace.stored_rows.writing import row_checksum

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: The rows of the first source as they were written; tried first, because the other query reads the whole table.
_WRITTEN: Final = """SELECT id, source, position, body, packed, seal FROM tools
WHERE source = (SELECT id FROM sources ORDER BY position LIMIT 1) ORDER BY rowid LIMIT ?"""
_FIRST: Final = """SELECT t.id, t.source, t.position, t.body, t.packed, t.seal FROM tools t
JOIN sources s ON s.id = t.source ORDER BY s.position, t.position LIMIT ?"""
_REGISTERS: Final = ("decision", "risk", "type")


@dataclass(frozen=True, slots=True)
class Preview:
    """The light JSON data of the first tools, how many there are, and the events about the review and these tools."""

    rows: tuple[Any, ...]
    tools: int
    events: tuple[Event, ...]


def preview(path: Path, count: int, engine: str = "") -> Preview | None:
    """Return the preview of a review file; None where the file has to be opened in full first.

    Raises `InputRefused` or `WorkspaceRefused` for a file that Clearance did not write.
    """
    file_schema.check_header(path)
    card = replicas.card_of(path)
    if not card.is_of(engine) or not card.stamp or card.stamp != replicas.stamp(path):
        return None
    if side_files.existing(path):
        return None
    try:
        with closing(file_schema.connect(path, writable=False)) as connection:
            connection.execute("PRAGMA busy_timeout=0")  # only opening in full waits for another program
            if not file_schema.has_our_tables(connection):
                return None
            # Whether events of other copies count follows from all events, and from what is proven.
            if connection.execute("SELECT count(DISTINCT replica) FROM events").fetchone()[0] > 1:
                return None
            rows = _rows(connection, count)
            if any(row_checksum(*parts) != checksum for *parts, checksum in rows):
                return None
            keys = ["review", *(f"tool/{row[0]}/{register}" for row in rows for register in _REGISTERS)]
            total = connection.execute("SELECT count(*) FROM tools").fetchone()[0]
            return Preview(tuple(json.loads(row[3]) for row in rows), total, _events(connection, keys))
    except (sqlite3.Error, BrokenLogError, ValueError):
        return None


def _rows(connection: sqlite3.Connection, count: int) -> list[Any]:
    """Return the first tools in document order."""
    rows = connection.execute(_WRITTEN, (count,)).fetchall()
    if [position for _, _, position, *_ in rows] == list(range(count)):
        return rows
    return connection.execute(_FIRST, (count,)).fetchall()


def _events(connection: sqlite3.Connection, keys: Sequence[str]) -> tuple[Event, ...]:
    placeholders = ",".join("?" * len(keys))
    statement = f"SELECT body FROM events WHERE key IN ({placeholders}) ORDER BY n"  # noqa: S608 - question marks only
    return tuple(read_event(row[0]) for row in connection.execute(statement, keys))
