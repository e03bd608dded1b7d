"""What a review file says of its sources, worked out again from the bytes it keeps. Nothing is written.

Needed for a file whose derived rows somebody else has written: a seal without a secret shows damage, not ill will. The
chained events say what was imported, with which limits, and under which policy; the bytes have to be the ones whose
digest they record, and everything else follows from these. Where the engine has learned since, what it says today wins;
decisions stay, and the digests of the definitions tell which of them are stale.

What was met only while a source was fetched or validated cannot be met again: such problems are kept as they are
stored, next to the ones found anew, and whether a document was validated is not believed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis.errors import InputRefused, WorkspaceRefused
from analysis.ingest import Stored
from analysis.model import Problem, SourceId
from analysis.review.record.policy import review_policy
from analysis.review.sources.importing import ImportOptions, examine_source, limits_of, source_rows
from analysis.text import visible
from analysis.workspace import Registers, from_plain
from analysis.workspace.keys import parse_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.workspace import Event, SourceRows, Store


def verify(store: Store) -> None:
    """Make sure that the derived rows of a store may be shown: foreign ones are rebuilt first.

    Raises `WorkspaceRefused` where the stored bytes are not the imported ones or cannot be read any more.
    """
    if store.foreign:
        store.take_rebuilt(rebuilt(store))


def rebuilt(store: Store) -> list[SourceRows]:
    """Return the rows of every source as its stored bytes give them, in the order of import."""
    registers = Registers()
    words: dict[str, Mapping[str, Any]] = {}
    for event in store.events:
        if event.kind == "source.imported":
            policy = review_policy(registers).policy
            words[event.id] = policy.own_words() if policy else {}
        registers.add(event)
    told = {data["info"]["id"]: data["problems"] for data in store.sources()}
    made = []
    for key in registers.keys("source"):
        source = SourceId(parse_key(key).subject)
        stored, event = _imported(store, source, registers.heads(key))
        problems = tuple(from_plain(Problem, data) for data in told.get(source, ()))
        made.append(_rows(store, stored, event, words.get(event.id, {}), problems))
    return made


def _imported(store: Store, source: SourceId, heads: list[Event]) -> tuple[Stored, Event]:
    """Return the stored files of a source and the event of their import. Raises `WorkspaceRefused`."""
    files = tuple(store.files(source))
    for event in heads:
        uri = str(event.data["uri"])
        folder = bool(files) and uri.endswith(f"/{files[0][0]}")
        stored = Stored(files, folder)
        if files and (folder or len(files) == 1) and stored.sha256() == event.data["sha256"]:
            return stored, event
    raise _refused(store, f"the stored bytes of its source {visible(source, 60)} are not the ones that were imported")


def _rows(
    store: Store, stored: Stored, event: Event, words: Mapping[str, Any], told: tuple[Problem, ...]
) -> SourceRows:
    source = SourceId(parse_key(event.key).subject)
    how = ImportOptions(limits=limits_of(event.data["facts"]), own_words=words)
    try:
        examined = examine_source(
            stored, name=source, place=str(store.path), uri=str(event.data["uri"]), empty=True, how=how
        )
    except InputRefused as error:
        why = f"its source {visible(source, 60)} cannot be read again: {error.what}"
        raise _refused(store, why) from error
    kept = tuple(problem for problem in told if problem not in set(examined.problems))
    return source_rows(replace(examined, problems=(*kept, *examined.problems)))


def _refused(store: Store, why: str) -> WorkspaceRefused:
    return WorkspaceRefused(
        "the review file was not opened",
        place=str(store.path),
        why=why,
        remedy="ask whoever sent it for a sound copy, or review the document anew; this file was not changed",
    )
