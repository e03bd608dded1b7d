"""The governance questions, and what an unanswered or unproved one means for a review.

The questions are data, in the folder `questions` beside this page: fifty-four controls, of which sixteen have points,
25 in all, the weights of score model v1. An answer without proof is a claim and counts half: asking alone convinces
no auditor. A question without points is asked where the profile of the review says so, and costs nothing.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import UsageError
from analysis.model import LEVELS, AnswerState, Control, Finding, FindingId, Profile, Severity
from analysis.words import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.model import Answer, Evidence

#: The files of questions, in the order in which they are asked.
SUBJECTS: Final = (
    "tools", "credentials", "approvals", "records", "governance", "documents",
    "access", "compliance", "risk", "change", "vendors", "oauth",
)  # fmt: skip
#: The lists in which questions are shown, with what each is called.
LISTS: Final[Mapping[str, str]] = {
    "governance": "Governance checklist",
    "documentation": "Documentation checklist",
    "q1": "What can the agent access?",
    "q2": "What can it do?",
    "q3": "How are its credentials kept?",
    "q4": "Who approves?",
    "q5": "What trail is left?",
    "iam": "Identity and access",
    "compliance": "Compliance",
    "risk": "Risk",
    "change": "Change management",
    "vendor": "Vendors",
    "oauth": "What a valid login does not settle",
}
_INTERNAL: Final = frozenset({"q1", "q2", "q3", "q4", "q5", "iam"})
_SEVERITY: Final = {3: Severity.HIGH, 2: Severity.MEDIUM, 1: Severity.LOW}


@cache
def _all() -> Mapping[str, Control]:
    import yaml  # noqa: PLC0415 - a start that asks no question need not load it

    folder = resources.files("analysis.governance").joinpath("questions")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = {}
    for subject in SUBJECTS:
        text = folder.joinpath(f"{subject}.yaml").read_text("utf-8")
        for row in yaml.load(text, Loader=loader):  # noqa: S506 - a safe loader, the fast one where there is one
            found[row["id"]] = _control(row)
    return found


def _control(row: dict[str, Any]) -> Control:
    points, lists = row.get("points", 0), tuple(row["lists"])
    profile = Profile.L1 if points else Profile.L2 if _INTERNAL & set(lists) else Profile.L3
    return Control(
        id=row["id"],
        title=row["title"],
        question=row["question"],
        lists=lists,
        who=row["who"],
        min_level=row["min_level"],
        points=points,
        maps_to=tuple(row["maps_to"]),
        why=row["why"],
        settles=row["settles"],
        raises=tuple(row["raises"]),
        proofs=tuple(row["evidence"]),
        profile=profile,
    )


@cache
def controls(profile: Profile = Profile.L4) -> tuple[Control, ...]:
    """Return the controls that a profile asks, in the order in which they are asked; without one, all of them."""
    return tuple(control for control in _all().values() if control.profile.rank <= profile.rank)


def control(control_id: str) -> Control:
    """Return one control; an unknown id is a `UsageError` that names the nearest."""
    found = _all().get(control_id)
    if found is None:
        near = nearest(control_id, list(_all()))
        remedy = f"did you mean {near}?" if near else f"controls are {', '.join(_all())}"
        raise UsageError(f"no control is called {control_id!r}", remedy=remedy)
    return found


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
    """Return a finding for each scored control that is unanswered (counts in full) or only claimed (counts half)."""
    found = []
    for asked in controls(Profile.L1):
        state = answer_state(asked, answers.get(asked.id), today)
        if state in {AnswerState.UNANSWERED, AnswerState.CLAIMED}:
            found.append(_finding(asked, answers.get(asked.id), state, today))
    return found


def _finding(asked: Control, answer: Answer | None, state: AnswerState, today: str) -> Finding:
    claimed = state is AnswerState.CLAIMED
    rule = f"GOV-{asked.id}"
    gap = _gap(asked, answer, today) if claimed and answer else "Nobody has answered this question."
    return Finding(
        id=FindingId(f"{rule}|{asked.id}"),
        rule=rule,
        title=f"{asked.title}: {'not proved' if claimed else 'not answered'}",
        severity=_SEVERITY[asked.points],
        confidence="high",
        why=f"{gap} {asked.why}",
        remedy=f"Answer the question and attach evidence of level {asked.min_level} or better. {asked.settles}",
        control=asked.id,
        matched=AnswerState.CLAIMED.value if claimed else "",
        claimed=claimed,
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


def how_it_holds(control: Control, evidence: Evidence, today: str) -> str:
    """Return how a piece of evidence stands on a day (ISO date): `yes`, `ended`, or `weak` for its question."""
    return "ended" if not _valid(evidence, today) else "yes" if _strong(control, evidence) else "weak"


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
