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

import json
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, Protocol

from analysis.field_names import StatedSets
from analysis.workspace import file_schema
from analysis.workspace.codec import ParsedTexts
from analysis.workspace.file_schema import INTACT, unpack
from analysis.workspace.stored_rows.writing import (
    COLUMNS,
    FIELD_SETS,
    MAX_FILES_BYTES,
    MAX_RECORD_BYTES,
    SETS_OF_TOOL,
    SourceRows,
    changed_outside,
    row_checksum,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

_PLACE: Final = itemgetter(0, 1)


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


def _source(body: str) -> Any:
    """Return what is stated of a source itself."""
    return {name: value for name, value in json.loads(body).items() if name != FIELD_SETS}


class _SetsBySource:
    """The sets of fields of each source, read when a tool of it is asked for, and kept until a tool refers to others."""

    def __init__(self) -> None:
        self._by_source: dict[str, tuple[str, StatedSets]] = {}

    def completed(self, record: Any, body_of: Callable[[str], str]) -> Any:
        """Return all that is known of a tool, with its sets in place of their numbers.

        `body_of` returns the body of a source. Raises LookupError, TypeError or ValueError where it does not state the sets.
        """
        if FIELD_SETS not in record:
            return record
        tool, digest = record["tool"], record[FIELD_SETS]
        known = self._by_source.get(tool["source"])
        if known is None or known[0] != digest:
            stated = StatedSets(json.loads(body_of(tool["source"]))[FIELD_SETS])
            known = self._by_source[tool["source"]] = digest, stated
        return record | {
            "tool": tool | {name: known[1][tool[name]] for name in SETS_OF_TOOL if isinstance(tool[name], int)}
        }


class StoredRows:
    """Derived rows as the file stores them. Unless all were `checked`, each is held against its checksum when it is read."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, checked: bool = True) -> None:
        self._path = path
        self._connection = connection
        self._sets = _SetsBySource()
        self.checked = checked

    def _read(self, table: str, condition: str = "", *values: str) -> Iterator[Any]:
        """Yield the columns of rows of a table, in the order in which they are stored."""
        statement = f"SELECT {', '.join(COLUMNS[table])}, seal FROM {table} {condition}"  # noqa: S608 - names are ours
        for *parts, checksum in self._connection.execute(statement, values):
            if not self.checked and row_checksum(*parts) != checksum:
                raise changed_outside(self._path, table)
            yield parts

    def _column(self, table: str, column: str = "body") -> list[Any]:
        """Return a column of a table's rows, by the position of their source and their own."""
        if self.checked:
            statement = f"""SELECT t.{column} FROM {table} t JOIN sources s ON s.id = t.source
            ORDER BY s.position, t.position"""  # noqa: S608 - names are ours
            return [value for (value,) in self._connection.execute(statement)]
        places = {source: position for source, position, _ in self._read("sources")}
        at = COLUMNS[table].index(column)
        # As where they are joined, a row without a source is left out.
        found = [(places[row[1]], row[2], row[at]) for row in self._read(table) if row[1] in places]
        return [value for _, _, value in sorted(found, key=_PLACE)]

    def sources(self) -> list[Any]:
        """Return every source, in the order of their import."""
        return [_source(body) for _, _, body in self._read("sources", "ORDER BY position")]

    def tools(self) -> Iterable[Any]:
        """Return the light facts of every tool, by source and document order."""
        return ParsedTexts(self._column("tools"))

    def record(self, tool: str) -> Any:
        """Return all that is known of one tool, or None when there is no such tool."""
        found = next(self._read("tools", "WHERE id = ?", tool), None)
        return self._record(found[-1]) if found else None

    def _record(self, packed: bytes) -> Any:
        return self._sets.completed(json.loads(unpack(self._path, packed, MAX_RECORD_BYTES)), self._body)

    def _body(self, source: str) -> str:
        """Return the body of a source, and an empty one where there is no such source."""
        return next((str(body) for _, _, body in self._read("sources", "WHERE id = ?", source)), "{}")

    def records(self) -> Iterator[Any]:
        """Yield all that is known of every tool, by source and document order."""
        return map(self._record, self._column("tools", "packed"))

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
        self._bodies = {source.id: source.body for source in rebuilt}
        self._sets = _SetsBySource()

    def sources(self) -> list[Any]:
        """Return every source, in the order of their import."""
        return [_source(source.body) for source in self.rebuilt]

    def tools(self) -> Iterable[Any]:
        """Return the light facts of every tool, by source and document order."""
        return [json.loads(light) for source in self.rebuilt for _, light, _ in source.tools]

    def record(self, tool: str) -> Any:
        """Return all that is known of one tool, or None when there is no such tool."""
        heavy = self._heavy.get(tool)
        return None if heavy is None else self._sets.completed(json.loads(heavy), self._bodies.__getitem__)

    def records(self) -> Iterator[Any]:
        """Yield all that is known of every tool, by source and document order."""
        return map(self.record, self._heavy)

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
