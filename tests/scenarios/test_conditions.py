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
