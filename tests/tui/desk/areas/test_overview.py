"""The overview: what it says, where its rows, cells and lines lead, by keys and by mouse, at every size."""

from __future__ import annotations

import pytest

from analysis.review import queries
from tui.desk.widgets.bar import ActionBar
from tui.desk.widgets.figure import Figure

SIZES = ((40, 12), (60, 20), (80, 24), (120, 40), (200, 60))


def place_of(figure, target):
    """Return the offset in a figure of the first piece with a target."""
    for y, row in enumerate(figure._current()):
        x = 0
        for run in row:
            if run.target == target:
                return x + 2, y + 1
            x += len(run.text)
    raise AssertionError(target)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_verdict_and_worst_finding_are_visible_at_every_size(size, open_review, at_desk):
    async with at_desk(open_review("sample"), size=size) as hand:
        await hand.types("1")
        seen = await hand.look()
        assert "B L O C K E D" in seen
        assert "critical" in seen
        assert {len(line) <= size[0] for line in seen.split("\n")} == {True}


async def test_enter_on_a_thing_to_know_opens_its_proof(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types("1 enter")
        assert (hand.desk.area, hand.tool) == ("tools", "deleteCustomer")
        await hand.types("1 G enter")
        assert hand.desk.area == "governance"


async def test_cells_are_filters_by_keys_heaviest_first(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("1 f")
        matrix = hand.desk.list_area._figure("risk-matrix")
        assert matrix.has_keyboard
        assert not hand.desk.list_area.table.has_keyboard  # one pane at a time
        await hand.types("enter")
        assert hand.desk.area == "tools"
        shown = hand.desk.session.shown
        assert hand.desk.session.query.endswith("is:undecided")
        kinds = {(hand.review.tool(tool).risk, hand.review.tool(tool).type) for tool in shown}
        assert len(kinds) == 1
        await hand.types("escape 1 f j")  # a move gives the keys back to the list
        assert not matrix.has_keyboard
        assert hand.desk.list_area.table.has_keyboard


async def test_every_cell_leads_by_mouse_to_the_tools_that_it_counts(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("1")
        area = hand.desk.list_area
        for (risk, kind), counts in list(area._matrix.items()):
            figure = area._figure("risk-matrix")
            await hand.click(figure, place_of(figure, f"{risk.value} {kind.value}"))
            assert hand.desk.area == "tools"
            assert len(hand.desk.session.shown) == (counts.undecided or counts.total)
            await hand.types("1")


@pytest.mark.parametrize(("figure", "target", "area"), [
    ("verdict-card", "findings", "findings"), ("verdict-card", "queue", "queue"), ("score-pane", "fix", "findings"),
    ("gates-pane", "signoff", "signoff"), ("verdict-card", "flows", "flows"),
])  # fmt: skip
async def test_lines_of_figures_lead_to_their_areas(figure, target, area, open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types("1")
        pane = hand.desk.query_one(f"#{figure}", Figure)
        await hand.click(pane, place_of(pane, target))
        assert hand.desk.area == area


async def test_a_click_beside_the_pieces_leads_nowhere(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types("1")
        await hand.click(hand.desk.query_one("#people-pane", Figure), (5, 1))
        await hand.click(hand.desk.query_one("#risk-matrix", Figure), (3, 5))
        assert hand.desk.area == "overview"


async def test_what_was_not_checked_is_said(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types("1")
        await hand.shows("Not checked")
        assert queries.checks_left_out(hand.review)
        await hand.shows("behaviour")


async def test_figures_follow_a_decision(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types('1 3 / "name:deleteCustomer" enter ~ b "not needed" enter 1')
        seen = await hand.look()
        assert "Undecided" not in seen
        assert "48 of 48 decided" in seen
        assert "deleteCustomer" not in seen


async def test_the_next_part_is_one_key_away_where_not_all_have_room(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types("1")
        assert "Fix next" not in await hand.look()
        await hand.types("J")
        assert "Fix next" in await hand.look()
        await hand.types("J")
        assert "Gates before sign-off" in await hand.look()
        await hand.types("J")
        assert "Risk by type" in await hand.look()


async def test_one_pane_has_the_blue_frame_whatever_was_on_the_whole_screen(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        table, pane = hand.desk.tools_area.table, hand.desk.tools_area.pane
        for keys, framed in (
            ("3 ~", table),
            ("enter", pane),
            ("enter", table),
            ("enter", pane),
            ("escape", table),
            ("?", None),
        ):
            await hand.types(keys)
            assert [each for each in (table, pane) if each.has_keyboard] == ([framed] if framed else [])


# header, areas, keys -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_tabs_and_keys_can_be_clicked(size, open_review, at_desk):
    async with at_desk(open_review("sample"), size=size) as hand:
        for name, bar, word in (
            ("findings", "#areas", "Find"),
            ("governance", "#areas", "Gov"),
            ("overview", "#areas", "Over"),
        ):
            tabs = hand.desk.query_one(bar, ActionBar)
            line = "".join(text for text, _, _ in tabs._rows[0])
            await hand.click(tabs, (line.index(word), 0))
            assert hand.desk.area == name
        keys = hand.desk.query_one("#key-bar", ActionBar)
        line = "".join(text for text, _, _ in keys._rows[0])
        await hand.click(keys, (line.index("keys"), 0))
        await hand.shows("Keys: Overview")
        await hand.click(hand.desk.screen_stack[0].query_one("#areas", ActionBar), (line.index("keys"), 0))
        await hand.shows("Keys: Overview")  # a question keeps the screen below it


@pytest.mark.parametrize("steps", [((200, 60), (60, 20), (200, 60)), ((120, 40), (80, 24), (120, 40))], ids=str)
@pytest.mark.parametrize("area", ["0", "1", "2", "8", "9"])
async def test_a_resize_leaves_nothing_short(area, steps, open_review, at_desk):
    async with at_desk(open_review("sample"), size=steps[0]) as hand:
        await hand.types(area)
        before = seen = await hand.look()
        for size in steps[1:]:
            await hand.resize(*size)
            seen = await hand.look()
            assert len(seen.split("\n")) == size[1] + 1
        assert seen == before


async def test_80_by_24_shows_several_things_to_know_and_says_how_many_there_are(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(80, 24)) as hand:
        await hand.types("1")
        table = hand.desk.list_area.table
        assert len(table.keys) > 6
        await hand.shows(f"1 to 6 of {len(table.keys)}")
        await hand.types("j " * 6)
        await hand.shows(f"2 to 7 of {len(table.keys)}")


async def test_a_row_of_risk_keeps_its_numbers_without_room_for_a_bar(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(80, 24)) as hand:
        await hand.types("1")
        small = await hand.look()
        await hand.resize(80, 40)
        large = await hand.look()
        for line in (line for line in small.split("\n") if line[1:5] in {" ▂▄▆", " ▂▄▁", " ▂▁▁"}):
            assert line in large
