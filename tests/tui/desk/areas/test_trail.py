"""The history: its counts agree with those of the persons."""

from __future__ import annotations


async def test_the_frame_counts_actions_and_their_events(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        events = len(hand.review.record.events)
        await hand.types("H")
        area = hand.desk.list_area
        assert len(area.table.keys) < events
        await hand.shows(f"{len(area.table.keys)} actions · {events} events")
        await hand.types("w")
        await hand.shows(" events, most ")
