"""The reason filled in says what the tool does; high risk and mixed tools leave it to a person."""

from __future__ import annotations

import pytest

from analysis.model import DecisionState
from analysis.review import commands, queries
from analysis.review.queries.decision_support.decision_reasons import (
    is_own_reason,
    prefilled_reason,
    proposed_reason,
    reasons_used,
)

AT = "2026-03-05T09:00:00Z"


@pytest.fixture
def review(kept_reviews, tmp_path):
    """A review in which nothing is decided."""
    from analysis.review.session import Review

    opened = Review.open(kept_reviews.copy("fresh", tmp_path / "r.clearance"))
    yield opened
    opened.close()


def named(review, *names):
    return queries.select(review, f"name:{','.join(names)}")


def test_the_reason_states_facts_and_not_the_machine(review):
    (read,) = named(review, "listCustomers")
    assert (
        proposed_reason(review.tool(read), DecisionState.APPROVED) == "reads only, returns personal data, medium risk"
    )
    (payout,) = named(review, "issuePayout")
    blocked = proposed_reason(review.tool(payout), DecisionState.BLOCKED)
    assert blocked.startswith("not for this agent: billing, ")
    assert blocked.endswith("high risk")


def test_high_risk_and_tools_that_differ_are_left_to_a_person(review):
    for state in (DecisionState.APPROVED, DecisionState.CONDITIONAL, DecisionState.BLOCKED):
        assert prefilled_reason(review, named(review, "issuePayout"), state) == ""
        assert prefilled_reason(review, named(review, "listCustomers", "createCustomer"), state) == ""
    assert prefilled_reason(review, named(review, "getSegment", "getSubscription"), DecisionState.APPROVED)


def test_only_what_a_person_wrote_is_recalled(review):
    (tool,) = named(review, "listCustomers")
    filled_in = proposed_reason(review.tool(tool), DecisionState.APPROVED)
    assert not is_own_reason(review.tool(tool), f" {filled_in} ")
    for reason in (filled_in, "first", "second", "first"):
        commands.decide(review, [tool], DecisionState.APPROVED, reason=reason, actor="rev", at=AT)
    commands.decide(review, [tool], DecisionState.APPROVED, reason="another", actor="ann", at=AT)
    assert reasons_used(review, "rev") == ["second", "first"]
