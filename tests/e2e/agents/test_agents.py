"""Coding agents with the files exported for them: offered = approved, and what is blocked never reaches the server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.e2e.agents.agents import AGENTS, run
from tests.e2e.agents.conftest import DECIDED, NOTHING

#: What each agent may be offered: two tools, one that a person confirms, and for Gemini one within a limit.
OFFERED = {name: {"listCustomers", "getCustomer", "createTicket"} for name in AGENTS}
OFFERED["gemini"] |= {"listInvoices"}
OFFERED["copilot"] -= {"createTicket"}  # its list of tools has no person asked
#: Refused by every agent: blocked, undecided, and approved under a condition that its file cannot carry.
REFUSED = ("deleteCustomer", "refundPayment", "resetAllData", "nightlyExport")


@pytest.fixture(params=AGENTS)
def agent(request):
    return AGENTS[request.param]


def calls(agent, *names, server="crm"):
    return [(agent.spelled(server, name), {"id": "7"}) for name in names]


def spelled(agent, names, server="crm"):
    return sorted(agent.spelled(server, name) for name in names)


def test_the_agent_without_our_files_is_offered_everything(agent, crm, tmp_path):
    # What the other tests refuse is otherwise possible: the set-up would show a call that gets through.
    ran = run(agent, tmp_path / "run", {"crm": crm.url}, calls(agent, "deleteCustomer"))
    assert ran.offered("crm") == spelled(agent, DECIDED), ran.printed


def test_offered_is_approved_and_a_blocked_call_never_arrives(agent, crm, exported, tmp_path):
    script = calls(
        agent, "getCustomer", *REFUSED, "createTicket"
    )  # OpenCode ends when no person answers: it comes last
    ran = run(agent, tmp_path / "run", {"crm": crm.url}, script, files=exported(agent.target))
    assert ran.offered("crm") == spelled(agent, OFFERED[agent.name]), ran.printed
    assert crm.calls() == ["getCustomer"]
    assert "done: getCustomer" in ran.talk.answers[0]
    refusals = ran.talk.answers[1 : 1 + len(REFUSED)]
    assert len(refusals) == len(REFUSED)
    assert [text for text in refusals if agent.refusal not in text] == []


@pytest.mark.parametrize("why", ["blocked", "draft"])
def test_nothing_approved_is_nothing_offered(agent, crm, exported, tmp_path, why):
    files = (
        exported(agent.target, NOTHING)
        if why == "blocked"
        else exported(agent.target, open_gates=("1 of 8 tools undecided",))
    )
    ran = run(agent, tmp_path / "run", {"crm": crm.url}, calls(agent, "getCustomer", "deleteCustomer"), files=files)
    assert len(ran.talk.answers) == 2, ran.printed
    assert (ran.offered("crm"), crm.calls()) == ([], [])


def test_behind_the_gateway_its_tools_alone_are_offered(agent, crm, serving, exported, tmp_path):
    gateway = serving(["listCustomers", "getCustomer", "createTicket", "listInvoices", "nightlyExport"])
    servers = {"crm": crm.url, "clearance": gateway.url}
    script = [*calls(agent, "nightlyExport", "createTicket", server="clearance"), *calls(agent, "getCustomer")]
    ran = run(agent, tmp_path / "run", servers, script, files=exported(agent.target, gateway=gateway.url))
    assert ran.offered("crm", "clearance") == spelled(
        agent, ("listCustomers", "getCustomer", "createTicket", "listInvoices", "nightlyExport"), "clearance"
    ), ran.printed
    assert (crm.calls(), gateway.calls()) == ([], ["nightlyExport", "createTicket"])


def test_gemini_keeps_the_limit_of_a_parameter(crm, exported, tmp_path):
    agent = AGENTS["gemini"]
    name = agent.spelled("crm", "listInvoices")
    sent: list[dict[str, Any]] = [
        {"limit": 100}, {"limit": 101}, {}, {"id": "7"}, {"limit": "5"}, {"limit": 5.5},
        {"id": '"limit":5', "limit": 500}, {"filter": {"limit": 5}, "limit": 500}, {"id": '\x00"limit":5\x00', "limit": 500},
    ]  # fmt: skip
    ran = run(agent, tmp_path / "run", {"crm": crm.url}, [(name, one) for one in sent], files=exported("gemini"))
    assert len(ran.talk.answers) == len(sent), ran.printed
    assert crm.calls() == ["listInvoices"]


#: Faults that an exporter could have, each with the agent that would notice.
def _allow_only(files):
    settings = json.loads(files["settings.json"])
    del settings["permissions"]["deny"]
    return {**files, "settings.json": json.dumps(settings).encode()}


def _replaced(file, old, new):
    return lambda files: {**files, file: files[file].replace(old, new)}


def _wildcard_last(files):
    permission = json.loads(files["opencode.json"])["permission"]
    wildcard = permission.pop("crm_*")
    return {**files, "opencode.json": json.dumps({"permission": permission | {"crm_*": wildcard}}).encode()}


def _no_list(files):
    servers = json.loads(files["mcp-config.json"])["mcpServers"]
    del servers["crm"]["tools"]
    return {**files, "mcp-config.json": json.dumps({"mcpServers": servers}).encode()}


def _low_priority(files):
    return {**files, "clearance.toml": files["clearance.toml"].replace(b"960", b"100").replace(b"970", b"110")}


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("claude-code", _allow_only),
        ("claude-code", _replaced("settings.json", b"deleteCustomer", b"deletecustomer")),
        ("claude-code", _replaced("settings.json", b"mcp__crm__deleteCustomer", b"deleteCustomer")),
        ("codex", _replaced("config.toml", b'"getCustomer"', b'"mcp__crm__getCustomer"')),
        ("codex", _replaced("config.toml", b'"getCustomer"', b'"getcustomer"')),
        ("codex", _replaced("config.toml", b"enabled_tools", b"disabled_tools")),
        ("copilot", _no_list),
        ("copilot", _replaced("mcp-config.json", b'"getCustomer"', b'"crm-getCustomer"')),
        ("gemini", _replaced("clearance.toml", b'toolName = "getCustomer"', b'toolName = "getcustomer"')),
        ("gemini", _replaced("clearance.toml", b'toolName = "*"', b'toolName = "crm_*"')),
        ("gemini", _low_priority),
        ("opencode", _wildcard_last),
        ("opencode", _replaced("opencode.json", b"crm_getCustomer", b"getCustomer")),
    ],
)
def test_a_faulty_export_would_be_seen(name, fault, crm, exported, tmp_path):
    agent = AGENTS[name]
    files = fault(exported(agent.target))
    assert files != exported(agent.target)
    ran = run(agent, tmp_path / "run", {"crm": crm.url}, calls(agent, "getCustomer"), files=files)
    assert ran.talk.requests, ran.printed
    assert ran.offered("crm") != spelled(agent, OFFERED[name])
