"""Marks in lists: what can be done to several rows is one action, with one reason, undone as one."""

from __future__ import annotations

import pytest

from analysis.model import Risk


def marked(hand):
    return len(hand.desk.list_area.marks.rows())


@pytest.mark.parametrize("area", ["2", "4", "7"])
async def test_rows_are_marked_one_by_one_by_ranges_and_all(area, open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types(f"{area} space space")
        assert marked(hand) == 2
        await hand.shows("2 marked")
        assert sum("■" in line[:3] for line in (await hand.look()).split("\n")) == 2
        await hand.types("g v j j j v")
        assert marked(hand) == 4
        await hand.types("*")
        assert marked(hand) == len(hand.desk.list_area.table.keys)
        await hand.types("*")
        assert marked(hand) == 0
        await hand.types("space escape")
        assert marked(hand) == 0
        assert hand.recorded() == []


async def test_marked_groups_are_blocked_as_one_action(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2")
        groups = list(hand.desk.list_area._groups.values())
        wanted = {tool for group in groups[:2] for tool in group.tools}
        await hand.types('space space b "not for agents" enter')
        blocked = {s.row.id for s in hand.review.tools() if not s.undecided}
        assert blocked == wanted
        assert (hand.actions(), marked(hand)) == (1, 0)
        assert hand.desk.list_area.group().key == groups[2].key
        await hand.types("u")
        assert all(s.undecided for s in hand.review.tools())


async def test_marked_groups_with_one_proposal_are_taken_as_proposed(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2")
        area = hand.desk.list_area
        medium = [key for key, group in area._groups.items() if group.key.risk is Risk.MEDIUM]
        written = [
            key for key in medium if {p.decision.value for p in area._made(area._groups[key])} == {"conditional"}
        ]
        for key in written[:2]:
            area.table.go(key)
            await hand.types("space")
        await hand.types("y")
        await hand.shows("As proposed: 2 groups")
        await hand.types("enter")
        assert hand.actions() == 1
        taken = {tool for key in written[:2] for tool in area._groups[key].tools}
        assert {s.row.id for s in hand.review.tools() if not s.undecided} == taken


async def test_marked_groups_with_different_proposals_are_refused(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2 * y")
        assert "different proposals" in hand.said[-1]
        assert hand.recorded() == []


async def test_a_marked_group_of_high_risk_keeps_its_guards(open_review, at_desk):
    """Bulk approval of high risk that was not opened is refused, whatever else is marked."""
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2 * a")
        assert "HIGH risk and were not opened" in hand.said[-1]
        await hand.types("b")
        await hand.shows("Reason:")
        await hand.types("enter")
        await hand.shows("Reason is required")
        await hand.types("escape")
        assert hand.recorded() == []


async def test_marked_questions_are_answered_alike_as_one_step(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('7 space space space a n "no credential is used" enter')
        assert [line.split()[2] for line in hand.recorded()] == ["not-applicable"] * 3
        assert (hand.actions(), marked(hand)) == (1, 0)
        await hand.types("u")
        await hand.shows("0/16 answered")


async def test_one_piece_of_evidence_answers_several_questions(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('7 space space a e "in the audit report" enter "AR-7" enter enter "page 4" enter enter enter')
        assert len(hand.recorded()) == 2
        assert all("'AR-7' 'page 4'" in line for line in hand.recorded())
        assert hand.actions() == 1
