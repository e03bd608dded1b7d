"""The review file: the only module with SQL on its rows.

Events are the record; sources, tools and findings are derived and can be rebuilt. Derived rows carry a seal, so
that a flipped byte is noticed and never shown as a fact.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import WorkspaceRefused
from analysis.workspace import replicas, schema, side_files
from analysis.workspace.events import BrokenLogError, Draft, Event, check_chains, record
from analysis.workspace.files import check_name, exists_already, put_in_place, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class SourceRows:
    """Everything derived from one source, ready to be written: JSON text, and packed bytes."""

    id: str
    body: str
    files: tuple[tuple[str, bytes], ...]  # (relative name, raw bytes)
    tools: tuple[tuple[str, str, str], ...]  # (tool id, light JSON, heavy JSON)
    findings: tuple[tuple[str, str], ...]  # (finding id, JSON)


def seal(*parts: str | bytes | int) -> str:
    """Return the seal of a derived row: SHA-256 over its parts, each with its length."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode()
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()


class Store:
    """An open review file. Every write is one transaction that is on the disk when the call returns."""

    def __init__(self, path: Path, connection: sqlite3.Connection, events: list[Event], *, writable: bool) -> None:
        self.path = path
        self.writable = writable
        self._connection = connection
        self.events = events
        self._heads: dict[str, tuple[int, str]] = {}
        self._count(events)
        self.replica = replicas.known_replica(path, self._heads) or replicas.new_replica()

    # opening -------------------------------------------------------------------------------------------

    @classmethod
    def create(
        cls, path: Path, drafts: Sequence[Draft], *, actor: str, at: str, rows: Sequence[SourceRows] = ()
    ) -> Store:
        """Make a new file that appears whole or not at all. Raises `WorkspaceRefused`, also if it exists."""
        try:
            check_name(path)
            side_files.check_free(path)
            exists = path.exists()
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new") if not exists else (-1, "")
        except (OSError, ValueError) as error:
            raise unwritable(path, error, "choose a folder you may write to with -w FILE") from None
        if exists:
            raise exists_already(path)
        os.close(handle)
        draft = Path(name)
        try:
            connection = sqlite3.connect(draft, isolation_level=None, check_same_thread=False)
            schema.build(connection)
            new = cls(path, connection, [], writable=True)
            with new.transaction():
                new.append(drafts, actor=actor, at=at)
                for source in rows:
                    new.put_source(source)
            connection.close()
            put_in_place(draft, path)
        except FileExistsError:
            raise exists_already(path) from None
        except (sqlite3.Error, OSError) as error:
            raise unwritable(path, error, "free some space and try again") from None
        finally:
            draft.unlink(missing_ok=True)
            Path(f"{draft}-journal").unlink(missing_ok=True)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path, *, writable: bool = True) -> Store:
        """Open a file after checking header, tables, pages, seals and chains. Read-only files open as such."""
        schema.check_header(path)
        check_name(path)
        crashed = side_files.check(path)
        if crashed and not os.access(path.parent, os.W_OK):
            raise schema.refuse(
                path, "the journal of a crash lies beside it", "make its folder writable, then open it again"
            )
        writable = writable and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
        try:
            # What a crash left beside the file is taken back by SQLite, which has to write for it.
            connection = schema.connect(path, writable=writable or crashed)
            schema.check_schema(connection, path)
            rows = connection.execute("SELECT id, replica, seq, body FROM events ORDER BY n").fetchall()
            events = check_chains(rows)
            store = cls(path, connection, events, writable=writable)
            store._check_seals()
        except BrokenLogError as error:
            raise schema.refuse(path, str(error), "restore a copy; this file was not changed") from None
        except (sqlite3.Error, UnicodeError) as error:
            raise schema.unreadable(path, error) from None
        if not events:
            raise schema.refuse(path, "it holds no events", "restore a copy; this file was not changed")
        return store

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _check_seals(self) -> None:
        checks = (
            ("sources", "SELECT id, position, body, seal FROM sources"),
            ("files", "SELECT id, source, packed, seal FROM files"),
            ("tools", "SELECT id, source, position, body, packed, seal FROM tools"),
            ("findings", "SELECT id, source, position, body, seal FROM findings"),
        )
        for table, statement in checks:
            for *parts, sealed in self._connection.execute(statement):
                if seal(*parts) != sealed:
                    raise schema.refuse(
                        self.path,
                        f"a row of {table} was changed outside Clearance",
                        "restore a copy; this file was not changed",
                    )

    # writing -------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def transaction(self) -> Iterator[bool]:
        """Hold the write lock; commit at the end, take everything back on any error.

        Yields whether another program had written in the meantime, so that what was folded must be folded again.
        """
        if not self.writable:
            raise WorkspaceRefused(
                "the review file is read-only", place=str(self.path),
                remedy="copy it to a folder you may write to, and open the copy",
            )  # fmt: skip
        if self.replica not in self._heads and not replicas.has_written(self.path):
            replicas.remember(self.path, self.replica, 0, "")
        before = (len(self.events), dict(self._heads))
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            changed = self.refresh()
            before = (len(self.events), dict(self._heads))
            yield changed
            self._connection.execute("COMMIT")
        except BaseException as error:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            del self.events[before[0] :]
            self._heads = before[1]
            if isinstance(error, sqlite3.Error):
                raise WorkspaceRefused(
                    "nothing was recorded", place=str(self.path), why=str(error),
                    remedy="close other programs that use the file, free some space, then do it again",
                ) from error  # fmt: skip
            raise
        if self.replica in self._heads:
            replicas.remember(self.path, self.replica, *self._heads[self.replica])

    def append(self, drafts: Sequence[Draft], *, actor: str, at: str) -> list[Event]:
        """Record drafts as one batch, inside a `transaction`. Returns the events."""
        recorded: list[Event] = []
        seq, prev = self._heads.get(self.replica, (0, ""))
        batch = f"{self.replica}-{seq + 1}" if len(drafts) > 1 else ""
        for draft in drafts:
            event = record(draft, replica=self.replica, seq=seq + 1, prev=prev, actor=actor, at=at, batch=batch)
            seq, prev = event.seq, event.id
            recorded.append(event)
        self._connection.executemany(
            "INSERT INTO events (id, replica, seq, key, body) VALUES (?, ?, ?, ?, ?)",
            [(e.id, e.replica, e.seq, e.key, e.body) for e in recorded],
        )
        self.events.extend(recorded)
        self._count(recorded)
        return recorded

    def put_source(self, rows: SourceRows) -> None:
        """Replace everything derived from a source, inside a `transaction`."""
        import sqlite_utils  # noqa: PLC0415 - costs more to import than a review costs to open

        run = self._connection.execute
        stated = run("SELECT position FROM sources WHERE id = ?", (rows.id,)).fetchone()
        position = stated[0] if stated else run("SELECT count(*) FROM sources").fetchone()[0]
        run("DELETE FROM sources WHERE id = ?", (rows.id,))
        for table in ("files", "tools", "findings"):
            run(f"DELETE FROM {table} WHERE source = ?", (rows.id,))  # noqa: S608 - names are ours
        database = sqlite_utils.Database(self._connection, execute_plugins=False)
        database.table("sources").insert(
            {"id": rows.id, "position": position, "body": rows.body, "seal": seal(rows.id, position, rows.body)}
        )
        database.table("files").insert_all(self._file_rows(rows))
        database.table("tools").insert_all(self._tool_rows(rows))
        database.table("findings").insert_all(
            {"id": i, "source": rows.id, "position": n, "body": body, "seal": seal(i, rows.id, n, body)}
            for n, (i, body) in enumerate(rows.findings)
        )

    def restate(self, source: str, body: str) -> None:
        """Replace what is said of a source itself, inside a `transaction`; its tools and findings stay."""
        run = self._connection.execute
        position = run("SELECT position FROM sources WHERE id = ?", (source,)).fetchone()[0]
        run("UPDATE sources SET body = ?, seal = ? WHERE id = ?", (body, seal(source, position, body), source))

    @staticmethod
    def _file_rows(rows: SourceRows) -> Iterator[dict[str, Any]]:
        for name, raw in rows.files:
            identity, packed = f"{rows.id}/{name}", zlib.compress(raw, 6)
            yield {"id": identity, "source": rows.id, "packed": packed, "seal": seal(identity, rows.id, packed)}

    @staticmethod
    def _tool_rows(rows: SourceRows) -> Iterator[dict[str, Any]]:
        for position, (identity, body, heavy) in enumerate(rows.tools):
            packed = zlib.compress(heavy.encode(), 1)
            sealed = seal(identity, rows.id, position, body, packed)
            yield {
                "id": identity, "source": rows.id, "position": position, "body": body, "packed": packed, "seal": sealed
            }  # fmt: skip

    # reading -------------------------------------------------------------------------------------------

    def sources(self) -> list[Any]:
        """Return the JSON data of every source, in the order of their import."""
        return [json.loads(row[0]) for row in self._connection.execute("SELECT body FROM sources ORDER BY position")]

    def rows(self) -> list[Any]:
        """Return the light JSON data of every tool, by source and document order."""
        statement = "SELECT t.body FROM tools t JOIN sources s ON s.id = t.source ORDER BY s.position, t.position"
        return json.loads(f"[{','.join(row[0] for row in self._connection.execute(statement))}]")  # type: ignore[no-any-return]

    def record(self, tool: str) -> Any:
        """Return the heavy JSON data of one tool, or None when there is no such tool."""
        found = self._connection.execute("SELECT packed FROM tools WHERE id = ?", (tool,)).fetchone()
        return json.loads(zlib.decompress(found[0])) if found else None

    def files(self, source: str) -> list[tuple[str, bytes]]:
        """Return the stored files of a source as (relative name, bytes), the entry first."""
        statement = "SELECT id, packed FROM files WHERE source = ? ORDER BY rowid"
        rows = self._connection.execute(statement, (source,))
        return [(identity[len(source) + 1 :], zlib.decompress(packed)) for identity, packed in rows]

    def findings(self) -> list[Any]:
        """Return the JSON data of all findings that depend on definitions alone."""
        statement = "SELECT f.body FROM findings f JOIN sources s ON s.id = f.source ORDER BY s.position, f.position"
        return [json.loads(row[0]) for row in self._connection.execute(statement)]

    def refresh(self) -> bool:
        """Read events that another program has committed. Returns whether there were any."""
        if self._connection.execute("SELECT count(*) FROM events").fetchone()[0] == len(self.events):
            return False
        rows = self._connection.execute("SELECT id, replica, seq, body FROM events ORDER BY n").fetchall()
        self.events = check_chains(rows)
        self._heads = {}
        self._count(self.events)
        return True

    def version(self) -> int:
        """Return a number that changes when another program has committed to the file."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def heads(self) -> dict[str, tuple[int, str]]:
        """Return the last event of each replica as (seq, id)."""
        return dict(self._heads)

    def _count(self, events: Sequence[Event]) -> None:
        for event in events:
            self._heads[event.replica] = (event.seq, event.id)
