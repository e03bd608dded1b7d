"""Answer governance questions, choose the profile, record the access request, import the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.governance.controls import control as find_control
from analysis.review.commands.outcome import Outcome
from analysis.review.record import drafts
from analysis.text import without_surrogates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import AnswerState, Evidence, Intake, Profile
    from analysis.review.session import Review
    from analysis.review.sources.answer_file import StatedAnswer
    from analysis.workspace import EventDraft


def answer(
    review: Review, control: str, state: AnswerState, *, text: str, actor: str, at: str,
    evidence: Sequence[Evidence] = (),
) -> Outcome:  # fmt: skip
    """Answer a governance question; `UNANSWERED` takes the answer back. Raises `UsageError`."""
    asked = find_control(control)
    _commit(review, drafts.control_answered(asked, state, text, evidence), actor, at)
    return Outcome(f"{asked.title}: {state.value}")


def answer_all(review: Review, answers: Sequence[StatedAnswer], *, actor: str, at: str) -> Outcome:
    """Record answers to several questions as one action. Raises `UsageError` where there is none."""
    if not answers:
        raise UsageError("every answer is recorded already", remedy="change the file, then record it again")
    made = [drafts.control_answered(find_control(a.control), a.state, a.text, a.evidence) for a in answers]
    registers = review.record.registers
    review.commit(lambda: [drafts.replacing(registers, d.kind, d.key, d.data) for d in made], actor, at)
    progress = review.summary().progress
    return Outcome(f"{len(answers)} answers recorded; {progress.answered}/{progress.controls} answered")


def set_profile(review: Review, profile: Profile, *, reason: str, actor: str, at: str) -> Outcome:
    """Set the profile, which selects the governance questions. Answers that it does not ask for stay on record."""
    _commit(review, drafts.profile_set(profile, reason), actor, at)
    return Outcome(f"profile {profile.value}: {review.summary().progress.controls} questions")


def record_intake(review: Review, intake: Intake, *, actor: str, at: str) -> Outcome:
    """Record the access request in place of an earlier one."""
    _commit(review, drafts.intake_given(intake), actor, at)
    return Outcome("access request recorded")


def import_policy(review: Review, text: str, *, actor: str, at: str, place: str = "policy") -> Outcome:
    """Put the policy of an organisation in force in place of an earlier one. Raises `InputRefused`."""
    draft, policy = drafts.policy_imported(without_surrogates(text), place)
    _commit(review, draft, actor, at)
    return Outcome(f"policy in force: {policy.name}, sha256 {policy.sha256}")


def _commit(review: Review, draft: EventDraft, actor: str, at: str) -> None:
    review.commit(lambda: [drafts.replacing(review.record.registers, draft.kind, draft.key, draft.data)], actor, at)
