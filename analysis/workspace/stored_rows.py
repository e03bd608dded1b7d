"""Rows derived from the sources of a review: as the file stores them, or as they were rebuilt from the source bytes.

Stored rows carry a checksum, which shows damage but not tampering: a program that changes a row can compute it again.
So stored rows are shown only where this machine has written them, or has rebuilt them and found them equal. It
recognises them by a fingerprint kept outside the file (see `replicas`), which includes the engine that derived the rows
(`analysis.review.sources.engine_identity`). Any others are *foreign*: those of a file that was received, that a
colleague has imported into, that was copied or moved, that another version of Clearance derived, and all of them after
the state folder was lost. Foreign rows are rebuilt, which is slower and never wrong.

The checksum's column is named `seal` in every review file that exists, so it keeps that name.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, Protocol

from analysis.errors import WorkspaceRefused
from analysis.workspace import file_schema
from analysis.workspace.codec import ParsedTexts
from analysis.workspace.file_schema import INTACT, unpack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

#: Maximum size of one record of a tool, unpacked, in bytes; far above what the limits of an import let in.
MAX_RECORD_BYTES: Final = 64 * 1024 * 1024
#: Maximum size of all files of one source, unpacked, in bytes.
MAX_FILES_BYTES: Final = 512 * 1024 * 1024

#: Compression of source files: higher levels take three times as long for a twentieth of the size.
_LEVEL: Final = 3


@dataclass(frozen=True, slots=True)
class SourceRows:
    """Everything derived from one source, ready to be written: JSON text, and packed bytes."""

    id: str
    body: str
    files: tuple[tuple[str, bytes], ...]  # (relative name, raw bytes)
    tools: tuple[tuple[str, str, str], ...]  # (tool id, light JSON, heavy JSON)
    findings: tuple[tuple[str, str], ...]  # (finding id, JSON)


class Rows(Protocol):
    """Where derived rows are read from: as JSON data, or as the values that it would be read back to."""

    def sources(self) -> list[Any]:
        """Return every source, in the order of their import."""

    def tools(self) -> Iterable[Any]:
        """Return the light facts of every tool, by source and document order."""

    def record(self, tool: str) -> Any:
        """Return all that is known of one tool, or None when there is no such tool."""

    def records(self) -> Iterable[Any]:
        """Return all that is known of every tool, by source and document order."""

    def findings(self) -> Iterable[Any]:
        """Return all findings that depend on definitions alone."""

    def files(self, source: str) -> list[tuple[str, bytes]]:
        """Return the stored files of a source as (relative name, bytes), the entry first."""


class StoredRows:
    """Derived rows as the file stores them. Unless all were `checked`, each is held against its checksum when it is read."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, checked: bool = True) -> None:
        self._path = path
        self._connection = connection
        self.checked = checked

    def _read(self, table: str, condition: str = "", *values: str) -> Iterator[Any]:
        """Yield the columns of rows of a table, in the order in which they are stored."""
        statement = f"SELECT {', '.join(_COLUMNS[table])}, seal FROM {table} {condition}"  # noqa: S608 - names are ours
        for *parts, checksum in self._connection.execute(statement, values):
            if not self.checked and row_checksum(*parts) != checksum:
                raise _changed(self._path, table)
            yield parts

    def _column(self, table: str, column: str = "body") -> list[Any]:
        """Return a column of a table's rows, by the position of their source and their own."""
        if self.checked:
            statement = f"""SELECT t.{column} FROM {table} t JOIN sources s ON s.id = t.source
            ORDER BY s.position, t.position"""  # noqa: S608 - names are ours
            return [value for (value,) in self._connection.execute(statement)]
        places = {source: position for source, position, _ in self._read("sources")}
        at = _COLUMNS[table].index(column)
        # As where they are joined, a row without a source is left out.
        found = [(places[row[1]], row[2], row[at]) for row in self._read(table) if row[1] in places]
        return [value for _, _, value in sorted(found, key=_PLACE)]

    def sources(self) -> list[Any]:
        """Return every source, in the order of their import."""
        return [json.loads(body) for _, _, body in self._read("sources", "ORDER BY position")]

    def tools(self) -> Iterable[Any]:
        """Return the light facts of every tool, by source and document order."""
        return ParsedTexts(self._column("tools"))

    def record(self, tool: str) -> Any:
        """Return all that is known of one tool, or None when there is no such tool."""
        found = next(self._read("tools", "WHERE id = ?", tool), None)
        return json.loads(unpack(self._path, found[-1], MAX_RECORD_BYTES)) if found else None

    def records(self) -> Iterator[Any]:
        """Yield all that is known of every tool, by source and document order."""
        for packed in self._column("tools", "packed"):
            yield json.loads(unpack(self._path, packed, MAX_RECORD_BYTES))

    def findings(self) -> Iterable[Any]:
        """Return all findings that depend on definitions alone."""
        return ParsedTexts(self._column("findings"))

    def files(self, source: str) -> list[tuple[str, bytes]]:
        """Return the stored files of a source as (relative name, bytes), the entry first."""
        files, left = [], MAX_FILES_BYTES
        for identity, _, packed in self._read("files", "WHERE source = ? ORDER BY rowid", source):
            if not (isinstance(identity, str) and identity.startswith(f"{source}/")):
                raise file_schema.refuse(self._path, "a file of a source in it has no name", INTACT)
            raw = unpack(self._path, packed, left)
            left -= len(raw)
            files.append((identity[len(source) + 1 :], raw))
        return files

    def equal(self, rebuilt: Sequence[SourceRows]) -> bool:
        """Whether the stored rows equal the rebuilt ones, row by row."""
        run = self._connection.execute
        stored = run("SELECT id, position, body FROM sources ORDER BY position").fetchall()  # rows are joined by the id
        if stored != [(source.id, number, source.body) for number, source in enumerate(rebuilt)]:
            return False
        counts = run("SELECT (SELECT count(*) FROM tools), (SELECT count(*) FROM findings)").fetchone()
        if counts != (sum(len(source.tools) for source in rebuilt), sum(len(source.findings) for source in rebuilt)):
            return False
        return all(self._equals(source) for source in rebuilt)

    def _equals(self, source: SourceRows) -> bool:
        run = self._connection.execute
        light = run("SELECT id, body FROM tools WHERE source = ? ORDER BY position", (source.id,)).fetchall()
        findings = run("SELECT id, body FROM findings WHERE source = ? ORDER BY position", (source.id,)).fetchall()
        if light != [tool[:2] for tool in source.tools] or tuple(findings) != source.findings:
            return False
        heavy = run("SELECT packed FROM tools WHERE source = ? ORDER BY position", (source.id,))
        return all(
            unpack(self._path, packed, MAX_RECORD_BYTES) == expected.encode()
            for (packed,), (_, _, expected) in zip(heavy, source.tools, strict=True)
        )


