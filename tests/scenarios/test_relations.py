"""Flows over several tools, and duplicates: keys typed, events recorded."""

from __future__ import annotations

import pytest

from analysis.model import FlowRole

FOUND = ' / ctrl+u "name:{}" enter ~ '
#: A sink and private data are approved; the source of untrusted content comes last.
TWO_LEGS = FOUND.format("listCustomers") + "a enter " + FOUND.format("sendCustomerMessage") + "a enter "
CLOSING = TWO_LEGS + FOUND.format("getSupportTicket")


async def test_an_approval_that_completes_an_exfiltration_path_warns_and_needs_a_reason(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(CLOSING + "a")
        before = len(hand.recorded())
        await hand.shows("This completes an exfiltration path")
        await hand.shows("exfiltration sink:")
        await hand.types("enter")
        await hand.shows("Reason is required")
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
        await hand.types(CLOSING + 'a "x" enter' + FOUND.format("sendCustomerMessage") + "b enter")
        assert hand.recorded()[-1] == "tool.decided sendCustomerMessage blocked on the assessment"
        assert hand.said[-1] == "blocked: sendCustomerMessage; exfiltration path among approved tools: absent"


async def test_a_sink_with_evidenced_approval_completes_no_path(open_review, at_desk):
    approval = 'c shift+tab ctrl+u "approval=one person | REC-1" enter enter '
    script = FOUND.format("listCustomers") + "a enter " + FOUND.format("sendCustomerMessage") + approval
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(script + FOUND.format("getSupportTicket") + "a enter")
        assert hand.recorded()[-1] == "tool.decided getSupportTicket approved on the assessment"


async def test_conditions_are_warned_of_too(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(CLOSING + 'c shift+tab ctrl+u "rate=1 per hour" enter enter')
        await hand.shows("This completes an exfiltration path")
        await hand.types("enter")
        await hand.shows("Reason is required")  # what the assessment says is no answer to a warning
        await hand.types('"one ticket at a time" enter')
        assert hand.recorded()[-1].startswith("tool.decided getSupportTicket conditional if rate=1 per hour")


# the area ------------------------------------------------------------------------------------------------


async def test_a_cut_is_decided_as_one(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("5")
        await hand.shows("Exfiltration path: present among undecided tools; nothing is approved yet")
        await hand.types("enter")
        assert hand.shown == ["listCustomerNotes", "listSupportTickets", "getSupportTicket"]
        await hand.types('b "no foreign words" enter')
        assert len(hand.recorded()) == 3
        assert hand.actions() == 1
        await hand.types("5")
        await hand.shows("Exfiltration path: absent")


async def test_a_flow_role_is_removed_and_undone(open_review, at_desk):
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
        await hand.shows("Reason is required")


async def test_a_flow_role_is_added_from_the_tools(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types(FOUND.format("getPlan") + 'l u "partners write the texts" enter')
        assert hand.recorded() == ["tool.retagged getPlan leg-untrusted present because 'partners write the texts'"]
        assert FlowRole.UNTRUSTED_CONTENT in hand.review.tool(hand.desk.tools_area.tool).flow_roles
        await hand.shows("override by rev")


async def test_a_row_leads_to_its_tool(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types("5 j j j enter")
        assert (hand.desk.area, hand.tool) == ("tools", "listSupportTickets")


# duplicates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("letter", "blocked"), [("1", "getCustomerLegacy"), ("2", "getCustomer")])
async def test_one_duplicate_is_kept(letter, blocked, open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types(f'D a {letter} ctrl+u "one is enough" enter')
        assert hand.recorded() == [f"tool.decided {blocked} blocked because 'one is enough'"]
        await hand.shows("is not blocked")
        await hand.types("u")
        await hand.shows("an agent cannot tell them apart")


async def test_members_stand_side_by_side(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types("D")
        rows = (await hand.look()).split("\n")
        assert any(row.strip("│▐ ").split() == ["deprecated", "no", "yes"] for row in rows)
        await hand.types("a escape enter")
        assert hand.recorded() == []
        assert hand.shown == ["getCustomer", "getCustomerLegacy"]


async def test_a_decided_group_is_not_decided_again(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types('D a 1 ctrl+u "x" enter')
        assert hand.recorded() == []
        assert "the others are blocked already" in hand.said[-1]


# schemas -------------------------------------------------------------------------------------------------


async def test_schemas_are_read_as_a_tree(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types(FOUND.format("createCustomer") + "X")
        await hand.shows("Schemas of createCustomer; * is required")
        await hand.shows("*email: string(email)")
        await hand.types("escape")
        assert hand.recorded() == []
