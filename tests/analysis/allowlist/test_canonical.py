"""The canonical allowlist: every tool in it, and none allowed that a person did not allow."""

from __future__ import annotations

import dataclasses
import itertools
import json

import pytest

from analysis.allowlist.canonical import canonical, dumps
from analysis.model import Condition, ConditionKind, Effect, Exposure, Retag, SourceKind, ToolType
from analysis.packet.document import document
from analysis.packet.document import inventory_digest as packet_digest


def by_name(dossier):
    return {t.get("mcp_name") or t["operation"]["operation_id"]: t for t in canonical(dossier)["tools"]}


def only(dossiers, review):
    return canonical(dossiers.plain(tools=(review,)))["tools"][0]


def test_a_plain_review(dossiers):
    allowlist = canonical(dossiers.plain())
    assert allowlist["format"] == "clearance-allowlist"
    assert allowlist["format_version"] == 1
    assert allowlist["default"] == "deny"
    assert allowlist["status"] == "FINAL"
    assert allowlist["generated_at"] == dossiers.AS_OF
    assert allowlist["generator"] == {"name": "clearance", "version": "0.1.0"}
    assert allowlist["sources"][0]["uri"] == "customer-management.yaml"
    assert allowlist["review"] == {
        "workspace_id": "ws-7f3a", "decided_by": ["alice@corp"], "expires_at": None, "score": 89, "verdict": "blocked",
    }  # fmt: skip
    tools = by_name(dossiers.plain())
    assert {n: (t["decision"], t["decided"]) for n, t in tools.items()} == {
        "getCustomer": ("allow", True),
        "listInvoices": ("block", False),
        "updateCustomer": ("conditional", True),
        "deleteCustomer": ("block", True),
        "refundPayment": ("allow", True),
    }
    assert tools["updateCustomer"]["conditions"] == [
        {"kind": "approval", "value": "two persons"},
        {"kind": "expires", "value": "2027-01-31"},
    ]
    assert tools["refundPayment"]["class"] == "billing"


def test_a_draft_says_so(dossiers):
    assert canonical(dossiers.plain(open_gates=("no owner",)))["status"] == "DRAFT"


def test_a_tool_of_a_server_has_its_name(dossiers):
    tool = dossiers.tool("send mail", "", "")
    dossier = dossiers.plain(tools=(dossiers.review(tool),), sources=(dossiers.source(kind=SourceKind.MCP),))
    (found,) = canonical(dossier)["tools"]
    assert found["mcp_name"] == "send mail"
    assert "operation" not in found


@pytest.mark.parametrize("change", [
    {"decision": None},
    {"stale": True},
    {"stale": True, "decision": None},
    {"conflict": True},
    {"conflict": True, "decision": None},
])  # fmt: skip
@pytest.mark.parametrize("exposure", [Exposure.APPROVED, Exposure.CONDITIONAL])
def test_whatever_is_in_doubt_is_blocked(dossiers, change, exposure):
    tool = dossiers.tool()
    condition = Condition(ConditionKind.AUDIT, "every call")
    review = dataclasses.replace(dossiers.review(tool, decision=dossiers.decision(tool, exposure, condition)), **change)
    found = only(dossiers, review)
    assert found["decision"] == "block"
    assert found["decided"] is False
    assert found["why"]
    assert found["conditions"] == []


def test_an_approval_of_another_definition_is_none(dossiers):
    tool = dossiers.tool()
    made = dossiers.decision(tool, definition="0" * 64)
    assert only(dossiers, dossiers.review(tool, decision=made))["why"].startswith("the definition has changed")


@pytest.mark.parametrize(("until", "decision"), [
    ("2026-11-19", "block"), ("2026-11-20", "conditional"), ("2026-11-19T23:00:00Z", "block"), ("after the pilot", "conditional"),
])  # fmt: skip
def test_an_expired_approval_is_none(dossiers, until, decision):
    tool = dossiers.tool()
    made = dossiers.decision(tool, Exposure.CONDITIONAL, Condition(ConditionKind.EXPIRES, until))
    assert only(dossiers, dossiers.review(tool, decision=made))["decision"] == decision


def test_conditions_are_neither_lost_nor_invented(dossiers):
    tool = dossiers.tool()
    without = dossiers.decision(tool, Exposure.CONDITIONAL)
    assert only(dossiers, dossiers.review(tool, decision=without))["decision"] == "block"
    beside = dossiers.decision(tool, Exposure.APPROVED, Condition(ConditionKind.RATE, "10 a minute"))
    assert only(dossiers, dossiers.review(tool, decision=beside))["decision"] == "conditional"


def test_the_effect_follows_a_retag(dossiers):
    retag = Retag("billing", "moves money", "alice@corp", dossiers.AS_OF)
    for kind, effect in ((ToolType.BILLING, "critical"), (ToolType.READ, "read-only")):
        review = dossiers.review(dossiers.tool(), Effect.SIDE_EFFECT, type=kind, type_retag=retag)
        assert only(dossiers, review)["effect"] == effect


def test_packet_and_allowlist_say_the_same(dossiers):
    """The two organs may not import one another; this is what keeps them of one mind."""
    word = {"approved": "allow", "conditional": "conditional"}
    tool = dossiers.tool()
    expired = Condition(ConditionKind.EXPIRES, "2026-01-01")
    made = [None, dossiers.decision(tool, definition="0" * 64), *(dossiers.decision(tool, e) for e in Exposure)]
    made += [dossiers.decision(tool, e, c) for e in Exposure for c in (expired, Condition(ConditionKind.NOTE, "n"))]
    flags = itertools.product(made, (False, True), (False, True), Effect)
    reviews = tuple(
        dossiers.review(dossiers.tool(path=f"/{n}"), effect, stale=stale, conflict=conflict,
                        decision=m and dataclasses.replace(m, definition=dossiers.digest(f"GET /{n}") if m.definition == tool.digest else "x"))
        for n, (m, stale, conflict, effect) in enumerate(flags)
    )  # fmt: skip
    dossier = dossiers.plain(tools=reviews)
    doc, allowlist = document(dossier), canonical(dossier)
    listed = {t["id"]: t for t in allowlist["tools"]}
    for row in doc["inventory"]:
        assert listed[row["id"]]["decision"] == word.get(row["state"], "block"), row["state"]
        assert listed[row["id"]]["decided"] is (row["state"] in {"approved", "conditional", "blocked"})
        assert listed[row["id"]]["effect"] == row["effect"]
    assert doc["inventory_sha256"] == packet_digest(dossier) == allowlist["inventory_sha256"]
    assert {t["decision"] for t in allowlist["tools"]} == {"allow", "conditional", "block"}


def test_the_bytes_are_ascii_sorted_and_the_same(dossiers):
    made = [dumps(canonical(dossiers.hostile())) for _ in range(2)]
    assert made[0] == made[1]
    assert all(byte == 0x0A or 0x20 <= byte < 0x7F for byte in made[0])
    value = json.loads(made[0])
    assert list(value) == sorted(value)
    assert [t["id"] for t in value["tools"]] == sorted(t["id"] for t in value["tools"])


def test_one_changed_definition_changes_the_digest(dossiers):
    base = dossiers.plain()
    changed = dataclasses.replace(base.tools[0], tool=dataclasses.replace(base.tools[0].tool, digest="f" * 64))
    other = dossiers.plain(tools=(changed, *base.tools[1:]))
    assert canonical(other)["inventory_sha256"] != canonical(base)["inventory_sha256"]
    assert canonical(dossiers.plain(tools=base.tools[::-1])) == canonical(base)
