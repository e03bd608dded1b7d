"""The governance questions, the state of their answers, and the findings of open ones.

The questions are data, in the folder `questions`. The points of those that have some add up to the largest deduction of
governance in the score model. An answer without evidence is a claim and deducts half. A question without points is
asked where the profile of the review requires it, and deducts nothing.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import UsageError
from analysis.model import LEVELS, AnswerState, Control, Finding, FindingId, Profile, Severity
from analysis.words import nearest
from analysis.yaml_tables import load_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.model import Answer, Evidence

#: The files of questions, in order.
SUBJECTS: Final = (
    "tools", "credentials", "approvals", "records", "governance", "documents",
    "access", "compliance", "risk", "change", "vendors", "oauth",
)  # fmt: skip
#: Lists of questions and their titles.
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
    "oauth": "Beyond a valid login",
}
_INTERNAL: Final = frozenset({"q1", "q2", "q3", "q4", "q5", "iam"})
_SEVERITY: Final = {3: Severity.HIGH, 2: Severity.MEDIUM, 1: Severity.LOW}


@cache
def _all() -> Mapping[str, Control]:
    tables = (load_table("analysis.governance", f"questions/{subject}.yaml") for subject in SUBJECTS)
    return {row["id"]: _control(row) for table in tables for row in table}


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
    """Return the controls of a profile, in order; all of them by default."""
    return tuple(control for control in _all().values() if control.profile.rank <= profile.rank)


def control(control_id: str) -> Control:
    """Return one control. Raises `UsageError` for an unknown id, with the nearest known one."""
    found = _all().get(control_id)
    if found is None:
        near = nearest(control_id, list(_all()))
        remedy = f"did you mean {near}?" if near else f"controls are {', '.join(_all())}"
        raise UsageError(f"unknown control {control_id!r}", remedy=remedy)
    return found


def answer_state(control: Control, answer: Answer | None, today: str) -> AnswerState:
    """Return the state of an answer on a day (ISO date).

    With evidence that is too weak or out of date it is a claim; "not applicable" without a reason is unanswered.
    """
    if answer is None:
        return AnswerState.UNANSWERED
    if answer.state is AnswerState.EVIDENCED and not any(_is_sufficient(control, e, today) for e in answer.evidence):
        return AnswerState.CLAIMED
    if answer.state is AnswerState.NOT_APPLICABLE and not answer.text.strip():
        return AnswerState.UNANSWERED
    return answer.state


def control_findings(answers: Mapping[str, Answer], today: str) -> list[Finding]:
    """Return a finding for each scored control that is unanswered (full deduction) or claimed (half)."""
    found = []
    for scored in controls(Profile.L1):
        state = answer_state(scored, answers.get(scored.id), today)
        if state in {AnswerState.UNANSWERED, AnswerState.CLAIMED}:
            found.append(_finding(scored, answers.get(scored.id), state, today))
    return found


def _finding(scored: Control, answer: Answer | None, state: AnswerState, today: str) -> Finding:
    claimed = state is AnswerState.CLAIMED
    rule = f"GOV-{scored.id}"
    gap = _gap(scored, answer, today) if claimed and answer else "This question is not answered."
    return Finding(
        id=FindingId(f"{rule}|{scored.id}"),
        rule=rule,
        title=f"{scored.title}: {'no evidence' if claimed else 'not answered'}",
        severity=_SEVERITY[scored.points],
        confidence="high",
        why=f"{gap} {scored.why}",
        remedy=f"Answer with evidence of level {scored.min_level} or better. {scored.settles}",
        control=scored.id,
        matched=AnswerState.CLAIMED.value if claimed else "",
        claimed=claimed,
        points=scored.points,
    )


def _gap(control: Control, answer: Answer, today: str) -> str:
    """Return why an answer counts as a claim."""
    if not answer.evidence:
        return "The answer has no evidence."
    if not any(_is_strong_enough(control, evidence) for evidence in answer.evidence):
        return f"The evidence is weaker than {control.min_level}."
    if any(_is_sufficient(control, evidence, today) for evidence in answer.evidence):
        return "The answer was recorded as a claim, although its evidence is sufficient."
    return "The evidence is out of date."


def _is_sufficient(control: Control, evidence: Evidence, today: str) -> bool:
    return _is_strong_enough(control, evidence) and _in_date(evidence, today)


def evidence_validity(control: Control, evidence: Evidence, today: str) -> str:
    """Return the validity of evidence on a day (ISO date): `yes`, `ended`, or `weak` for its question."""
    return "ended" if not _in_date(evidence, today) else "yes" if _is_strong_enough(control, evidence) else "weak"


def _is_strong_enough(control: Control, evidence: Evidence) -> bool:
    return evidence.level in LEVELS and LEVELS.index(evidence.level) >= LEVELS.index(control.min_level)


def _in_date(evidence: Evidence, today: str) -> bool:
    """Whether evidence is in date. Without an expiry it is valid; with an unreadable one it is not."""
    if not evidence.valid_until:
        return True
    try:
        return date.fromisoformat(evidence.valid_until[:10]) >= date.fromisoformat(today[:10])
    except ValueError:
        return False
