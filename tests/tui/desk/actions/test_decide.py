"""What the forms of a decision say."""

from __future__ import annotations


async def test_conditions_name_the_way_to_their_forms_where_it_exists(open_review, at_desk):
    """Letters belong to the field while it is open; groups of the queue have no form for each kind."""
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("~ c")
        await hand.shows("Or Esc, then e: a form for each kind.")
        await hand.types("escape e")
        await hand.shows("run-time approval")
        await hand.types("escape 2 G c")
        await hand.shows("KIND=VALUE")
        assert "then e" not in await hand.look()
