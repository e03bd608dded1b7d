"""Finding tools: moves, filter, orders, one level back. None of it records an event."""

from __future__ import annotations

import pytest

from analysis.review import queries
from tui.desk.widgets.layout import covered

MOVES = (
    # keys, tool under the cursor
    ("j", "createCustomer"),
    ("down down", "searchCustomers"),
    ("j j k", "createCustomer"),
    ("k", "listCustomers"),
    ("up", "listCustomers"),
    ("G", "listAuditEvents"),
    ("end j", "listAuditEvents"),
    ("G g", "listCustomers"),
    ("end home", "listCustomers"),
    ("s", "createCustomer"),
    ("]", "createCustomer"),
    ("] ] [", "createCustomer"),
    ("[", "listCustomers"),
    ("a enter b enter s", "getCustomer"),
    ("s [ [", "searchCustomers"),  # the first two are decided by now
)


async def test_moving(open_review, at_desk, subtests):
    async with at_desk(open_review("fresh")) as hand:
        for keys, tool in MOVES:
            with subtests.test(keys):
                await hand.types(f"g {keys}")
                assert hand.tool == tool
        assert len(hand.recorded()) == 2


@pytest.mark.parametrize("size", [(80, 24), pytest.param((120, 40), marks=pytest.mark.e2e), (200, 60)])
async def test_a_page_is_the_height_of_the_list(size, open_review, at_desk):
    async with at_desk(open_review("fresh"), size=size) as hand:
        await hand.look()
        table = hand.desk.tools_area.table
        seen = table.size.height - 1  # without the head
        await hand.types("pagedown")
        assert table.cursor == min(seen - 1, 47)
        await hand.types("pageup")
        assert table.cursor == 0
        await hand.types("pagedown pagedown pagedown pagedown pagedown")
        assert table.cursor == min(5 * (seen - 1), 47)


