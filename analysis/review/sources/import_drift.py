"""What a re-import changes: the stored source and the one that was just read, compared before the stored one is replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.errors import ClearanceError
from analysis.ingest import Stored, read
from analysis.output.drift.records import ChangeGroup, Drift, DriftKind
from analysis.review.record.recorded_drift import digest_steps, drift_record
from analysis.review.sources.import_budget import limits_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.ingest import Reading
    from analysis.model import ToolId, ToolRow
    from analysis.review.session import Review
    from analysis.review.sources.importing import ImportResult


def import_drift(review: Review, result: ImportResult) -> dict[str, Any] | None:
    """Return the changes that an import makes as the data of its event; empty for none, None for a first import."""
    former = [tool.row for tool in review.table.states if tool.row.source == result.info.id]
    if not former:
        return None
    before = {row.id: row.digest for row in former}
    after = {tool.id: tool.digest for tool, _ in result.tools}
    if before == after:
        return {}
    drift = _drift(review, result, before, after, former)
    return drift_record(drift, digest_steps(before, after, drift))


def _drift(
    review: Review, result: ImportResult, before: dict[ToolId, str], after: dict[ToolId, str], former: Sequence[ToolRow]
) -> tuple[Drift, ...]:
    from analysis.review.sources.definition_drift import source_drift  # noqa: PLC0415 - most imports are the first ones
    from analysis.review.sources.rebuild import readings_again  # noqa: PLC0415

    try:
        stored = next((reading for _, reading in readings_again(review.store, result.info.id)), None)
    except ClearanceError:
        stored = None
    served = _reading(result)
    inventory = stored.inventory if stored is not None else None
    if stored is None or inventory is None or served.inventory is None:
        return tuple(_by_digest(result, before, after, former))
    if {tool.id: tool.digest for tool in inventory.tools} != before:
        return tuple(_by_digest(result, before, after, former))
    return source_drift(stored, served, review.policy.own_words()).drift


def _reading(result: ImportResult) -> Reading:
    """Return a source that was examined as a reading with the texts of its definitions."""
    folder = result.info.uri.endswith(f"/{result.files[0][0]}")
    limits = limits_of(dict(result.info.facts))
    stored = Stored(result.files, folder)
    return read(stored, name=result.info.id, uri=result.info.uri, limits=limits, texts=True)


def _by_digest(
    result: ImportResult, before: dict[ToolId, str], after: dict[ToolId, str], former: Sequence[ToolRow]
) -> Iterator[Drift]:
    """Yield which definitions differ, where the stored source cannot be read any more."""
    names = {row.id: row.name for row in former} | {tool.id: tool.name for tool, _ in result.tools}
    for tool in dict.fromkeys([*before, *after]):
        was, now = before.get(tool), after.get(tool)
        if was != now:
            kind = DriftKind.NEW if was is None else DriftKind.REMOVED if now is None else DriftKind.CHANGED
            yield Drift(
                kind, tool, names[tool], "definition", was, now, substance=True, group=ChangeGroup.CONTRACT,
                why="the earlier definition cannot be read any more",
            )  # fmt: skip
