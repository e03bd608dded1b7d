"""When a waiting call is confirmed: votes of persons, each counted once, never the caller's own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from analysis.output.enforce.caller import is_one_of, person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from analysis.model.terms import Approval


class ApprovalState(StrEnum):
    """The state of a waiting call. The values are stored in the queue."""

    WAITING = "waiting"
    GRANTED = "granted"
    DENIED = "denied"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Vote:
    """The answer of one person to a waiting call."""

    voter: str
    yes: bool
    at: str = ""
    reason: str = ""


def may_vote(asked: Sequence[Approval], caller: str, voter: str, teams: Iterable[str]) -> str:
    """Return why a person's vote does not count, in words; empty when it does."""
    if person(voter) == person(caller):
        return "no person confirms a call of their own"
    names = {name for each in asked for name in each.approvers}
    open_to_all = any(not each.approvers for each in asked)
    if not open_to_all and not is_one_of((voter, *teams), names):
        return f"only {', '.join(sorted(names))} may confirm it"
    return ""


def answer_of(
    asked: Sequence[Approval], caller: str, votes: Iterable[Vote], teams_of: Callable[[str], Iterable[str]]
) -> ApprovalState:
    """Return what the votes amount to: every condition needs its number of persons; one eligible no denies the call."""
    counted: dict[str, Vote] = {}
    for vote in votes:
        if not may_vote(asked, caller, vote.voter, teams_of(vote.voter)):
            counted.setdefault(person(vote.voter), vote)
    if any(not vote.yes for vote in counted.values()):
        return ApprovalState.DENIED
    for each in asked:
        yes = [
            vote
            for vote in counted.values()
            if not each.approvers or is_one_of((vote.voter, *teams_of(vote.voter)), each.approvers)
        ]
        if len(yes) < each.persons:
            return ApprovalState.WAITING
    return ApprovalState.GRANTED
