"""When a waiting call is confirmed: persons, not votes; named ones where they are named; never the caller."""

import pytest

from analysis.model.terms import Approval
from analysis.output.enforce.approval import ApprovalState, Vote, answer_of, may_vote

ONE, TWO = Approval(1), Approval(2)
LEADS = Approval(1, ("leads",))
TEAMS = {"lea": ("leads",), "leo": ("leads",), "ann": ("leads",)}


def answer(asked, *votes, caller="ann"):
    cast = [Vote(voter.removeprefix("-"), not voter.startswith("-")) for voter in votes]
    return answer_of(asked, caller, cast, lambda user: TEAMS.get(user.casefold(), ())).value


@pytest.mark.parametrize(
    ("asked", "votes", "expected"),
    [
        ([ONE], [], "waiting"),
        ([ONE], ["ben"], "granted"),
        ([ONE], ["-ben"], "denied"),
        ([ONE], ["ann"], "waiting"),
        ([ONE], [" ANN "], "waiting"),
        ([ONE], ["-ann"], "waiting"),
        ([TWO], ["ben"], "waiting"),
        ([TWO], ["ben", "Ben"], "waiting"),
        ([TWO], ["ben", "cy"], "granted"),
        ([TWO], ["ben", "-cy"], "denied"),
        ([TWO], ["ben", "ann"], "waiting"),
        ([LEADS], ["ben"], "waiting"),
        ([LEADS], ["-ben"], "waiting"),
        ([LEADS], ["lea"], "granted"),
        ([LEADS], ["leads"], "granted"),
        ([LEADS, TWO], ["ben", "cy"], "waiting"),
        ([LEADS, TWO], ["ben", "lea"], "granted"),
        ([Approval(2, ("leads",))], ["lea", "leo"], "granted"),
        ([Approval(2, ("leads",))], ["lea", "ben"], "waiting"),
        ([Approval(1, ("ben@corp.example",))], ["BEN@corp.example"], "granted"),
    ],
)
def test_answers(asked, votes, expected):
    assert answer(asked, *votes) == expected


def test_the_caller_may_not_vote_even_as_a_named_approver():
    assert "of their own" in may_vote([LEADS], "ann", "Ann", ("leads",))
    assert "only leads" in may_vote([LEADS], "ann", "ben", ())
    assert may_vote([LEADS], "ann", "lea", ("leads",)) == ""


def test_states_are_what_the_queue_stores():
    assert [each.value for each in ApprovalState] == ["waiting", "granted", "denied", "timeout", "cancelled"]
