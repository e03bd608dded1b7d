"""The findings of a review: lists of them, their dispositions, and comparison with an earlier report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from analysis.errors import InputRefused, UsageError
from analysis.model import Disposition, Finding, FindingId, Status
from analysis.review.queries.tools import notes
from analysis.review.record.dispositions import (
    MISREAD,
    evidence_pattern,
    merge_dispositions,
    require_reading,
    why_expired,
)
from analysis.rules import cause_in, cause_of, grouped
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from analysis.model import Note
    from analysis.review.session import Review


#: Rules whose findings are the queue, and the query for the tools that wait.
QUEUE_QUERIES: Final[Mapping[str, str]] = {
    "EXP-003": "is:undecided class:side-effect -type:billing",
    "EXP-004": "is:undecided class:read-only",
}


def findings_by_id(review: Review) -> dict[FindingId, Finding]:
    """Return every single finding by its id."""
    summary = review.summary()
    found = [finding for group in summary.by_tool.values() for finding in group]
    return {finding.id: finding for finding in (*found, *summary.general)}


def single_findings(review: Review, findings: Iterable[FindingId]) -> list[FindingId]:
    """Return the ids of single findings, each once; a grouped finding gives all its members. Raises `UsageError`."""
    grouped_ids = {finding.id: finding.members for finding in review.summary().findings}
    known = {one: (one,) for members in grouped_ids.values() for one in members} | grouped_ids
    wanted = list(findings)
    for finding in wanted:
        if finding not in known:
            raise UsageError("there is no such finding", place=finding, remedy="list them with: clearance findings")
    return list(dict.fromkeys(one for finding in wanted for one in known[finding]))


def dispositions(review: Review) -> dict[FindingId, Disposition]:
    """Return the disposition of every finding; of a grouped one, those of its members merged."""
    found = ((finding.id, disposition_for(review, finding)) for finding in review.summary().findings)
    return {identity: disposition for identity, disposition in found if disposition is not None}


def disposition_for(review: Review, finding: Finding) -> Disposition | None:
    """Return the disposition of a finding; of a grouped one, those of its members merged."""
    return merge_dispositions(map(review.record.disposition, finding.members))


def reopened_reason(review: Review, finding: Finding) -> str:
    """Return why an accepted risk is open again, or an empty string."""
    found = review.record.disposition(finding.id)
    return why_expired(found, review.record.day, review.table.get(finding.tool)) if found is not None else ""


def listed_findings(review: Review, keep: Callable[[Finding], bool]) -> list[Finding]:
    """Return the findings that pass a test, worst first; only those are grouped."""
    kept = filter(keep, findings_by_id(review).values())
    return grouped(kept, review.table.sources, mostly_undecided=review.summary().progress.mostly_undecided)


def concerns(review: Review, finding: Finding, actor: str) -> bool:
    """Whether an actor disposed of a finding, owns it, or decided its tool."""
    found, tool = review.record.disposition(finding.id), review.table.get(finding.tool)
    return (found is not None and actor in {found.actor, found.owner}) or (
        tool is not None and tool.decision is not None and tool.decision.actor == actor
    )


def same_cause(review: Review, finding: FindingId) -> list[FindingId]:
    """Return the single findings with the same cause: same rule, same source, same matched text."""
    singles = findings_by_id(review)
    cause = _cause(review, singles[single_findings(review, [finding])[0]])
    return [single.id for single in singles.values() if _cause(review, single) == cause]


def findings_in_scope(review: Review, findings: Iterable[FindingId], disposition: Disposition) -> list[FindingId]:
    """Return the single findings that a disposition closes: those given, and what the rule misread in the same way.

    With the code `misread`, every other open finding of the same rule with the same pattern of evidence is closed too,
    in all sources. Raises `UsageError` for an unknown finding, or one whose rule reads no definition.
    """
    single = single_findings(review, findings)
    if disposition.code != MISREAD:
        return single
    by_id = findings_by_id(review)
    for finding in single:
        require_reading(by_id[finding])
    patterns = {evidence_pattern(by_id[finding]) for finding in single} - {None}
    similar = [f.id for f in by_id.values() if not is_closed(f) and evidence_pattern(f) in patterns]
    return list(dict.fromkeys((*single, *similar)))


def _cause(review: Review, finding: Finding) -> tuple[str, str, str]:
    tool = review.table.get(finding.tool)
    return finding.rule, finding.matched, tool.row.source if tool is not None else finding.subject


def notes_on_finding(review: Review, finding: Finding) -> tuple[Note, ...]:
    """Return the notes on a finding and on the grouped ones with its cause, oldest first.

    A note on a grouped finding is about its cause: it stays with all that have it, whatever their status becomes.
    """
    cause = cause_of(finding, review.table.sources)

    def concerns_it(note: Note) -> bool:
        if note.subject == finding.id:
            return True
        noted = cause_in(note.subject)
        return bool(noted) and (noted == cause or noted[:1] == cause or noted == cause[:1])

    return tuple(note for note in notes(review) if concerns_it(note))


def is_closed(finding: Finding) -> bool:
    """Whether reviewers closed a finding."""
    return finding.status not in {Status.OPEN, Status.FIXING}


def in_earlier_report(report: dict[str, object]) -> Callable[[Finding], bool]:
    """Return a test for findings that an earlier report has: `review.json` of a packet, or `status --json`.

    A grouped finding names its tools, so each of them counts as reported. Raises `UsageError` for anything else.
    """
    rows = report.get("findings")
    if not isinstance(rows, list) or not all(isinstance(row, dict) and {"id", "rule"} <= row.keys() for row in rows):
        raise UsageError("this is not a report of a review", remedy="name the review.json of a packet, or its folder")
    ids: Collection[str] = {str(row["id"]) for row in rows}
    tools = {(row["rule"], tool) for row in rows for tool in row.get("tools") or ()}
    return lambda finding: finding.id in ids or (finding.rule, finding.tool) in tools


def earlier_report(place: Path) -> Callable[[Finding], bool]:
    """Return `in_earlier_report` of a report: a packet's folder, its `review.json`, or saved `status --json`.

    Raises `InputRefused` where it cannot be read, and `UsageError` where it is not a report.
    """
    file = place / "review.json" if place.is_dir() else place
    try:
        data = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise InputRefused(
            "the earlier report cannot be read", place=str(file), why=visible(str(error), 200), remedy="name a packet"
        ) from None
    return in_earlier_report(data if isinstance(data, dict) else {})
