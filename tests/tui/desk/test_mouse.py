"""The mouse: a click chooses a row, the wheel scrolls the widget under it; neither takes the focus.

Input right after a key has the same effect as input after a pause.
"""

from __future__ import annotations

import pytest
from textual import events


@pytest.mark.parametrize("size", [(80, 24), pytest.param((120, 40), marks=pytest.mark.e2e), (200, 60)])
async def test_a_click_chooses_a_tool(size, open_review, at_desk):
    async with at_desk(open_review("fresh"), size=size) as hand:
        table = hand.desk.tools_area.table
        await hand.click(table, (5, 5))
        assert hand.tool == hand.shown[3]
        await hand.rest()
        await hand.types("b enter")
        assert hand.recorded()[0].startswith(f"tool.decided {hand.shown[3]} blocked")


async def test_a_click_chooses_a_row_of_a_list(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types("H")
        table = hand.desk.list_area.table
        await hand.click(table, (5, 4))
        assert table.cursor == 2
        await hand.click(table, (5, 1))  # its head
        assert table.cursor == 2


async def test_a_click_on_a_head_orders_by_its_column_and_a_second_one_as_in_the_document(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        before, tool = hand.shown, hand.tool
        table = hand.desk.tools_area.table
        await hand.click(table, (9, 1))
        assert hand.desk.session.order == "risk"
        assert sorted(hand.shown) == sorted(before) != hand.shown
        assert hand.tool == tool
        await hand.shows("by risk")
        await hand.click(table, (9, 1))
        assert hand.shown == before
        await hand.click(table, (18, 1))
        assert hand.desk.session.order == "type"


async def test_the_scroll_bar_leads_to_its_place(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        table = hand.desk.tools_area.table
        await hand.click(table, (table.region.width - 1, table.region.height - 2))
        assert table.scroll_offset.y > 30
        assert hand.tool == hand.shown[0]
        await hand.click(table, (table.region.width - 1, 1))
        assert table.scroll_offset.y == 0


async def test_the_wheel_scrolls_the_list_and_leaves_the_cursor(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        table = hand.desk.tools_area.table
        at = (table.region.x + 5, table.region.y + 3)
        hand.turn_wheel(events.MouseScrollDown, at)
        await hand.until(lambda: table.scroll_offset.y > 0)
        assert hand.tool == hand.shown[0]
        await hand.click(table, (5, 2))
        assert hand.tool == hand.shown[table.scroll_offset.y]
        hand.turn_wheel(events.MouseScrollUp, at)
        await hand.until(lambda: table.scroll_offset.y == 0)


async def test_the_wheel_scrolls_the_evidence_when_it_is_over_it(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.rest()
        pane, table = hand.desk.tools_area.pane, hand.desk.tools_area.table
        hand.turn_wheel(events.MouseScrollDown, (pane.region.x + 5, pane.region.y + 3))
        await hand.until(lambda: pane.scroll_offset.y > 0)
        assert table.scroll_offset.y == 0
        await hand.types("j")
        assert hand.tool == hand.shown[1]


# right after a key -------------------------------------------------------------------------------------------

ON_LIST, ON_PAGE = (10, 7), (10, 19)


def click(hand, at):
    hand.press_mouse(at)


def wheel(hand, at):
    hand.turn_wheel(events.MouseScrollDown, at)


def page(hand, _at):
    hand._press("pagedown")


async def after_going(review, at_desk, keys, act, at, *, leisurely):
    """Return the positions of lists and page after input in the area that the keys have opened."""
    async with at_desk(review) as hand:
        hand._press(*keys)
        if leisurely:
            await hand.settle()
        act(hand, at)
        await hand.settle()
        await hand.until(lambda: not hand.desk.animator._animations)
        shown, tools = hand.desk.list_area, hand.desk.tools_area.table
        stands = [(table.cursor, table.scroll_offset.y) for table in (shown.table, tools)]
        return hand.desk.area, stands, shown.pane.scroll_offset.y


@pytest.mark.parametrize(
    ("keys", "act", "at"),
    [
        ("H", click, ON_LIST),
        ("H", wheel, ON_LIST),
        ("H", wheel, ON_PAGE),
        ("H", page, ON_LIST),
        ("7", page, ON_LIST),
        ("9", click, (10, 10)),  # below the verdict
        ("2", click, ON_LIST),
        ("H3H", click, ON_LIST),
    ],
)
async def test_the_mouse_right_after_a_key_refers_to_the_new_area(keys, act, at, open_review, at_desk):
    slowly = await after_going(open_review("sample"), at_desk, keys, act, at, leisurely=True)
    at_once = await after_going(open_review("sample"), at_desk, keys, act, at, leisurely=False)
    assert slowly[1][0] != (0, 0) or slowly[2] > 0  # it did something there
    assert at_once == slowly


async def test_the_wheel_right_after_a_layout_change_refers_to_the_new_layout(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        hand._press("enter")  # the page takes the place of the list
        hand.turn_wheel(events.MouseScrollDown, ON_LIST)
        area = hand.desk.tools_area
        await hand.until(lambda: area.pane.scroll_offset.y > 0)
        assert area.table.scroll_offset.y == 0
