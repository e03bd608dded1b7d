"""Names at generators on the page of a tool: the document is read beside the keys, once, when a page is opened."""

from threading import Event

import pytest

from analysis.review.packets.generator_names import Unread, document_reader, name_problems
from tui.desk.areas import tools

pytestmark = pytest.mark.asyncio


async def test_a_list_reads_no_document_and_the_page_does(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("3 ~ j ~")
        assert name_problems(hand.review, hand.desk.tools_area.tool) is Unread.NOT_YET
        assert Unread.NOT_YET.value in await _whole_page(hand)
        await hand.types("enter")
        await hand.until(lambda: not isinstance(name_problems(hand.review, hand.desk.tools_area.tool), Unread))
        await hand.until(lambda: not hand.desk.workers)
        assert Unread.READING.value not in await _whole_page(hand)


async def test_what_is_read_does_not_move_the_reader(open_review, at_desk, monkeypatch):
    may_read = Event()

    def held(review, source):
        read = document_reader(review, source)
        return lambda: may_read.wait() and read()

    monkeypatch.setattr(tools, "document_reader", held)
    async with at_desk(open_review("fresh")) as hand:
        await hand.types("3 ~ enter")
        assert Unread.READING.value in await _whole_page(hand)
        hand.desk.tools_area.pane.scroll_to(y=3, animate=False)
        may_read.set()
        await hand.until(lambda: not hand.desk.workers)
        assert Unread.READING.value not in await _whole_page(hand)
        assert hand.desk.tools_area.pane.scroll_offset.y == 3


async def _whole_page(hand):
    await hand.settle()
    return "\n".join("".join(text for text, _ in each.parts) for each in hand.desk.tools_area.pane._lines)
