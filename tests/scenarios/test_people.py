"""Who does what: assignment by keys, second approvals that do not show the first reason, roles and load."""

from __future__ import annotations

import pytest

from analysis.model import DecisionState, Profile
from analysis.review import commands, queries
from analysis.review.session import Review

AT = "2026-03-05T09:00:00Z"


async def test_a_tool_is_assigned_found_and_taken_back(open_review, at_desk):
    async with at_desk(open_review("fresh"), actor="rev", size=(120, 40)) as hand:
        await hand.types('@ "h.field" enter "2020-01-31" enter')
        assert hand.said[-1] == "listCustomers: assigned to h.field, due 2020-01-31"
        await hand.shows("assigned to h.field, due 2020-01-31 overdue")
        await hand.types('/ "assigned:h.field is:overdue" enter')
        assert hand.shown == ["listCustomers"]
        await hand.types("@ shift+tab ctrl+u tab ctrl+u enter")
        assert hand.review.tools()[0].assignment is None
        await hand.types("u")
        assert hand.review.tools()[0].assignment.to == "h.field"


async def test_marked_tools_are_assigned_as_one_step_and_mine_lists_them(open_review, at_desk):
    async with at_desk(open_review("fresh"), actor="rev", size=(120, 40)) as hand:
        await hand.types('space space @ "rev" enter enter')
        assert hand.actions() == 1
        await hand.types('/ "is:mine" enter')
        assert hand.shown == ["listCustomers", "createCustomer"]


async def test_a_group_of_the_queue_is_assigned(open_review, at_desk):
    async with at_desk(open_review("fresh"), actor="rev", size=(120, 40)) as hand:
        await hand.types('2 @ "ben" enter enter')
        assert {s.assignment.to for s in hand.review.tools() if s.assignment} == {"ben"}
        await hand.types("8")
        await hand.shows("roles have not signed")
        area = hand.desk.list_area
        area.table.go("person ben")
        await hand.shows("to decide")
        await hand.types("enter")
        assert hand.desk.session.query == 'assigned:"ben" is:undecided'
        assert hand.shown


@pytest.mark.parametrize(
    ("keys", "problem"), [('"ben" enter "soon" enter', "YYYY-MM-DD"), ('tab "2030-01-31" enter', "needs a person")]
)
async def test_a_due_date_is_a_date_and_needs_a_person(keys, problem, open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(f"@ {keys}")
        await hand.shows(problem)
        await hand.types("escape")
        assert hand.recorded() == []


async def test_an_assignment_changes_no_verdict(open_review, at_desk):
    review = open_review("sample")
    before = review.summary()
    tools = [state.row.id for state in review.tools()]
    commands.assign(review, tools, "ben", due="2020-01-01", actor="rev", at=AT)
    after = review.summary()
    assert (after.score, after.gates, after.findings) == (before.score, before.gates, before.findings)
    review.close()


async def test_a_second_approval_does_not_show_the_first_reason(review_file, at_desk):
    path = review_file("fresh")
    review = Review.open(path)
    commands.set_profile(review, Profile.L4, reason="production", actor="ann", at=AT)
    (tool,) = queries.select(review, "name:deleteCustomer")
    commands.decide(review, [tool], DecisionState.APPROVED, reason="restores are tested weekly", actor="ann", at=AT)
    review.close()
    async with at_desk(Review.open(path), actor="ben", size=(120, 60)) as hand:
        await hand.types("8")
        await hand.shows("second approval")
        await hand.shows("first by ann")
        await hand.types("enter ~")
        assert hand.shown == ["deleteCustomer"]
        await hand.shows("a second approval is asked of you")
        assert "restores are tested weekly" not in await hand.look()
        await hand.types('a "support asked, with a ticket" enter')
        await hand.types('/ ctrl+u "name:deleteCustomer" enter ~ enter G J J J J')
        await hand.shows("restores are tested weekly")
        await hand.types("8")
        assert not hand.desk.list_area._second
    async with at_desk(Review.open(path), actor="ann", size=(120, 60)) as hand:
        await hand.types('/ "name:deleteCustomer" enter ~')
        await hand.shows("support asked, with a ticket")
