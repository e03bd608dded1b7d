"""What holds for every target that names tools: as its consumer reads the files, offered = approved, less what is left out."""

from __future__ import annotations

import json
import tomllib

import pytest

from analysis.model import Condition, ConditionKind, DecisionState
from analysis.output.allowlist import TARGETS
from tests.fixtures.target_readers import READERS

A, B = DecisionState.APPROVED, DecisionState.BLOCKED
GATEWAY = "https://gateway.example/mcp"
ONE = Condition(ConditionKind.APPROVAL, "one person")
CONDITIONS = {
    "one": ONE,
    "one of": Condition(ConditionKind.APPROVAL, "one person of ann@corp.example"),
    "two": Condition(ConditionKind.APPROVAL, "two persons"),
    "user": Condition(ConditionKind.USER, "ann@corp.example"),
    "team": Condition(ConditionKind.GROUP, "support"),
    "environment": Condition(ConditionKind.ENVIRONMENT, "staging"),
    "number": Condition(ConditionKind.PARAMETERS, "amount: at most 100"),
    "whole": Condition(ConditionKind.PARAMETERS, 'limit: {"type": "integer", "maximum": 100}'),
    "listed": Condition(ConditionKind.PARAMETERS, "currency: one of EUR, USD"),
    "forbidden": Condition(ConditionKind.PARAMETERS, "force: not sent"),
    "inner": Condition(ConditionKind.PARAMETERS, "filter.limit: exactly 5"),
    "short": Condition(ConditionKind.PARAMETERS, "text: at most 80 characters"),
    "pattern": Condition(ConditionKind.PARAMETERS, 'code: {"type": "string", "pattern": "^A"}'),
    "rate": Condition(ConditionKind.RATE, "5 per hour"),
    "audit": Condition(ConditionKind.AUDIT, "every call"),
    "expires": Condition(ConditionKind.EXPIRES, "2027-01-31"),
    "untyped": Condition(ConditionKind.GROUP, "someone"),
    "note": Condition(ConditionKind.NOTE, "with care"),
    "note with evidence": Condition(ConditionKind.NOTE, "with care", evidence="ticket 12"),
    "owner": Condition(ConditionKind.OWNER, "support"),
}
#: The conditions that each target carries, and how its consumer then treats the tool.
FREE = {"note with evidence": "allow", "owner": "allow"}
ASKED = {"one": "ask"} | FREE
LIMITS = dict.fromkeys(["whole", "listed", "forbidden"], "allow within limits")
CARRIED = {
    **dict.fromkeys(["claude-code", "codex", "copilot", "opencode", "openai", "python-agents"], ASKED),
    **dict.fromkeys(["vscode", "anthropic", "copilot-tools"], FREE),
    "gemini": ASKED | LIMITS | {"number": "allow within limits"},
    "cedar": FREE | LIMITS | dict.fromkeys(["user", "team", "environment", "inner"], "allow within limits"),
    "cedar-agentcore": FREE | LIMITS | dict.fromkeys(["user", "inner"], "allow within limits"),
    "cedar-toolhive": FREE | {"user": "allow within limits"},
    "rego": FREE | LIMITS | dict.fromkeys(
        ["user", "team", "environment", "inner", "number", "short", "expires"], "allow within limits"
    ),
}  # fmt: skip
NAMES = ("listCustomers", "getCustomer", "createTicket", "deleteCustomer", "resetAllData")


@pytest.fixture(params=READERS)
def target(request):
    return request.param


def seen(target, files, names, server="crm"):
    assert all(text.isascii() for text in files.values())
    return {name: READERS[target](files, server, name) for name in names}


def test_every_target_that_names_tools_is_read_here():
    assert {each.name for each in TARGETS} >= set(READERS)


def test_offered_is_approved(target, exported, snapshot):
    files, left_out = exported(target, snapshot(*zip(NAMES, (A, B, A, B, None), strict=True)))
    expected = {"listCustomers": "allow", "createTicket": "allow"}
    assert seen(target, files, NAMES) == dict.fromkeys(NAMES, "deny") | expected
    assert left_out == {}


