"""`clearance flows`, and `retag --flow-role`."""

import json


def test_flows_list_what_to_block(run, fresh, file):
    ran = run("flows", fresh)
    assert "exfiltration path over approved and undecided tools: present" in ran.out
    assert "no untrusted content after blocking 3: listCustomerNotes, listSupportTickets, getSupportTicket" in ran.out
    report = run("flows", fresh, "--json").json
    assert report["approved_and_undecided"]["exfiltration_path"] == "present"
    assert report["approved"]["exfiltration_path"] == "absent"
    assert [cut["flow_role"] for cut in report["approved_and_undecided"]["cuts"]] == [
        "untrusted content",
        "exfiltration sink",
    ]
    assert run("flows", file, "--json").json["approved_and_undecided"]["exfiltration_path"] == "broken by condition"
    assert "a person approves each call of 1: sendCustomerMessage" in run("flows", file).out


def test_a_flow_role_is_overridden(run, fresh):
    assert run("retag", fresh, "getPlan", "--flow-role", "untrusted-content", "--reason", "partners write it").code == 0
    lending = run("flows", fresh, "--json").json["flow_roles"]
    assert any(tool.endswith("/plans/{}") for tool in lending["untrusted content"])
    assert run("retag", fresh, "getPlan", "--flow-role", "untrusted-content", "--absent", "--reason", "no").code == 0
    assert run("flows", fresh, "--json").json["flow_roles"]["untrusted content"] != lending["untrusted content"]


def listed(tmp_path, tools, **more):
    """Return the path of a saved tool list."""
    entries = [{"name": name, "description": text, "inputSchema": {"type": "object"}} for name, text in tools.items()]
    file = tmp_path / "tools.json"
    file.write_text(json.dumps({"tools": entries, **more}))
    return file


def test_a_source_with_errors_leaves_the_path_unknown(run, tmp_path):
    tools = {"list_colours": "Lists the colours of the catalogue"}
    whole, part = (tmp_path / name for name in ("whole.clearance", "part.clearance"))
    run("review", listed(tmp_path, tools), "-w", whole, "--no-desk")
    run("review", listed(tmp_path, tools, nextCursor="2"), "-w", part, "--no-desk")
    assert run("flows", whole, "--json").json["approved_and_undecided"]["exfiltration_path"] == "absent"
    report = run("flows", part, "--json").json
    assert report["approved_and_undecided"]["exfiltration_path"] == "not known"
    assert report["approved"]["exfiltration_path"] == "absent"
    shown = run("flows", part).out
    assert "was read with errors: tools may be missing" in shown
    assert "exfiltration path over approved tools: nothing is approved yet" in shown
    assert report["approved"]["tools"] == 0
    stated = {finding["rule"]: finding["matched"] for finding in run("status", part, "--json").json["findings"]}
    assert "read with errors, so that tools may be missing" in stated["FLO-008"]
    assert "FLO-008" not in {finding["rule"] for finding in run("status", whole, "--json").json["findings"]}
    run("decide", part, "--where", "name:list_colours", "--approve", "--reason", "needed")
    assert run("flows", part, "--json").json["approved"]["exfiltration_path"] == "not known"


def test_tools_that_are_not_settled_are_named_with_the_reason(run, tmp_path):
    file = tmp_path / "made.clearance"
    tools = {"read_mails": "Reads the mails of the user", "process_record": "Processes a record"}
    entries = listed(tmp_path, tools)
    data = json.loads(entries.read_text())
    data["tools"][1]["inputSchema"]["properties"] = {"record": {"type": "string"}}
    entries.write_text(json.dumps(data))
    run("review", entries, "-w", file, "--no-desk")
    ran = run("flows", file).out
    assert "exfiltration path over approved and undecided tools: not known" in ran
    assert "not settled: process_record (" in ran
    assert "exfiltration sink: the effect is unclear" in ran
    assert "no exfiltration sink after blocking 1: process_record" in ran
    decided = run("decide", file, "--where", "name:read_mails", "--approve", "--reason", "needed", "--json").json
    assert decided["exfiltration_path"] == "unchanged"
    decided = run("decide", file, "--where", "name:process_record", "--approve", "--reason", "needed", "--json").json
    assert decided["exfiltration_path"] == "no longer ruled out"
    found = {finding["rule"] for finding in run("status", file, "--json").json["findings"]}
    assert "FLO-008" in found
    run("decide", file, "--where", "name:process_record", "--block", "--reason", "not needed")
    assert run("flows", file, "--json").json["approved_and_undecided"]["exfiltration_path"] == "absent"
