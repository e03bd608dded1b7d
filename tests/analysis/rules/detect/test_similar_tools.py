"""Families of tools: who is in them, which one is kept and why."""

import sys
import time

import pytest

from analysis.rules.detect.similar_tools import duplicate_groups
from analysis.rules.engine.examples import example_state


def row(name, **facts):
    return example_state(name, **facts).row


@pytest.mark.parametrize(
    ("rows", "similarity", "suggested", "reason"),
    [
        ([row("createCustomer"), row("createCustomerV2"), row("createCustomerLegacy")], "version", "createCustomerV2", "newest version"),
        ([row("getOrder", deprecated=True), row("getOrderV1")], "version", "getOrderV1", "the others are deprecated"),
        ([row("getOrder", inputs=("id",), description_length=80), row("fetchOrder", inputs=("id",))], "synonym", "getOrder", "best described"),
        (
            [row(f"list{who}Orders", inputs=("a", "b", "c"), fields="f", description_length=told) for who, told in (("Team", 1), ("User", 9))],
            "near-identical", "listUserOrders", "best described",
        ),
    ],
)  # fmt: skip
def test_a_duplicate_group(rows, similarity, suggested, reason):
    (group,) = duplicate_groups(rows)
    assert (group.similarity, group.suggested.name, group.reason) == (similarity, suggested, reason)
    assert len(group.others) == len(rows) - 1


def test_what_differs_is_told():
    (group,) = duplicate_groups([row("getOrder", inputs=("id",)), row("getOrderV2", inputs=("id", "locale"))])
    assert group.differing_inputs == ("locale",)


@pytest.mark.parametrize(
    "rows",
    [
        [row("getOrder"), row("getOrders")],
        [row("getOrder", inputs=("id",)), row("fetchOrder", inputs=("from",))],
        [row("getOrder"), row("getOrderV2", source="other")],
        [row("listTeams", inputs=("a", "b"), fields="f"), row("listUsers", inputs=("a", "b"), fields="f")],
    ],
)
def test_no_family(rows):
    assert duplicate_groups(rows) == ()


def test_the_order_of_tools_does_not_matter():
    rows = [row("createOrder"), row("createOrderV2"), row("create_order_new"), row("makeOrder")]
    assert {f.suggested.name for f in duplicate_groups(rows)} == {
        f.suggested.name for f in duplicate_groups(rows[::-1])
    }


def test_eleven_thousand_tools_take_a_moment():
    rows = [
        row(f"{verb}Thing{n}{end}", inputs=("id", "a", "b"))
        for n in range(1_850)
        for verb in ("get", "fetch", "list")
        for end in ("", "V2")
    ]
    began = time.process_time()
    assert len(duplicate_groups(rows)) > 1_000
    assert time.process_time() - began < 1 or sys.gettrace()  # measuring coverage costs more than the work
