"""The waterfall adds up: from 100, by every step, to the score; what rounding takes is part of the last step."""

from __future__ import annotations

import pytest

from analysis.review import commands
from analysis.review.queries.figures.waterfall import RULE_GROUPS, next_fix, waterfall_steps
from analysis.review.sources.sample import build_sample
from analysis.score import FAMILIES


@pytest.fixture
def review(tmp_path):
    made = build_sample(tmp_path / "sample.clearance")
    yield made
    made.close()


def held(score):
    """Hold that the steps of a score lead from 100 to its value."""
    left = 1000
    for step in waterfall_steps(score):
        left -= step.taken
        assert step.left == left
    assert left == score.value * 10


def test_the_steps_of_the_sample_lead_to_85(review):
    score = review.summary().score
    assert [(step.label, step.taken) for step in waterfall_steps(score)] == [("Exposure", 100), ("Governance", 50)]
    held(score)
    assert next_fix(score).rule == "EXP-001"


def test_the_steps_add_up_whatever_is_decided(review):
    tools = [tool.row.id for tool in review.tools()]
    for count in (48, 20, 7):
        commands.decide(review, tools[:count], None, reason="again", actor="ann", at="2026-03-03T09:00:00Z")
        held(review.summary().score)


def test_every_family_has_a_title():
    assert FAMILIES.keys() - RULE_GROUPS.keys() == {"ACC"}  # it costs nothing
