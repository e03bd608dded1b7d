"""Search without a desk: what completes a filter and how many tools it would show, orders, conditions used so far."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.model import Condition, ConditionKind, DecisionState, Intake
from analysis.review import commands, queries
from analysis.review.session import Review

HOW: dict[str, Any] = {"actor": "rev", "at": "2026-03-20T09:00:00Z"}


@pytest.fixture
def review(kept_reviews, tmp_path):
    made = Review.open(kept_reviews.copy("sample", tmp_path / "sample.clearance"), now=HOW["at"])
    yield made
    made.close()


@pytest.mark.parametrize("field", ["risk", "class", "rule", "severity", "is"])
def test_a_completion_shows_as_many_tools_as_it_says(review, field):
    offers = queries.filter_completions(review, f"{field}:")
    assert offers
    for offer, count in offers:
        assert len(queries.select(review, offer)) == count, offer


def test_the_name_of_a_field_is_no_filter_yet(review):
    offers = dict(queries.filter_completions(review, "ri"))
    assert offers == {"risk:": 0}


def test_orders_hold_the_same_tools(review):
    tools = [tool.row.id for tool in review.tools()]
    queries.prepare(review)
    by_risk = queries.ordered(review, tools, "risk")
    assert sorted(by_risk) == sorted(tools)
    assert [review.tool(tool).risk.rank for tool in by_risk] == sorted(
        (review.tool(t).risk.rank for t in tools), reverse=True
    )


def test_conditions_are_offered_in_the_order_of_their_last_use(review):
    tool = review.tools()[0].row.id
    for value, evidence in (("10 per hour", ""), ("20 per hour", "GW-1")):
        rate = [Condition(ConditionKind.RATE, value, evidence)]
        commands.decide(review, [tool], DecisionState.CONDITIONAL, reason="x", conditions=rate, **HOW)
    assert queries.conditions_used(review, 2) == ["rate=20 per hour | GW-1", "rate=10 per hour"]


def test_what_was_approved_for_elsewhere_is_found(review):
    commands.record_intake(review, Intake(environment="production"), **HOW)
    allowed = {tool.row.id for tool in review.tools() if tool.decision_state.allowed}
    assert set(queries.select(review, "is:other-environment")) == allowed


def test_saved_views_are_listed_by_name(review):
    for name, query in (("writes", "-class:read-only"), ("deletes", "method:DELETE")):
        commands.save_view(review, name, query, **HOW)
    assert list(queries.saved_views(review).items()) == [("deletes", "method:DELETE"), ("writes", "-class:read-only")]
