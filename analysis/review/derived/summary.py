"""Where a review stands: findings in effect, score, progress, and what is missing before it is complete."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from analysis.governance.controls import answer_state, controls
from analysis.governance.controls import findings as governance_findings
from analysis.model import AnswerState, Risk
from analysis.policy import applied, switched_off
from analysis.review.derived.findings import worst_first
from analysis.review.record.policy import ReviewPolicy
from analysis.rules import ReviewFacts, grouped, run_review
from analysis.score import figures, score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.model import (
        Answer,
        Disposition,
        Finding,
        FindingId,
        RuleNotRun,
        Score,
        SourceId,
        ToolId,
    )
    from analysis.review.derived.findings import FindingIndex

#: The question who owns the tools: proved once, it holds for all of them.
_OWNERSHIP: Final = "gov-owner"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review is: tools decided of all, questions answered of all."""

    tools: int
    decided: int
    controls: int
    answered: int
    stale: int
    conflicts: int
    high_left: int = 0  # tools of high risk that wait for a decision


@dataclass(frozen=True, slots=True)
class ReviewContext:
    """What rules about the review as a whole look at: who asked for its tools, and what was made of findings."""

    requesters: frozenset[str] = frozenset()
    disposed: Mapping[FindingId, Disposition] = field(default_factory=dict)


@dataclass(frozen=True)
class ReviewSummary:
    """Everything that follows from inventory, decisions and answers at one moment.

    `figures` is the score without its ledger, counting single findings; `score`, and all findings in one order, are made
    when they are asked for.
    """

    by_tool: Mapping[ToolId, tuple[Finding, ...]]  # the single ones
    general: tuple[Finding, ...]  # on controls and on the review
    answers: Mapping[str, AnswerState]
    figures: Score
    progress: Progress
    open_gates: tuple[str, ...]
    not_run: tuple[RuleNotRun, ...]
    live: int
    unmet: int
    sources: Mapping[ToolId, SourceId]

    @classmethod
    def of(
        cls,
        finding_index: FindingIndex,
        answers: Mapping[str, Answer],
        not_run: tuple[RuleNotRun, ...],
        review_policy: ReviewPolicy = ReviewPolicy(),  # noqa: B008 - frozen
        circumstances: ReviewContext = ReviewContext(),
    ) -> ReviewSummary:
        """Work out where a review stands from what its tools contribute and from its answers, held to its terms."""
        today = finding_index.today
        states = {c.id: answer_state(c, answers.get(c.id), today) for c in controls()}
        general = (
            *finding_index.general,
            *map(finding_index.settled, applied(review_policy.policy, governance_findings(answers, today))),
        )
        by_tool = finding_index.findings_snapshot()
        found, silent = run_review(_facts(finding_index, general, states, circumstances))
        reviewed = [finding_index.settled(finding) for finding in applied(review_policy.policy, found)]
        for finding in reviewed:
            if finding.tool is not None:
                by_tool.add(finding, finding.tool)
        general += tuple(finding for finding in reviewed if finding.tool is None)
        asked = controls(review_policy.profile)
        facts = [(each, count) for each, count in finding_index.facts.items() if count]
        progress = Progress(
            tools=sum(count for _, count in facts),
            decided=sum(count for each, count in facts if not each.undecided),
            controls=len(asked),
            answered=sum(1 for c in asked if states[c.id] is not AnswerState.UNANSWERED),
            stale=sum(count for each, count in facts if each.stale),
            conflicts=sum(count for each, count in facts if each.conflict),
            high_left=sum(count for each, count in facts if each.undecided and each.risk is Risk.HIGH),
        )
        live = sum(count for each, count in facts if each.live)
        unmet = sum(count for each, count in facts if each.unmet)
        return cls(
            by_tool=by_tool,
            general=general,
            answers=states,
            figures=figures(
                [
                    *finding_index.counted(),
                    *((f, 1) for f in general),
                    *((f, 1) for f in reviewed if f.tool is not None),
                ],
                live_tools=live,
                undecided=progress.tools - progress.decided,
                unanswered=progress.controls - progress.answered,
                unmet_conditions=unmet,
            ),
            progress=progress,
            open_gates=(*_gates(progress), *review_policy.gates),
            not_run=(*not_run, *finding_index.not_run, *silent, *switched_off(review_policy.policy)),
            live=live,
            unmet=unmet,
            sources=finding_index.sources,
        )

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings on live tools, on controls and on the review; worst first; gathered; status in effect."""
        found = [finding for group in self.by_tool.values() for finding in group]
        return tuple(grouped(sorted((*found, *self.general), key=worst_first), self.sources))

    @cached_property
    def score(self) -> Score:
        """The score with the ledger that explains it."""
        return score(
            self.findings,
            live_tools=self.live,
            undecided=self.progress.tools - self.progress.decided,
            unanswered=self.progress.controls - self.progress.answered,
            unmet_conditions=self.unmet,
        )


def _facts(
    finding_index: FindingIndex, general: Sequence[Finding], states: Mapping[str, AnswerState], now: ReviewContext
) -> ReviewFacts:
    """Return what rules about the whole review look at."""
    on_tools = (f for tool in finding_index.holding(now.disposed) for f in finding_index.by_tool[tool])
    return ReviewFacts(
        finding_index.live,
        granted=finding_index.granted_high_risk,
        requesters=now.requesters,
        today=finding_index.today,
        owned=states[_OWNERSHIP] is AnswerState.EVIDENCED,
        disposed=[(f, now.disposed[f.id]) for f in (*on_tools, *general) if f.id in now.disposed],
    )


def _gates(progress: Progress) -> tuple[str, ...]:
    """Return what keeps a review from being complete."""
    gates = []
    if progress.decided < progress.tools:
        missing = progress.tools - progress.decided
        gates.append(f"{missing} of {progress.tools} tools undecided")
    if progress.stale:
        gates.append(f"{progress.stale} decided tools have changed since")
    if progress.conflicts:
        gates.append(f"{progress.conflicts} tools on which reviewers differ")
    if progress.answered < progress.controls:
        gates.append(f"{progress.controls - progress.answered} of {progress.controls} questions unanswered")
    return tuple(gates)
