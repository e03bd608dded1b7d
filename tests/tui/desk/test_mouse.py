"""A hand on the mouse: a click chooses a row, the wheel scrolls what it is over; neither takes the keys away."""

from __future__ import annotations

import pytest
from textual import events


def wheel(hand, kind, at):
    event = kind(None, *at, 0, 1, 0, shift=False, meta=False, ctrl=False, screen_x=at[0], screen_y=at[1])
    event.set_sender(hand.desk)
    hand.desk._driver.send_message(event)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_a_click_chooses_a_tool(size, open_review, at_desk):
    async with at_desk(open_review("fresh"), size=size) as hand:
        table = hand.desk.tools_area.table
        await hand.pilot.click(table, offset=(5, 4))
        await hand.settle()
        assert hand.tool == hand.shown[3]
        await hand.rest()
        await hand.types("b")
        assert hand.recorded()[0].startswith(f"tool.decided {hand.shown[3]} blocked")


async def test_a_click_chooses_a_row_of_a_list(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types("4")
        table = hand.desk.list_area.table
        await hand.pilot.click(table, offset=(5, 3))
        await hand.settle()
        assert table.cursor == 2
        await hand.pilot.click(table, offset=(5, 0))  # its head
        await hand.settle()
        assert table.cursor == 2


async def test_the_wheel_scrolls_the_list_and_leaves_the_cursor(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        table = hand.desk.tools_area.table
        at = (table.region.x + 5, table.region.y + 3)
        wheel(hand, events.MouseScrollDown, at)
        await hand.until(lambda: table.scroll_offset.y > 0)
        assert hand.tool == hand.shown[0]
        await hand.pilot.click(table, offset=(5, 1))
        await hand.settle()
        assert hand.tool == hand.shown[table.scroll_offset.y]
        wheel(hand, events.MouseScrollUp, at)
        await hand.until(lambda: table.scroll_offset.y == 0)


async def test_the_wheel_scrolls_the_evidence_when_it_is_over_it(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.rest()
        pane, table = hand.desk.tools_area.pane, hand.desk.tools_area.table
        wheel(hand, events.MouseScrollDown, (pane.region.x + 5, pane.region.y + 3))
        await hand.until(lambda: pane.scroll_offset.y > 0)
        assert table.scroll_offset.y == 0
        await hand.types("j")
        assert hand.tool == hand.shown[1]
