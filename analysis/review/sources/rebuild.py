"""Rebuilding the derived rows of a review file from its stored source bytes. Nothing is written.

Needed for a file whose derived rows were written by another program: a checksum without a secret shows damage, not
tampering. The chained events record what was imported, with which limits, and under which policy; the stored bytes must
have the recorded digest, and every row is derived from them. Where the engine has changed since, its present assessment
applies; decisions stay, and the definition digests show which of them are stale.

Problems found while a source was fetched or validated cannot be found again: they are kept as stored, next to the
rebuilt ones. A stored claim that a document was validated is not trusted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from analysis.errors import InputRefused, WorkspaceRefused
from analysis.ingest import Reading, Stored, read
from analysis.model import Problem, SourceId
from analysis.review.record.policy import review_policy
from analysis.review.sources.importing import ImportOptions, examine_source, limits_of, source_rows
from analysis.text import visible
from analysis.workspace import Registers, from_plain
from analysis.workspace.keys import parse_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from analysis.model import DefinitionTexts
    from analysis.review.sources.importing import ImportResult
    from analysis.workspace import Event, SourceRows, Store


class RecordedSources(Protocol):
    """Events and source bytes: those of a review file, or those that a packet carries."""

    @property
    def path(self) -> Path:
        """Where they come from, for messages."""

    @property
    def events(self) -> Sequence[Event]:
        """The events, in stored order."""

    def files(self, source: str) -> list[tuple[str, bytes]]:
        """Return the files of a source as (relative name, bytes), the entry first."""

    def sources(self) -> list[Any]:
        """Return the JSON data of every source, of which `info.id` and `problems` are read."""


def replace_foreign_rows(store: Store) -> None:
    """Replace the derived rows of a store by rebuilt ones where another program wrote them.

    Raises `WorkspaceRefused` where the stored bytes are not the imported ones or cannot be read any more.
    """
    if store.foreign:
        store.take_rebuilt(rebuilt_rows(store))


def rebuilt_rows(store: RecordedSources) -> list[SourceRows]:
    """Return the rows of every source, derived from its stored bytes, in the order of import."""
    return [source_rows(result) for result in examined_again(store)]


def definition_texts(store: RecordedSources) -> Iterator[DefinitionTexts]:
    """Yield the canonical texts of the definitions of every source, read from its stored bytes, in the order of import."""
    for _, reading in readings_again(store):
        if reading.texts is not None:
            yield reading.texts


def readings_again(store: RecordedSources, *only: SourceId) -> Iterator[tuple[SourceId, Reading]]:
    """Yield every source, or only these, read from its stored bytes with the limits of its import, not assessed."""
    registers = Registers(store.events)
    for key in registers.keys("source"):
        source = SourceId(parse_key(key).subject)
        if only and source not in only:
            continue
        stored, event = _imported(store, source, registers.heads(key))
        limits = limits_of(event.data["facts"])
        yield source, read(stored, name=source, uri=str(event.data["uri"]), limits=limits, texts=True)


def examined_again(store: RecordedSources, *, texts: bool = False) -> list[ImportResult]:
    """Return every source examined again from its stored bytes, in the order of import; see `ImportOptions.texts`."""
    registers = Registers()
    words: dict[str, Mapping[str, Any]] = {}
    for event in store.events:
        if event.kind == "source.imported":
            policy = review_policy(registers).policy
            words[event.id] = policy.own_words() if policy else {}
        registers.add(event)
    stored_problems = {data["info"]["id"]: data["problems"] for data in store.sources()}
    rebuilt = []
    for key in registers.keys("source"):
        source = SourceId(parse_key(key).subject)
        stored, event = _imported(store, source, registers.heads(key))
        problems = tuple(from_plain(Problem, data) for data in stored_problems.get(source, ()))
        options = ImportOptions(limits_of(event.data["facts"]), words.get(event.id, {}), texts=texts)
        rebuilt.append(_examined(store, stored, event, problems, options))
    return rebuilt


def _imported(store: RecordedSources, source: SourceId, heads: list[Event]) -> tuple[Stored, Event]:
    """Return the stored files of a source and the event of their import. Raises `WorkspaceRefused`."""
    files = tuple(store.files(source))
    for event in heads:
        uri = str(event.data["uri"])
        folder = bool(files) and uri.endswith(f"/{files[0][0]}")
        stored = Stored(files, folder)
        if files and (folder or len(files) == 1) and stored.sha256() == event.data["sha256"]:
            return stored, event
    raise _refused(store, f"the stored bytes of its source {visible(source, 60)} are not the ones that were imported")


def _examined(
    store: RecordedSources, stored: Stored, event: Event, problems: tuple[Problem, ...], options: ImportOptions
) -> ImportResult:
    source = SourceId(parse_key(event.key).subject)
    try:
        result = examine_source(
            stored, name=source, place=str(store.path), uri=str(event.data["uri"]), empty=True, options=options
        )
    except InputRefused as error:
        why = f"its source {visible(source, 60)} cannot be read again: {error.what}"
        raise _refused(store, why) from error
    kept = tuple(problem for problem in problems if problem not in set(result.problems))
    return replace(result, problems=(*kept, *result.problems))


def _refused(store: RecordedSources, why: str) -> WorkspaceRefused:
    return WorkspaceRefused(
        "the review file was not opened",
        place=str(store.path),
        why=why,
        remedy="ask the sender for an intact copy, or start a new review of the document; this file was not changed",
    )
