"""High risk is not approved in bulk unseen, whoever asks: the guard is in the service."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.errors import CheckFailed
from analysis.model import Condition, ConditionKind, DecisionState, Risk
from analysis.review import commands
from analysis.review.session import Review

HOW: dict[str, Any] = {"reason": "x", "actor": "rev", "at": "2026-03-20T09:00:00Z"}
RATE = [Condition(ConditionKind.RATE, "5 per hour")]


@pytest.fixture
def review(kept_reviews, tmp_path):
    made = Review.open(kept_reviews.copy("fresh", tmp_path / "fresh.clearance"), now=HOW["at"])
    yield made
    made.close()


def named(review, *names):
    return [tool.row.id for name in names for tool in review.tools() if tool.row.name == name]


def decided(review):
    return [tool.row.name for tool in review.tools() if tool.decision is not None]


@pytest.mark.parametrize(
    ("decision_state", "conditions"), [(DecisionState.APPROVED, []), (DecisionState.CONDITIONAL, RATE)]
)
def test_an_approval_of_several_takes_no_high_risk_that_was_not_opened(review, decision_state, conditions):
    tools = named(review, "listCustomers", "deleteCustomer", "issuePayout")
    with pytest.raises(CheckFailed, match="2 of the 3 tools are HIGH risk and were not opened, first deleteCustomer"):
        commands.decide(review, tools, decision_state, conditions=conditions, **HOW)
    with pytest.raises(CheckFailed, match="1 of the 3"):
        commands.decide(
            review, tools, decision_state, conditions=conditions, opened=named(review, "deleteCustomer"), **HOW
        )
    assert decided(review) == []
    commands.decide(review, tools, decision_state, conditions=conditions, opened=tools, **HOW)
    assert len(decided(review)) == 3


def test_the_risk_in_force_counts(review):
    tools = named(review, "listCustomers", "getCustomer")
    commands.override_risk(review, tools[1], Risk.HIGH, **HOW)
    with pytest.raises(CheckFailed, match="first getCustomer"):
        commands.decide(review, tools, DecisionState.APPROVED, **HOW)


@pytest.mark.parametrize("decision_state", [DecisionState.BLOCKED, None])
def test_blocking_and_clearing_take_any(review, decision_state):
    tools = named(review, "deleteCustomer", "issuePayout")
    commands.decide(review, tools, decision_state, **HOW)


def test_one_tool_is_a_decision_of_its_own(review):
    commands.decide(review, named(review, "deleteCustomer"), DecisionState.APPROVED, **HOW)
    assert decided(review) == ["deleteCustomer"]
