"""A review as one goes through its findings: which are new, which were set aside, and what was made of each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from analysis.errors import InputRefused, UsageError
from analysis.model import Disposition, Finding, FindingId, Status
from analysis.review.derived.findings import worst_first
from analysis.review.record.dispositions import merge_dispositions, why_expired
from analysis.review.searching import Searching
from analysis.rules import grouped
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path


class Findings(Searching):
    """An open review as one goes through its findings."""

    def single(self, findings: Iterable[FindingId]) -> list[FindingId]:
        """Return single findings, each once: a gathered one stands for its members. Raises `UsageError`."""
        members = {f.id: f.members or (f.id,) for f in self.summary().findings}
        known = {one: (one,) for listed in members.values() for one in listed} | members
        wanted = list(findings)
        for finding in wanted:
            if finding not in known:
                raise UsageError("there is no such finding", place=finding, remedy="list them with: clearance findings")
        return list(dict.fromkeys(one for finding in wanted for one in known[finding]))

    def each_finding(self) -> dict[FindingId, Finding]:
        """Return every single finding, none gathered, by its identity."""
        found = [f for group in self.summary().by_tool.values() for f in group]
        return {f.id: f for f in (*found, *self.summary().general)}

    def dispositions(self) -> dict[FindingId, Disposition]:
        """Return what people made of findings; of a gathered one, all that was said of its members."""
        said = ((f.id, self.disposition_for(f)) for f in self.summary().findings)
        return {identity: made for identity, made in said if made is not None}

    def disposition_for(self, finding: Finding) -> Disposition | None:
        """Return what people made of a finding; of a gathered one, all that was said of its members."""
        return merge_dispositions(map(self.disposition, finding.members or (finding.id,)))

    def reopened_reason(self, finding: Finding) -> str:
        """Return why a risk that was accepted is open again, or an empty string."""
        made = self.disposition(finding.id)
        tool = self._states.get(finding.tool) if finding.tool is not None else None
        return why_expired(made, self._day, tool) if made is not None else ""

    def listed(self, keep: Callable[[Finding], bool]) -> list[Finding]:
        """Return the findings that are kept, worst first; what is gathered stands for those that are kept, no more."""
        kept = sorted(filter(keep, self.each_finding().values()), key=worst_first)
        return grouped(kept, self.summary().sources)

    def concerns(self, finding: Finding, actor: str) -> bool:
        """Whether a finding is somebody's: disposed of or owned by them, or on a tool that they decided."""
        made = self.disposition(finding.id)
        decision = self._states[finding.tool].decision if finding.tool in self._states else None
        return (made is not None and actor in {made.actor, made.owner}) or (
            decision is not None and decision.actor == actor
        )

    def alike(self, finding: FindingId) -> list[FindingId]:
        """Return the single findings with which one shares its cause: same rule, same source, same matched text."""
        singles = self.each_finding()
        one = singles.get(self.single([finding])[0])
        assert one is not None, "a single finding was asked for"
        source = self._source_of(one)
        return [
            f.id for f in singles.values() if (f.rule, f.matched, self._source_of(f)) == (one.rule, one.matched, source)
        ]

    def _source_of(self, finding: Finding) -> str:
        state = self._states.get(finding.tool) if finding.tool is not None else None
        return state.row.source if state is not None else finding.subject


def set_aside(finding: Finding) -> bool:
    """Whether people took a finding off the list of what is to be done."""
    return finding.status not in {Status.OPEN, Status.FIXING}


def in_earlier_report(report: dict[str, object]) -> Callable[[Finding], bool]:
    """Return whether a finding stood in an earlier report already: `review.json` of a packet, or `status --json`.

    Raises `UsageError` for anything else. A gathered finding names its tools, so each of them was known.
    """
    rows = report.get("findings")
    if not isinstance(rows, list) or not all(isinstance(row, dict) and {"id", "rule"} <= row.keys() for row in rows):
        raise UsageError("this is no report of a review", remedy="name the review.json of a packet, or its folder")
    ids: Collection[str] = {str(row["id"]) for row in rows}
    tools = {(row["rule"], tool) for row in rows for tool in row.get("tools") or ()}
    return lambda finding: finding.id in ids or (finding.rule, finding.tool) in tools


def earlier_report(place: Path) -> Callable[[Finding], bool]:
    """Return what `in_earlier_report` does of the report at a place: a packet's folder, its `review.json`, or saved `status --json`.

    Raises `InputRefused` where nothing can be read, and `UsageError` for anything that is no report.
    """
    file = place / "review.json" if place.is_dir() else place
    try:
        data = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise InputRefused(
            "the earlier report cannot be read", place=str(file), why=visible(str(error), 200), remedy="name a packet"
        ) from None
    return in_earlier_report(data if isinstance(data, dict) else {})
