"""Tables of a review file, and the checks before anything in it is trusted."""

from __future__ import annotations

import os
import sqlite3
import stat
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from analysis.errors import InputRefused, WorkspaceRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: "CLRC" in the header: tells the file apart before SQLite opens it.
APPLICATION_ID: Final = 0x434C5243
#: Version of the tables; a newer one is refused, never guessed at.
SCHEMA_VERSION: Final = 1

#: Wait for another program that holds the file, in seconds.
LOCK_TIMEOUT_SECONDS: Final = 5.0

# The checksum of a derived row is in the column `seal`; it keeps that name because existing files have it.
_TABLES: Final = (
    """CREATE TABLE events (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  replica TEXT NOT NULL,
  seq INTEGER NOT NULL,
  key TEXT NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (replica, seq)
)""",
    """CREATE TABLE sources (
  id TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  body TEXT NOT NULL,
  seal TEXT NOT NULL
)""",
    """CREATE TABLE files (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  packed BLOB NOT NULL,
  seal TEXT NOT NULL
)""",
    """CREATE TABLE tools (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  position INTEGER NOT NULL,
  body TEXT NOT NULL,
  packed BLOB NOT NULL,
  seal TEXT NOT NULL
)""",
    """CREATE TABLE findings (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  position INTEGER NOT NULL,
  body TEXT NOT NULL,
  seal TEXT NOT NULL
)""",
    """CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END""",
    """CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never removed'); END""",
    """CREATE TRIGGER events_in_order BEFORE INSERT ON events
WHEN NEW.seq <> 1 + coalesce((SELECT max(seq) FROM events WHERE replica = NEW.replica), 0)
BEGIN SELECT RAISE(ABORT, 'events are written in order'); END""",
)
_MAGIC: Final = b"SQLite format 3\0"
#: Maximum size of a row in bytes; far above any that Clearance writes.
_MAX_ROW_BYTES: Final = 128 * 1024 * 1024
_LOCKED: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_INACCESSIBLE: Final = frozenset({
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
})  # fmt: skip
#: What to do about a part of a file that is not as it was written.
INTACT: Final = "ask the sender for an intact copy; this file was not changed"
#: Bytes of a page, and from how many tools on: a small file would only grow by it.
_LARGE_PAGE: Final = 16_384
_LARGE_PAGES_FROM: Final = 1_000
_DAMAGED: Final = "restore a copy, or ask a colleague for theirs; this file was not changed"


def refuse(path: Path, why: str, remedy: str) -> WorkspaceRefused:
    """Return the error for a review file that is not opened."""
    return WorkspaceRefused("the review file was not opened", place=str(path), why=why, remedy=remedy)


@contextmanager
def refusing_malformed(path: Path) -> Iterator[None]:
    """Raise `WorkspaceRefused` for what reading malformed content raises."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError, OverflowError) as error:
        why = f"it contains something that this version of Clearance cannot read: {error}"
        remedy = "restore a copy, or open it with the version that wrote it; this file was not changed"
        raise refuse(path, why, remedy) from error


def unreadable(path: Path, error: sqlite3.Error | UnicodeError) -> WorkspaceRefused:
    """Return the error for a file that SQLite does not read: locked by another program, inaccessible, or damaged."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the upper bits distinguish variants of one cause
    if code in _LOCKED:
        return refuse(
            path, "another program is writing in it and did not finish", "close it or wait for it, then open it again"
        )
    if code in _INACCESSIBLE:
        return refuse(path, f"SQLite cannot read it: {error}", "check permissions, disk space and memory")
    if code == sqlite3.SQLITE_TOOBIG:
        return refuse(path, f"a row in it holds more than {_MAX_ROW_BYTES:,} bytes", _DAMAGED)
    return refuse(path, f"it is damaged: {error}", _DAMAGED)


