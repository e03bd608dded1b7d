"""`clearance flows`, and `retag --flow-role`."""


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
