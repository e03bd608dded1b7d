"""Filters kept as tabs over the inventory: by key and by mouse, each with its count."""

from __future__ import annotations

import pytest

KEEP_TWO = '/ "risk:high" enter + / ctrl+u "data:personal" enter +'


async def test_filters_are_kept_with_their_counts_and_turned_by_a_key(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types(KEEP_TWO)
        await hand.shows("All 48   risk:high 8   data:personal 9 x")
        seen = []
        for key in ("tab", "tab", "tab"):
            await hand.types(key)
            seen.append((hand.desk.session.query, len(hand.shown)))
        assert seen == [("", 48), ("risk:high", 8), ("data:personal", 9)]
        assert hand.recorded() == []


async def test_a_tab_keeps_its_row(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('/ "risk:high" enter + j j j')
        left = hand.tool
        await hand.types("tab j j")
        assert hand.tool != left
        await hand.types("tab")
        assert hand.tool == left
        await hand.types("tab")
        assert hand.tool == hand.shown[2]


async def test_a_closed_tab_leaves_the_one_before_it(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types(KEEP_TWO)
        await hand.types("Q")
        assert (hand.desk.session.query, hand.desk.session.tabs) == ("risk:high", ["risk:high"])
        await hand.types("Q Q")
        assert (hand.desk.session.query, hand.desk.session.tabs) == ("", [])
        assert not hand.desk.tools_area.filter_tabs.display


async def test_a_count_follows_decisions(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('/ "is:undecided risk:low" enter + tab')
        await hand.shows("risk:low 13")
        await hand.types('3 / "name:listTags" enter ~ b enter escape')
        await hand.shows("risk:low 12")


async def test_tabs_are_chosen_and_closed_by_mouse(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types(KEEP_TWO)
        line = "".join(text for text, _ in hand.desk.tools_area.filter_tabs._parts)
        bar = hand.desk.tools_area.filter_tabs
        await hand.click(bar, (line.index("risk:high") + 2, 0))
        assert hand.desk.session.query == "risk:high"
        line = "".join(text for text, _ in bar._parts)
        await hand.click(bar, (line.index(" x ") + 1, 0))
        assert (hand.desk.session.query, hand.desk.session.tabs) == ("", ["data:personal"])


@pytest.mark.parametrize(("keys", "says"), [("+", "no filter to keep"), ("tab", "no filter is kept")])
async def test_a_key_without_a_filter_says_what_to_do(keys, says, open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(keys)
        assert says in hand.said[-1]


async def test_a_group_of_the_queue_is_a_tab_by_its_title(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2 enter +")
        await hand.shows("All 48")
        line = (await hand.look()).split("\n")[3]
        assert "group:" not in line
        assert hand.desk.session.words_of(hand.desk.session.query)[:12] in line
