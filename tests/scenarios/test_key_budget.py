"""How many keys the decisions on a large API take through the queue, and that none of high risk is approved unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.model import DecisionState, Risk
from analysis.review import queries
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source

SPECS = Path(__file__).parents[3] / "shared" / "specs"
#: Keys that a reason of a person's own may take, once; afterwards it is recalled.
REASON = "not for agents before the next quarter"
BUDGET = {"github-3.0.json": 700, "stripe-3.0.yaml": 400}


@pytest.mark.e2e
@pytest.mark.parametrize("name", BUDGET)
async def test_the_decisions_on_a_large_api_fit_a_budget_of_keys(name, at_desk, tmp_path):
    if not (SPECS / name).is_file():
        pytest.skip(f"{SPECS / name} is not on this machine")
    review = Review.create(
        tmp_path / "r.clearance", [examine_source(str(SPECS / name))], actor="rev", at="2026-03-05T09:00:00Z"
    )
    pressed = 0

    async with at_desk(review, size=(120, 40)) as hand:

        async def press(keys, typed=""):
            nonlocal pressed
            pressed += len(keys.split()) + len(typed)
            await hand.types(keys if not typed else keys.replace("TEXT", f'"{typed}"'))

        await press("2")
        area = hand.desk.list_area
        typed = False
        for _ in range(len(area._groups)):
            group, proposals = area.group(), area.proposals()
            if group is None or not group.undecided:
                break
            same = len({(p.decision, p.conditions) for p in proposals}) == 1 and len(proposals) == group.undecided
            if same and group.key.risk is not Risk.HIGH and not group.key.executes:
                await press("y enter")
                continue
            if typed:
                await press(".")
                continue
            await press("b TEXT enter", REASON)  # a reason of one's own, typed once and then recalled
            typed = len(group.tools) > 1
        assert not any(state.undecided for state in review.tools())
        drawn = queries.select(review, "is:sampled")
        await press("3 / TEXT enter", "is:sampled")
        await press("enter")  # the evidence on the whole screen, where each decision is followed by the next tool
        for _ in drawn:
            assert hand.desk.tools_area.has_class("-evidence-only")
            assert hand.desk.tools_area.tool in drawn
            await press("a enter")
        assert queries.select(review, "is:sampled") == []
    approved = [s for s in review.tools() if s.decision_state in {DecisionState.APPROVED, DecisionState.CONDITIONAL}]
    assert [s.row.name for s in approved if s.risk is Risk.HIGH] == []
    assert len(approved) > 100
    print(f"{name}: {pressed} keys for {len(review.tools()):,} tools; {len(drawn)} drawn and looked at")
    assert pressed <= BUDGET[name]
