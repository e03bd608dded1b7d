"""The canonical allowlist: every tool in it, and none allowed that a person did not allow."""

from __future__ import annotations

import dataclasses
import itertools
import json

import pytest
from jsonschema import Draft202012Validator

from analysis.model import RECORDED, Condition, ConditionKind, DecisionState, Effect, Override, SourceKind, ToolType
from analysis.output.allowlist.canonical import canonical, dumps
from analysis.output.header import inventory_digest
from analysis.output.packet.document.review_document import document
from analysis.review.queries.published_schemas import schema_text


def by_name(review_snapshot):
    return {t.get("mcp_name") or t["operation"]["operation_id"]: t for t in canonical(review_snapshot)["tools"]}


def only(review_snapshots, review):
    return canonical(review_snapshots.plain(tools=(review,)))["tools"][0]


def test_a_plain_review(review_snapshots):
    allowlist = canonical(review_snapshots.plain())
    assert allowlist["format"] == "clearance-allowlist"
    assert allowlist["format_version"] == 4
    assert allowlist["default"] == "deny"
    assert allowlist["status"] == "final"
    assert allowlist["generated_at"] == review_snapshots.AS_OF
    assert allowlist["generator"] == {"name": "clearance", "version": "0.1.0"}
    assert allowlist["sources"][0]["uri"] == "customer-management.yaml"
    assert allowlist["review"] == {
        "workspace_id": "ws-7f3a", "decided_by": ["alice@corp"], "expires_at": "2027-01-31", "score": 89, "verdict": "blocked",
    }  # fmt: skip
    tools = by_name(review_snapshots.plain())
    assert {n: (t["decision"], t["decided"]) for n, t in tools.items()} == {
        "getCustomer": ("allow", True),
        "listInvoices": ("block", False),
        "updateCustomer": ("conditional", True),
        "deleteCustomer": ("block", True),
        "refundPayment": ("allow", True),
    }
    assert tools["updateCustomer"]["conditions"] == [
        {
            "kind": "approval",
            "value": "two persons",
            "evidence": "workflow WF-12",
            "terms": {"persons": 2, "approvers": []},
        },
        {"kind": "expires", "value": "2027-01-31", "evidence": "", "terms": {"day": "2027-01-31"}},
    ]
    assert tools["refundPayment"]["type"] == "billing"


def test_it_has_the_form_of_its_published_schema(review_snapshots):
    validator = Draft202012Validator(json.loads(schema_text("allowlist")))
    untyped = Condition(ConditionKind.RATE, "10")
    tool = review_snapshots.tool("send mail", "", "")
    of_server = review_snapshots.review(
        tool, decision=review_snapshots.decision(tool, DecisionState.CONDITIONAL, untyped)
    )
    server = review_snapshots.plain(tools=(of_server,), sources=(review_snapshots.source(kind=SourceKind.MCP),))
    for snapshot in (review_snapshots.plain(), server):
        assert [error.message for error in validator.iter_errors(json.loads(dumps(canonical(snapshot))))] == []
    assert canonical(server)["tools"][0]["conditions"][0]["terms"] is None
    assert not validator.is_valid(canonical(server) | {"default": "allow"})


def test_the_name_of_a_tool_does_not_depend_on_what_is_approved(review_snapshots):
    """Blocking one of two tools with equal names gives its name to no other."""
    tools = [
        review_snapshots.tool(name, "", "", id=f"s:{name}", operation_id="")
        for name in ("purge user", "purge_user", "a")
    ]

    def names(state):
        decided = [review_snapshots.review(t, decision=review_snapshots.decision(t, state)) for t in tools]
        source = review_snapshots.source(kind=SourceKind.MCP)
        return {
            e["id"]: e["names"]["clearance"]
            for e in canonical(review_snapshots.plain(tools=tuple(decided), sources=(source,)))["tools"]
        }

    found = names(DecisionState.APPROVED)
    assert found == names(DecisionState.BLOCKED)
    assert len(set(found.values())) == 3
    assert found["s:a"] == "a"


def test_a_draft_says_so(review_snapshots):
    assert canonical(review_snapshots.plain(open_gates=("no owner",)))["status"] == "draft"


def test_a_tool_of_a_server_has_its_name(review_snapshots):
    tool = review_snapshots.tool("send mail", "", "")
    review_snapshot = review_snapshots.plain(
        tools=(review_snapshots.review(tool),), sources=(review_snapshots.source(kind=SourceKind.MCP),)
    )
    (found,) = canonical(review_snapshot)["tools"]
    assert found["mcp_name"] == "send mail"
    assert "operation" not in found


@pytest.mark.parametrize("change", [
    {"decision": None},
    {"stale": True},
    {"stale": True, "decision": None},
    {"conflict": True},
    {"conflict": True, "decision": None},
])  # fmt: skip
@pytest.mark.parametrize("decision_state", [DecisionState.APPROVED, DecisionState.CONDITIONAL])
def test_whatever_is_in_doubt_is_blocked(review_snapshots, change, decision_state):
    tool = review_snapshots.tool()
    condition = Condition(ConditionKind.AUDIT, "every call")
    made = review_snapshots.decision(tool, decision_state, condition)
    review = review_snapshots.review(tool, **({"decision": made} | change))
    found = only(review_snapshots, review)
    assert found["decision"] == "block"
    assert found["decided"] is False
    assert found["why"]
    assert found["conditions"] == []


