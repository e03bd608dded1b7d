"""The files of an organisation, in a private copy of `/etc`: the gateway is reached, and no other server."""

from __future__ import annotations

import json

import pytest

from tests.e2e.agents.agents import AGENTS, can_have_system_files, run

pytestmark = pytest.mark.skipif(
    not can_have_system_files(),
    reason="no private copy of /etc can be mounted here: it takes Linux and an administrator",
)
#: Files of the lock for each agent, and where each belongs below /etc.
LOCKS = {
    "claude-code": {
        "claude-code-managed-settings.json": "claude-code/managed-settings.json",
        "claude-code-managed-mcp.json": "claude-code/managed-mcp.json",
    },
    "codex": {"codex-requirements.toml": "codex/requirements.toml"},
    "copilot": {"copilot-managed-settings.json": "github-copilot/managed-settings.json"},
    "gemini": {"gemini-clearance-lock.toml": "gemini-cli/policies/clearance-lock.toml"},
}
APPROVED = ("getCustomer", "createTicket")


@pytest.fixture(params=LOCKS)
def agent(request):
    return AGENTS[request.param]


def locked(agent, files):
    return {place: files[name] for name, place in LOCKS[agent.name].items()}


#: Without a person, Codex calls nothing that has no read-only hint unless the user's file says that it is approved.
def user_files(agent, *servers):
    if agent.name != "codex":
        return {}
    table = '[mcp_servers."{}"]\ndefault_tools_approval_mode = "approve"\n'
    return {"config.toml": "".join(map(table.format, servers)).encode()}


def both(agent):
    return [(agent.spelled(server, "getCustomer"), {}) for server in ("clearance", "crm")]


def test_the_gateway_alone_is_reached(agent, crm, serving, exported, tmp_path):
    gateway = serving(APPROVED)
    servers = {"clearance": gateway.url, "crm": crm.url}
    system = locked(agent, exported("lock", gateway=gateway.url))
    ran = run(agent, tmp_path / "run", servers, both(agent), files=user_files(agent, *servers), system=system)
    assert ran.offered("clearance", "crm") == sorted(agent.spelled("clearance", name) for name in APPROVED), ran.printed
    assert (gateway.calls(), crm.calls()) == (["getCustomer"], [])
    assert agent.refusal in ran.talk.answers[1]


def test_the_lock_of_a_draft_reaches_nothing(agent, crm, serving, exported, tmp_path):
    gateway = serving(APPROVED)
    servers = {"clearance": gateway.url, "crm": crm.url}
    system = locked(agent, exported("lock", gateway=gateway.url, open_gates=("1 of 8 tools undecided",)))
    ran = run(agent, tmp_path / "run", servers, both(agent), files=user_files(agent, *servers), system=system)
    assert len(ran.talk.answers) == 2, ran.printed
    assert (ran.offered("clearance", "crm"), gateway.calls(), crm.calls()) == ([], [], [])


@pytest.mark.parametrize("name", ["codex", "copilot"])
def test_the_name_of_the_gateway_does_not_open_another_address(name, crm, serving, exported, tmp_path):
    agent, gateway = AGENTS[name], serving(APPROVED)
    system = locked(agent, exported("lock", gateway=gateway.url))
    ran = run(
        agent,
        tmp_path / "run",
        {"clearance": crm.url},
        both(agent)[:1],
        files=user_files(agent, "clearance"),
        system=system,
    )
    assert len(ran.talk.answers) == 1, ran.printed
    assert (ran.offered("clearance"), crm.calls()) == ([], [])


#: Files of the organisation that name tools.
MANAGED = {
    "claude-code": ("managed-settings.json", "claude-code/managed-settings.json", ()),
    "copilot": ("managed-settings.json", "github-copilot/managed-settings.json", ()),
    "gemini": ("clearance.toml", "gemini-cli/policies/clearance.toml", ("-y",)),
}


@pytest.mark.parametrize("name", MANAGED)
def test_what_the_organisation_decides_holds_against_every_switch_of_the_user(name, crm, exported, tmp_path):
    agent = AGENTS[name]
    file, place, flags = MANAGED[name]
    flags = ("--permission-mode", "bypassPermissions") if name == "claude-code" else flags
    script = [
        (agent.spelled("crm", tool), {}) for tool in ("getCustomer", "createTicket", "deleteCustomer", "refundPayment")
    ]
    ran = run(agent, tmp_path / "run", {"crm": crm.url}, script, system={place: exported(name)[file]}, flags=flags)
    assert len(ran.talk.answers) == len(script), ran.printed
    assert crm.calls() == ["getCustomer"]


def test_copilot_without_an_allowed_tool_calls_none(crm, exported, tmp_path):
    agent = AGENTS["copilot"]
    managed = exported("copilot", open_gates=("1 of 8 tools undecided",))["managed-settings.json"]
    assert json.loads(managed)["permissions"]["allow"] == []
    system = {"github-copilot/managed-settings.json": managed}
    ran = run(agent, tmp_path / "run", {"crm": crm.url}, [(agent.spelled("crm", "getCustomer"), {})], system=system)
    assert (len(ran.talk.answers), crm.calls()) == (1, [])
