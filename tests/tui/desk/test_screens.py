"""Screens as text, compared with tests/golden/screens; read the difference before you renew them."""

from __future__ import annotations

import asyncio

import pytest

from tests.goldens import GOLDENS, check_golden

SIZES = ((80, 24), (120, 40))

CLOSING = " enter ".join(
    f'/ ctrl+u "name:{name}" enter ~ a' for name in ("listCustomers", "sendCustomerMessage", "getSupportTicket")
)
SCREENS = {
    # name: review, keys
    "welcome": (None, ""),
    "tools": ("sample", "] ~"),
    "tools-marked": ("sample", '/ "risk:high -is:approved" enter space space ~'),
    "evidence": ("sample", '/ "name:refundPayment" enter ~ enter'),
    "filter-tabs": ("fresh", '/ "risk:high" enter + / ctrl+u "data:personal" enter + ~'),
    "columns": ("fresh", "T g o"),
    "queue": ("fresh", "2 space space"),
    "filter-fault": ("fresh", '/ "risk:high" "," "hgh" ~'),
    "findings": ("sample", "4 j"),
    "governance": ("sample", "7 j j j"),
    "history": ("sample", "H j j j"),
    "history-of-one": ("sample", "H w 2 t 2"),
    "overview": ("sample", "1"),
    "flows": ("fresh", "5"),
    "flow-role": ("fresh", "5 G ~ l"),
    "duplicates": ("fresh", "D"),
    "signoff": ("sample", "9 j j j"),
    "closing-path": ("fresh", CLOSING),
    "evidence-form": ("sample", "7 e f"),
    "help": ("sample", "?"),
    "conditions": ("fresh", '/ "name:refundPayment" enter ~ c'),
    "export": ("sample", "~ E"),
}


@pytest.mark.parametrize("name", SCREENS)
async def test_screen(name, open_review, at_desk, subtests):
    """A desk that is made larger shows what one that was opened so large shows, so one is enough for both sizes."""
    review, keys = SCREENS[name]
    opened = open_review(review) if review else None
    async with at_desk(opened, size=SIZES[0]) as hand:
        await hand.types(keys)
        for columns, rows in SIZES:
            with subtests.test(f"{columns}x{rows}"):
                await hand.resize(columns, rows)
                seen = await hand.look()
                assert len(seen.split("\n")) == rows + 1
                check_golden(f"screens/{name}-{columns}x{rows}.txt", seen)


def test_every_golden_belongs_to_a_screen():
    expected = {f"{name}-{w}x{h}.txt" for name in SCREENS for w, h in SIZES}
    assert {path.name for path in GOLDENS.joinpath("screens").glob("*.txt")} == expected


@pytest.mark.parametrize("size", [(39, 24), (80, 11), (20, 5)])
async def test_a_screen_that_shows_no_tool_says_what_it_needs(size, open_review, at_desk):
    async with at_desk(open_review("sample"), size=size) as hand:
        seen = " ".join((await hand.look()).split())
        assert seen == "Clearance needs a terminal of at least 40 columns and 12 lines."


@pytest.mark.parametrize("size", [(79, 24), (60, 20), (40, 12)])
async def test_below_80_by_24_there_is_one_column(size, open_review, at_desk):
    async with at_desk(open_review("sample"), size=size) as hand:
        await hand.shows("listCustomers")
        await hand.types("1")
        await hand.shows("critical")


async def test_the_desk_comes_back_when_the_terminal_grows(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(30, 10)) as hand:
        await hand.resize(80, 24)
        await hand.shows("listCustomers")
        await hand.resize(30, 10)
        await hand.shows("at least")


@pytest.mark.parametrize("size", [(80, 24), (150, 50)])
async def test_every_line_fits(size, open_review, at_desk):
    async with at_desk(open_review("sample"), size=size) as hand:
        for keys in ("~", "4", "7", "H", "?"):
            await hand.types(keys)
            await hand.look()
            widths = {strip.cell_length for strip in hand.desk.screen._compositor.render_strips()}
            assert widths == {size[0]}


@pytest.mark.parametrize("width", [80, 100, 200])
async def test_a_long_title_leaves_room_for_the_verdict(width, open_review, at_desk):
    review = open_review("sample")
    title = "A title that goes on and on " * 20
    review.record.registers.heads("review")[0].data["title"] = title
    async with at_desk(review, size=(width, 40)) as hand:
        first = (await hand.look()).split("\n")[0]
        assert "score 85   ✕ BLOCKED" in first
        assert "…" in first


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
async def test_filter_and_marks_are_always_on_the_screen(size, open_review, at_desk):
    """A decision applies to all marked tools: without the marks on the screen, a reviewer decides more than intended."""
    async with at_desk(open_review("fresh"), size=size) as hand:
        await hand.types('/ "name:refundPayment -is:approved -is:blocked" enter *')
        frame = next(line for line in (await hand.look()).split("\n") if line.startswith("┏━ Tools"))
        assert "1 of 48" in frame
        assert "name:refund" in frame
        assert "1 marked" in frame
        await hand.types("escape")
        assert "-is:approved" in await hand.look()


async def test_states_are_words_and_letters_not_colours_alone(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 60)) as hand:
        rows = [line for line in (await hand.look()).split("\n") if "/" in line]
        symbols = {line[4] for line in rows if line[11:15].strip() in {"high", "med", "low"}}
        assert symbols == {"✓", "◐", "✕", "·"}


async def test_concurrent_requests_for_an_area_create_it_once(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await asyncio.gather(*(hand.desk.show_area("changes") for _ in range(2)))
        assert len(hand.desk.query("#changes")) == 1
