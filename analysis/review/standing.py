"""Where a review stands: findings in effect, score, progress, and what is missing before it is complete."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.governance.controls import answer_state, control, controls
from analysis.governance.controls import findings as governance_findings
from analysis.model import AnswerState, Severity, Status
from analysis.query import Subject
from analysis.rules import ReviewFacts, gathered, run_review, run_states
from analysis.score import score

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from analysis.model import Answer, Disposition, Finding, FindingId, RuleNotRun, Score, ToolId, ToolState
    from analysis.rules import Memory

_RANK = {severity: rank for rank, severity in enumerate(Severity)}
#: The question who owns the tools: proved once, it holds for all of them.
_OWNERSHIP = "gov-owner"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review is: tools decided of all, questions answered of all."""

    tools: int
    decided: int
    controls: int
    answered: int
    stale: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that follows from inventory, decisions and answers at one moment."""

    findings: tuple[
        Finding, ...
    ]  # on live tools, on controls and on the review; worst first; gathered; status in effect
    by_tool: Mapping[ToolId, tuple[Finding, ...]]  # the single ones
    answers: Mapping[str, AnswerState]
    score: Score
    progress: Progress
    open_gates: tuple[str, ...]
    not_run: tuple[RuleNotRun, ...]

    @classmethod
    def of(
        cls,
        tools: Sequence[ToolState],
        definition_findings: Sequence[Finding],
        answers: Mapping[str, Answer],
        disposition: Callable[[FindingId], Disposition | None],
        today: str,
        not_run: tuple[RuleNotRun, ...],
        *,
        requesters: frozenset[str] = frozenset(),
        memory: Memory | None = None,
    ) -> Standing:
        """Work out where a review stands on a day (ISO date).

        `requesters` asked for the tools; `memory` keeps what rules said of tools that have not changed since.
        """
        live = {tool.row.id for tool in tools if tool.live}
        sources = {tool.row.source for tool in tools if tool.live}
        from_states, failed = run_states(tools, memory)
        raw = [f for f in definition_findings if (f.tool in live if f.tool else f.subject in sources)]
        raw += from_states + governance_findings(answers, today)
        made = [(finding, disposition(finding.id)) for finding in raw]
        owners = answers.get(_OWNERSHIP)
        facts = ReviewFacts(
            [tool for tool in tools if tool.live],
            requesters=requesters,
            today=today,
            owned=owners is not None and answer_state(control(_OWNERSHIP), owners, today) is AnswerState.EVIDENCED,
            disposed=[(finding, said) for finding, said in made if said is not None],
        )
        from_review, silent = run_review(facts)
        made += [(finding, disposition(finding.id)) for finding in from_review]
        settled = [finding if said is None else _in_effect(finding, said, today) for finding, said in made]
        shown = sorted(gathered(settled, {tool.row.id: tool.row.source for tool in tools}), key=_worst_first)
        states = {c.id: answer_state(c, answers.get(c.id), today) for c in controls()}
        progress = Progress(
            tools=len(tools),
            decided=sum(1 for tool in tools if not tool.undecided),
            controls=len(states),
            answered=sum(1 for s in states.values() if s is not AnswerState.UNANSWERED),
            stale=sum(1 for tool in tools if tool.stale),
            conflicts=sum(1 for tool in tools if tool.conflict),
        )
        unmet = sum(1 for tool in tools if tool.decision and tool.decision.unmet)
        result = score(
            shown,
            live_tools=len(live),
            undecided=progress.tools - progress.decided,
            unanswered=progress.controls - progress.answered,
            unmet_conditions=unmet,
        )
        by_tool: dict[ToolId, list[Finding]] = {}
        for finding in settled:
            if finding.tool is not None:
                by_tool.setdefault(finding.tool, []).append(finding)
        grouped = {tool: tuple(sorted(found, key=_worst_first)) for tool, found in by_tool.items()}
        return cls(tuple(shown), grouped, states, result, progress, _gates(progress), (*not_run, *failed, *silent))


def _worst_first(finding: Finding) -> tuple[int, bool, str, str, str]:
    """Order by severity; of equal ones, what is open comes before what people have settled."""
    settled = finding.status not in {Status.OPEN, Status.FIXING}
    return (_RANK[finding.severity], settled, finding.rule, finding.tool or "", finding.id)


def _in_effect(finding: Finding, made: Disposition | None, today: str) -> Finding:
    """Return a finding with its disposition; an acceptance that has run out is open again."""
    if made is None or (made.status is Status.ACCEPTED and made.until < today):
        return finding
    return dataclasses.replace(finding, status=made.status)


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


def subject_of(
    tool: ToolState,
    findings: Sequence[Finding],
    actor: str,
    *,
    marked: bool = False,
    seen: bool = False,
    notes: str = "",
) -> Subject:
    """Return a tool as a query sees it."""
    row = tool.row
    held = {
        "mine": tool.decision is not None and tool.decision.actor == actor,
        "stale": tool.stale,
        "conflict": tool.conflict,
        "unclear": row.unclear and tool.type_retag is None,
        "deprecated": row.deprecated,
        "noted": tool.notes > 0,
        "marked": marked,
        "seen": seen,
    }
    counted = [f for f in findings if f.status in {Status.OPEN, Status.FIXING}]
    return Subject(
        name=row.name,
        method=row.method,
        path=row.path,
        text=f"{row.name} {row.path} {row.operation_id} {row.summary}".lower(),
        effect=tool.effect.value,
        type=tool.type.value,
        types=tuple(kind.value for kind in row.types),
        risk=tool.risk.value,
        reversibility=row.reversibility.value,
        status=tool.status,
        flags=frozenset(flag for flag, holds in held.items() if holds),
        data=row.data,
        tags=row.tags,
        rules=tuple(f.rule for f in counted),
        severities=tuple(f.severity.value for f in counted),
        findings=len(counted),
        source=row.source,
        scopes=row.scopes,
        notes=notes,
    )
