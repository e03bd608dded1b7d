"""What follows from a review as a whole: findings in effect, score, progress, and the gates before sign-off."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from analysis.governance.controls import answer_state, control_findings, controls
from analysis.model import AnswerState, Risk, Status
from analysis.policy import applied, switched_off
from analysis.review.derived.gates import gates, log_gates
from analysis.review.record.access_request import request_fit
from analysis.rules import ReviewFacts, grouped, queue_rows, run_review
from analysis.score import score, score_without_ledger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.model import Finding, Gate, RuleNotRun, Score, ToolId
    from analysis.review.derived.counts import ToolCounts
    from analysis.review.derived.findings import FindingIndex
    from analysis.review.record.record import Record

#: The control about ownership: answered with evidence, it holds for every tool.
_OWNERSHIP: Final = "gov-owner"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review is: tools and other capabilities decided of all, controls answered of all that the profile asks."""

    tools: int
    decided: int
    controls: int
    answered: int
    stale: int
    conflicts: int
    high_left: int = 0  # undecided tools of high risk
    others: int = 0  # resources, prompts and other capabilities among `tools`
    proposed: int = 0  # tools decided as a baseline or precedent proposed
    sampled: int = 0  # those drawn from them and not yet looked at
    drawn: int = 0  # all that were ever drawn
    claimed: int = 0  # undecided tools that only claimed events approve

    @property
    def noun(self) -> str:
        """What the inventory consists of: tools, or capabilities where it has other kinds too."""
        return "capabilities" if self.others else "tools"

    @property
    def mostly_undecided(self) -> bool:
        """Whether more than half of the tools are undecided."""
        return 2 * self.decided < self.tools


