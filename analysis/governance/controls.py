"""The scored governance questions, and what an unanswered or unproved one means for a review.

The questions are data, in `controls.yaml` beside this page: sixteen controls, 25 points in all, the weights of
score model v1. An answer without proof is a claim and counts half: asking alone convinces no auditor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.model import AnswerState, Control, Finding, FindingId, Severity
from analysis.words import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.model import Answer, Evidence

#: Evidence levels, weakest first: statement, document, export or log sample, observed or re-performed.
LEVELS: Final = ("E1", "E2", "E3", "E4")
_SEVERITY: Final = {3: Severity.HIGH, 2: Severity.MEDIUM, 1: Severity.LOW}


@dataclass(frozen=True, slots=True)
class _Entry:
    """A control with the two sentences that its finding needs."""

    control: Control
    why: str
    settles: str


@cache
def _entries() -> Mapping[str, _Entry]:
    import yaml  # noqa: PLC0415 - a start that asks no question need not load it

    text = resources.files("analysis.governance").joinpath("controls.yaml").read_text("utf-8")
    entries = {}
    for row in yaml.safe_load(text):
        control = Control(
            id=row["id"],
            title=row["title"],
            question=row["question"],
            lists=tuple(row["lists"]),
            who=row["who"],
            min_level=row["min_level"],
            points=row["points"],
            maps_to=tuple(row["maps_to"]),
        )
        entries[control.id] = _Entry(control, row["why"], row["settles"])
    return entries


def controls() -> tuple[Control, ...]:
    """Return all scored controls, in the order in which they are asked."""
    return tuple(entry.control for entry in _entries().values())


def control(control_id: str) -> Control:
    """Return one control; an unknown id is a `UsageError` that names the nearest."""
    entry = _entries().get(control_id)
    if entry is None:
        near = nearest(control_id, list(_entries()))
        remedy = f"did you mean {near}?" if near else f"controls are {', '.join(_entries())}"
        raise UsageError(f"no control is called {control_id!r}", remedy=remedy)
    return entry.control


def answer_state(control: Control, answer: Answer | None, today: str) -> AnswerState:
    """Return the state in effect on a day (ISO date): what was said, as far as it holds.

    Evidence that is too weak or out of date leaves a claim; "not applicable" without a reason says nothing.
    """
    if answer is None:
        return AnswerState.UNANSWERED
    if answer.state is AnswerState.EVIDENCED and not any(_holds(control, e, today) for e in answer.evidence):
        return AnswerState.CLAIMED
    if answer.state is AnswerState.NOT_APPLICABLE and not answer.text.strip():
        return AnswerState.UNANSWERED
    return answer.state


def findings(answers: Mapping[str, Answer], today: str) -> list[Finding]:
    """Return a finding for each control that is unanswered (counts in full) or only claimed (counts half)."""
    found = []
    for control_id, entry in _entries().items():
        state = answer_state(entry.control, answers.get(control_id), today)
        if state in {AnswerState.UNANSWERED, AnswerState.CLAIMED}:
            found.append(_finding(entry, answers.get(control_id), state, today))
    return found


def _finding(entry: _Entry, answer: Answer | None, state: AnswerState, today: str) -> Finding:
    asked, claimed = entry.control, state is AnswerState.CLAIMED
    rule = f"GOV-{asked.id}"
    gap = _gap(asked, answer, today) if claimed and answer else "Nobody has answered this question."
    return Finding(
        id=FindingId(f"{rule}|{asked.id}"),
        rule=rule,
        title=f"{asked.title}: {'not proved' if claimed else 'not answered'}",
        severity=_SEVERITY[asked.points],
        confidence="high",
        why=f"{gap} {entry.why}",
        remedy=f"Answer the question and attach evidence of level {asked.min_level} or better. {entry.settles}",
        control=asked.id,
        matched=AnswerState.CLAIMED.value if claimed else "",
        points=asked.points,
    )


def _gap(control: Control, answer: Answer, today: str) -> str:
    """Say what keeps a claim from being proved."""
    if not answer.evidence:
        return "The answer has no evidence."
    if not any(_strong(control, evidence) for evidence in answer.evidence):
        return f"The evidence is weaker than {control.min_level}."
    if any(_holds(control, evidence, today) for evidence in answer.evidence):
        return "The answer was recorded as a claim although its evidence would settle it."
    return "The evidence is out of date."


def _holds(control: Control, evidence: Evidence, today: str) -> bool:
    return _strong(control, evidence) and _valid(evidence, today)


def _strong(control: Control, evidence: Evidence) -> bool:
    return evidence.level in LEVELS and LEVELS.index(evidence.level) >= LEVELS.index(control.min_level)


def _valid(evidence: Evidence, today: str) -> bool:
    """Whether evidence is in date; without an end it does not run out, an unreadable end has passed."""
    if not evidence.valid_until:
        return True
    try:
        return date.fromisoformat(evidence.valid_until[:10]) >= date.fromisoformat(today[:10])
    except ValueError:
        return False