@pytest.mark.parametrize("state", [B, None])
def test_nothing_approved_is_nothing_offered(target, exported, snapshot, state):
    files, left_out = exported(target, snapshot(*((name, state) for name in NAMES)))
    assert seen(target, files, NAMES) == dict.fromkeys(NAMES, "deny")
    assert left_out == {}


def test_a_draft_offers_nothing_and_says_what_it_would_leave_out(target, exported, snapshot):
    tools = (("getCustomer", A), ("createTicket", DecisionState.CONDITIONAL, CONDITIONS["rate"]))
    files, left_out = exported(target, snapshot(*tools, open_gates=("1 of 2 tools undecided",)))
    assert set(seen(target, files, ("getCustomer", "createTicket")).values()) == {"deny"}
    assert left_out == {"crm:01": "condition rate=5 per hour"}
    assert any(b"DRAFT" in text for text in files.values()), "a person who opens the files sees why"


@pytest.mark.parametrize("which", CONDITIONS)
def test_a_condition_is_carried_or_the_tool_is_left_out(target, exported, snapshot, which):
    condition = CONDITIONS[which]
    files, left_out = exported(
        target, snapshot(("getCustomer", A), ("createTicket", DecisionState.CONDITIONAL, condition))
    )
    carried = CARRIED[target].get(which)
    assert seen(target, files, ("getCustomer", "createTicket")) == {
        "getCustomer": "allow",
        "createTicket": carried or "deny",
    }
    assert left_out == ({} if carried else {"crm:01": f"condition {condition.kind.value}={condition.value}"})


def test_of_two_conditions_one_that_cannot_be_carried_is_enough(target, exported, snapshot):
    conditions = (CONDITIONS["owner"], CONDITIONS["rate"])
    files, left_out = exported(target, snapshot(("createTicket", DecisionState.CONDITIONAL, *conditions)))
    assert seen(target, files, ("createTicket",)) == {"createTicket": "deny"}
    assert left_out == {"crm:00": "condition rate=5 per hour"}


def test_a_name_that_a_blocked_tool_has_too_is_left_out(target, exported, snapshot):
    files, left_out = exported(target, snapshot(("purge", A), ("purge", B), ("getCustomer", A)))
    assert seen(target, files, ("purge", "getCustomer")) == {"purge": "deny", "getCustomer": "allow"}
    assert left_out == {"crm:00": "several tools have its name in the client"}


@pytest.mark.parametrize(
    ("name", "approved", "blocked"),
    [
        ("claude-code", "a_b", "a b"),
        ("claude-code", "issues_list", "issues/list"),
        ("opencode", "a_b", "a:b"),
        ("gemini", "a_b", "a/b"),
        ("copilot", "a-b", "a.b"),
        ("copilot", "x" * 60, "x" * 61),
    ],
)
def test_a_name_that_the_client_gives_to_a_blocked_tool_is_left_out(exported, snapshot, name, approved, blocked):
    files, left_out = exported(name, snapshot((approved, A), (blocked, B), ("getCustomer", A)))
    assert seen(name, files, (approved, "getCustomer")) == {approved: "deny", "getCustomer": "allow"}
    assert left_out == {"crm:00": "several tools have its name in the client"}


def test_a_server_next_to_the_gateway_cannot_give_its_name_to_another_tool(exported, snapshot):
    tools = (
        ("x_y", A),
        ("y", B),
    )  # on a server clearance_x, OpenCode would call `y` by the name of the gateway's `x_y`
    files, left_out = exported("opencode", snapshot(*tools, server="clearance_x"), GATEWAY)
    assert seen("opencode", files, ("x_y",), "clearance") == {"x_y": "deny"}
    assert left_out == {"crm:00": "several tools have its name in the client"}


