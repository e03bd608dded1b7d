"""The list of tools: what its frame says."""

from __future__ import annotations


def frame_of(seen):
    return next(line for line in seen.split("\n") if "━ Tools ━" in line)


async def test_the_frame_names_the_group_that_the_queue_opened(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2 G enter")
        group = hand.review.views.groups.of(hand.desk.session.shown[0])
        frame = frame_of(await hand.look())
        assert f"group: {group.title} " in frame
        assert group.key.id not in frame


async def test_another_filter_stands_as_it_was_typed(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('/ "group:none" enter')
        assert "filter: group:none" in frame_of(await hand.look())


async def test_evidence_asked_for_after_the_desk_was_left_draws_nothing(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        area = hand.desk.tools_area
    with hand.desk._context():  # as a document that was still being read calls it
        area.show_evidence(keep_place=True)  # without its lists this would end the desk in a fault
