"""The gates before sign-off: one list for the desk, the command line, status and packet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import Gate, GateId, Profile, Verdict
from analysis.review.record.access_request import OTHER_AUDIENCE, OTHER_ENVIRONMENT
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import Score
    from analysis.review.derived.summary import Progress
    from analysis.review.record.access_request import RequestFit
    from analysis.review.record.policy import ReviewPolicy
    from analysis.review.record.record import Record

#: The allowed tools of high risk: those that a second person has to approve.
_ALLOWED_HIGH_RISK: Final = "risk:high is:approved,conditional"


def gates(
    progress: Progress,
    figures: Score,
    policy: ReviewPolicy,
    fit: RequestFit,
    lacking: int,
    first_unanswered: str,
    log: Sequence[Gate] = (),
) -> tuple[Gate, ...]:
    """Return every gate that profile, policy and access request put before sign-off; an approvable review has none open.

    `lacking` is the number of tools without a second approver, `first_unanswered` the id of a control, `log` what
    `log_gates` found.
    """
    of_every_review = _of_every_review(progress, figures, first_unanswered)
    return (
        *of_every_review,
        *log,
        *policy.gates,
        *_request(fit),
        *_second_approver(policy, lacking),
        *_sample(progress),
    )


def log_gates(record: Record, claimed: int) -> tuple[Gate, ...]:
    """Return the gates that the log puts before sign-off; none where all is understood, imports agree, and one person decides.

    `claimed` is the number of tools that only claimed events approve.
    """
    return tuple(_log_gates(record, claimed))


def _log_gates(record: Record, claimed: int) -> Iterator[Gate]:
    if record.several:
        why = f"{claimed:,} tools are approved by claimed events only: they count once their authors have signed them"
        if record.unsigned and not claimed:
            why = (
                f"{record.unsigned:,} events of yours are not signed yet, and count on this copy alone: sync signs them"
            )
        yield Gate(GateId.PROVEN, "What approves is proven", bool(claimed or record.unsigned), why, query="is:claimed")
    if record.set_aside:
        left = record.unsettled
        newer = " A newer version of Clearance may read them." if any(each.newer for each in left) else ""
        why = f"{len(left):,} of {len(record.set_aside):,} events that were set aside are not settled.{newer}"
        yield Gate(GateId.UNDERSTOOD, "Every event is understood", bool(left), why)
    sources = record.contested_sources
    if sources:
        why = f"two imports of {visible(sources[0], 60)} differ, and the later one is shown: import the valid one again"
        yield Gate(GateId.ONE_IMPORT, "Each source has one import", open=True, why=why)


def _of_every_review(progress: Progress, figures: Score, first_unanswered: str) -> Iterator[Gate]:
    left = progress.tools - progress.decided
    why = f"{left:,} of {progress.tools:,} tools undecided"
    yield Gate(GateId.DECIDED, "Every tool is decided", left > 0, why, query="is:undecided")
    why = f"{progress.stale:,} decided tools have changed since"
    yield Gate(GateId.CURRENT, "No decision is stale", progress.stale > 0, why, query="is:stale")
    why = f"{progress.conflicts:,} tools on which reviewers differ"
    yield Gate(GateId.AGREED, "Reviewers agree", progress.conflicts > 0, why, query="is:conflict")
    blocked = figures.verdict is Verdict.BLOCKED
    first, *more = figures.because if blocked else ("no critical finding is open without an accepted risk",)
    why = f"{first}, {len(more)} more" if more else first
    yield Gate(GateId.UNBLOCKED, "Nothing blocks an approval", blocked, why)
    empty = bool(progress.tools) and left == 0 and figures.value is None
    why = "every tool is blocked: there is nothing to approve" if empty else "tools are left to approve"
    yield Gate(
        GateId.LIVE,
        "A tool is left to approve",
        empty or not progress.tools,
        why if progress.tools else "the review has no tool",
    )
    waiting = progress.controls - progress.answered
    why = f"{waiting} of {progress.controls} questions unanswered"
    yield Gate(GateId.ANSWERED, "Every question is answered", waiting > 0, why, control=first_unanswered)


def _sample(progress: Progress) -> Iterator[Gate]:
    if progress.drawn:
        why = (
            f"{progress.sampled:,} of {progress.drawn:,} drawn tools not yet looked at; {progress.proposed:,} tools are decided "
            "as proposed"
        )
        yield Gate(GateId.SAMPLED, "The sample of proposals was looked at", progress.sampled > 0, why, "is:sampled")


def _request(fit: RequestFit) -> Iterator[Gate]:
    for gate, title, asked, outside, flag in (
        (GateId.ENVIRONMENT, "Approved for the requested environment", fit.environment, fit.other_environment, OTHER_ENVIRONMENT),
        (GateId.AUDIENCE, "Approved for the requested audience", fit.audience, fit.other_audience, OTHER_AUDIENCE),
    ):  # fmt: skip
        if asked:
            why = f"{len(outside):,} of {fit.allowed:,} allowed tools not limited to {asked}"
            yield Gate(gate, title, bool(outside), why, query=f"is:{flag}")


def _second_approver(policy: ReviewPolicy, lacking: int) -> Iterator[Gate]:
    if policy.profile is Profile.L4:
        why = f"{lacking} high-risk decision{'s lack' if lacking != 1 else ' lacks'} a second approver"
        yield Gate(GateId.SECOND_APPROVER, "Two people approve each high risk", lacking > 0, why, _ALLOWED_HIGH_RISK)
