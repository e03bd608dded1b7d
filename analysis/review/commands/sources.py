"""Add sources, refresh them, and record the results of their validation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.model import Skipped
from analysis.review.commands.outcome import Outcome
from analysis.review.queries import changes
from analysis.review.record import drafts
from analysis.review.sources.import_drift import import_drift
from analysis.review.sources.importing import ImportOptions, examine_source, source_rows, start_conformance
from analysis.workspace import to_plain

if TYPE_CHECKING:
    from analysis.conformance.process import Check, Conformance
    from analysis.model import SourceId, SourceInfo, SourceStatus
    from analysis.review.session import Review
    from analysis.review.sources.importing import ImportResult

_CHECK: Final = "conformance"


def import_source(review: Review, source: str | bytes, *, actor: str, at: str, name: SourceId | None = None) -> Outcome:
    """Read a source and add it, or refresh the one of the same name. Raises `InputRefused`."""
    options = ImportOptions(own_words=review.policy.own_words())
    return add_source(review, examine_source(source, name=name, options=options), actor=actor, at=at)


def add_source(review: Review, result: ImportResult, *, actor: str, at: str) -> Outcome:
    """Add a source that was read, or refresh the one of the same name; changed definitions make decisions stale."""
    difference = import_drift(review, result)
    rows = source_rows(result)
    draft = drafts.source_imported(result, changes=difference)
    review.commit(
        lambda: [drafts.replacing(review.record.registers, draft.kind, draft.key, draft.data)],
        actor,
        at,
        lambda: review.store.put_source(rows),
    )
    review.reload()
    present = [tool.id for tool, _ in result.tools]
    changed = present if difference is None else [t for t in present if t in difference.get("digests", ())]
    return Outcome(changes.import_sentence(result.info.id, len(result.tools), difference), tuple(changed))


def begin_validation(review: Review, source: SourceInfo) -> Check:
    """Start the validation of a stored source in its own process, and return at once."""
    return start_conformance(review.store.files(source.id)[0][1])


def keep_validation(review: Review, source: SourceInfo, found: Conformance) -> None:
    """Store the result of a validation with its source. Raises `UsageError` where the source has changed since."""
    with review.store.transaction() as arrived:
        if arrived:
            review.reload()
        now = next((each for each in review.sources() if each.info == source), None)
        if now is None:
            raise UsageError("the source was imported again while it was validated", remedy="validate it again")
        advised = with_advice(now, found)
        review.store.update_source(source.id, to_plain(advised))
    review.reload()


def with_advice(source: SourceStatus, found: Conformance) -> SourceStatus:
    """Return a source with the problems that its validation found, each once, and what is still not checked."""
    rest = tuple(entry for entry in source.not_checked if entry.check != _CHECK)
    left = () if found.finished else (Skipped(_CHECK, f"not finished: {found.reason}"),)
    problems = tuple(dict.fromkeys((*found.problems, *source.problems)))
    return replace(source, problems=problems, not_checked=(*rest, *left))