def check_header(path: Path) -> None:
    """Refuse a file by its first 100 bytes, before SQLite opens it. Raises `InputRefused`, `WorkspaceRefused`."""
    try:
        info = path.lstat()
    except FileNotFoundError:
        raise InputRefused(
            "there is no such review file",
            place=str(path),
            remedy="check the path, or begin with: clearance review SOURCE",
        ) from None
    except OSError as error:
        raise refuse(path, error.strerror or "cannot be read", "check its permissions") from None
    if stat.S_ISLNK(info.st_mode):
        raise refuse(
            path, "it is a link, and could lead to any file", f"name the file itself: {os.path.realpath(path)}"
        )
    if not stat.S_ISREG(info.st_mode):
        raise refuse(path, "it is not a regular file", "name a file that ends in .clearance")
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise refuse(path, error.strerror or "cannot be read", "check its permissions") from None
    if len(header) < 100 or not header.startswith(_MAGIC):
        raise refuse(path, "it is not a Clearance review file", "to review a document: clearance review SOURCE")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise refuse(path, "it is an SQLite file of another program", "name a file that ends in .clearance")
    if header[18:20] != b"\x01\x01":
        raise refuse(path, "it was put into WAL mode, in which copies lose work", _DAMAGED)
    version = int.from_bytes(header[60:64], "big")
    if version > SCHEMA_VERSION:
        raise refuse(
            path, f"it was written by a newer Clearance (format {version}; this one reads {SCHEMA_VERSION})",
            "upgrade Clearance, then open it again",
        )  # fmt: skip
    if version != SCHEMA_VERSION:
        raise refuse(path, f"its format {version} is unknown", _DAMAGED)


def connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    """Return a hardened connection to an existing file."""
    mode = "rw" if writable else "ro"
    quoted = path.resolve().as_uri()
    connection = sqlite3.connect(
        f"{quoted}?mode={mode}", uri=True, isolation_level=None, timeout=LOCK_TIMEOUT_SECONDS, check_same_thread=False
    )
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_ROW_BYTES)
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.execute("PRAGMA mmap_size=0")
    connection.execute("PRAGMA recursive_triggers=ON")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def build(connection: sqlite3.Connection, tools: int = 0) -> None:
    """Write the tables into an empty database that begins with a number of tools.

    Records of tools are longer than a page of the usual size, and leave the last one half empty: a sixth of a large file.
    """
    if tools >= _LARGE_PAGES_FROM:
        connection.execute(f"PRAGMA page_size={_LARGE_PAGE}")
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
    for statement in _TABLES:
        connection.execute(statement)


def has_our_tables(connection: sqlite3.Connection) -> bool:
    """Whether the tables of a file are exactly the ones that Clearance writes."""
    return {row[0] for row in connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")} == set(_TABLES)


def check_schema(connection: sqlite3.Connection, path: Path, *, pages: bool = True, rows: bool = True) -> None:
    """Refuse a file whose tables are not exactly the ones that Clearance writes, or (`pages`) whose pages are damaged.

    Without `rows`, only the tables are looked at that hold no derived rows.
    """
    try:
        if not has_our_tables(connection):
            raise refuse(path, "its tables are not the ones Clearance writes", _DAMAGED)
        parts = ("1",) if rows else ("events", "sources", "files")
        checks = [f"PRAGMA integrity_check({part})" for part in parts] if pages else []
        found = [connection.execute(check).fetchone()[0] for check in checks]
        verdict = next((each for each in found if each != "ok"), "ok")
    except sqlite3.Error as error:
        raise unreadable(path, error) from None
    if verdict != "ok":
        raise refuse(path, f"it is damaged: {str(verdict).splitlines()[0]}", _DAMAGED)


def unpack(path: Path, packed: bytes, max_bytes: int) -> bytes:
    """Return packed bytes unpacked. Raises `WorkspaceRefused` for damaged ones and for more than `max_bytes`."""
    try:
        unpacking = zlib.decompressobj()
        raw = unpacking.decompress(packed, max_bytes + 1)
    except (zlib.error, TypeError) as error:
        raise refuse(path, f"a record in it cannot be unpacked: {error}", INTACT) from None
    if len(raw) > max_bytes:
        raise refuse(path, f"a record in it unpacks to more than {max_bytes:,} bytes", INTACT)
    if not unpacking.eof:
        raise refuse(path, "a record in it cannot be unpacked: it ends too early", INTACT)
    return raw