class RebuiltRows:
    """Derived rows as they were rebuilt, in place of the ones in the file."""

    def __init__(self, rebuilt: Sequence[SourceRows]) -> None:
        self.rebuilt = tuple(rebuilt)
        self._heavy = {identity: heavy for source in rebuilt for identity, _, heavy in source.tools}

    def sources(self) -> list[Any]:
        """Return every source, in the order of their import."""
        return [json.loads(source.body) for source in self.rebuilt]

    def tools(self) -> Iterable[Any]:
        """Return the light facts of every tool, by source and document order."""
        return [json.loads(light) for source in self.rebuilt for _, light, _ in source.tools]

    def record(self, tool: str) -> Any:
        """Return all that is known of one tool, or None when there is no such tool."""
        heavy = self._heavy.get(tool)
        return None if heavy is None else json.loads(heavy)

    def records(self) -> Iterator[Any]:
        """Yield all that is known of every tool, by source and document order."""
        return map(json.loads, self._heavy.values())

    def findings(self) -> list[Any]:
        """Return all findings that depend on definitions alone."""
        return [json.loads(body) for source in self.rebuilt for _, body in source.findings]

    def files(self, source: str) -> list[tuple[str, bytes]]:
        """Return the files of a source as (relative name, bytes), the entry first."""
        return [file for each in self.rebuilt if each.id == source for file in each.files]


@dataclass(frozen=True, slots=True)
class Derived:
    """The derived rows in effect. `verified` rows may be shown; others have to be rebuilt first."""

    rows: Rows
    fingerprint: str  # of the rows in the file
    verified: bool

    @property
    def as_stored(self) -> bool:
        """Whether the rows in the file are the verified ones."""
        return self.verified and isinstance(self.rows, StoredRows)


def row_checksum(*parts: str | bytes | int) -> str:
    """Return the checksum of a derived row: SHA-256 over its parts, each with its length."""
    pieces: list[bytes] = []
    for part in parts:
        raw = part if type(part) is bytes else str(part).encode()
        pieces += (len(raw).to_bytes(8, "big"), raw)
    return hashlib.sha256(b"".join(pieces)).hexdigest()


