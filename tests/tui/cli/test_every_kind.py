"""A server with resources and prompts, from its list to the packet: everything decided, listed and exported by kind."""

import json

import pytest

LIST = {
    "serverInfo": {"name": "mill", "version": "1"},
    "capabilities": {"tools": {}, "resources": {}, "prompts": {}},
    "instructions": "Grind slowly.",
    "tools": [{"name": "list_sacks", "description": "Lists sacks of flour.", "inputSchema": {"type": "object"}}],
    "resources": [{"uri": "mill://ledger", "name": "ledger", "description": "What is owed by whom."}],
    "resourceTemplates": [{"uriTemplate": "file:///{path}", "name": "list_sacks"}],
    "prompts": [{"name": "grind", "description": "Grinds a sack."}],
}


@pytest.fixture
def review(run, tmp_path):
    source = tmp_path / "mill.json"
    source.write_text(json.dumps(LIST))
    file = tmp_path / "mill.clearance"
    run("review", source, "-w", file, "--no-desk", "--actor", "ann")
    return file


def names(run, file, query):
    return {tool["name"] for tool in run("tools", file, "--where", query, "--json").json}


def test_queries_select_by_kind(run, review):
    assert names(run, review, "kind:resource") == {"ledger"}
    assert names(run, review, "kind:resource,resource-template,prompt") == {"ledger", "list_sacks", "grind"}
    assert names(run, review, "-kind:tool kind:instructions") == {"instructions"}


def test_counts_and_progress_cover_every_kind(run, review):
    status = run("status", review, "--json").json
    assert status["counts"]["tools"] == 1
    assert status["counts"]["kind"] == {
        "tool": 1, "resource": 1, "resource-template": 1, "prompt": 1, "instructions": 1, "client-request": 0,
    }  # fmt: skip
    assert (status["progress"]["tools"], status["progress"]["others"]) == (5, 4)
    printed = run("status", review).out
    assert "0/5 capabilities decided" in printed
    assert "1 tool" in printed
    assert "1 resource template, 1 prompt, 1 server instructions" in printed


def test_what_is_decided_leaves_in_the_list_of_its_kind(run, review, tmp_path):
    for query, verb in (("kind:resource", "--approve"), ("kind:prompt", "--block")):
        run("decide", review, "--where", query, verb, "--reason", "Read it.", "--actor", "ann")
    run("export", review, tmp_path / "packet", "--target", "codex")
    allowlist = json.loads((tmp_path / "packet" / "allowlist.json").read_text())
    decided = {
        name: [
            (entry.get("uri") or entry.get("uri_template") or entry["mcp_name"], entry["as_decided"])
            for entry in listed
        ]
        for name, listed in allowlist.items()
        if isinstance(listed, list) and listed and "as_decided" in listed[0]
    }
    assert decided == {
        "tools": [("list_sacks", "block")],
        "resources": [("mill://ledger", "allow")],
        "resource_templates": [("file:///{path}", "block")],
        "prompts": [("grind", "block")],
        "instructions": [("instructions", "block")],
    }
    assert allowlist["client_requests"] == []
    assert allowlist["default"] == "deny"
    page = (tmp_path / "packet" / "review.md").read_text()
    assert "1 tool, 1 resource, 1 resource template, 1 prompt, 1 server instructions" in page
    assert "mill://ledger" in (tmp_path / "packet" / "tools.csv").read_text()


def test_a_target_for_tools_never_names_another_kind(run, review, tmp_path):
    run(
        "decide",
        review,
        "--where",
        "kind:resource,resource-template,prompt",
        "--approve",
        "--reason",
        "Fine.",
        "--actor",
        "ann",
    )
    run("export", review, tmp_path / "packet", "--target", "codex")
    target = (tmp_path / "packet" / "targets" / "codex" / "config.toml").read_text()
    assert "ledger" not in target
    assert "grind" not in target
    assert '"list_sacks"' not in target


def test_the_allowlist_covers_the_inventory(run, review, tmp_path):
    run("export", review, tmp_path / "packet")
    allowlist = json.loads((tmp_path / "packet" / "allowlist.json").read_text())
    document = json.loads((tmp_path / "packet" / "review.json").read_text())
    listed = [
        entry["id"] for value in allowlist.values() if isinstance(value, list) for entry in value if "digest" in entry
    ]
    assert sorted(listed) == sorted(tool["id"] for tool in document["tools"])
    assert allowlist["inventory_sha256"] == document["inventory_sha256"]


def test_a_changed_prompt_is_undecided_again(run, review, tmp_path):
    run("decide", review, "--where", "kind:prompt,resource", "--approve", "--reason", "Fine.", "--actor", "ann")
    changed = LIST | {"prompts": [{"name": "grind", "description": "Grinds two sacks."}]}
    (tmp_path / "mill.json").write_text(json.dumps(changed))
    run("import", review, tmp_path / "mill.json", "--actor", "ann")
    assert names(run, review, "is:stale") == {"grind"}
    assert names(run, review, "is:approved") == {"ledger"}


def test_inspect_lists_each_kind_by_itself(run, tmp_path):
    (tmp_path / "mill.json").write_text(json.dumps(LIST))
    data = run("inspect", tmp_path / "mill.json", "--json").json
    assert [tool["name"] for tool in data["tools"]] == ["list_sacks"]
    assert [(each["kind"], each["path"]) for each in data["resources"]] == [
        ("resource", "mill://ledger"),
        ("resource-template", "file:///{path}"),
    ]
    assert [prompt["name"] for prompt in data["prompts"]] == ["grind"]
    assert [each["description"] for each in data["instructions"]] == ["Grind slowly."]
    printed = run("inspect", tmp_path / "mill.json").out
    assert "1 tools: 1 read-only" in printed
    assert "also: 1 resource, 1 resource template, 1 prompt, 1 server instructions" in printed
    assert "resource template file:///{path}" in printed
    assert len(run("inspect", tmp_path / "mill.json", "--csv").out.splitlines()) == 6
