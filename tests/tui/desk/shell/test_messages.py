"""One toast at a time, so that long names of a hostile document cannot cover a small screen; the list keeps all."""

from analysis.errors import UsageError


async def test_a_message_takes_the_place_of_the_one_before(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        hand.desk.messages.say("first " + "x" * 400)
        hand.desk.messages.say("second")
        await hand.settle()
        assert [each.message for each in hand.desk._notifications] == ["second"]
        hand.desk.messages.complain(UsageError("third", remedy="try again"))
        await hand.settle()
        assert len(list(hand.desk._notifications)) == 1
        assert [text.partition(" ")[0] for _, text in hand.desk.messages.entries] == ["first", "second", "third"]
