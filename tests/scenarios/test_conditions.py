"""Conditions one by one, by keyboard: each kind has a form, filled with the conditions in force."""

from __future__ import annotations

import pytest

ON = "on the assessment"
TOLD = "tool.decided listCustomers conditional"

CASES = {
    "what the type calls for": ("e d enter", f"{TOLD} if audit=every call {ON}"),
    "a value written": (
        'e r "10 per hour" enter enter d enter',
        f"{TOLD} if rate=10 per hour if audit=every call {ON}",
    ),
    "a value chosen by arrows": (
        "e a down enter enter d enter",
        f"{TOLD} if approval=one person if audit=every call {ON}",
    ),
    "two persons are one arrow further": (
        "e a down down enter enter d enter",
        f"{TOLD} if approval=two persons if audit=every call {ON}",
    ),
    "the owner is who sits here": ("e o down enter enter d enter", f"{TOLD} if audit=every call if owner=rev {ON}"),
    "a condition taken away": (
        'e g "support" enter enter l shift+tab ctrl+u enter enter d enter',
        f"{TOLD} if group=support {ON}",
    ),
    "a note with a date": (
        'e n "tell them" enter "2030-01-31" enter enter d enter',
        f"{TOLD} if audit=every call if note=tell them, due 2030-01-31 {ON}",
    ),
}


@pytest.mark.parametrize("name", CASES)
async def test_conditions_by_kind(name, open_review, at_desk):
    keys, told = CASES[name]
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(keys)
        assert hand.recorded() == [told]
        assert hand.tool == "createCustomer"


@pytest.mark.parametrize(
    ("keys", "sees"),
    [
        ('e x "next year" enter enter', "next year is not a date"),
        ('e x "2030-13-45" enter enter', "2030-13-45 is not a date"),
        ('e r "a; b" enter enter', "a value must not contain ;"),
        ('e n "tell them" enter "soon" enter enter', "soon is not a date"),
        ('e n tab "2030-01-31" enter enter', "a due date needs a note"),
    ],
)
async def test_an_invalid_condition_is_refused(keys, sees, open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(keys)
        await hand.shows(sees)
        await hand.types("escape escape")
        assert hand.recorded() == []
        assert hand.tool == "listCustomers"


async def test_conditions_in_force_are_edited(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types('C shift+tab ctrl+u "approval=one person | GW-1; expires=2030-01-31" enter enter')
        await hand.types('e x shift+tab ctrl+u "2031-01-31" enter enter d enter')
        (decision,) = hand.review.record.registers.heads(f"tool/{hand.review.tools()[0].row.id}/decision")
        assert [(c["kind"], c["value"], c["evidence"]) for c in decision.data["conditions"]] == [
            ("approval", "one person", "GW-1"),
            ("expires", "2031-01-31", ""),
        ]


async def test_nothing_is_approved_without_a_condition(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types("e l shift+tab ctrl+u enter enter d")
        assert hand.recorded() == []
        await hand.shows("no condition yet")


REQUEST = 'i tab tab tab tab "staging" tab "support-l3, ops-night, lead@corp.example" ' + "enter " * 7
COMPLETED = {
    "the environment of the request comes first": ("e e down enter enter d enter", "env=staging"),
    "the teams of the request": ("e g down enter enter d enter", "group=support-l3, ops-night"),
    "letters choose among the teams": ('e g "op" down enter enter d enter', "group=ops-night"),
    "the second name of a list": ('e g "billing, su" down enter enter d enter', "group=billing, support-l3, ops-night"),
    "the people of the request": ("e u down enter enter d enter", "user=lead@corp.example"),
    "who approves": ('e a "one person of l" down enter enter d enter', "approval=one person of lead@corp.example"),
    "a limit of the tool's own parameter": ('e p "limit" down enter enter d enter', "param_allow=limit: at most 100"),
}


@pytest.mark.parametrize("name", COMPLETED)
async def test_what_request_and_tool_name_is_completed(name, open_review, at_desk):
    keys, condition = COMPLETED[name]
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types(REQUEST)
        await hand.types(keys)
        assert f"if {condition} " in hand.recorded()[-1]


async def test_each_parameter_has_a_limit_of_its_own(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types(
            'e p "limit: at most 50" enter enter p shift+tab ctrl+u "cursor: not sent" enter enter d enter'
        )
        assert "if param_allow=cursor: not sent if param_allow=limit: at most 50" in hand.recorded()[0]


async def test_a_parameter_that_the_tool_does_not_have_is_refused(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('e p "amount: at most 5" enter enter')
        await hand.shows("there is no parameter amount")
        await hand.types("escape escape")
        await hand.types('c shift+tab ctrl+u "param_allow=amount: at most 5" enter "x" enter')
        assert "listCustomers has no parameter amount" in hand.said[-1]
        assert hand.recorded() == []
