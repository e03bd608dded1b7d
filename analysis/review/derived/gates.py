"""The gates before sign-off: what each asks, whether it is open, and where it is closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.review.reading import ReviewReader

#: Tools of high risk that are let through: those that a second person has to approve.
_LET_THROUGH: Final = "risk:high is:approved,conditional"


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate. `query` shows the tools that keep it open; `control` is the first question that does."""

    what: str
    told: str
    open: bool
    query: str = ""
    control: str = ""


def gates(review: ReviewReader) -> tuple[Gate, ...]:
    """Return every gate of a review; it is complete when none is open."""
    return tuple(_gates(review))


def _gates(review: ReviewReader) -> Iterator[Gate]:
    progress = review.summary().progress
    left = progress.tools - progress.decided
    yield Gate("every tool is decided", f"{left:,} of {progress.tools:,} left", left > 0, "is:undecided")
    yield Gate("no decision is out of date", f"{progress.stale:,} changed since", progress.stale > 0, "is:stale")
    yield Gate("reviewers agree", f"{progress.conflicts:,} contested", progress.conflicts > 0, "is:conflict")
    waiting = progress.controls - progress.answered
    asked = next((c.id for c, _, state in review.controls() if state.value == "unanswered"), "")
    yield Gate("every question is answered", f"{waiting} of {progress.controls} left", waiting > 0, control=asked)
    counted = sum((left > 0, progress.stale > 0, progress.conflicts > 0, waiting > 0))
    for told in review.summary().open_gates[counted:]:
        # What the terms themselves contradict is settled there; all else that they ask is asked of tools.
        query = "" if told in review.review_policy().gates else _LET_THROUGH
        yield Gate("the terms of the review are kept", told, open=True, query=query)
