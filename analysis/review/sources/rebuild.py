"""Rebuilding the derived rows of a review file from its stored source bytes. Nothing is written.

Needed for a file whose derived rows were written by another program: a checksum without a secret shows damage, not
tampering. The chained events record what was imported, with which limits, and under which policy; the stored bytes must
have the recorded digest, and every row is derived from them. Where the engine has changed since, its present assessment
applies; decisions stay, and the definition digests show which of them are stale.

Problems found while a source was fetched or validated cannot be found again: they are kept as stored, next to the
rebuilt ones. A stored claim that a document was validated is not trusted.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from analysis.errors import InputRefused, WorkspaceRefused
from analysis.ingest import Reading, Stored, read
from analysis.model import Problem, SourceId
from analysis.review.record.imports import imports_in_effect
from analysis.review.record.understanding import beginning
from analysis.review.sources.import_budget import REBUILD_BUDGET, limits_of
from analysis.review.sources.importing import ImportOptions, examine_source, source_rows
from analysis.second_process import started_early
from analysis.text import visible
from analysis.workspace import from_plain
from analysis.workspace.keys import parse_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from analysis.model import DefinitionTexts, SourceRecord
    from analysis.review.sources.importing import ImportResult
    from analysis.review.sources.policy_words import Words
    from analysis.workspace import Event, SourceRows


#: Bytes of sources from which on a second process reads them: for fewer, it takes longer to start.
_SECOND_PROCESS_FROM: Final = 1_000_000


class RecordedSources(Protocol):
    """Events and source bytes: those of a review file, or those that a packet carries."""

    @property
    def path(self) -> Path:
        """Where they come from, for messages."""

    @property
    def events(self) -> Sequence[Event]:
        """The events, in canonical order."""

    def files(self, source: str) -> list[tuple[str, bytes]]:
        """Return the files of a source as (relative name, bytes), the entry first."""

    def sources(self) -> list[Any]:
        """Return the JSON data of every source, of which `info.id` and `problems` are read."""


def rebuilt_rows(store: RecordedSources, words: Words) -> list[SourceRows]:
    """Return the rows of every source, derived from its stored bytes, in the order of import.

    Raises `WorkspaceRefused` where the stored bytes are not the imported ones or cannot be read any more.
    """
    return [source_rows(result) for result in examined_again(store, words)]


@contextmanager
def definition_texts(
    store: RecordedSources, records: Sequence[SourceRecord], only: Collection[SourceId]
) -> Iterator[Callable[[], list[DefinitionTexts]]]:
    """Begin to read the canonical texts of the definitions, next to this process where the sources are large.

    Yields the function that returns those of `only` these sources, in the order of import. `records` have the files of
    all. Raises `WorkspaceRefused` where they are not the imported ones.
    """
    in_effect = _in_effect(store, {}, {record.id: record.files for record in records})
    chosen = [(source, stored, event) for source, (stored, event) in in_effect.items() if source in only]
    size = sum(len(raw) for _, stored, _ in chosen for _, raw in stored.files)

    def texts() -> list[DefinitionTexts]:
        readings = (_read_again(*each) for each in chosen)
        return [reading.texts for reading in readings if reading.texts is not None]

    with started_early(texts, worth=size >= _SECOND_PROCESS_FROM) as found:
        yield found


def readings_again(store: RecordedSources, *only: SourceId) -> Iterator[tuple[SourceId, Reading]]:
    """Yield every source, or only these, read from its stored bytes with the limits of its import, not assessed."""
    for source, (stored, event) in _in_effect(store, {}).items():
        if not only or source in only:
            yield source, _read_again(source, stored, event)


def _read_again(source: SourceId, stored: Stored, event: Event) -> Reading:
    limits = limits_of(event.data["facts"])
    return read(stored, name=source, uri=str(event.data["uri"]), limits=limits, texts=True)


def examined_again(store: RecordedSources, words: Words, *, texts: bool = False) -> list[ImportResult]:
    """Return every source examined again from its stored bytes, in the order of import; see `ImportOptions.texts`.

    `words` are the vocabularies that count, by import: see `words_at_import`.

    An import whose bytes cannot be read as it states is passed over for an earlier one of the same bytes.
    """
    stored_problems = {data["info"]["id"]: data["problems"] for data in store.sources()}
    unreadable: dict[str, str] = {}
    while True:
        found = []
        for source, (stored, event) in _in_effect(store, unreadable).items():
            problems = tuple(from_plain(Problem, data) for data in stored_problems.get(source, ()))
            try:
                options = ImportOptions(
                    limits_of(event.data["facts"]), REBUILD_BUDGET, words.get(event.id, {}), texts=texts
                )
                found.append(_examined(store, stored, event, problems, options))
            except (InputRefused, ValueError) as error:
                why = error.what if isinstance(error, InputRefused) else str(error)
                unreadable[event.id] = f"its source {visible(source, 60)} cannot be read again: {why}"
                break
        else:
            return found


def _in_effect(
    store: RecordedSources,
    refused: Mapping[str, str],
    read_before: Mapping[SourceId, tuple[tuple[str, bytes], ...]] = {},
) -> dict[SourceId, tuple[Stored, Event]]:
    """Return the stored files of each source, with the import that brought them. Raises `WorkspaceRefused`."""
    files = dict(read_before)

    def stored_by(event: Event) -> Stored | None:
        source = SourceId(parse_key(event.key).subject)
        if source not in files:
            files[source] = tuple(store.files(source))
        return stored_as(files[source], event)

    found: dict[SourceId, tuple[Stored, Event]] = {}
    chosen, left = imports_in_effect(store.events, lambda event: stored_by(event) is not None, refused)
    for event in chosen:
        stored = stored_by(event)
        assert stored is not None, "the chosen import has its bytes"
        found[SourceId(parse_key(event.key).subject)] = stored, event
    _refuse_lost(store, [event for event in left if parse_key(event.key).subject not in found], refused)
    return found


def _refuse_lost(store: RecordedSources, lost: Sequence[Event], refused: Mapping[str, str]) -> None:
    """Raise `WorkspaceRefused` where the copy that began the review imported a source whose bytes are gone.

    Only then have they been here: what another copy states without its bytes is set aside, and holds a gate open.
    """
    first = beginning(store.events)
    for event in lost:
        if first is None or event.replica == first.replica:
            source = visible(parse_key(event.key).subject, 60)
            why = f"the stored bytes of its source {source} are not the ones that were imported"
            raise _refused(store, refused.get(event.id, why))


def stored_as(files: tuple[tuple[str, bytes], ...], event: Event) -> Stored | None:
    """Return stored files as an import states them; None where they are not the imported ones."""
    uri = event.data["uri"]
    folder = bool(files) and uri.endswith(f"/{files[0][0]}")
    stored = Stored(files, folder)
    right = files and (folder or len(files) == 1) and stored.sha256() == event.data["sha256"]
    return stored if right else None


def _examined(
    store: RecordedSources, stored: Stored, event: Event, problems: tuple[Problem, ...], options: ImportOptions
) -> ImportResult:
    """Return a source examined again. Raises `InputRefused`."""
    source = SourceId(parse_key(event.key).subject)
    result = examine_source(
        stored, name=source, place=str(store.path), uri=str(event.data["uri"]), empty=True, options=options
    )
    kept = tuple(problem for problem in problems if problem not in set(result.problems))
    return replace(result, problems=(*kept, *result.problems))


def _refused(store: RecordedSources, why: str) -> WorkspaceRefused:
    return WorkspaceRefused(
        "the review file was not opened",
        place=str(store.path),
        why=why,
        remedy="ask the sender for an intact copy, or start a new review of the document; this file was not changed",
    )