def test_hostile_names_offer_nothing_but_what_is_approved(target, exported, snapshot, review_snapshots):
    odd = (
        *review_snapshots.HOSTILE, "*", "**", "crm_*", "get*", "", "a)b", "a(b)", 'a"b', "a\\b", "a\nb", "a/b", "a.b", "a b",
        "x" * 70, "x" * 200, "größe", "mcp_x", "mcp__crm__x", "__proto__", "constructor", "--", "]", "'''", "tools",
        "enabled_tools", "${HOME}", "a:b", "A", "a", "get_customer", "get-customer", "permit(principal,action,resource);",
    )  # fmt: skip
    approved, blocked = (odd[0::2], odd[1::2])
    tools = [
        *((name, A) for name in approved),
        *((name, B) for name in blocked),
        ("getCustomer", A),
        ("resetAllData", B),
    ]
    files, left_out = exported(target, snapshot(*tools))
    writable = [
        name for name in (*approved, *blocked, "getCustomer", "resetAllData") if name.isprintable() or name.isascii()
    ]
    offered = {name for name, how in seen(target, files, writable).items() if how != "deny"}
    kept = {name for position, name in enumerate(approved) if f"crm:{position:02}" not in left_out}
    assert offered == (kept & set(writable)) | {"getCustomer"}
    assert all(left_out.values())


@pytest.mark.parametrize(
    "server", ["my server", "my.server", "a__b", "größe", "*", "mcp_crm", 'x"]\n[y', "\ud800", "", "x" * 130]
)
def test_an_odd_name_of_a_server_offers_nothing_else(target, exported, snapshot, server):
    files, left_out = exported(target, snapshot(("getCustomer", A), ("resetAllData", B), server=server))
    server = server or "customer-management"
    if server.encode("utf-8", "replace").decode() != server:
        assert left_out
        return
    found = seen(target, files, ("getCustomer", "resetAllData"), server)
    assert found["resetAllData"] in {"deny", "not configured"}
    assert (found["getCustomer"] == "allow") == (not left_out), (found, left_out)


def test_operations_of_an_api_are_left_out_without_a_gateway(target, exported, review_snapshots):
    files, left_out = exported(target, review_snapshots.plain())
    names = ("getCustomer", "listInvoices", "updateEmail", "deleteCustomer", "refundPayment")
    assert set(seen(target, files, names, "customer-management").values()) == {"deny"}
    assert sorted(left_out) == [
        "customer-management:GET /customers/{id}",
        "customer-management:PATCH /customers/{id}",
        "customer-management:POST /payments/{id}/refunds",
    ]
    assert {reason.partition(":")[0] for reason in left_out.values()} == {"an API operation"}


def test_behind_the_gateway_its_names_are_offered_and_the_conditions_are_its_own(target, exported, snapshot):
    tools = (
        ("getCustomer", A),
        ("createTicket", DecisionState.CONDITIONAL, CONDITIONS["rate"], ONE),
        ("resetAllData", B),
    )
    files, left_out = exported(target, snapshot(*tools), GATEWAY)
    names = ("getCustomer", "createTicket", "resetAllData")
    assert seen(target, files, names, "clearance") == {
        "getCustomer": "allow",
        "createTicket": "allow",
        "resetAllData": "deny",
    }
    if target != "cedar-toolhive" or "002-README.txt" in files:
        assert set(seen(target, files, names).values()) == {"deny"}
    assert left_out == {}


@pytest.mark.parametrize("which", ["untyped", "note"])
def test_what_nothing_can_check_is_left_out_behind_the_gateway_too(target, exported, snapshot, which):
    condition = CONDITIONS[which]
    files, left_out = exported(target, snapshot(("createTicket", DecisionState.CONDITIONAL, condition)), GATEWAY)
    assert seen(target, files, ("createTicket",), "clearance") == {"createTicket": "deny"}
    assert left_out == {"crm:00": f"condition {condition.kind.value}={condition.value}"}


def test_files_are_the_same_for_the_same_review(target, exported, snapshot):
    made = [
        exported(target, snapshot(("getCustomer", A), ("createTicket", DecisionState.CONDITIONAL, ONE)))
        for _ in range(2)
    ]
    assert made[0] == made[1]


# A fault of an exporter has to turn a test above red: these readings of faulty files differ from what is approved.


def _json(file, change):
    def faulty(files):
        data = json.loads(files[file])
        change(data)
        return {**files, file: json.dumps(data).encode()}

    return faulty


def _text(file, old, new):
    def faulty(files):
        assert old in files[file], (old, files[file])
        return {**files, file: files[file].replace(old, new)}

    return faulty


def _last(permission):
    permission["crm_*"] = permission.pop("crm_*")


