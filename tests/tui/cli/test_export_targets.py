"""`clearance export --target`: a completed review exported for a gateway, and the option that a target needs."""

import json

GATEWAY = "https://gateway.example/mcp"


def test_the_lock_asks_for_the_address_of_the_gateway_and_writes_nothing(run, completed, tmp_path):
    ran = run("export", completed, tmp_path / "packet", "--target", "lock")
    assert ran.code == 2
    assert "--gateway" in ran.err
    assert not (tmp_path / "packet").exists()


def test_a_completed_review_is_exported_for_a_gateway(run, completed, tmp_path):
    packet = tmp_path / "packet"
    targets = ("lock", "claude-code", "rego")
    options = [part for name in targets for part in ("--target", name)]
    assert run("export", completed, packet, *options, "--gateway", GATEWAY).code == 0
    allowlist = json.loads((packet / "allowlist.json").read_bytes())
    approved = {tool["names"]["clearance"] for tool in allowlist["tools"] if tool["decision"] != "block"}
    blocked = {tool["names"]["clearance"] for tool in allowlist["tools"]} - approved
    assert approved
    assert blocked
    rules = json.loads((packet / "targets/claude-code/settings.json").read_bytes())["permissions"]
    assert {rule.removeprefix("mcp__clearance__") for rule in rules["allow"]} == approved
    assert {f"mcp__clearance__{name}" for name in blocked} <= set(rules["deny"])
    data = json.loads((packet / "targets/rego/data.json").read_bytes())
    assert set(data["clearance_allowlist"]["servers"]["clearance"]) == approved
    assert allowlist["unrepresentable"] == []


def test_without_a_gateway_every_operation_is_left_out_aloud(run, completed, tmp_path):
    ran = run("export", completed, tmp_path / "packet", "--target", "codex")
    allowlist = json.loads((tmp_path / "packet" / "allowlist.json").read_bytes())
    approved = {tool["id"] for tool in allowlist["tools"] if tool["decision"] != "block"}
    assert {each["tool"] for each in allowlist["unrepresentable"]} == approved
    assert f"codex: left out {min(approved)}" in ran.out
