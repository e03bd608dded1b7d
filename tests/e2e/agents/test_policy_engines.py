"""Cedar and Rego decide with the exported policies: a truth table over all tools, one unknown, callers and arguments."""

from __future__ import annotations

import json

import pytest

from analysis.model import Condition, ConditionKind, DecisionState
from tests.e2e.agents.conftest import DECIDED, NOTHING
from tests.e2e.installed import drive

SUPPORT = Condition(ConditionKind.GROUP, "support, billing")
ANN = Condition(ConditionKind.USER, "ann@corp.example")
STAGING = Condition(ConditionKind.ENVIRONMENT, "staging")
CURRENCY = Condition(ConditionKind.PARAMETERS, "currency: one of EUR, USD")
FORCE = Condition(ConditionKind.PARAMETERS, "force: not sent")
INNER = Condition(ConditionKind.PARAMETERS, 'filter.size: {"type": "integer", "exclusiveMaximum": 10}')
SHORT = Condition(ConditionKind.PARAMETERS, "text: at most 3 characters")
AMOUNT = Condition(ConditionKind.PARAMETERS, "amount: 1 to 500")
FLAG = Condition(ConditionKind.PARAMETERS, "dry: exactly true")
C = DecisionState.CONDITIONAL
#: Tool -> conditions; each is decided for itself, so that a fault in one policy would show in all.
CONDITIONED = DECIDED | {
    "forTeams": (C, SUPPORT),
    "forAnn": (C, ANN),
    "forAnnOfSupport": (C, ANN, SUPPORT),
    "inStaging": (C, STAGING),
    "inCurrency": (C, CURRENCY),
    "unforced": (C, FORCE),
    "inner": (C, INNER),
    "dry": (C, FLAG),
    'odd "name"\\ größe \U0001f600': (DecisionState.APPROVED,),
}
REGO_ONLY = {
    "short": (C, SHORT),
    "amount": (C, AMOUNT),
    "over": (C, Condition(ConditionKind.EXPIRES, "2020-01-31")),
    "running": (C, Condition(ConditionKind.EXPIRES, "2200-01-31")),
}
ANN_CALLS = {"user": "ann@corp.example", "teams": ["support"], "environment": "staging"}
BEN_CALLS = {"user": "ben@corp.example", "teams": ["sales"], "environment": "production"}
ODD = 'odd "name"\\ größe \U0001f600'
#: Caller, tool, arguments, and whether the call may pass.
TABLE = [
    *((BEN_CALLS, name, {}, name in {"listCustomers", "getCustomer"}) for name in DECIDED if name != "listInvoices"),
    (BEN_CALLS, "unknown", {}, False),
    (BEN_CALLS, "GetCustomer", {}, False),
    (BEN_CALLS, ODD, {}, True),
    (ANN_CALLS, "forTeams", {}, True), (BEN_CALLS, "forTeams", {}, False),
    (BEN_CALLS | {"teams": ["billing"]}, "forTeams", {}, True), (BEN_CALLS | {"teams": []}, "forTeams", {}, False),
    (ANN_CALLS, "forAnn", {}, True), (BEN_CALLS, "forAnn", {}, False),
    (ANN_CALLS, "forAnnOfSupport", {}, True), (ANN_CALLS | {"teams": ["sales"]}, "forAnnOfSupport", {}, False),
    (ANN_CALLS, "inStaging", {}, True), (BEN_CALLS, "inStaging", {}, False),
    (BEN_CALLS, "listInvoices", {"limit": 100}, True), (BEN_CALLS, "listInvoices", {"limit": 101}, False),
    (BEN_CALLS, "listInvoices", {"limit": 0}, False), (BEN_CALLS, "listInvoices", {}, False),
    (BEN_CALLS, "listInvoices", {"limit": "5"}, False), (BEN_CALLS, "listInvoices", {"limit": True}, False),
    (BEN_CALLS, "inCurrency", {"currency": "EUR"}, True), (BEN_CALLS, "inCurrency", {"currency": "eur"}, False),
    (BEN_CALLS, "inCurrency", {"currency": ["EUR"]}, False), (BEN_CALLS, "inCurrency", {}, False),
    (BEN_CALLS, "unforced", {}, True), (BEN_CALLS, "unforced", {"force": False}, False),
    (BEN_CALLS, "inner", {"filter": {"size": 9}}, True), (BEN_CALLS, "inner", {"filter": {"size": 10}}, False),
    (BEN_CALLS, "inner", {"filter": {}}, False), (BEN_CALLS, "inner", {"filter": "size"}, False),
    (BEN_CALLS, "inner", {"size": 9}, False),
    (BEN_CALLS, "dry", {"dry": True}, True), (BEN_CALLS, "dry", {"dry": 1}, False), (BEN_CALLS, "dry", {"dry": False}, False),
]  # fmt: skip
REGO_TABLE = [
    (BEN_CALLS, "short", {"text": "aü\U0001f600"}, True), (BEN_CALLS, "short", {"text": "abcd"}, False),
    (BEN_CALLS, "short", {"text": ["a"]}, False),
    (BEN_CALLS, "amount", {"amount": 12.5}, True), (BEN_CALLS, "amount", {"amount": 500}, True),
    (BEN_CALLS, "amount", {"amount": 500.01}, False), (BEN_CALLS, "amount", {"amount": 0}, False),
    (BEN_CALLS, "amount", {"amount": None}, False), (BEN_CALLS, "listInvoices", {"limit": 5.5}, False),
    (BEN_CALLS, "over", {}, False), (BEN_CALLS, "running", {}, True),
]  # fmt: skip


