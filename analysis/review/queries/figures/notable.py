"""Ten things to know: the findings and doubts that a reviewer should have seen, worst first, each with its proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.model import Finding, Severity, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.review.session import Review

_ORDER: Final = {
    severity.value: place for place, severity in enumerate(sorted(Severity, key=lambda each: -each.points))
}


@dataclass(frozen=True, slots=True)
class NotableFact:
    """One thing to know. `rule` is empty for a doubt of the review itself.

    Its proof is a finding, or the tools that a query selects, or an area of its own.
    """

    severity: str
    text: str
    rule: str = ""
    finding: Finding | None = None
    query: str = ""
    area: str = ""


def notable_facts(review: Review, limit: int = 10) -> list[NotableFact]:
    """Return the most severe things to know, at most `limit`: one for each rule that found something, and doubts."""
    facts = [*_doubts(review), *_of_rules(review)]
    return sorted(facts, key=_place)[:limit]


def _place(fact: NotableFact) -> tuple[int, int]:
    """Return the place of a fact: by severity, what caps the score first."""
    cap = fact.finding.cap if fact.finding is not None else None
    return _ORDER[fact.severity], 100 if cap is None else cap


def _of_rules(review: Review) -> Iterator[NotableFact]:
    """Yield one fact for each rule with open findings, at its worst severity; questions are one together."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in review.summary().findings:
        if finding.status in {Status.OPEN, Status.FIXING}:
            by_rule.setdefault("GOV" if finding.control else finding.rule, []).append(finding)
    for rule, found in by_rule.items():
        worst = found[0]
        yield NotableFact(worst.severity.value, _words(review, found), rule, worst)


def _words(review: Review, found: Sequence[Finding]) -> str:
    """Return what a rule found in words: on how many tools, or on which one."""
    worst = found[0]
    if worst.control:
        title = worst.title.partition(":")[0]
        return title if len(found) == 1 else f"{len(found):,} governance questions without a sufficient answer"
    tools = {tool for each in found for tool in (each.tools or ((each.tool,) if each.tool else ()))}
    if len(tools) == 1:
        (tool,) = tools
        return f"{review.tool(tool).row.name}: {worst.title}"
    if tools:
        return f"{len(tools):,} tools: {worst.title}"
    return worst.title if len(found) == 1 else f"{len(found):,} places: {worst.title}"


def _doubts(review: Review) -> Iterator[NotableFact]:
    """Yield what makes the decisions themselves doubtful: conflicts, changed definitions, unclear effects."""
    progress = review.summary().progress
    if progress.conflicts:
        count = _tools(progress.conflicts)
        yield NotableFact("critical", f"Reviewers differ on {count}", query="is:conflict")
    if progress.stale:
        yield NotableFact(
            "high", f"{_tools(progress.stale)} changed since the decision", query="is:stale", area="changes"
        )
    if review.record.unsettled:
        aside = len(review.record.unsettled)
        yield NotableFact("high", f"{aside:,} events were set aside and are not settled", area="signoff")
    unclear = review.views.counts.count(lambda facts: facts.unclear and facts.undecided)
    if unclear:
        yield NotableFact("medium", f"{_tools(unclear)} of unclear effect", query="is:unclear is:undecided")


def _tools(count: int) -> str:
    return f"{count:,} tool{'s' if count != 1 else ''}"
