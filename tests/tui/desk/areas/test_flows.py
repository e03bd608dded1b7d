"""Flow roles at the desk: what the key of roles does on each kind of row."""

from __future__ import annotations

import pytest


async def test_a_flow_role_is_set_on_a_row_with_one_tool(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types("5 g l")
        assert hand.desk.messages.entries[-1][1] == "no single tool is on this row; choose a row with one tool"
        await hand.types("G l")
        await hand.shows("Flow roles of")


async def test_the_question_of_a_flow_role_fits_what_is_done(open_review, at_desk):
    """To add one says that the engine missed it; to remove one, that it misread something."""
    async with at_desk(open_review("fresh")) as hand:
        await hand.types("5 g")
        area = hand.desk.list_area
        row = next(key for key in area.table.keys if key.startswith("PRIVATE_DATA"))
        area.table.go(row)
        await hand.types("l p")
        await hand.shows("Remove flow role private data")
        await hand.shows("misread?")
        await hand.types("escape l c")
        await hand.shows("Add flow role code execution")
        await hand.shows("miss?")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_the_state_of_the_path_is_whole(size, open_review, at_desk):
    async with at_desk(open_review("fresh"), size=size) as hand:
        await hand.types("5")
        area = hand.desk.list_area
        head = " ".join(line.strip() for line in (await hand.look()).split("\n")[1:6])
        assert " ".join(area.head().split()) in " ".join(head.split())


async def test_above_the_table_stand_at_most_two_lines(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(80, 24)) as hand:
        await hand.types("5")
        area = hand.desk.list_area
        area.words = "word " * 60
        area.reload()
        seen = (await hand.look()).split("\n")
        assert seen[3].endswith("…")
        assert seen[4].startswith("╭─ untrusted")


async def test_a_cut_breaks_the_picture_and_undo_mends_it(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(80, 24)) as hand:
        await hand.types("5")
        assert (await hand.look()).count("━━▶") == 2
        await hand.types('enter b "no such content" enter escape')
        assert hand.desk.area == "flows"
        seen = await hand.look()
        assert "broken" in seen
        assert "━━✕" in seen
        assert "3 blocked" in seen
        await hand.types("u")
        assert "broken" not in await hand.look()


async def test_a_tool_and_a_role_of_the_picture_are_opened_by_mouse(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("5")
        picture = hand.desk.query_one("#flow-picture")
        await hand.click(picture, (5, 1))
        assert (hand.desk.area, hand.tool) == ("tools", "listCustomerNotes")
        await hand.types("escape")
        assert hand.desk.area == "flows"
        await hand.click(picture, (5, 0))
        assert hand.desk.session.query == "role:untrusted-content"
        assert len(hand.shown) == 3


async def test_the_tool_under_the_cursor_is_marked_in_the_picture(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("5")
        table = hand.desk.list_area.table
        table.go([key for key in table.keys if key.startswith("PRIVATE_DATA")][-1])
        name = hand.review.tool(hand.desk.list_area.tool()).row.name
        lines = [line for line in (await hand.look()).split("\n")[5:16] if "▌" in line]
        assert lines
        assert all(name in line for line in lines)


async def test_the_flows_are_read_again_only_when_something_was_recorded(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(80, 24)) as hand:
        await hand.types("5")
        boxes = hand.desk.list_area._boxes
        await hand.types("3 5")
        assert hand.desk.list_area._boxes is boxes
        await hand.types('3 n "a note" enter 5')
        assert hand.desk.list_area._boxes is not boxes
