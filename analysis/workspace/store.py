"""The review file: events are the record; sources, tools and findings are derived and can be rebuilt (`stored_rows`)."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import WorkspaceRefused
from analysis.workspace import file_schema, replicas, side_files
from analysis.workspace.chained_log import ChainedLog
from analysis.workspace.events import BrokenLogError, Event, EventDraft, record
from analysis.workspace.files import check_name, exists_already, put_in_place, unwritable
from analysis.workspace.order import in_order
from analysis.workspace.stored_rows import Derived, RebuiltRows, StoredRows
from analysis.workspace.stored_rows.writing import SourceRows, fingerprint, row_checksum, write_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


class Store:
    """An open review file. Every write is one transaction that is on the disk when the call returns."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, log: ChainedLog, *, engine: str, writable: bool,
        derived: Derived | None = None,
    ) -> None:  # fmt: skip
        self.path = path
        self.writable = writable
        self._engine = engine
        self._connection = connection
        self.log = log
        card = replicas.card_of(path)
        self.replica = replicas.known_replica(card, self.log.heads) or replicas.new_replica()
        self._stored = StoredRows(path, connection)
        self._stamp: tuple[int, ...] = ()
        self._derived = derived or self._find_derived()
        self._reading = threading.Lock()

    @classmethod
    def create(
        cls, path: Path, drafts: Sequence[EventDraft], *, actor: str, at: str, rows: Sequence[SourceRows] = (),
        engine: str = "",
    ) -> Store:  # fmt: skip
        """Make a new file that appears whole or not at all. Raises `WorkspaceRefused`, also if it exists.

        `engine` identifies the engine that derived the rows.
        """
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
            file_schema.build(connection, sum(len(source.tools) for source in rows))
            new = cls(path, connection, ChainedLog(connection, ()), engine=engine, writable=True)
            new.take_rebuilt(())
            with new.transaction():
                new.append(drafts, actor=actor, at=at)
                for source in rows:
                    new.put_source(source)
            connection.close()
            put_in_place(draft, path)
            draft.unlink(missing_ok=True)
            new._remember(replicas.stamp(path))  # as it was just written: it need not be verified to be opened
        except FileExistsError:
            raise exists_already(path) from None
        except (sqlite3.Error, OSError) as error:
            raise unwritable(path, error, "free some space and try again") from None
        finally:
            draft.unlink(missing_ok=True)
            Path(f"{draft}-journal").unlink(missing_ok=True)
        return cls.open(path, engine=engine)

    @classmethod
    def open(
        cls, path: Path, *, engine: str = "", writable: bool = True, rows: bool = True,
        known: Mapping[str, Event] | None = None, place: Path | None = None,
    ) -> Store:  # fmt: skip
        """Open a file after checking header, tables, pages, row checksums and chains. Read-only files open as such.

        Rows that another engine derived are foreign. `known` are events of a file that was read before, by id. Where the
        file system says that the file is as this machine has verified it last, its pages are not verified again; every
        event still is, and every row when it is read. Without `rows`, those that were derived are not verified either, and
        count as foreign. `place` is what messages about an open copy name.
        """
        file_schema.check_header(path)
        check_name(path)
        crashed = side_files.check(path)
        if crashed and not os.access(path.parent, os.W_OK):
            remedy = "make its folder writable, then open it again"
            raise file_schema.refuse(path, "the journal of a crash lies next to it", remedy)
        writable = writable and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
        stamp, card = replicas.stamp(path), replicas.card_of(path)
        unchanged = bool(stamp) and stamp == card.stamp and not crashed
        try:
            # What a crash left next to the file is rolled back by SQLite, which has to write for it.
            connection = file_schema.connect(path, writable=writable or crashed)
            file_schema.check_schema(connection, path, pages=not unchanged, rows=rows)
            log = ChainedLog.read(connection, known)
            known_rows = unchanged and card.is_of(engine) and stamp == replicas.stamp(path)
            derived = None
            if known_rows or not rows:  # known by its fingerprint, or not looked at: rows are checked as they are read
                unread = StoredRows(place or path, connection, checked=False)
                derived = Derived(unread, card.derived if rows else "", verified=rows)
            store = cls(path, connection, log, engine=engine, writable=writable, derived=derived)
            store.path, store._stamp = place or path, stamp
        except BrokenLogError as error:
            raise file_schema.refuse(path, str(error), "restore a copy; this file was not changed") from None
        except (sqlite3.Error, UnicodeError) as error:
            raise file_schema.unreadable(path, error) from None
        if not log.as_stored:
            raise file_schema.refuse(path, "it holds no events", "restore a copy; this file was not changed")
        if store._derived.verified and stamp != replicas.card_of(path).stamp:
            store._remember(stamp)
        return store

    def close(self) -> None:
        """Close the file, once no other thread reads a source from it: SQLite would end the program."""
        with self._reading:
            self._connection.close()

    def is_foreign(self, words: str = "") -> bool:
        """Whether this machine has not verified the derived rows, so that they are rebuilt before they are shown.

        They were derived under a vocabulary, given by its digest. A store without an engine keeps the rows that it was given.
        """
        engine = self._engine.partition("+")[0] + (f"+{words}" if words else "")
        if self._engine and engine != self._engine:
            self._engine = engine
            self._derived = self._find_derived()
        return not self._derived.verified

    def take_rebuilt(self, rebuilt: Sequence[SourceRows]) -> None:
        """Use rows that were rebuilt from the stored bytes; if the stored ones are equal, remember that.

        The file itself is not written to. Where they differ, the next event that is recorded corrects it.
        """
        equal = self._stored.equal(rebuilt)
        self._derived = replace(self._derived, rows=self._stored if equal else RebuiltRows(rebuilt), verified=True)
        if equal:
            self._remember(self._stamp)

    def _find_derived(self) -> Derived:
        """Return the derived rows as the file holds them, verified if this machine has left them so."""
        found = fingerprint(self.path, self._connection, self._engine)
        return Derived(self._stored, found, found == replicas.card_of(self.path).derived)

    def _correct(self) -> None:
        """Write the rebuilt rows over the stored ones that differ."""
        if not isinstance(correct := self._derived.rows, RebuiltRows):
            return
        for table in ("sources", "files", "tools", "findings"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names are ours
        for rows in correct.rebuilt:
            write_rows(self.path, self._connection, rows)
        found = fingerprint(self.path, self._connection, self._engine)
        self._derived = replace(self._derived, rows=self._stored, fingerprint=found)

    def _remember(self, stamp: tuple[int, ...] = ()) -> None:
        """Store outside the file the replica that writes here, its last event, and which rows are verified."""
        card = replicas.card_of(self.path)
        if self.replica in self.log.heads:
            seq, head = self.log.heads[self.replica]
            card = replace(card, replica=self.replica, seq=seq, head=head)
        verified = self._derived.as_stored
        card = replace(card, derived=self._derived.fingerprint if verified else "", stamp=stamp if verified else ())
        replicas.remember(self.path, card)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[list[Event]]:
        """Hold the write lock; commit at the end, roll back on any error.

        Yields the events that other programs had recorded in the meantime, which state computed before does not know.
        """
        if not self.writable:
            remedy = "copy it to a folder you may write to, and open the copy"
            raise WorkspaceRefused("the review file is read-only", place=str(self.path), remedy=remedy)
        if self.replica not in self.log.heads and not replicas.has_written(self.path):
            replicas.remember(self.path, replace(replicas.card_of(self.path), replica=self.replica))
        before = (self.log.snapshot(), self._derived)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            arrived = self.refresh()
            before = (self.log.snapshot(), self._derived)
            yield arrived
            self._connection.execute("COMMIT")
        except BaseException as error:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            self.log.restore(before[0])
            self._derived = before[1]
            if isinstance(error, sqlite3.Error):
                raise WorkspaceRefused(
                    "nothing was recorded", place=str(self.path), why=str(error),
                    remedy="close other programs that use the file, free some space, then do it again",
                ) from error  # fmt: skip
            raise
        self._remember(replicas.stamp(self.path))

    def append(self, drafts: Sequence[EventDraft], *, actor: str, at: str) -> list[Event]:
        """Record drafts as one batch, inside a `transaction`. Returns the events."""
        self._correct()
        recorded: list[Event] = []
        seq, prev = self.log.heads.get(self.replica, (0, ""))
        batch = f"{self.replica}-{seq + 1}" if len(drafts) > 1 else ""
        for draft in drafts:
            event = record(draft, replica=self.replica, seq=seq + 1, prev=prev, actor=actor, at=at, batch=batch)
            seq, prev = event.seq, event.id
            recorded.append(event)
        self.log.insert(recorded)
        return recorded

    def take_in(self, events: Sequence[Event]) -> None:
        """Write events of other copies of the review as they are, inside a `transaction`; each after its causes."""
        self._correct()
        self.log.insert(in_order(events))

    def replace_rows(self, rebuilt: Sequence[SourceRows]) -> None:
        """Replace the derived rows of all sources, inside a `transaction`."""
        self._derived = replace(self._derived, rows=RebuiltRows(rebuilt), verified=True)
        self._correct()

    def put_source(self, rows: SourceRows) -> None:
        """Replace everything derived from a source, inside a `transaction`."""
        self._correct()
        write_rows(self.path, self._connection, rows)
        self._derived = replace(self._derived, fingerprint=fingerprint(self.path, self._connection, self._engine))

    def update_source(self, source: str, facts: dict[str, Any]) -> None:
        """Replace facts in the body of a source, inside a `transaction`; its tools and findings stay."""
        self._correct()
        run = self._connection.execute
        position, stored = run("SELECT position, body FROM sources WHERE id = ?", (source,)).fetchone()
        body = json.dumps(json.loads(stored) | facts, separators=(",", ":"))
        run("UPDATE sources SET body = ?, seal = ? WHERE id = ?", (body, row_checksum(source, position, body), source))
        self._derived = replace(self._derived, fingerprint=fingerprint(self.path, self._connection, self._engine))

    def sources(self) -> list[Any]:
        """Return the JSON data of every source, in the order of their import."""
        return self._derived.rows.sources()

    def rows(self) -> Iterable[Any]:
        """Return the light JSON data of every tool, by source and document order."""
        return self._derived.rows.tools()

    def record(self, tool: str) -> Any:
        """Return the heavy JSON data of one tool, or None when there is no such tool."""
        return self._derived.rows.record(tool)

    def records(self, *, calls: bool = True) -> Iterable[Any]:
        """Return the heavy JSON data of every tool, in the order of `rows`; see `Rows.records`."""
        return self._derived.rows.records(calls=calls)

    def files(self, source: str) -> list[tuple[str, bytes]]:
        """Return the stored files of a source as (relative name, bytes), the entry first."""
        with self._reading:
            return self._derived.rows.files(source)

    def findings(self) -> Iterable[Any]:
        """Return the JSON data of all findings that depend on definitions alone."""
        return self._derived.rows.findings()

    @property
    def events(self) -> list[Event]:
        """Every event, in canonical order."""
        return self.log.events

    def refresh(self) -> list[Event]:
        """Read the events that other programs have committed, and return them. Raises `WorkspaceRefused`."""
        try:
            arrived = self.log.refresh()
        except BrokenLogError as error:
            raise file_schema.refuse(self.path, str(error), "restore a copy; nothing was recorded") from None
        if any(event.kind == "source.imported" for event in arrived):
            found = self._find_derived()
            if found.fingerprint != self._derived.fingerprint:
                self._derived = found
        return arrived

    def version(self) -> int:
        """Return a number that changes when another program has committed to the file."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
