"""The rows a reviewer reads first, and what work does to the score: python -m tests.benchmarks.first_rows DIR [NAME ...].

For each document: the first findings as the desk lists them before anything is decided, and the score from nothing
decided to everything decided by a conservative hand. The last lines name the rows a sceptic has to judge, which are the
critical ones, and the documents on which work is rewarded too little.

The conservative hand approves reads of low risk, approves what is of medium risk under evidenced conditions, blocks high
risk and whatever is critical, moves money or is unclear, answers every question with evidence, and disposes of no
finding.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.model import (
    AnswerState,
    Condition,
    ConditionKind,
    DecisionState,
    Effect,
    Evidence,
    Risk,
    Severity,
    ToolType,
)
from analysis.review import commands
from analysis.review.queries.governance import questions_of
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from tests.benchmarks.rules import VENDORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import Finding, Score, ToolId, ToolState

ROWS: Final = 20
#: What deciding everything has to add to the score of each document, in points.
LEAST_RISE: Final = 30
_AT: Final = "2026-01-15T10:00:00Z"
_ACTOR: Final = "reviewer"
_CONDITIONS: Final = (
    Condition(ConditionKind.GROUP, "support", evidence="directory export"),
    Condition(ConditionKind.ENVIRONMENT, "production", evidence="gateway export"),
    Condition(ConditionKind.APPROVAL, "one person", evidence="test run of the confirmation"),
    Condition(ConditionKind.AUDIT, "every call", evidence="log sample"),
)


@dataclass(frozen=True, slots=True)
class FirstRows:
    """What a reviewer of one document sees."""

    name: str
    rows: Sequence[tuple[Finding, str]]  # finding and subject
    before: Score
    after: Score
    left: Sequence[Finding]  # open once everything is decided

    @property
    def rise(self) -> int:
        """Points between nothing decided and everything decided."""
        return (self.after.value or 0) - (self.before.value or 0)


def decision_of(tool: ToolState) -> DecisionState:
    """Return what the conservative hand decides on a tool."""
    if tool.risk is Risk.HIGH or tool.effect is Effect.CRITICAL or tool.type is ToolType.BILLING or tool.row.unclear:
        return DecisionState.BLOCKED
    low_read = tool.risk is Risk.LOW and tool.effect is Effect.READ
    return DecisionState.APPROVED if low_read else DecisionState.CONDITIONAL


def decide_all(review: Review) -> None:
    """Decide every tool and answer every question with a conservative hand."""
    groups: dict[DecisionState, list[ToolId]] = {}
    for tool in review.tools():
        groups.setdefault(decision_of(tool), []).append(tool.row.id)
    for state, tools in groups.items():
        conditions = _CONDITIONS if state is DecisionState.CONDITIONAL else ()
        commands.decide(review, tools, state, reason="read", actor=_ACTOR, at=_AT, conditions=conditions)
    for control in questions_of(review.policy.profile):
        proof = Evidence(f"record of {control.title}", "E4", collected_by=_ACTOR, collected_at=_AT[:10])
        commands.answer(
            review, control.id, AnswerState.EVIDENCED, text=control.title, actor=_ACTOR, at=_AT, evidence=(proof,)
        )


def first_rows(path: Path) -> FirstRows:
    """Return what a reviewer of a document sees, before and after deciding everything."""
    with tempfile.TemporaryDirectory() as folder:
        result = examine_source(str(path))
        review = Review.create(Path(folder) / "review.clearance", [result], actor=_ACTOR, at=_AT)
        try:
            summary = review.summary()
            rows = [(f, _subject(review, f)) for f in summary.findings[:ROWS]]
            before = summary.score
            decide_all(review)
            summary = review.summary()
            return FirstRows(path.name, rows, before, summary.score, summary.findings)
        finally:
            review.close()


def _subject(review: Review, found: Finding) -> str:
    if found.tools:
        return f"{len(found.tools):,} tools"
    return review.tool(found.tool).row.name if found.tool else found.control or "review"


def lines_of(seen: FirstRows) -> Iterator[str]:
    """Yield a document as text."""
    yield f"== {seen.name}: {seen.before.value} -> {seen.after.value} ({seen.rise:+}), {seen.after.verdict}"
    for number, (found, subject) in enumerate(seen.rows, 1):
        yield f"{number:>3} {found.severity.value:8} {found.rule:12} {found.title} · {subject} · {found.matched[:80]}"
    yield "  Fix next, before: " + "; ".join(f"{e.label} -{e.penalty:g} (+{e.gain})" for e in seen.before.ledger[:5])
    yield "  Fix next, after: " + "; ".join(f"{e.label} -{e.penalty:g} (+{e.gain})" for e in seen.after.ledger[:8])
    yield f"  caps after: {seen.after.caps}; because {seen.after.because}"


def main() -> None:
    """Print the rows and the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", default=list(VENDORS))
    given = parser.parse_args()
    every = []
    for name in given.names:
        every.append(first_rows(given.folder / name))
        print("\n".join(lines_of(every[-1])), flush=True)
    critical = [f.rule for seen in every for f, _ in seen.rows if f.severity is Severity.CRITICAL]
    print(f"{len(critical)} critical rows: {dict(Counter(critical).most_common())}")
    short = [f"{seen.name} rises by {seen.rise}" for seen in every if seen.rise < LEAST_RISE]
    print("; ".join(short) or f"every score rises by at least {LEAST_RISE}")


if __name__ == "__main__":
    main()
