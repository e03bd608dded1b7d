"""A question on the main screen: it has the keys and the mouse, and what it does not cover stays as it was painted."""

from __future__ import annotations

import pytest
from textual._compositor import Compositor

from tui.desk.pages.verdict_bar import VerdictBar
from tui.desk.widgets.layout import covered, open_question


@pytest.mark.draws
async def test_a_verdict_draws_no_more_than_its_bar_and_the_list(open_review, at_desk, monkeypatch):
    whole = []
    draw_all = Compositor.render_full_update

    def counted(*given, **how):
        whole.append(given)
        return draw_all(*given, **how)

    monkeypatch.setattr(Compositor, "render_full_update", counted)
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("b escape j")
        await hand.look()
        whole.clear()
        await hand.types("b")
        await hand.shows("Block: ")
        await hand.types("escape")
        await hand.look()
        assert whole == []


@pytest.mark.parametrize("opens", ["b", "n", "?", "c"])
async def test_keys_that_a_question_does_not_know_do_nothing(opens, open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(opens)
        asked = open_question(hand.desk)
        assert asked is not None
        await hand.types("ctrl+p f1 f5 ctrl+t ctrl+q")
        assert open_question(hand.desk) is asked
        assert len(hand.desk.screen_stack) == 1
        assert not hand.over


async def test_the_mouse_reaches_the_question_and_nothing_below_it(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("c")
        table, before = hand.desk.tools_area.table, hand.tool
        bar = hand.desk.screen.query_one(VerdictBar)
        await hand.click(table, (4, 6))
        assert (hand.tool, covered(hand.desk)) == (before, True)
        second = bar.query("Input")[1]
        await hand.click(second, (2, 0))
        assert hand.desk.focused is second


async def test_the_list_has_the_keys_again_after_a_question(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        for asks in ("b escape", "c escape", "? escape", "n escape", 'b "no use for it" enter'):
            await hand.types(asks)
            assert hand.desk.focused is hand.desk.tools_area.table
            assert not covered(hand.desk)


async def test_a_line_between_the_sides_of_a_frame_is_made_once_for_each_look(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        table = hand.desk.tools_area.table
        whole = table.size.region

        def drawn():
            return table.render_lines(whole)[3:7]  # below the row of the cursor, which has a look of its own

        first = drawn()
        assert [id(strip) for strip in drawn()] == [id(strip) for strip in first]
        await hand.types("b")
        elsewhere = drawn()
        assert [strip.text[1:-1] for strip in elsewhere] == [strip.text[1:-1] for strip in first]
        assert [strip.text[0] for strip in elsewhere] != [strip.text[0] for strip in first]
