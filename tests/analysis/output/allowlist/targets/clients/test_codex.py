"""The Codex target: a list per server that names exactly what may be called, and nothing when in doubt."""

from __future__ import annotations

import tomllib

import pytest

from analysis.model import Condition, ConditionKind, DecisionState
from analysis.output.allowlist.targets.clients.codex import FILE

ONE = Condition(ConditionKind.APPROVAL, "one person")


@pytest.fixture
def tables(exported):
    """Export to Codex: its tables of servers, and what is left out."""

    def exporting(snapshot, gateway=""):
        files, left_out = exported("codex", snapshot, gateway)
        assert files[FILE].isascii()
        return tomllib.loads(files[FILE].decode())["mcp_servers"], left_out

    return exporting


def enabled(*names, **more):
    return {"default_tools_approval_mode": "approve", "enabled_tools": list(names), **more}


def test_only_approved_tools_are_enabled(tables, snapshot):
    tools, left_out = tables(
        snapshot(
            ("listCustomers", DecisionState.APPROVED),
            ("createTicket", DecisionState.CONDITIONAL, ONE),
            ("deleteCustomer", DecisionState.BLOCKED),
            ("resetAllData", None),
        )
    )
    prompt = {"createTicket": {"approval_mode": "prompt"}}
    assert tools == {"crm": enabled("listCustomers", "createTicket", tools=prompt)}
    assert left_out == {}


@pytest.mark.parametrize("state", [None, DecisionState.BLOCKED])
def test_a_server_without_an_approved_tool_has_an_empty_list_which_offers_none(tables, snapshot, state):
    assert tables(snapshot(("deleteCustomer", state)))[0] == {"crm": enabled()}


def test_a_review_without_tools_names_its_sources_with_empty_lists(tables, snapshot):
    assert tables(snapshot())[0] == {"customer-management": enabled()}


def test_a_draft_enables_nothing_and_says_so(exported, tables, snapshot):
    draft = snapshot(("listCustomers", DecisionState.APPROVED), open_gates=("1 of 2 tools undecided",))
    assert tables(draft)[0] == {"crm": enabled()}
    assert b"# DRAFT" in exported("codex", draft)[0][FILE]


def test_operations_of_an_api_have_no_name_to_enable(tables, review_snapshots):
    tools, left_out = tables(review_snapshots.plain())
    assert tools == {"customer-management": enabled()}
    assert len(left_out) == 3
    assert all("generated from the document" in reason for reason in left_out.values())


def test_behind_the_gateway_operations_have_names_and_every_condition_is_kept_there(tables, review_snapshots):
    tools, left_out = tables(review_snapshots.plain(), gateway="https://gateway.example/mcp")
    approved = ("getCustomer", "updateCustomer", "refundPayment")
    assert tools["clearance"] == enabled(*approved, url="https://gateway.example/mcp")
    assert tools["customer-management"] == enabled()
    assert left_out == {}


def test_a_hostile_name_stays_one_string(tables, snapshot, review_snapshots):
    names = ['"]\nenabled_tools = ["x', "größe", "\U0001f600", "a\\b", "\x1b[2J", "a\tb", *review_snapshots.HOSTILE]
    tools, left_out = tables(snapshot(*((name, DecisionState.CONDITIONAL, ONE) for name in names)))
    kept = [name for name in names if not any(0xD800 <= ord(c) <= 0xDFFF for c in name)]
    assert tools == {"crm": enabled(*kept, tools={name: {"approval_mode": "prompt"} for name in kept})}
    assert set(left_out.values()) == {"its name cannot be written"}


@pytest.mark.parametrize("server", ['c"r\nm', "my server", "my.server", "größe"])
def test_nothing_is_enabled_on_a_server_that_codex_does_not_start(tables, snapshot, server):
    tools, left_out = tables(snapshot(("listCustomers", DecisionState.APPROVED), server=server))
    assert tools == {server: enabled()}
    assert set(left_out.values()) == {"Codex does not start a server of this name"}
