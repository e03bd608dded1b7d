"""How many keys the decisions on a large API take through the queue, and that none of high risk is approved unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.model import DecisionState, Risk
from analysis.review import queries
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from tests.scenarios.queue_walk import QueueWalk

SPECS = Path(__file__).parents[3] / "shared" / "specs"
BUDGET = {"github-3.0.json": 700, "stripe-3.0.yaml": 400}


@pytest.mark.e2e
@pytest.mark.parametrize("name", BUDGET)
async def test_the_decisions_on_a_large_api_fit_a_budget_of_keys(name, at_desk, tmp_path):
    if not (SPECS / name).is_file():
        pytest.skip(f"{SPECS / name} is not on this machine")
    review = Review.create(
        tmp_path / "r.clearance", [examine_source(str(SPECS / name))], actor="rev", at="2026-03-05T09:00:00Z"
    )
    async with at_desk(review, size=(120, 40)) as hand:
        walk = QueueWalk(hand)
        await walk.decide_groups()
        assert not any(state.undecided for state in review.tools())
        drawn = await walk.look_at_sample()
        assert queries.select(review, "is:sampled") == []
    approved = [s for s in review.tools() if s.decision_state in {DecisionState.APPROVED, DecisionState.CONDITIONAL}]
    assert [s.row.name for s in approved if s.risk is Risk.HIGH] == []
    assert len(approved) > 100
    print(f"{name}: {walk.pressed} keys for {len(review.tools()):,} tools; {drawn} drawn and looked at")
    assert walk.pressed <= BUDGET[name]
