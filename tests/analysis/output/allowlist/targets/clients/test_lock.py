"""The lock: each client reaches the address of the gateway alone, and nothing when the review is a draft."""

from __future__ import annotations

import json
import tomllib

import pytest

from analysis.errors import UsageError
from analysis.model import DecisionState

GATEWAY = "https://gateway.example/mcp"
FILES = {
    "codex-requirements.toml", "claude-code-managed-settings.json", "claude-code-managed-mcp.json",
    "copilot-managed-settings.json", "gemini-clearance-lock.toml", "README.txt",
}  # fmt: skip


@pytest.fixture
def locked(exported, snapshot):
    """Export the lock: its files as data."""

    def locking(gateway=GATEWAY, **more):
        files, left_out = exported("lock", snapshot(("getCustomer", DecisionState.APPROVED), **more), gateway)
        assert (set(files), left_out) == (FILES, {})
        read = {name: tomllib.loads(text.decode()) for name, text in files.items() if name.endswith(".toml")}
        return read | {name: json.loads(text) for name, text in files.items() if name.endswith(".json")}

    return locking


def test_each_client_reaches_the_gateway_alone(locked):
    files = locked()
    assert files["codex-requirements.toml"] == {"mcp_servers": {"clearance": {"identity": {"url": GATEWAY}}}}
    assert files["claude-code-managed-settings.json"] == {
        "allowedMcpServers": [{"serverUrl": GATEWAY}],
        "allowManagedMcpServersOnly": True,
        "permissions": {"allow": ["mcp__clearance"]},
    }
    assert files["claude-code-managed-mcp.json"] == {"mcpServers": {"clearance": {"type": "http", "url": GATEWAY}}}
    assert files["copilot-managed-settings.json"] == {"allowedMcpServers": [{"serverUrl": GATEWAY}]}
    deny, allow = files["gemini-clearance-lock.toml"]["rule"]
    assert (deny["mcpName"], deny["toolName"], deny["decision"]) == ("*", "*", "deny")
    assert (allow["mcpName"], allow["toolName"], allow["decision"]) == ("clearance", "*", "allow")
    assert 950 < deny["priority"] < allow["priority"] < 960  # above rules of users, below those for single tools


def test_the_lock_of_a_draft_reaches_nothing(locked):
    files = locked(open_gates=("1 of 2 tools undecided",))
    assert files["codex-requirements.toml"] == {"mcp_servers": {}}
    assert files["claude-code-managed-settings.json"] == {"allowedMcpServers": [], "allowManagedMcpServersOnly": True}
    assert files["claude-code-managed-mcp.json"] == {"mcpServers": {}}
    assert files["copilot-managed-settings.json"] == {"allowedMcpServers": []}
    assert [rule["decision"] for rule in files["gemini-clearance-lock.toml"]["rule"]] == ["deny"]


def test_without_the_address_the_option_is_named(locked):
    with pytest.raises(UsageError, match="needs the address of the gateway") as refused:
        locked("")
    assert "--gateway" in refused.value.remedy


@pytest.mark.parametrize(
    "address",
    [
        "https://*.example/mcp", "https://gateway.example/*", "gateway.example", "ftp://gateway.example", "https://",
        "https://user@gateway.example/mcp", "https://gateway.example/mcp?x=1", "https://gateway.example/mcp#a",
        "https://gateway.example/ mcp", "https://gateway.example\n", "https://größe.example/mcp", 'https://a"b/',
    ],
)  # fmt: skip
def test_an_address_that_clients_read_differently_is_refused(locked, address):
    with pytest.raises(UsageError, match="not one that every client compares"):
        locked(address)
