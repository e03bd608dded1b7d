"""The queue by keyboard: a verdict takes a group as one action; what is decided singly is no longer part of it."""

from __future__ import annotations

from analysis.model import Risk
from analysis.review import queries
from analysis.review.commands.taking import SAMPLE_SHARE


def undecided(hand):
    return {s.row.name for s in hand.desk.session.review.tools() if s.undecided}


def go(hand, title):
    """Put the cursor on the group with a title."""
    area = hand.desk.list_area
    area.table.go(next(key for key, group in area._groups.items() if group.title == title))


async def test_a_group_is_blocked_as_one_action_and_undone_as_one(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        before = undecided(hand)
        await hand.types("2")
        await hand.shows("groups left")
        go(hand, "Users and roles: administrative, high risk")
        await hand.shows("» block")
        await hand.types('b "not for agents" enter')
        assert len(before - undecided(hand)) == 3
        assert len(hand.recorded()) == 3
        assert {event.split()[2] for event in hand.recorded()} == {"blocked"}
        await hand.types("u")
        assert undecided(hand) == before


async def test_a_verdict_goes_on_to_the_next_group(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2")
        titles = [group.title for group in hand.desk.list_area._groups.values()]
        await hand.types('b "not for agents" enter')
        assert hand.desk.list_area.group().title == titles[1]
        await hand.types("j .")  # a block is repeated at once
        assert hand.desk.list_area.group().title == titles[3]
        assert {event.rpartition("because ")[2] for event in hand.recorded()} == {"'not for agents'"}


async def test_a_repeated_approval_is_asked_for(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2")
        go(hand, "Plans and subscriptions: read-only, low risk")
        await hand.types('a ctrl+u "read for the desk" enter')
        recorded = len(hand.recorded())
        assert recorded
        await hand.types("j .")
        await hand.shows("read for the desk")  # in the bar
        assert len(hand.recorded()) == recorded
        await hand.types("enter")
        assert len(hand.recorded()) > recorded


async def test_high_risk_needs_a_typed_reason_and_is_not_approved_unseen(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2")
        go(hand, "Users and roles: administrative, high risk")
        await hand.types("a")
        assert "HIGH risk and were not opened" in hand.said[-1]
        await hand.types("y enter")  # a block, as proposed: no reason is filled in
        await hand.shows("Reason is required")
        await hand.types("escape")
        assert hand.recorded() == []


async def test_as_proposed_fills_in_a_reason_and_draws_a_sample(open_review, at_desk, monkeypatch):
    monkeypatch.setitem(SAMPLE_SHARE, Risk.LOW, 0.25)  # one of four
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2")
        go(hand, "Plans and subscriptions: read-only, low risk")
        group = hand.desk.list_area.group()
        await hand.types("y")
        await hand.shows("it reads, and returns nothing confidential")
        await hand.types("enter")
        review = hand.desk.session.review
        assert all(not review.tool(tool).undecided for tool in group.tools)
        assert len(queries.select(review, "is:sampled")) == 1
        assert "drawn to be looked at before sign-off" in hand.said[-1]


async def test_a_tool_decided_by_itself_is_left_out_of_the_verdict_on_the_group(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2")
        go(hand, "Plans and subscriptions: read-only, low risk")
        group = hand.desk.list_area.group()
        await hand.types("enter")
        assert hand.desk.session.query == f"group:{group.key.id}"
        await hand.shows(f"group: {group.key.resource}")
        await hand.types("b enter 2")
        assert len(hand.desk.list_area.undecided()) == len(group.tools) - 1
        go(hand, "Plans and subscriptions: read-only, low risk")
        await hand.types('a ctrl+u "pilot" enter')
        states = [hand.desk.session.review.tool(tool).decision_state.value for tool in group.tools]
        assert sorted(states) == sorted(["blocked", *["approved"] * (len(group.tools) - 1)])


async def test_conditions_for_a_group_and_a_decided_group(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2")
        go(hand, "Plans and subscriptions: read-only, low risk")
        size = len(hand.desk.list_area.undecided())
        await hand.types('c shift+tab ctrl+u "rate=10 per hour" enter "slowly" enter')
        assert len(hand.recorded()) == size
        assert all("if rate=10 per hour" in event for event in hand.recorded())
        go(hand, "Plans and subscriptions: read-only, low risk")
        await hand.types("b")
        assert "every tool here is decided" in hand.said[-1]
        await hand.types("y")
        assert "nothing is proposed here" in hand.said[-1]


async def test_the_queue_shows_high_risk_first_and_what_is_unlike(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2")
        area = hand.desk.list_area
        order = [group.key.risk for group in area._groups.values()]
        assert order == sorted(order, key=[Risk.HIGH, Risk.MEDIUM, Risk.LOW].index)
        go(hand, "Customers: read-only, medium risk")
        await hand.shows("POST method")


async def test_a_reason_typed_once_is_recalled_by_one_key(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2")
        go(hand, "Users and roles: administrative, high risk")
        await hand.types('b "not for agents" enter')
        go(hand, "Billing: billing, high risk")
        await hand.types("b")
        await hand.shows("recalls an earlier one")
        await hand.types("up enter")
        assert len(hand.recorded()) == 6
        assert all(event.endswith("because 'not for agents'") for event in hand.recorded())


async def test_the_pane_lists_as_many_tools_as_a_person_reads_and_says_how_many_more(open_review, at_desk, monkeypatch):
    from tui.desk.areas import queue

    monkeypatch.setattr(queue, "_MAX_LISTED", 2)
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2")
        go(hand, "Plans and subscriptions: read-only, low risk")
        await hand.shows("and 2 more; Enter lists all")


async def test_what_was_opened_is_said_in_the_pane(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("2 enter ~ escape")
        await hand.shows("  opened")