@dataclass(frozen=True)
class ReviewSummary:
    """Everything that follows from inventory, decisions and answers at one time.

    `figures` is the score without its ledger. `findings` and `score` (with the ledger) are made when asked for, from
    the kept rows of the index as long as it has not changed, later from the findings as they were.
    """

    by_tool: Mapping[ToolId, tuple[Finding, ...]]  # single findings
    waiting: Mapping[ToolId, tuple[Finding, ...]]  # by undecided tool: what the queue consists of
    general: tuple[Finding, ...]  # on controls, sources and the review
    answers: Mapping[str, AnswerState]
    figures: Score
    progress: Progress
    gates: tuple[Gate, ...]
    not_run: tuple[RuleNotRun, ...]
    live: int
    unmet: int  # tools with a condition that has no evidence
    of_review: tuple[Finding, ...]  # what rules on the whole review say of tools; in `by_tool` too
    index: FindingIndex = field(compare=False, repr=False)
    index_version: int = field(compare=False)

    @property
    def open_gates(self) -> tuple[Gate, ...]:
        """The gates that are open; none when the review is complete."""
        return tuple(gate for gate in self.gates if gate.open)

    @property
    def _is_current(self) -> bool:
        return self.index.version == self.index_version

    @cached_property
    def open_findings(self) -> int:
        """The number of findings without a disposition, those with one cause counted once."""
        return sum(1 for finding in self.findings if finding.status in {Status.OPEN, Status.FIXING})

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, worst first, those with one cause grouped."""
        undecided = self.progress.mostly_undecided
        if self._is_current:
            more = (*self.of_review, *self.general)
            return tuple(self.index.rows().findings(mostly_undecided=undecided, more=more))
        single = [finding for found in self.by_tool.values() for finding in found]
        return tuple(grouped((*single, *self.general), self.index.table.sources, mostly_undecided=undecided))

    @cached_property
    def queue(self) -> tuple[Finding, ...]:
        """The undecided tools that are work and no finding: a row for those that act, and one for those that read."""
        if self._is_current:
            return tuple(self.index.rows().queue())
        return tuple(queue_rows(finding for found in self.waiting.values() for finding in found))

    @cached_property
    def score(self) -> Score:
        """The score with the ledger that explains it."""
        return score(
            self.findings,
            queue=self.queue,
            live_tools=self.live,
            undecided=self.progress.tools - self.progress.decided,
            unanswered=self.progress.controls - self.progress.answered,
            unmet_conditions=self.unmet,
        )


def summarise(
    index: FindingIndex, counts: ToolCounts, record: Record, engine_not_run: Sequence[RuleNotRun]
) -> ReviewSummary:
    """Return the summary of a review: its findings and counts, held to its profile and policy."""
    answers, policy = record.answers(), record.policy
    states = {control.id: answer_state(control, answers.get(control.id), record.day) for control in controls()}
    governance = map(index.settled, applied(policy.policy, control_findings(answers, record.day)))
    general = [*index.general(), *governance]
    found, silent = run_review(_review_facts(index, general, states, record))
    on_review = [index.settled(finding) for finding in applied(policy.policy, found)]
    general += [finding for finding in on_review if finding.tool is None]
    on_tools = [finding for finding in on_review if finding.tool is not None]
    progress = _progress(counts, states, record)
    live, unmet = counts.count(lambda facts: facts.live), counts.count(lambda facts: facts.unmet)
    asked = controls(policy.profile)
    unanswered = [control.id for control in asked if states[control.id] is AnswerState.UNANSWERED]
    lacking = len(record.lacking_second_approver(index.table.states))
    figures = score_without_ledger(
        [*index.counted(), *((finding, 1) for finding in (*general, *on_tools))],
        live_tools=live,
        undecided=progress.tools - progress.decided,
        unanswered=len(unanswered),
        unmet_conditions=unmet,
    )
    return ReviewSummary(
        by_tool=_with(index.by_tool, on_tools),
        waiting=dict(index.queue),
        general=tuple(general),
        answers=states,
        figures=figures,
        progress=progress,
        gates=gates(
            progress,
            figures,
            policy,
            request_fit(record.registers, index.table.states),
            lacking,
            unanswered[0] if unanswered else "",
            log_gates(record, progress.claimed),
        ),
        not_run=(*engine_not_run, *index.not_run, *silent, *switched_off(policy.policy)),
        live=live,
        unmet=unmet,
        of_review=tuple(on_tools),
        index=index,
        index_version=index.version,
    )


def _with(by_tool: dict[ToolId, tuple[Finding, ...]], more: Sequence[Finding]) -> Mapping[ToolId, tuple[Finding, ...]]:
    """Return findings by tool with more of them, as they are at this time: the index goes on."""
    added: dict[ToolId, tuple[Finding, ...]] = {}
    for finding in more:
        if (tool := finding.tool) is not None:
            added[tool] = (*added.get(tool, by_tool.get(tool, ())), finding)
    return ChainMap(added, dict(by_tool))


def _progress(counts: ToolCounts, states: Mapping[str, AnswerState], record: Record) -> Progress:
    asked = controls(record.policy.profile)
    return Progress(
        tools=counts.count(),
        decided=counts.count(lambda facts: not facts.undecided),
        controls=len(asked),
        answered=sum(states[control.id] is not AnswerState.UNANSWERED for control in asked),
        stale=counts.count(lambda facts: facts.stale),
        conflicts=counts.count(lambda facts: facts.conflict),
        high_left=counts.count(lambda facts: facts.undecided and facts.risk is Risk.HIGH),
        others=counts.count(lambda facts: not facts.tool),
        proposed=counts.count(lambda facts: facts.proposed),
        sampled=counts.count(lambda facts: facts.sampled),
        drawn=record.drawn,
        claimed=counts.count(lambda facts: facts.claimed),
    )


def _review_facts(
    index: FindingIndex, general: Sequence[Finding], states: Mapping[str, AnswerState], record: Record
) -> ReviewFacts:
    """Return the input of rules about the whole review."""
    disposed = record.dispositions()
    on_tools = (finding for tool in index.tools_of(disposed) for finding in index.by_tool[tool])
    return ReviewFacts(
        index.live(),
        granted=index.granted_high_risk(),
        requesters=record.requesters,
        today=record.day,
        owned=states[_OWNERSHIP] is AnswerState.EVIDENCED,
        signed=record.packet,
        since_signed=record.since_packet,
        disposed=[(finding, disposed[finding.id]) for finding in (*on_tools, *general) if finding.id in disposed],
    )
