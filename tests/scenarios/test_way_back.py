"""Esc leads back to where Enter was pressed, with the filter and the marks as they were there."""

from __future__ import annotations

import pytest

from tui.desk.widgets.symbols import STEP


async def test_from_the_tools_of_a_group_back_to_the_queue(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2 j j")
        group = hand.desk.list_area.group()
        await hand.types("enter")
        assert hand.desk.area == "tools"
        assert set(hand.desk.session.shown) == set(group.tools)
        await hand.shows(f"Queue {STEP} Tools")
        await hand.types("escape")
        assert (hand.desk.area, hand.desk.session.query) == ("queue", "")
        assert hand.desk.list_area.group() == group


async def test_from_a_group_that_was_decided_to_the_next_one(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2")
        first, second = list(hand.desk.list_area._groups)[:2]
        await hand.types('enter * b "not for agents" enter escape')
        assert hand.desk.area == "queue"
        assert not hand.desk.list_area._groups[first].undecided
        assert hand.desk.list_area.table.key == second


async def test_two_steps_back_through_two_areas(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("1")
        hand.desk.list_area._clicked = "queue"  # as a click on a line of the verdict
        await hand.types("enter")
        assert hand.desk.area == "queue"
        await hand.types("enter")
        await hand.shows(f"Overview {STEP} Queue {STEP} Tools")
        await hand.types("escape")
        assert hand.desk.area == "queue"
        await hand.types("escape")
        assert hand.desk.area == "overview"


async def test_a_filter_and_marks_of_before_are_there_again(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('/ "risk:high" enter space')
        marked, shown = set(hand.desk.session.marks), list(hand.desk.session.shown)
        await hand.types("5 enter")  # the cut, with its tools marked in place of those
        assert hand.desk.session.marks != marked
        await hand.types("escape")
        assert hand.desk.area == "flows"
        assert hand.desk.session.marks == marked
        assert hand.desk.session.shown == shown


async def test_evidence_and_marks_of_ones_own_are_left_first(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2 enter space enter")
        await hand.types("escape")
        assert not hand.desk.tools_area.has_class("-evidence-only")
        await hand.types("escape")
        assert (hand.desk.area, hand.desk.session.marks) == ("tools", set())
        await hand.types("escape")
        assert hand.desk.area == "queue"


@pytest.mark.parametrize("other", ["3", "V 2", '/ "tag" enter 3'])
async def test_who_went_elsewhere_is_not_led_back(other, open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types(f"2 enter {other} escape escape")
        assert (hand.desk.area, hand.desk.session.query) == ("tools", "")


async def test_from_a_question_back_to_the_finding(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types("4")
        area = hand.desk.list_area
        place = next(key for key, found in area._found.items() if found.control)
        area.table.go(place)
        await hand.types("enter")
        assert hand.desk.area == "governance"
        await hand.types("escape")
        assert (hand.desk.area, hand.desk.list_area.table.key) == ("findings", place)
