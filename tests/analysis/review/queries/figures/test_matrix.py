"""Figures of the overview equal a count over every tool, before and after decisions; a cell's filter shows its number."""

from __future__ import annotations

from collections import Counter

import pytest

from analysis.model import DecisionState, Risk
from analysis.review import commands, queries
from analysis.review.queries.figures.matrix import (
    DecisionCounts,
    by_resource,
    cell_query,
    cell_weight,
    decision_makers,
    risk_matrix,
)
from analysis.review.sources.sample import build_sample


@pytest.fixture
def review(tmp_path):
    made = build_sample(tmp_path / "sample.clearance")
    yield made
    made.close()


def counted(review):
    """Return the matrix by looking at every tool."""
    return Counter((tool.risk, tool.type, tool.decision_state.simple) for tool in review.tools())


def flat(matrix):
    return Counter(
        {
            (*cell, state): number
            for cell, counts in matrix.items()
            for state in ("approved", "conditional", "blocked", "undecided")
            if (number := getattr(counts, state))
        }
    )


def decide(review, tools, state):
    commands.decide(review, tools, state, reason="seen", actor="ann", at="2026-03-03T09:00:00Z")


def test_the_matrix_follows_decisions(review):
    assert flat(risk_matrix(review)) == counted(review)
    some = [tool.row.id for tool in review.tools()][::5]
    decide(review, some, DecisionState.BLOCKED)
    assert flat(risk_matrix(review)) == counted(review)
    decide(review, some[:2], None)
    assert flat(risk_matrix(review)) == counted(review)


def test_the_filter_of_a_cell_shows_as_many_tools_as_the_cell_says(review):
    decide(review, [tool.row.id for tool in review.tools()][::3], None)
    for (risk, kind), counts in risk_matrix(review).items():
        shown = queries.select(review, cell_query(risk, kind, counts))
        assert len(shown) == (counts.undecided or counts.total), (risk, kind)


def test_the_weight_of_a_cell_is_that_of_its_undecided_tools():
    weights = [
        cell_weight(risk, DecisionCounts(approved=9, undecided=2)) for risk in (Risk.HIGH, Risk.MEDIUM, Risk.LOW)
    ]
    assert weights == [6, 4, 2]
    assert cell_weight(Risk.HIGH, DecisionCounts(blocked=5)) == 0


def test_resources_add_up_and_the_one_with_most_to_do_comes_first(review):
    found = by_resource(review)
    assert sum(counts.total for _, counts in found) == len(review.tools())
    assert sum(counts.undecided for _, counts in found) == sum(tool.undecided for tool in review.tools()) == 1
    assert found[0][1].undecided == 1
    name = found[-1][0]
    tools = [tool.row.id for tool in review.tools() if tool.row.tags[:1] == (name,)]
    decide(review, tools, None)
    first, counts = by_resource(review)[0]
    assert (first, counts.undecided, counts.decided) == (name, len(tools), 0)


def test_people_are_counted_by_the_decisions_in_effect(review):
    before = dict(decision_makers(review))
    assert sum(before.values()) == 47
    undecided = [tool.row.id for tool in review.tools() if tool.undecided]
    decide(review, undecided, DecisionState.BLOCKED)
    assert dict(decision_makers(review)) == before | {"ann": 1}
