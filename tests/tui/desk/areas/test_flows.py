"""Flow roles at the desk: what the key of roles does on each kind of row."""

from __future__ import annotations


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
