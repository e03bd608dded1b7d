"""Derived rows as they are written into the tables of a review file, with their checksums, and the digest of all of them."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import WorkspaceRefused
from analysis.workspace import file_schema

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

#: Maximum size of one record of a tool, unpacked, in bytes; far above what the limits of an import let in.
MAX_RECORD_BYTES: Final = 64 * 1024 * 1024
#: Maximum size of all files of one source, unpacked, in bytes.
MAX_FILES_BYTES: Final = 512 * 1024 * 1024

#: Compression of source files: higher levels take three times as long for a twentieth of the size.
_LEVEL: Final = 3


#: Key of the body of a source under which it states the sets of fields of its tools, once for all of them. The heavy text of a
#: tool has the digest of what is stated there under the same key.
FIELD_SETS: Final = "field_sets"
#: The fields of a tool that refer to one of them, by number.
SETS_OF_TOOL: Final = ("request_fields", "response_fields", "shallow_fields")


@dataclass(frozen=True, slots=True)
class SourceRows:
    """Everything derived from one source, ready to be written: JSON text, and packed bytes."""

    id: str
    body: str  # with the sets of fields that the heavy texts refer to
    files: tuple[tuple[str, bytes], ...]  # (relative name, raw bytes)
    tools: tuple[tuple[str, str, str], ...]  # (tool id, light JSON, heavy JSON)
    findings: tuple[tuple[str, str], ...]  # (finding id, JSON)


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
        yield {
            "id": identity,
            "source": rows.id,
            "position": position,
            "body": body,
            "packed": packed,
            "seal": checksum,
        }


#: The columns that a checksum covers, in its order, by table.
COLUMNS: Final = {
    "sources": ("id", "position", "body"),
    "files": ("id", "source", "packed"),
    "tools": ("id", "source", "position", "body", "packed"),
    "findings": ("id", "source", "position", "body"),
}
#: In which order the rows of a table are read for the fingerprint, where that is not left open.
_ORDERED: Final = {"sources": "ORDER BY id", "files": "ORDER BY rowid"}  # the entry of a source comes first


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
    for table, columns in COLUMNS.items():
        checksums = []
        statement = f"SELECT {', '.join(columns)}, seal FROM {table} {_ORDERED.get(table, '')}"  # noqa: S608 - names are ours
        for *parts, checksum in connection.execute(statement):
            if row_checksum(*parts) != checksum:
                raise changed_outside(path, table)
            checksums.append(checksum)
        if table in {"tools", "findings"}:  # the checksum covers their position; sorted here, not by a second index
            checksums.sort()
        whole.update(f"{table} {len(checksums)}\n{''.join(checksums)}".encode())
    return f"{engine}:{whole.hexdigest()}"


def changed_outside(path: Path, table: str) -> WorkspaceRefused:
    """Return the error for a row that does not have its checksum."""
    why = f"a row of {table} was changed outside Clearance"
    return file_schema.refuse(path, why, "restore a copy; this file was not changed")
