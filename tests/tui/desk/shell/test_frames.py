"""Input that comes while the desk does something else, or is left."""

import asyncio

import pytest

from tests.scenarios.driver import _event


@pytest.mark.parametrize("beats", range(8))
async def test_a_key_behind_other_work_is_waited_for(open_review, at_desk, beats):
    """The loop of messages takes the next one out of its queue while it handles one, whenever that has come."""
    async with at_desk(open_review("sample")) as hand:
        await hand.types("3")
        table = hand.desk.tools_area.table

        async def work():
            for _ in range(200):
                await asyncio.sleep(0)

        def come(beats):
            if beats:
                asyncio.get_running_loop().call_soon(come, beats - 1)
            else:
                hand.desk.call_later(work)

        come(beats)
        await hand.types("j")
        assert table.cursor == 1


@pytest.mark.parametrize("key", ["j", "?", "ctrl+q"])
async def test_a_key_while_the_desk_is_left_is_dropped(open_review, at_desk, key):
    async with at_desk(open_review("sample")) as hand:
        desk = hand.desk
        await desk.query_one("#body").remove()
        await desk.on_event(_event(key))
        assert (desk._exception, len(desk.screen_stack)) == (None, 1)


async def test_a_key_after_the_last_screen_is_dropped(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        desk, screens = hand.desk, [*hand.desk._screen_stack]
        desk._screen_stack.clear()
        try:
            await desk.on_event(_event("j"))
        finally:
            desk._screen_stack.extend(screens)
        assert desk._exception is None
