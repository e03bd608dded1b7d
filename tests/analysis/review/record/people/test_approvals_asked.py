"""Who is asked for a second approval: whoever has not approved yet, proven or not."""

import pytest

from analysis.model import DecisionState, Profile
from analysis.review import commands, queries
from analysis.review.session import Review
from tests.fixtures.merge_trials import NOW


def at(minute):
    return f"2026-03-02T10:{minute:02}:00Z"


@pytest.fixture
def review(kept_reviews, tmp_path):
    path = kept_reviews.copy("fresh", tmp_path / "asked.clearance")
    opened = Review.open(path, now=NOW)
    commands.set_profile(opened, Profile.L4, reason="production", actor="ann", at=at(0))
    yield opened
    opened.close()


def approve(review, actor, minute, reason="as agreed"):
    (tool,) = queries.select(review, "name:deleteCustomer")
    commands.decide(review, [tool], DecisionState.APPROVED, reason=reason, actor=actor, at=at(minute), opened=[tool])
    return tool


def test_only_who_has_not_approved_is_asked(review):
    tool = approve(review, "ann", 1)
    assert queries.second_approvals(review, "ben") == ((tool,), ())
    assert queries.second_approvals(review, "ann") == ((), (tool,))


def test_two_on_one_copy_are_one_hand_and_neither_is_asked_again(review):
    tool = approve(review, "ann", 1)
    approve(review, "ben", 2, "seen too")
    assert queries.lacking_second_approver(review) == (tool,)
    for name in ("ann", "ben", "Ben"):
        assert queries.second_approvals(review, name) == ((), (tool,))
    assert queries.second_approvals(review, "cleo") == ((tool,), ())


def test_who_decided_otherwise_before_is_asked(review):
    (tool,) = queries.select(review, "name:deleteCustomer")
    commands.decide(review, [tool], DecisionState.BLOCKED, reason="no", actor="ben", at=at(1))
    approve(review, "ann", 2)
    assert queries.second_approvals(review, "ben") == ((tool,), ())
