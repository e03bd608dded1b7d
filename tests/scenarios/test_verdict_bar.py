"""One way to decide: every verdict key opens the same bar, in every area, and only the bar decides."""

from __future__ import annotations

import pytest

from analysis.model import Risk
from analysis.review import commands, queries
from tui.desk.pages.verdict_bar import VerdictBar

DECIDED = "tool.decided"
LOW = '/ "name:getSegment" enter ~ '
HIGH = '/ "name:deleteCustomer" enter ~ '
#: Keys that open the bar: the area's keys before it, the verdict key, and whether it is on high risk.
VERDICTS = {
    "approve": (LOW + "a", False),
    "conditions": (LOW + "c", False),
    "block": (LOW + "b", False),
    "approve here": (LOW + "A", False),
    "conditions here": (LOW + "C", False),
    "block here": (LOW + "B", False),
    "conditions by kind": (LOW + "e d", False),
    "withdraw": (LOW + "W", True),  # a person always says why
    "clear": (LOW + 'B "by mistake" enter -', False),
    "marked": (LOW + "space a", False),
    "approve HIGH": (HIGH + "a", True),
    "conditions HIGH": (HIGH + "c", True),
    "block HIGH": (HIGH + "b", True),
    "a group": ("2 G b", False),
    "a group with conditions": ("2 G c", False),
    "a group approved": ("2 G a", False),
    "a group as proposed": ("2 G y", False),
    "a group of HIGH": ("2 b", True),
    "duplicates": ("D a 1", False),
}


@pytest.mark.parametrize("name", VERDICTS)
async def test_a_verdict_key_opens_the_bar_and_esc_leaves_everything(name, open_review, at_desk):
    keys, own_words = VERDICTS[name]
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(keys)
        assert isinstance(hand.desk.prompts.question, VerdictBar)
        reason = hand.desk.prompts.question._fields[-1]
        assert reason.label == "Reason"
        assert bool(reason.value) is not own_words
        before = hand.recorded()
        await hand.types("escape")
        assert hand.recorded() == before


@pytest.mark.parametrize("name", [name for name, (_, own_words) in VERDICTS.items() if own_words])
async def test_high_risk_is_not_decided_by_enter_alone(name, open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(VERDICTS[name][0] + " enter enter enter")
        assert hand.recorded() == []
        await hand.shows("Reason is required")


async def test_letters_are_a_reason_and_no_command(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(LOW + 'b "abc uqS - decided at a meeting" enter')
        assert hand.recorded() == [f"{DECIDED} getSegment blocked because 'abc uqS - decided at a meeting'"]


async def test_what_is_typed_takes_the_place_of_the_reason_filled_in_and_is_recalled(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types('a "asked for by support" enter b up enter')
        assert hand.recorded() == [
            f"{DECIDED} listCustomers approved because 'asked for by support'",
            f"{DECIDED} createCustomer blocked because 'asked for by support'",
        ]


async def test_reasons_of_an_earlier_session_are_recalled_and_those_filled_in_are_not(review_file, at_desk):
    from analysis.review.session import Review

    path = review_file("fresh")
    async with at_desk(Review.open(path)) as hand:
        await hand.types('a "for the support pilot" enter b enter')
    async with at_desk(Review.open(path)) as hand:
        await hand.types(HIGH + "a up enter")
        assert hand.recorded() == [f"{DECIDED} deleteCustomer approved because 'for the support pilot'"]


async def test_the_reason_filled_in_says_what_the_tool_does(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types(LOW + "b")
        await hand.shows("Block: getSegment, low risk")
        await hand.shows("not for this agent: reads only, low risk")


def test_the_service_takes_no_reason_of_its_own_for_high_risk(open_review):
    """The guard holds for scripts too."""
    from analysis.errors import UsageError
    from analysis.model import DecisionState
    from analysis.review.queries.decision_support.decision_reasons import proposed_reason

    review = open_review("fresh")
    (tool,) = queries.select(review, "name:deleteCustomer")
    assert review.tool(tool).risk is Risk.HIGH
    filled_in = proposed_reason(review.tool(tool), DecisionState.APPROVED)
    at = "2026-03-05T09:00:00Z"
    with pytest.raises(UsageError, match="reason of your own"):
        commands.decide(review, [tool], DecisionState.APPROVED, reason=filled_in, actor="rev", at=at)
    commands.decide(review, [tool], DecisionState.APPROVED, reason="restores are tested", actor="rev", at=at)
    review.close()
