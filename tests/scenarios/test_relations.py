"""Flows over several tools and families of alike ones: keys typed, events recorded."""

from __future__ import annotations

import pytest

from analysis.model import FlowRole

FOUND = ' / ctrl+u "name:{}" enter ~ '
#: An exfiltration sink and private data are let through; what reads a stranger's words comes last.
TWO_LEGS = FOUND.format("listCustomers") + "a " + FOUND.format("sendCustomerMessage") + "a "
CLOSING = TWO_LEGS + FOUND.format("getSupportTicket")


async def test_approving_what_closes_a_trifecta_is_said_first_and_needs_a_reason(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(CLOSING + "a")
        before = len(hand.recorded())
        await hand.shows("This closes a trifecta")
        await hand.shows("exfiltration sink:")
        await hand.types("enter")
        await hand.shows("Reason is needed")
        assert len(hand.recorded()) == before
        await hand.types('"tickets are read by staff first" enter')
        assert hand.recorded()[before:] == [
            "tool.decided getSupportTicket approved because 'tickets are read by staff first'"
        ]


async def test_leaving_the_warning_leaves_the_tool_undecided(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(CLOSING + "a escape")
        assert hand.tool == "getSupportTicket"
        assert len(hand.recorded()) == 2


async def test_blocking_needs_no_warning_and_says_what_it_breaks(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(CLOSING + 'a "x" enter' + FOUND.format("sendCustomerMessage") + "b")
        assert hand.recorded()[-1] == "tool.decided sendCustomerMessage blocked on the assessment"
        assert hand.said[-1] == "blocked: sendCustomerMessage; this breaks the trifecta over allowed tools"


async def test_a_way_out_under_proved_approval_closes_nothing(open_review, at_desk):
    proved = 'c shift+tab ctrl+u "approval=one person | REC-1" enter enter '
    script = FOUND.format("listCustomers") + "a " + FOUND.format("sendCustomerMessage") + proved
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(script + FOUND.format("getSupportTicket") + "a")
        assert hand.recorded()[-1] == "tool.decided getSupportTicket approved on the assessment"


async def test_conditions_are_warned_of_too(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(CLOSING + 'c shift+tab ctrl+u "rate=1 per hour" enter enter')
        await hand.shows("This closes a trifecta")
        await hand.types("enter")
        assert hand.recorded()[-1].startswith("tool.decided getSupportTicket conditional if rate=1 per hour")


# the area ------------------------------------------------------------------------------------------------


async def test_a_cut_is_decided_as_one(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("5")
        await hand.shows("trifecta CLOSED")
        await hand.types("enter")
        assert hand.shown == ["listCustomerNotes", "listSupportTickets", "getSupportTicket"]
        await hand.types('b "no foreign words" enter')
        assert len(hand.recorded()) == 3
        assert hand.actions() == 1
        await hand.types("5")
        await hand.shows("trifecta broken")


async def test_a_leg_is_corrected_and_taken_back(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("5 j j")
        key = hand.desk.list_area.table.key
        await hand.types('l u "only staff write notes" enter')
        assert hand.recorded() == [
            "tool.retagged listCustomerNotes leg-untrusted absent because 'only staff write notes'"
        ]
        assert key not in hand.desk.list_area.table.keys
        await hand.types("u")
        assert key in hand.desk.list_area.table.keys
        await hand.types("l u enter")
        await hand.shows("Reason is needed")


async def test_a_leg_is_added_from_the_tools(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types(FOUND.format("getPlan") + 'l u "partners write the texts" enter')
        assert hand.recorded() == ["tool.retagged getPlan leg-untrusted present because 'partners write the texts'"]
        assert FlowRole.UNTRUSTED in hand.review.tool(hand.desk.tools_area.tool).flow_roles
        await hand.shows("present, says rev")


async def test_a_leg_leads_to_its_tool(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types("5 j j j enter")
        assert (hand.desk.area, hand.tool) == ("tools", "listSupportTickets")


# families ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("letter", "blocked"), [("1", "getCustomerLegacy"), ("2", "getCustomer")])
async def test_one_of_a_family_is_kept(letter, blocked, open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types(f'6 a {letter} ctrl+u "one is enough" enter')
        assert hand.recorded() == [f"tool.decided {blocked} blocked because 'one is enough'"]
        await hand.shows("is left")
        await hand.types("u")
        await hand.shows("an agent cannot choose among them")


async def test_members_stand_side_by_side(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types("6")
        rows = (await hand.look()).split("\n")
        assert any(row.split() == ["deprecated", "no", "yes"] for row in rows)
        await hand.types("a escape enter")
        assert hand.recorded() == []
        assert hand.shown == ["getCustomer", "getCustomerLegacy"]


async def test_a_family_that_is_settled_is_not_settled_again(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types('6 a 1 ctrl+u "x" enter')
        assert hand.recorded() == []
        assert "the others are blocked already" in hand.said[-1]


# schemas -------------------------------------------------------------------------------------------------


async def test_schemas_are_read_as_a_tree(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types(FOUND.format("createCustomer") + "X")
        await hand.shows("Schemas of createCustomer; * is needed")
        await hand.shows("*email: string(email)")
        await hand.types("escape")
        assert hand.recorded() == []
