"""The Codex target: a list per server that names exactly what may be called, and nothing when in doubt."""

from __future__ import annotations

import tomllib

import pytest

from analysis.model import Condition, ConditionKind, DecisionState, SourceKind
from analysis.output.allowlist.canonical import canonical
from analysis.output.allowlist.target import TargetInput
from analysis.output.allowlist.targets.codex import FILE, TARGET

ONE = Condition(ConditionKind.APPROVAL, "one person")


@pytest.fixture
def snapshot(review_snapshots):
    """Make the snapshot of a review of MCP tools, given as name, state and conditions; `server` is the tag of each."""

    def making(*tools, server="crm", **more):
        reviews = []
        for position, (name, state, *conditions) in enumerate(tools):
            subject = review_snapshots.tool(
                name, "", "", id=f"crm:{position:02}", tags=(server,) if server else (), operation_id=""
            )
            decision = state and review_snapshots.decision(subject, state, *conditions)
            reviews.append(review_snapshots.review(subject, decision=decision))
        source = review_snapshots.source(kind=SourceKind.MCP)
        return review_snapshots.plain(tools=tuple(reviews), sources=(source,), **more)

    return making


def exported(snapshot):
    made = TARGET.render(TargetInput(canonical(snapshot)))
    assert made.files[FILE].isascii()
    return tomllib.loads(made.files[FILE].decode()), {each.tool: each.reason for each in made.left_out}


def test_only_approved_tools_are_enabled(snapshot):
    tools, left_out = exported(
        snapshot(
            ("listCustomers", DecisionState.APPROVED),
            ("createTicket", DecisionState.CONDITIONAL, ONE),
            ("deleteCustomer", DecisionState.BLOCKED),
            ("resetAllData", None),
        )
    )
    assert tools == {
        "mcp_servers": {
            "crm": {
                "enabled_tools": ["listCustomers", "createTicket"],
                "tools": {"createTicket": {"approval_mode": "prompt"}},
            }
        }
    }
    assert left_out == {}


@pytest.mark.parametrize("state", [None, DecisionState.BLOCKED])
def test_a_server_without_an_approved_tool_has_an_empty_list_which_offers_none(snapshot, state):
    tools, _ = exported(snapshot(("deleteCustomer", state)))
    assert tools["mcp_servers"]["crm"] == {"enabled_tools": []}


def test_a_review_without_tools_names_its_sources_with_empty_lists(snapshot):
    assert exported(snapshot())[0] == {"mcp_servers": {"customer-management": {"enabled_tools": []}}}


def test_a_draft_enables_nothing_and_says_so(snapshot):
    draft = snapshot(("listCustomers", DecisionState.APPROVED), open_gates=("1 of 2 tools undecided",))
    assert exported(draft)[0] == {"mcp_servers": {"crm": {"enabled_tools": []}}}
    assert b"# DRAFT" in TARGET.render(TargetInput(canonical(draft))).files[FILE]


@pytest.mark.parametrize("condition", [
    Condition(ConditionKind.APPROVAL, "two persons"), Condition(ConditionKind.RATE, "5 per hour"),
    Condition(ConditionKind.EXPIRES, "2027-01-31"), Condition(ConditionKind.GROUP, "support"),
    Condition(ConditionKind.PARAMETERS, "amount<=100"), Condition(ConditionKind.NOTE, "with care"),
])  # fmt: skip
def test_a_tool_under_a_condition_that_codex_cannot_keep_is_left_out(snapshot, condition):
    tools, left_out = exported(snapshot(("createTicket", DecisionState.CONDITIONAL, ONE, condition)))
    assert tools["mcp_servers"]["crm"] == {"enabled_tools": []}
    assert left_out == {"crm:00": f"condition {condition.kind.value}={condition.value}"}


def test_an_owner_is_a_name_and_restricts_no_call(snapshot):
    owned = snapshot(("createTicket", DecisionState.CONDITIONAL, Condition(ConditionKind.OWNER, "support")))
    assert exported(owned)[0]["mcp_servers"]["crm"] == {"enabled_tools": ["createTicket"]}


def test_a_name_shared_with_a_blocked_tool_is_not_enabled(snapshot):
    tools, left_out = exported(snapshot(("purge", DecisionState.APPROVED), ("purge", DecisionState.BLOCKED)))
    assert tools["mcp_servers"]["crm"] == {"enabled_tools": []}
    assert left_out == {"crm:00": "several tools of the server have its name"}


def test_operations_of_an_api_have_no_name_to_enable(review_snapshots):
    tools, left_out = exported(review_snapshots.plain())
    assert tools["mcp_servers"]["customer-management"] == {"enabled_tools": []}
    assert len(left_out) == 3
    assert all("generated from the document" in reason for reason in left_out.values())


def test_a_hostile_name_stays_one_string(snapshot, review_snapshots):
    names = ['"]\nenabled_tools = ["x', "größe", "\U0001f600", "a\\b", "\x1b[2J", "a\tb", *review_snapshots.HOSTILE]
    tools, left_out = exported(snapshot(*((name, DecisionState.CONDITIONAL, ONE) for name in names), server='c"r\nm'))
    kept = [name for name in names if not any(0xD800 <= ord(c) <= 0xDFFF for c in name)]
    (server,) = tools["mcp_servers"].items()
    assert server == (
        'c"r\nm',
        {"enabled_tools": kept, "tools": {name: {"approval_mode": "prompt"} for name in kept}},
    )
    assert set(left_out.values()) == {"its name cannot be written"}
