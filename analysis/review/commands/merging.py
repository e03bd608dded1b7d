"""Merge: take in what other copies of the review hold."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import WorkspaceRefused
from analysis.review.record.conflicts import conflicts
from analysis.review.record.people.proven_events import Proofs
from analysis.review.record.record import Record
from analysis.review.record.understanding import beginnings
from analysis.review.sources.importing import source_rows
from analysis.review.sources.merged_sources import MergedSources
from analysis.review.sources.policy_words import words_at_import
from analysis.review.sources.rebuild import examined_again
from analysis.text import visible
from analysis.workspace.foreign import foreign_store
from analysis.workspace.keys import POLICY
from analysis.workspace.order import in_order
from analysis.workspace.union import union

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.review.record.conflicts import Conflict
    from analysis.review.record.understanding import SetAside
    from analysis.review.session import Review
    from analysis.review.sources.rebuild import RecordedSources
    from analysis.workspace import SourceRows, Store
    from analysis.workspace.union import Union


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge took in, or would take in: events by person, and what a person has to look at afterwards."""

    found: Union
    people: tuple[tuple[str, int], ...]
    conflicts: tuple[Conflict, ...]  # that were not there before
    set_aside: tuple[SetAside, ...]  # of the events that were taken in
    contested_sources: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The outcome in one line; names are not escaped."""
        if not self.found.events:
            return "nothing new: this copy has every event of the others"
        count = len(self.found.events)
        by = ", ".join(f"{name} {number:,}" for name, number in self.people)
        return f"{count:,} new event{'s' if count != 1 else ''}: {by}"


def merge(review: Review, others: Sequence[Path], *, at: str, dry_run: bool = False) -> Merged:
    """Take in the events of other copies of the review, and the sources that they imported, whole or not at all.

    The result does not depend on the order in which copies are merged. Nothing is written to the other files. Raises
    `WorkspaceRefused` for a file that cannot be read, or is of another review.
    """
    with ExitStack() as stack:
        own = {event.id: event for event in review.store.events}
        copies = [stack.enter_context(foreign_store(path, own)) for path in others]
        for copy in copies:
            _refuse_another_review(review, copy)
        review.refresh(at)
        found = union(review.store.events, [copy.log.as_stored for copy in copies], review.store.log.order)
        before = conflicts(review.record.registers)
        merged = review.record
        if found.events and not dry_run:
            write_union(review, found, copies)
            merged = review.record
        elif found.events:
            everything = [*review.store.events, *found.events]
            merged = Record(everything, review.record.now, proofs=Proofs(review.proofs), own=review.record.own)
    known = {each.key for each in before}
    ids = {event.id for event in found.events}
    return Merged(
        found,
        tuple(Counter(event.actor for event in found.events).most_common()),
        tuple(each for each in conflicts(merged.registers) if each.key not in known),
        tuple(each for identity, each in merged.set_aside.items() if identity in ids),
        merged.contested_sources,
    )


def _refuse_another_review(review: Review, other: Store) -> None:
    if beginnings(review.store.events).isdisjoint(beginnings(other.log.as_stored)):
        raise WorkspaceRefused(
            "nothing was merged",
            place=str(other.path),
            why="it is another review, not a copy of this one",
            remedy="use it as a precedent: decide here what was decided there, tool by tool",
        )


def write_union(review: Review, found: Union, copies: Sequence[RecordedSources]) -> None:
    """Record the events of other copies, with the sources that they import, whole or not at all."""
    with review.store.transaction() as arrived:
        review.take_in(arrived)
        later = {event.id for event in review.store.events}
        new = [event for event in found.events if event.id not in later]
        rows = _rows(review, found, copies)
        review.store.take_in(new)
        if rows is not None:
            review.store.replace_rows(rows)
    if rows is None:
        review.take_in(new)
    else:
        review.reload()


def _rows(review: Review, found: Union, copies: Sequence[RecordedSources]) -> list[SourceRows] | None:
    """Return the derived rows of all sources after a merge; None where it changes none."""
    if not any(event.kind == "source.imported" or event.key == POLICY for event in found.events):
        return None
    store = review.store
    try:
        every = in_order([*store.events, *found.events])
        merged = MergedSources(store.path, every, [store, *copies])
        words = words_at_import(every, review.proofs, review.record.own)
        return [source_rows(result) for result in examined_again(merged, words)]
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError, OverflowError) as error:
        raise WorkspaceRefused(
            "nothing was merged",
            place=", ".join(dict.fromkeys(visible(str(copy.path), 200) for copy in copies)),
            why=f"a source in it cannot be read: {type(error).__name__}",
            remedy="ask the sender for an intact copy, or open it alone to see what is wrong",
        ) from error