def check_size(path: Path, rows: SourceRows) -> None:
    """Refuse a source that would be refused again when the file is opened. Raises `WorkspaceRefused`."""
    if sum(len(raw) for _, raw in rows.files) > MAX_FILES_BYTES or any(
        len(heavy) > MAX_RECORD_BYTES for _, _, heavy in rows.tools
    ):
        raise WorkspaceRefused(
            "the source is too large for a review file",
            place=str(path),
            why=f"its files hold more than {MAX_FILES_BYTES:,} bytes, or one of its tools more than {MAX_RECORD_BYTES:,}",
            remedy="review a part of it; nothing was recorded",
        )


def file_rows(rows: SourceRows) -> Iterator[dict[str, Any]]:
    """Yield the files of a source as they are stored: packed, with their checksums."""
    for name, raw in rows.files:
        identity, packed = f"{rows.id}/{name}", zlib.compress(raw, _LEVEL)
        yield {"id": identity, "source": rows.id, "packed": packed, "seal": row_checksum(identity, rows.id, packed)}


def tool_rows(rows: SourceRows) -> Iterator[dict[str, Any]]:
    """Yield the tools of a source as they are stored: the heavy part packed, with a checksum over all of it."""
    for position, (identity, body, heavy) in enumerate(rows.tools):
        packed = zlib.compress(heavy.encode(), 1)
        checksum = row_checksum(identity, rows.id, position, body, packed)
        placed = {"id": identity, "source": rows.id, "position": position}
        yield placed | {"body": body, "packed": packed, "seal": checksum}


#: The columns that a checksum covers, in its order, by table.
_COLUMNS: Final = {
    "sources": ("id", "position", "body"),
    "files": ("id", "source", "packed"),
    "tools": ("id", "source", "position", "body", "packed"),
    "findings": ("id", "source", "position", "body"),
}
#: In which order the rows of a table are read for the fingerprint, where that is not left open.
_ORDERED: Final = {"sources": "ORDER BY id", "files": "ORDER BY rowid"}  # the entry of a source comes first
_PLACE: Final = itemgetter(0, 1)


def write_rows(path: Path, connection: sqlite3.Connection, rows: SourceRows) -> None:
    """Replace everything derived from a source, at its place among the sources or after the last one.

    Raises `WorkspaceRefused` for a source that is too large.
    """
    check_size(path, rows)
    import sqlite_utils  # noqa: PLC0415 - costs more to import than a review costs to open

    run = connection.execute
    existing = run("SELECT position FROM sources WHERE id = ?", (rows.id,)).fetchone()
    position = existing[0] if existing else run("SELECT count(*) FROM sources").fetchone()[0]
    run("DELETE FROM sources WHERE id = ?", (rows.id,))
    for table in ("files", "tools", "findings"):
        run(f"DELETE FROM {table} WHERE source = ?", (rows.id,))  # noqa: S608 - names are ours
    database = sqlite_utils.Database(connection, execute_plugins=False)
    database.table("sources").insert(
        {"id": rows.id, "position": position, "body": rows.body, "seal": row_checksum(rows.id, position, rows.body)}
    )
    database.table("files").insert_all(file_rows(rows))
    database.table("tools").insert_all(tool_rows(rows))
    database.table("findings").insert_all(
        {"id": i, "source": rows.id, "position": n, "body": body, "seal": row_checksum(i, rows.id, n, body)}
        for n, (i, body) in enumerate(rows.findings)
    )


def fingerprint(path: Path, connection: sqlite3.Connection, engine: str) -> str:
    """Return engine and digest of all derived rows, after checking every checksum. Raises `WorkspaceRefused`."""
    whole = hashlib.sha256()
    for table, columns in _COLUMNS.items():
        checksums = []
        statement = f"SELECT {', '.join(columns)}, seal FROM {table} {_ORDERED.get(table, '')}"  # noqa: S608 - names are ours
        for *parts, checksum in connection.execute(statement):
            if row_checksum(*parts) != checksum:
                raise _changed(path, table)
            checksums.append(checksum)
        if table in {"tools", "findings"}:  # the checksum covers their position; sorted here, not by a second index
            checksums.sort()
        whole.update(f"{table} {len(checksums)}\n{''.join(checksums)}".encode())
    return f"{engine}:{whole.hexdigest()}"


def _changed(path: Path, table: str) -> WorkspaceRefused:
    why = f"a row of {table} was changed outside Clearance"
    return file_schema.refuse(path, why, "restore a copy; this file was not changed")
