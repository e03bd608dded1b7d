"""Names at generators on the page of a tool: they are found next to the keys, when a page is opened."""

from threading import Event

import pytest

from analysis.review.packets import generator_names
from analysis.review.packets.generator_names import Unread, problem_finder
from tui.desk.pages import names_finder

pytestmark = pytest.mark.asyncio


async def test_a_list_reads_no_document_and_the_page_does(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("3 ~ j ~")
        assert set(hand.review.source_names.values()) == {Unread.NOT_YET}
        assert Unread.NOT_YET.value in await _whole_page(hand)
        await hand.types("enter")
        await hand.until(lambda: Unread.NOT_YET not in hand.review.source_names.values())
        await hand.until(lambda: not hand.desk.workers)
        assert Unread.READING.value not in await _whole_page(hand)


async def test_what_is_read_does_not_move_the_reader(open_review, at_desk, monkeypatch):
    may_read = Event()

    def held(review, tool):
        find = problem_finder(review, tool)
        return lambda: may_read.wait() and find()

    monkeypatch.setattr(names_finder, "problem_finder", held)
    async with at_desk(open_review("fresh")) as hand:
        await hand.types("3 ~ enter")
        assert Unread.READING.value in await _whole_page(hand)
        hand.desk.tools_area.pane.scroll_to(y=3, animate=False)
        may_read.set()
        await hand.until(lambda: not hand.desk.workers)
        assert Unread.READING.value not in await _whole_page(hand)
        assert hand.desk.tools_area.pane.scroll_offset.y == 3


async def test_the_names_of_the_tool_on_the_screen_are_found_however_fast_it_came_there(
    open_review, at_desk, monkeypatch
):
    asked: list[str] = []

    def counted(review, tool):
        asked.append(tool)
        find = problem_finder(review, tool)
        return lambda: may_read.wait() and find()

    may_read = Event()
    monkeypatch.setattr(names_finder, "problem_finder", counted)
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("3 ~ enter j ~ j ~ j ~")
        first, here = asked[0], hand.desk.tools_area.tool
        assert asked == [first] != [here]
        may_read.set()
        await hand.until(lambda: not hand.desk.workers and not hand.desk.tools_area._names._finding)
        assert asked == [first, here]
        assert Unread.READING.value not in await _whole_page(hand)
        await hand.types('b "not for agents" enter')  # a decision may change names: they are found again
        await hand.until(lambda: not hand.desk.workers and not hand.desk.tools_area._names._finding)
        assert len(asked) > 2
        assert Unread.READING.value not in await _whole_page(hand)


async def test_whether_a_document_is_large_is_seen_once(open_review, at_desk, monkeypatch):
    monkeypatch.setattr(generator_names, "MAX_YAML", 10)
    review, unpacked = open_review("fresh"), []
    files = review.store.files

    def counted(source):
        unpacked.append(source)
        return files(source)

    monkeypatch.setattr(review.store, "files", counted)
    async with at_desk(review, size=(120, 40)) as hand:
        await hand.types("3 ~ j ~ j ~ j ~")
        assert len(unpacked) == 1
        assert Unread.TOO_LARGE.value in await _whole_page(hand)


async def _whole_page(hand):
    await hand.settle()
    return "\n".join("".join(text for text, _ in each.parts) for each in hand.desk.tools_area.pane._lines)