def entities(user, teams):
    parents = [{"__entity": {"type": "Group", "id": team}} for team in teams]
    return [{"uid": {"__entity": {"type": "User", "id": user}}, "attrs": {}, "parents": parents}]


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def plain(caller, tool, arguments):
    return {
        "request": {
            "principal": f"User::{quoted(caller['user'])}",
            "action": 'Action::"call_tool"',
            "resource": f"Tool::{quoted(f'crm/{tool}')}",
            "context": {"input": arguments, "environment": caller["environment"]},
        },
        "entities": entities(caller["user"], caller["teams"]),
    }


def agentcore(caller, tool, arguments):
    tags = {"username": caller["user"]}
    user = {
        "uid": {"__entity": {"type": "AgentCore::OAuthUser", "id": "sub-1"}},
        "attrs": {},
        "parents": [],
        "tags": tags,
    }
    return {
        "request": {
            "principal": 'AgentCore::OAuthUser::"sub-1"',
            "action": f"AgentCore::Action::{quoted(f'crm___{tool}')}",
            "resource": 'AgentCore::Gateway::"GATEWAY-ARN"',
            "context": {"input": arguments},
        },
        "entities": [user],
    }


def toolhive(caller, tool, arguments):
    return {
        "request": {
            "principal": f"Client::{quoted(caller['user'])}",
            "action": 'Action::"call_tool"',
            "resource": f"Tool::{quoted(tool)}",
            "context": {},
        },
        "entities": [],
    }


DIALECTS = {"cedar": plain, "cedar-agentcore": agentcore, "cedar-toolhive": toolhive}


def decided_by_cedar(target, files, rows, tmp_path):
    if target == "cedar-toolhive":
        policies = "\n".join(json.loads(files["001-authorization.json"])["cedar"]["policies"]).encode()
    else:
        policies = files["policies.cedar"]
    (tmp_path / "policies").write_bytes(policies)
    requests = [DIALECTS[target](*row[:3]) for row in rows]
    (tmp_path / "requests").write_text(json.dumps(requests), "utf-8")
    return json.loads(drive("cedar", "run_cedar.py", tmp_path / "policies", tmp_path / "requests"))


def rows_of(left_out):
    return [(*row[:3], row[3] and row[1] not in left_out) for row in TABLE]


@pytest.mark.parametrize(
    ("target", "left_out"),
    [
        ("cedar", ()),
        ("cedar-agentcore", ("forTeams", "forAnnOfSupport", "inStaging")),
        (
            "cedar-toolhive",
            ("forTeams", "forAnnOfSupport", "inStaging", "listInvoices", "inCurrency", "unforced", "inner", "dry"),
        ),
    ],
)
def test_cedar_permits_what_is_approved_and_nothing_else(exported, tmp_path, target, left_out):
    rows = rows_of(left_out)
    made = decided_by_cedar(target, exported(target, CONDITIONED), rows, tmp_path)
    assert [(row[1:], row[0]["user"], decision) for row, (decision, _) in zip(rows, made, strict=True)] == [
        (row[1:], row[0]["user"], "Allow" if row[3] else "Deny") for row in rows
    ]
    # An error of the language would void every policy, and look like a denial.
    assert [errors for _, errors in made if any("parse" in error for error in errors)] == []


@pytest.mark.parametrize("target", DIALECTS)
@pytest.mark.parametrize("why", ["blocked", "draft"])
def test_cedar_permits_nothing_of_an_empty_set(exported, tmp_path, target, why):
    files = exported(target, NOTHING) if why == "blocked" else exported(target, open_gates=("undecided tools",))
    made = decided_by_cedar(target, files, rows_of(()), tmp_path)
    assert {decision for decision, _ in made} == {"Deny"}


def decided_by_rego(files, rows, tmp_path):
    for name in ("clearance.rego", "data.json"):
        (tmp_path / name).write_bytes(files[name])
    inputs = [{**caller, "server": "crm", "tool": tool, "arguments": arguments} for caller, tool, arguments, _ in rows]
    (tmp_path / "requests").write_text(json.dumps(inputs), "utf-8")
    names = (tmp_path / "clearance.rego", tmp_path / "data.json", tmp_path / "requests")
    said = json.loads(drive("rego", "run_rego.py", *names))
    known = {'{"expressions":[true]}': True, '{"expressions":[false]}': False, "undefined": False}
    return [known.get(text, text) for text in said]


def test_rego_allows_what_is_approved_and_nothing_else(exported, tmp_path):
    # regopy compares texts as they are written, escapes and all; OPA reads them first.
    rows = [row for row in (*TABLE, *REGO_TABLE) if row[1].isascii()]
    made = decided_by_rego(exported("rego", CONDITIONED | REGO_ONLY), rows, tmp_path)
    assert [(row[1:], decision) for row, decision in zip(rows, made, strict=True)] == [
        (row[1:], row[3]) for row in rows
    ]


@pytest.mark.parametrize("why", ["blocked", "draft"])
def test_rego_allows_nothing_of_an_empty_set(exported, tmp_path, why):
    files = exported("rego", NOTHING) if why == "blocked" else exported("rego", open_gates=("undecided tools",))
    assert set(decided_by_rego(files, TABLE, tmp_path)) == {False}
