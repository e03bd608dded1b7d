"""The cost of a key: row and page appear in one frame, and decisions do not wait for derived state."""

from __future__ import annotations

import asyncio

import pytest
from textual.filter import Monochrome

from analysis.review import derived
from analysis.review.derived.summary import summarise
from tui.desk.areas import tools

pytestmark = pytest.mark.draws


def frames_of(desk):
    """Return a list that collects every update of the terminal from now on."""
    drawn = []
    display = desk._display

    def count(screen, renderable):
        if renderable is not None:
            drawn.append(renderable)
        display(screen, renderable)

    desk._display = count
    return drawn


@pytest.mark.parametrize("key", ["j", "pagedown", "G", "o"])
async def test_a_key_draws_one_frame(key, open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.look()
        await asyncio.sleep(2 * tools._REST_SECONDS)  # the cursor has rested since the desk was opened
        drawn = frames_of(hand.desk)
        await hand.types(key)
        await hand.look()
        assert len(drawn) == 1


async def test_a_letter_of_a_filter_is_applied_before_the_next_key(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("/")
        await hand.bursts('"refund"')
        asked = hand.desk.session.query
        assert asked == "refund"
        assert 0 < len(hand.shown) < 48


async def test_a_held_key_draws_the_page_of_the_last_tool_only(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.look()
        await hand.bursts("j " * 20)
        assert len(hand.desk.session.opened) <= 3
        await hand.look()
        assert hand.desk.tools_area.tool in hand.desk.session.opened


async def test_a_decision_does_not_wait_for_derived_state(open_review, at_desk, monkeypatch):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.look()
        weighed = []

        def counted(*given):
            weighed.append(1)
            return summarise(*given)

        monkeypatch.setattr(derived, "summarise", counted)
        hand.desk.sync._idle_seconds = 1.5  # however slow the machine is, the keyboard is not idle in between
        await hand.bursts("b enter b enter b enter b enter b enter")
        assert len(hand.recorded()) == 5
        weighed.clear()  # the record above names findings, and asks for it
        hand.desk.sync._idle_seconds = 1.5
        await hand.bursts("j b enter b enter")
        assert not weighed
        await hand.shows("7/48 decided")


async def test_the_page_shows_derived_state_when_idle(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 60)) as hand:
        await hand.types('/ "name:deleteCustomer" enter A "needed" enter')
        await hand.shows("EXP-")  # a tool approved without a condition: found once it is approved


async def test_a_page_is_drawn_again_when_a_decision_changes_its_findings(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 60)) as hand:
        await hand.types(
            'b enter ~ / "name:deleteCustomer" enter ~'
        )  # the first decision of a session is followed at once
        assert "EXP-001" in await hand.look()
        await hand.types('B "kept from agents" enter')
        assert "EXP-001" not in await hand.look()


async def test_without_colours_nothing_is_drawn_in_colour(open_review, at_desk, monkeypatch):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        hand.desk._filters.append(Monochrome())
        hand.desk.tools_area.table.drop_lines()
        hand.desk.tools_area.pane.drop_lines()
        for view in (hand.desk.tools_area.table, hand.desk.tools_area.pane):
            for strip in view.render_lines(view.size.region):
                for segment in strip:
                    for color in (segment.style.color, segment.style.bgcolor):
                        if color is not None and color.triplet is not None:
                            assert len(set(color.triplet)) == 1


async def test_the_result_of_a_slow_key_is_painted_without_another_key(open_review, at_desk):
    """The screen checks for work while the key is still running; nothing else may trigger another check."""
    async with at_desk(open_review("fresh")) as hand:
        await hand.look()
        press, over = hand.desk.dispatcher.run, []

        async def slowly(action):
            await press(action)
            await asyncio.sleep(0.2)  # the work of the key
            over.append(action)

        hand.desk.dispatcher.run = slowly
        hand._press("enter")  # by the driver: waiting for the screen would make it check
        await hand.until(lambda: over and not hand.unpainted())
        assert hand.desk.tools_area.has_class("-evidence-only")