def test_an_approval_of_another_definition_does_not_count(review_snapshots):
    tool = review_snapshots.tool()
    made = review_snapshots.decision(tool, definition="0" * 64)
    assert only(review_snapshots, review_snapshots.review(tool, decision=made))["why"].startswith(
        "the definition has changed"
    )


@pytest.mark.parametrize(("until", "decision"), [
    ("2026-11-19", "block"), ("2026-11-20", "conditional"), ("2026-11-19T23:00:00Z", "block"), ("after the pilot", "conditional"),
])  # fmt: skip
def test_an_expired_approval_does_not_count(review_snapshots, until, decision):
    tool = review_snapshots.tool()
    made = review_snapshots.decision(tool, DecisionState.CONDITIONAL, Condition(ConditionKind.EXPIRES, until))
    assert only(review_snapshots, review_snapshots.review(tool, decision=made))["decision"] == decision


def test_conditions_are_neither_lost_nor_invented(review_snapshots):
    tool = review_snapshots.tool()
    without = review_snapshots.decision(tool, DecisionState.CONDITIONAL)
    assert only(review_snapshots, review_snapshots.review(tool, decision=without))["decision"] == "block"
    with_condition = review_snapshots.decision(
        tool, DecisionState.APPROVED, Condition(ConditionKind.RATE, "10 a minute")
    )
    assert only(review_snapshots, review_snapshots.review(tool, decision=with_condition))["decision"] == "conditional"


def test_the_effect_follows_an_override_of_the_type(review_snapshots):
    override = Override("billing", "moves money", "alice@corp", review_snapshots.AS_OF)
    for kind, effect in ((ToolType.BILLING, "critical"), (ToolType.READ, "read-only")):
        review = review_snapshots.review(review_snapshots.tool(), Effect.SIDE_EFFECT, type=kind, type_override=override)
        assert only(review_snapshots, review)["effect"] == effect


def test_packet_and_allowlist_agree(review_snapshots):
    """Both state every combination of decision and definition alike."""
    word = {"approved": "allow", "conditional": "conditional"}
    tool = review_snapshots.tool()
    expired = Condition(ConditionKind.EXPIRES, "2026-01-01")
    made = [
        None,
        review_snapshots.decision(tool, definition="0" * 64),
        *(review_snapshots.decision(tool, e) for e in RECORDED),
    ]
    made += [
        review_snapshots.decision(tool, e, c) for e in RECORDED for c in (expired, Condition(ConditionKind.NOTE, "n"))
    ]
    flags = itertools.product(made, (False, True), (False, True), Effect)
    reviews = tuple(
        review_snapshots.review(review_snapshots.tool(path=f"/{n}"), effect, stale=stale, conflict=conflict,
                        decision=m and dataclasses.replace(m, definition=review_snapshots.digest(f"GET /{n}") if m.definition == tool.digest else "x"))
        for n, (m, stale, conflict, effect) in enumerate(flags)
    )  # fmt: skip
    review_snapshot = review_snapshots.plain(tools=reviews)
    doc, allowlist = document(review_snapshot), canonical(review_snapshot)
    listed = {t["id"]: t for t in allowlist["tools"]}
    for row in doc["tools"]:
        assert listed[row["id"]]["decision"] == word.get(row["decision"], "block"), row["decision"]
        assert listed[row["id"]]["decided"] is (row["decision"] in {"approved", "conditional", "blocked"})
        assert listed[row["id"]]["effect"] == row["effect"]
    assert doc["inventory_sha256"] == inventory_digest(review_snapshot) == allowlist["inventory_sha256"]
    assert {t["decision"] for t in allowlist["tools"]} == {"allow", "conditional", "block"}


def test_the_bytes_are_ascii_sorted_and_the_same(review_snapshots):
    made = [dumps(canonical(review_snapshots.hostile())) for _ in range(2)]
    assert made[0] == made[1]
    assert all(byte == 0x0A or 0x20 <= byte < 0x7F for byte in made[0])
    value = json.loads(made[0])
    assert list(value) == sorted(value)
    assert [t["id"] for t in value["tools"]] == sorted(t["id"] for t in value["tools"])


def test_one_changed_definition_changes_the_digest(review_snapshots):
    base = review_snapshots.plain()
    changed = dataclasses.replace(base.tools[0], tool=dataclasses.replace(base.tools[0].tool, digest="f" * 64))
    other = review_snapshots.plain(tools=(changed, *base.tools[1:]))
    assert canonical(other)["inventory_sha256"] != canonical(base)["inventory_sha256"]
    assert canonical(review_snapshots.plain(tools=base.tools[::-1])) == canonical(base)
