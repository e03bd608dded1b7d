"""Messages of the desk: which stand on the screen."""

from __future__ import annotations

from textual.widgets._toast import Toast

from analysis.errors import UsageError
from tests.scenarios.driver import Hand
from tui.desk.shell.app import Desk


async def test_a_message_takes_the_place_of_the_one_before_and_errors_stay(open_review):
    """Whoever decides fast would else look at a pile of messages instead of the tools."""
    desk = Desk(open_review("fresh"), "rev")
    async with desk.run_test(size=(80, 24), notifications=True) as pilot:
        hand = Hand(desk, pilot)
        desk.messages.complain(UsageError("the file is not there"))
        for number in range(3):
            desk.messages.say(f"message {number}")
            await hand.settle()
        seen = await hand.look()
        assert len(desk.screen.query(Toast)) == 2
        assert "message 2" in seen
        assert "message 1" not in seen
        assert "the file is not there" in seen
        assert len(desk.messages.entries) == 4


async def test_a_message_never_covers_a_question_and_is_shown_after_it(open_review):
    desk = Desk(open_review("fresh"), "rev")
    async with desk.run_test(size=(80, 24), notifications=True) as pilot:
        hand = Hand(desk, pilot)
        desk.messages.complain(UsageError("said before the question"))
        await hand.types("c")
        desk.messages.say("said while it is open")
        seen = await hand.look()
        assert not [each for each in desk._notifications if "while it is open" in each.message]
        assert not [toast for toast in desk.screen.query(Toast) if toast.region]
        assert "Approve with conditions: listCustomers" in seen
        assert "said while it is open" not in seen
        await hand.types("escape")
        await hand.shows("said while it is open")
        assert [text for _, text in desk.messages.entries][-1] == "said while it is open"


async def test_what_an_answer_brings_about_is_said_last(open_review):
    desk = Desk(open_review("fresh"), "rev")
    async with desk.run_test(size=(80, 24), notifications=True) as pilot:
        hand = Hand(desk, pilot)
        await hand.types("n")
        desk.messages.say("said while it is open")
        await hand.types('"a note" enter')
        seen = await hand.look()
        assert "said while it is open" not in seen
        assert hand.desk.messages.entries[-1][1][:12] in seen


async def test_a_message_said_just_before_a_question_does_not_cover_it(open_review):
    """The library makes its toast when the question is there already."""
    desk = Desk(open_review("fresh"), "rev")
    async with desk.run_test(size=(80, 24), notifications=True) as pilot:
        hand = Hand(desk, pilot)
        await hand.types("b")
        desk.notify("said just before", markup=False)
        await hand.look()
        assert [bool(toast.region) for toast in desk.screen.query(Toast)] == [False]
        await hand.types("escape")
        await hand.shows("said just before")