FAULTS = [
    ("empty list that means everything", "openai", _json("tools.json", lambda d: d["tools"][0]["allowed_tools"]["tool_names"].clear())),
    ("no list", "openai", _json("tools.json", lambda d: d["tools"][0].pop("allowed_tools"))),
    ("no default", "anthropic", _json("request.json", lambda d: d["tools"][0].pop("default_config"))),
    ("no list", "copilot-tools", _json("mcp-config.json", lambda d: d["mcpServers"]["crm"].pop("tools"))),
    ("bypass", "copilot", _json("managed-settings.json", lambda d: d["permissions"].pop("disableBypassPermissionsMode"))),
    ("wrong case", "copilot", _text("managed-settings.json", b"MCP(crm/getCustomer)", b"MCP(crm/getcustomer)")),
    ("colon", "copilot", _text("managed-settings.json", b"crm/getCustomer", b"crm:getCustomer")),
    ("no list", "codex", _text("config.toml", b"enabled_tools", b"enabled_tool")),
    ("the other list", "codex", _text("config.toml", b"enabled_tools", b"disabled_tools")),
    ("wrong case", "codex", _text("config.toml", b"getCustomer", b"getcustomer")),
    ("prefixed names", "codex", _text("config.toml", b"getCustomer", b"mcp__crm__getCustomer")),
    ("prefixed names", "gemini", _text("clearance.toml", b'"getCustomer"', b'"mcp_crm_getCustomer"')),
    ("priority of the user's trust", "gemini", _text("clearance.toml", b"priority = 960", b"priority = 100")),
    ("wildcard last", "opencode", _json("opencode.json", lambda d: _last(d["permission"]))),
    ("no wildcard", "opencode", _json("opencode.json", lambda d: d["permission"].pop("crm_*"))),
    ("wrong case", "opencode", _text("opencode.json", b"crm_getCustomer", b"crm_getcustomer")),
    ("wildcard", "vscode", _text("approved.agent.md", b'"crm/getCustomer"', b'"*"')),
    ("wildcard", "python-agents", _text("approved.json", b'"getCustomer"', b'"getcustomer"')),
    ("one policy less", "cedar", _text("policies.cedar", b'"crm/getCustomer"', b'"getCustomer"')),
    ("another server", "rego", _text("data.json", b'"crm"', b'"CRM"')),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "name", "faulty"), FAULTS, ids=[f"{name}: {fault}" for fault, name, _ in FAULTS])
def test_a_faulty_export_is_read_as_something_else(exported, snapshot, fault, name, faulty):
    files, _ = exported(name, snapshot(("getCustomer", A), ("resetAllData", B)))
    approved = {"getCustomer": "allow", "resetAllData": "deny"}
    assert seen(name, files, approved) == approved
    assert seen(name, faulty(files), approved) != approved


def _managed(change):
    def faulty(files):
        for file in ("settings.json", "managed-settings.json"):
            data = json.loads(files[file])
            change(data["permissions"])
            files = {**files, file: json.dumps(data).encode()}
        return files

    return faulty


@pytest.mark.parametrize(
    "change",
    [
        lambda rules: rules["deny"].clear(),
        lambda rules: rules.update(deny=[rule.casefold() for rule in rules["deny"]]),
        lambda rules: rules.update(deny=[rule.removeprefix("mcp__crm__") for rule in rules["deny"]]),
        lambda rules: rules["deny"].append("mcp__crm"),
    ],
    ids=["no complement", "wrong case", "names without prefix", "wildcard over the approved"],
)
def test_a_faulty_deny_list_of_claude_code_is_read_as_something_else(exported, snapshot, change):
    files, _ = exported("claude-code", snapshot(("getCustomer", A), ("resetAllData", B)))
    approved = {"getCustomer": "allow", "resetAllData": "deny"}
    assert seen("claude-code", files, approved) == approved
    assert seen("claude-code", _managed(change)(files), approved) != approved


def test_every_toml_file_can_be_read(exported, snapshot):
    for target, file in (("codex", "config.toml"), ("gemini", "clearance.toml")):
        assert tomllib.loads(exported(target, snapshot(("a", A)))[0][file].decode())
