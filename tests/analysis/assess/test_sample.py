"""The worked example, as a person reads it: every tool with what is said of it."""

from collections import Counter

import pytest

from analysis.assess import assess_all
from analysis.ingest import read
from tests.goldens import check_golden

ABOUT = """\
# What is said of each tool of sample_data/customer-management.yaml.
# Written by tests/analysis/assess/test_sample.py; read it before you commit it.
"""
HEADS = ("tool", "effect", "types", "reversibility", "risk", "lists", "data")


@pytest.fixture(scope="module")
def assessed(sample):
    tools = sample.inventory.tools
    return list(zip(tools, assess_all(tools), strict=True))


def row(tool, said):
    says = {"response": "returns", "request": "receives", "deeper": "leads on to"}
    data = ", ".join(f"{says[hit.direction]} {hit.data}" for hit in said.data)
    types = "+".join(kind.value for kind in said.types)
    lists = "list" if said.lists else "-"
    return (tool.name, said.effect.value, types, said.reversibility.value, said.risk.value, lists, data or "-")


def table(rows):
    widths = [max(len(cells[at]) for cells in rows) for at in range(len(HEADS))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) for cells in rows)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def test_the_inventory_is_the_golden_one(assessed):
    rows = table([HEADS, *(row(tool, said) for tool, said in assessed)])
    check_golden("sample-inventory.txt", ABOUT + rows)


def test_the_headline(assessed):
    assert Counter(said.effect.value for _, said in assessed) == {"read-only": 28, "side-effect": 12, "critical": 8}
    assert not any(said.unclear for _, said in assessed)


def test_every_list_of_the_sample_has_page_parameters(assessed):
    listing = {tool.name: said.page_parameters for tool, said in assessed if said.lists}
    assert listing.pop("searchCustomers") == ("limit", "cursor")
    assert set(listing.values()) == {("limit", "cursor")}


def test_reasons_of_one_tool(assessed):
    said = next(said for tool, said in assessed if tool.name == "updateUserRole")
    assert [(reason.where, reason.matched, reason.against) for reason in said.reasons] == [
        ("method", "PUT", False),
        ("name", "update", False),
        ("text", "set", False),
        ("text", "replace", False),
        ("name", "role", False),
        ("scope", "admin:roles", False),
        ("other tools", "none", False),
    ]


def test_the_poisoned_tools(root):
    """A server's hint is a claim: `share_agenda` says that it only reads, and sends mail."""
    inventory = read(str(root / "sample_data" / "poisoned-tools.json")).inventory
    said = dict(zip((tool.name for tool in inventory.tools), assess_all(inventory.tools), strict=True))
    assert {name: words.effect.value + (" (unclear)" if words.unclear else "") for name, words in said.items()} == {
        "list_meeting_rooms": "read-only",
        "book_meeting_room": "side-effect",
        "summarize_document": "read-only",
        "get_calendar_day": "read-only",
        "lookup_colleague": "read-only",
        "add_todo_item": "side-effect",
        "export_expense_report": "side-effect",
        "convert_units": "read-only",
        "check_spelling": "read-only",
        "share_agenda": "side-effect",
    }
    (claim,) = (reason for reason in said["share_agenda"].reasons if reason.where == "hint")
    assert claim.against
    assert said["share_agenda"].reversibility.value == "externally-reversible"
