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