async def test_the_evidence_scrolls_and_the_cursor_stays(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        pane = hand.desk.tools_area.pane
        await hand.types("ctrl+d J")
        await hand.until(lambda: pane.scroll_offset.y > 0)
        assert hand.tool == "listCustomers"
        await hand.types("ctrl+u K K")
        await hand.until(lambda: pane.scroll_offset.y == 0)


async def test_skip_says_when_no_undecided_tool_is_left(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types("s")
        assert hand.tool == "deleteCustomer"
        await hand.types("s")
        assert hand.tool == "deleteCustomer"
        assert hand.said == ["no undecided tool below"]


async def test_orders(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        risks = {state.row.name: state.risk.rank for state in hand.review.tools()}
        documented = hand.shown
        await hand.types("j o")
        assert hand.tool == "createCustomer"  # the cursor stays on its tool
        assert [risks[name] for name in hand.shown] == sorted(risks.values(), reverse=True)
        await hand.shows("by risk")
        await hand.types("o")
        assert hand.shown[0] == "deleteCustomer"  # the only one undecided
        await hand.types("o")
        assert hand.shown == sorted(documented, key=str.lower)
        await hand.types("o")
        assert hand.shown == documented
        assert hand.recorded() == []


# the filter ----------------------------------------------------------------------------------------------


async def test_the_filter_works_while_it_is_typed(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types('/ "ris"')
        assert len(hand.shown) < 48
        await hand.types('"k:high"')
        assert len(hand.shown) == 8
        await hand.shows("8 of 48")
        await hand.shows("filter: risk:high")
        await hand.types("enter")
        assert len(hand.shown) == 8
        await hand.types("escape")
        assert len(hand.shown) == 48
        assert "filter:" not in await hand.look()


FAULTS = (
    # typed, the last good result, part of the message
    ("risk:hig", "risk", 'risk has no value "hig"'),
    ("tag rsk:high", "tag", 'unknown field "rsk"'),
    ("tag (", "tag ", "a term is missing here"),
    ('tag "open', "tag ", "quote is not closed"),
)


@pytest.mark.parametrize(("typed", "good", "fault"), FAULTS, ids=[typed for typed, _, _ in FAULTS])
async def test_an_invalid_filter_keeps_the_last_result_and_shows_its_error(typed, good, fault, open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("/")
        await hand.types(" ".join("quotation_mark" if c == '"' else "space" if c == " " else c for c in typed))
        assert hand.desk.session.query.startswith(good)
        assert fault in " ".join((await hand.look()).split())
        expected = queries.select(hand.review, hand.desk.session.query)
        assert hand.desk.tools_area.table.keys == expected


async def test_an_invalid_filter_shows_the_position_of_its_error(open_review, at_desk):
    """`a term is missing here` is useless without a caret under the position."""
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('/ "(risk:high OR )"')
        lines = (await hand.look()).split("\n")
        typed = next(n for n, line in enumerate(lines) if "(risk:high OR )" in line and "filter:" not in line)
        column = lines[typed].index("OR )") + 3
        assert any(line[column : column + 1] == "^" for line in lines[typed + 1 : typed + 4])


@pytest.mark.parametrize("pace", ["types", "bursts"])
async def test_enter_does_not_close_an_invalid_filter(pace, open_review, at_desk):
    """The list is not the one asked for: a bulk decision on it must not be one Enter away."""
    async with at_desk(open_review("fresh")) as hand:
        await getattr(hand, pace)('/ "-risk:hihg" enter * b "all of them" enter')
        assert hand.recorded() == []
        assert hand.desk.session.fault is not None
        assert hand.desk.query_one("#filter").display


async def test_an_empty_filter_shows_everything(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types('/ "risk:high" enter / ctrl+u enter')
        assert len(hand.shown) == 48
        assert hand.desk.session.query == ""


async def test_no_match_says_what_to_press(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types('/ "nothinglikethis" enter')
        assert hand.tool is None
        await hand.shows("no tool matches; Esc clears the filter")
        await hand.shows("0 of 48")
        await hand.types("a b c - space s ] [ r t n enter enter o o o o u escape")  # nothing to work on, nothing breaks
        assert hand.recorded() == []
        assert len(hand.shown) == 48


async def test_the_cursor_stays_on_its_tool(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types('/ "deleteCustomer" enter escape')
        assert hand.tool == "deleteCustomer"
        await hand.types('/ "risk:high" enter')
        assert hand.tool == "deleteCustomer"


async def test_letters_that_are_keys_are_letters_in_the_filter(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types('/ "quota"')
        assert hand.desk.query_one("#filter").value == "quota"
        assert hand.recorded() == []
        assert not hand.over


async def test_the_filter_in_force_can_be_edited(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types('/ "risk:high" enter / " class:billing" enter')
        assert hand.shown == ["refundPayment", "chargePaymentMethod", "issuePayout"]


async def test_filters_know_decisions_and_marks(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types('a enter b enter space / "is:marked" enter')
        assert hand.shown == ["searchCustomers"]
        await hand.types('escape escape / "is:approved,blocked" enter')
        assert hand.shown == ["listCustomers", "createCustomer"]
        await hand.types('/ ctrl+u "is:mine is:blocked" enter')
        assert hand.shown == ["createCustomer"]


# the way back --------------------------------------------------------------------------------------------


async def test_a_tool_that_no_longer_matches_leaves_the_list(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types('/ "is:undecided" enter')
        first, second, third, fourth = hand.shown[:4]
        await hand.types("b enter")
        assert hand.shown[0] == hand.tool == second
        assert len(hand.shown) == 47
        await hand.types('space space b "no use" enter')
        assert hand.shown[0] == fourth
        assert len(hand.shown) == 45
        assert not {first, second, third} & set(hand.shown)
        await hand.types("u")
        assert hand.shown[:3] == [second, third, fourth]


async def test_escape_goes_one_level_back_and_never_out(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        area, session = hand.desk.tools_area, hand.desk.session
        await hand.types('/ "risk:high" enter space enter')
        assert area.has_class("-evidence-only")
        await hand.types("escape")
        assert not area.has_class("-evidence-only")
        assert session.marks
        await hand.types("escape")
        assert not session.marks
        assert session.query == "risk:high"
        await hand.types("escape")
        assert session.query == ""
        await hand.types("escape escape escape")
        assert not hand.over
        for key in "234":
            await hand.types(f"{key} escape")
            assert hand.desk.area == "tools"
        await hand.types("escape escape")
        assert not hand.over


OPENS = ("?", "ctrl+p", ":", "n", "r", "t", "c", "E", "I", "/")


async def test_escape_cancels_every_prompt(open_review, at_desk, subtests):
    async with at_desk(open_review("fresh")) as hand:
        for opens in OPENS:
            with subtests.test(opens):
                await hand.types(opens)
                assert covered(hand.desk) or hand.desk.query_one("#filter").has_focus
                await hand.types("escape")
                assert not covered(hand.desk)
                assert hand.desk.focused is hand.desk.tools_area.table
                await hand.types("g j")
                assert hand.tool == "createCustomer"
        assert hand.recorded() == []


@pytest.mark.parametrize("keys", ["q", "4 ctrl+q", "? escape q", "enter q"])
async def test_q_leaves(keys, open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(keys)
        assert hand.over
        assert hand.desk.return_code == 0
