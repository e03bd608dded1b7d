"""Keys typed faster than the desk draws mean the same as keys typed slowly: none is lost, none goes elsewhere.

A paste, a macro, `tmux send-keys` and a slow line deliver keys in one packet; a decision tool must not take the rest of
a sentence for commands, nor commands for the rest of a sentence.
"""

from __future__ import annotations

import pytest

from tui.desk.widgets.layout import covered

BURSTS = (
    # moves and verdicts
    "j a enter k k b enter j j c enter a enter",
    "a enter b enter b enter u u ctrl+r",
    "o b enter o a enter",
    "pagedown b enter G b enter g b enter",
    # the filter
    '/ "tag" enter * b "no use" enter',
    '/ "risk:high" enter b enter',
    '/ "risk:high" escape b enter',
    '/ "tag" enter / ctrl+u "role" enter b enter',
    'G / "tag" enter b enter',
    'j j j j j j j / "list" enter b enter',
    # a question, then the next key
    '/ "name:deleteCustomer" enter a "a reason" enter b enter',
    'j j j j j a "because" enter j b enter',
    'j j j j j a "because" escape j b enter',
    'space space b "no use" enter u',
    'n "one" enter n "two" enter a enter',
    'c shift+tab ctrl+u "approval=one person" enter enter j b enter',
    "c escape b enter",
    "? escape b enter",
    "ctrl+p escape b enter",
    # a choice, then words
    'r h "why" enter r m "was too high" enter',
    "r escape b enter",
    't b "fees" enter a enter',
    # a choice, then several lines
    '4 d x "withdrawn" enter "REC-9" enter j d i "later" enter enter',
    '4 d w "small amounts" enter "H. Field" enter "2030-01-31" enter',
    '7 a e "in the log" enter "export" enter enter "REC-1" enter j a c "they say" enter',
    # areas
    "4 enter b enter",
    "H 7 4 3 a enter",
    "enter b escape b enter",
)  # fmt: skip


async def _after(pace, keys, review, at_desk):
    async with at_desk(review) as hand:
        await getattr(hand, pace)(keys)
        assert not hand.over
        desk = hand.desk
        return {
            "events": hand.recorded(),
            "tool": hand.tool,
            "area": desk.area,
            "asks": covered(desk),
            "filter": desk.session.query,
            "marks": len(desk.session.marks),
        }


@pytest.mark.parametrize("keys", BURSTS)
async def test_typed_at_once_means_the_same_as_typed_slowly(keys, review_file, at_desk, tmp_path):
    from analysis.review.session import Review

    path = review_file("fresh")
    other = tmp_path / "other.clearance"
    other.write_bytes(path.read_bytes())
    letter_by_letter = "slowly" if "/" in keys else "types"  # a filter works while it is typed
    slowly = await _after(letter_by_letter, keys, Review.open(path), at_desk)
    at_once = await _after("bursts", keys, Review.open(other), at_desk)
    assert at_once == slowly


@pytest.mark.parametrize("pace", ["slowly", "bursts"])
async def test_a_letter_pressed_twice_answers_once(pace, open_review, at_desk):
    """Key repeat on a choice: the second letter is the first of the reason, or nothing; never the end of the desk."""
    async with at_desk(open_review("fresh")) as hand:
        await getattr(hand, pace)("r h h enter")
        assert not hand.over
        assert hand.recorded() == ["tool.retagged listCustomers risk high because 'h'"]


async def test_one_key_held_down(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.bursts("j " * 30)
        assert hand.tool == hand.shown[30]
        await hand.bursts("k " * 10)
        assert hand.tool == hand.shown[20]


async def test_the_score_waits_until_the_hands_rest(open_review, at_desk):
    """Every verdict asks anew for the line of state; only the last one may draw it."""
    async with at_desk(open_review("fresh")) as hand:
        await hand.types('/ "-risk:high" enter')
        await hand.look()  # what is made ready once after the start has its own timer
        await hand.bursts("b enter " * 10)
        assert len(hand.pending()) <= 2  # the line of state, and the evidence
        await hand.shows("10/48 decided")


async def test_q_after_a_verdict_keeps_the_verdict(review_file, at_desk):
    from analysis.review.session import Review

    path = review_file("fresh")
    async with at_desk(Review.open(path)) as hand:
        await hand.bursts("a enter j b enter q")
        assert hand.over
        assert len(hand.recorded()) == 2
    again = Review.open(path)
    assert again.summary().progress.decided == 2
    again.close()


@pytest.mark.parametrize("pace", ["slowly", "bursts"])
async def test_a_page_in_a_palette_that_is_not_laid_out_yet(pace, open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await getattr(hand, pace)("ctrl+p pagedown")
        await hand.resize(60, 20)
        await getattr(hand, pace)("pagedown pageup escape")
        assert not hand.over
        assert not covered(hand.desk)
