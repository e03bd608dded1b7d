"""Agents written in Python with the exported program, and requests to hosted models against the types of their SDKs."""

from __future__ import annotations

import json

import pytest

from tests.e2e.agents.conftest import DECIDED, NOTHING
from tests.e2e.agents.model_stub import model
from tests.e2e.installed import drive

OFFERED = ["createTicket", "getCustomer", "listCustomers"]
FRAMEWORKS = {
    "openai-agents": ("run_openai_agents.py", "ModelBehaviorError: Tool deleteCustomer not found"),
    "pydantic-ai": ("run_pydantic_ai.py", "Unknown tool name: 'deleteCustomer'"),
}


@pytest.fixture(params=FRAMEWORKS)
def running(request, exported, crm, tmp_path):
    """Run an agent of a framework with exported decisions: its conversation, and what it printed."""
    driver, refusal = FRAMEWORKS[request.param]

    def started(script, *arguments, server="crm", **more):
        for name, content in exported("python-agents", *arguments, **more).items():
            (tmp_path / name).write_bytes(content)
        with model([(name, {"id": "7"}) for name in script]) as (stub, talk):
            said = json.loads(drive(request.param, driver, crm.url, stub, tmp_path, server))
        return talk, said, refusal

    return started


def test_offered_is_approved_and_a_blocked_call_never_arrives(running, crm):
    talk, said, refusal = running(["getCustomer", "deleteCustomer"])
    assert sorted(talk.offered) == OFFERED
    assert crm.calls() == ["getCustomer"]
    assert any(refusal in text for text in (said["ended"], *talk.answers)), (said, talk.answers)


def test_a_call_that_a_person_has_to_confirm_waits_for_one(running, crm):
    _, said, _ = running(["createTicket"])
    assert (said["asked"], crm.calls()) == (["createTicket"], [])


@pytest.mark.parametrize("why", ["blocked", "draft", "a server that is not listed"])
def test_nothing_approved_is_nothing_offered(running, crm, why):
    if why == "blocked":
        talk, _, _ = running(["deleteCustomer"], NOTHING)
    elif why == "draft":
        talk, _, _ = running(["deleteCustomer"], DECIDED, open_gates=("1 of 8 tools undecided",))
    else:
        talk, _, _ = running(["deleteCustomer"], server="other")
    assert talk.requests
    assert (talk.offered, crm.calls()) == ([], [])


@pytest.mark.parametrize("gateway", ["", "https://gateway.example/mcp"])
@pytest.mark.parametrize("decided", [DECIDED, NOTHING], ids=["decided", "nothing"])
@pytest.mark.parametrize(("name", "file"), [("openai", "tools.json"), ("anthropic", "request.json")])
def test_a_request_has_the_types_of_the_sdk(exported, tmp_path, name, file, decided, gateway):
    path = tmp_path / file
    path.write_bytes(exported(name, decided, gateway)[file])
    checked = json.loads(drive(name, "check_requests.py", name, path))
    assert checked["faults"] == []
    assert checked["checked"] >= (0 if name == "openai" and decided is NOTHING else 1)


@pytest.mark.parametrize(
    ("name", "file", "old", "new"),
    [
        ("openai", "tools.json", b'"allowed_tools"', b'"allowed_tool"'),
        ("openai", "tools.json", b'"tool_names"', b'"names"'),
        ("anthropic", "request.json", b'"default_config"', b'"default"'),
        ("anthropic", "request.json", b'"mcp_toolset"', b'"mcp"'),
    ],
)
def test_a_misspelt_key_would_be_seen(exported, tmp_path, name, file, old, new):
    path = tmp_path / file
    path.write_bytes(exported(name)[file].replace(old, new))
    assert json.loads(drive(name, "check_requests.py", name, path))["faults"]
