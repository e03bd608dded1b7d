"""A tool is serialised once: every command, the packet and the allowlist state it under the same keys."""

import json

import pytest

#: Keys that `inspect` promises for each tool and each finding.
INSPECTED = {
    "id", "name", "method", "path", "operation_id", "effect", "type", "types", "risk", "reversibility", "data", "roles",
    "reasons", "confidence", "findings", "tokens",
}  # fmt: skip
FOUND = {"rule", "severity", "confidence", "matched", "pointer", "line"}


@pytest.fixture
def records(run, file, source, tmp_path):
    """One tool, as each output states it."""

    def named(tools, name="refundPayment"):
        return next(tool for tool in tools if name in (tool.get("name"), tool.get("operation", {}).get("operation_id")))

    assert run("export", file, tmp_path / "packet").code == 0
    packet = {name: json.loads((tmp_path / "packet" / name).read_bytes()) for name in ("review.json", "allowlist.json")}
    return {
        "inspect": named(run("inspect", source, "--json").json["tools"]),
        "why": run("inspect", source, "--why", "refundPayment", "--json").json,
        "tools": named(run("tools", file, "--json").json),
        "show": run("show", file, "refundPayment", "--json").json,
        "packet": named(packet["review.json"]["tools"]),
        "allowlist": named(packet["allowlist.json"]["tools"]),
    }


def test_a_key_has_one_meaning_in_every_output(records):
    """What differs by design: a list shortens texts, `inspect` knows no decision, the allowlist has its own words."""
    by_design = {
        "summary", "findings", "finding_ids", "decision", "conditions", "surroundings", "called_for",
    }  # fmt: skip
    values = {}
    for where, record in records.items():
        for key in record.keys() - by_design:
            values.setdefault(key, {})[where] = json.dumps(record[key], sort_keys=True)
    assert {key: found for key, found in values.items() if len(set(found.values())) > 1} == {}
    shared = {key for key, found in values.items() if len(found) == len(records)}
    assert shared >= {"id", "source", "digest", "effect", "type", "risk"}


def test_inspect_keeps_its_contract(run, source, records):
    data = run("inspect", source, "--json").json
    assert set(data) >= {"source", "tools", "resources", "prompts", "problems", "not_checked"}
    assert (data["resources"], data["prompts"]) == ([], [])
    for tool in data["tools"]:
        assert set(tool) >= INSPECTED
        assert all(set(finding) >= FOUND for finding in tool["findings"])
    assert isinstance(records["inspect"]["confidence"], float)
    assert any(tool["findings"] for tool in data["tools"])
    listed, alone = set(records["inspect"]), set(records["why"])
    assert {name: records["why"][name] for name in listed & alone} == {
        name: records["inspect"][name] for name in listed & alone
    }
    assert (listed - alone, alone - listed) == (  # of one tool the names, of many the numbers of sets
        {"request_field_set", "response_field_set"},
        {"request_fields", "response_fields"},
    )
    slices = data["field_sets"]["sets"][records["inspect"]["request_field_set"]]
    names = [name for start, end in slices for name in data["field_sets"]["names"][start:end]]
    assert sorted(names) == records["why"]["request_fields"]


def test_inspect_says_that_a_server_may_offer_more_than_tools(run, tmp_path):
    (tmp_path / "tools.json").write_text(json.dumps({"tools": [{"name": "a", "inputSchema": {"type": "object"}}]}))
    not_checked = run("inspect", tmp_path / "tools.json", "--json").json["not_checked"]
    assert "resources and prompts" in {each["check"] for each in not_checked}


def test_the_allowlist_has_the_words_of_its_own_contract(records):
    assert records["allowlist"]["decision"] in {"allow", "conditional", "block"}
    assert set(records["allowlist"]["operation"]) >= {"method", "path"}
    assert records["tools"]["decision"] == records["show"]["decision"] == records["packet"]["decision"]
