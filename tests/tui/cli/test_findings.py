"""`clearance findings`, `dispose`: filters, and dispositions of many findings at once."""

import json

import pytest


def ids(ran):
    return {each["id"] for each in ran.json}


def test_new_since_lists_findings_missing_from_an_earlier_packet(run, file):
    assert run("export", file, "packet").code == 0
    assert "0 findings" in run("findings", file, "--new-since", "packet").out
    run("decide", file, "--where", "name:deleteCustomer", "--approve", "--reason", "x")
    new = run("findings", file, "--new-since", "packet/review.json", "--json").json
    assert {each["rule"] for each in new} == {"EXP-005"}
    assert run("findings", file, "--new-since", file).code == 3


def test_suppressed_findings_show_who_and_why(run, file):
    ran = run("findings", file, "--suppressed")
    assert "false-positive (inline-control) by a.okafor: The gateway masks" in ran.out
    assert not {"open", "fixing"} & {each["status"] for each in run("findings", file, "--suppressed", "--json").json}


def test_mine_lists_findings_disposed_of_owned_or_on_decided_tools(run, file):
    mine = run("findings", file, "--mine", "--actor", "a.okafor", "--json").json
    assert {each["rule"] for each in mine} == {"DAT-001", "EFF-005", "FLO-001"}
    assert run("findings", file, "--mine", "--actor", "someone-else", "--json").json == []


def test_an_expired_acceptance_is_open_again_with_the_reason(run, file):
    accept = ["--status", "accepted", "--reason", "pilot", "--owner", "H. Field", "--voids", "decision"]
    assert run("dispose", file, "--rule", "EXP-001", *accept, "--until", "2026-03-31").code == 0
    ran = run("findings", file, "--status", "open", "--rule", "exp-001")
    assert "was accepted, open again: it ended on 2026-03-31" in ran.out
    assert run("dispose", file, "--rule", "EXP-001", *accept, "--until", "2999-01-01").code == 0
    assert run("findings", file, "--rule", "EXP-001", "--json").json[0]["status"] == "accepted"
    assert "ends early if the decision on the tool has changed" in run("findings", file, "--suppressed").out
    run("decide", file, "--where", "name:deleteCustomer", "--condition", "env=staging", "--reason", "x")
    assert run("status", file).code == 0


@pytest.mark.parametrize(
    ("which", "rules"),
    [
        (["--rule", "EXP-001"], {"EXP-001"}),
        (["--tool", "deleteCustomer"], {"EXP-001"}),
        (["--where", "name:deleteCustomer"], {"EXP-001"}),
        (["--tool", "deleteCustomer", "--rule", "EXP-002"], set()),
        (["--like", "EXP-001|customer-management-api:DELETE /customers/{}|"], {"EXP-001"}),
    ],
)
def test_many_findings_are_disposed_of_as_one_step(run, file, which, rules):
    before = run("findings", file, "--suppressed", "--json").json
    given = ["--status", "false-positive", "--code", "not-reachable", "--reason", "x"]
    preview = run("dispose", file, *which, *given, "--dry-run")
    assert preview.code == 0
    assert ("would change" in preview.out) is bool(rules)
    assert run("findings", file, "--suppressed", "--json").json == before
    assert run("dispose", file, *which, *given).code == 0
    added = [each for each in run("findings", file, "--suppressed", "--json").json if each not in before]
    assert {each["rule"] for each in added} == rules
    if rules:
        assert {each["disposition"]["code"] for each in added} == {"not-reachable"}
        run("undo", file)
        assert run("findings", file, "--suppressed", "--json").json == before


def test_a_grouped_finding_includes_its_open_members(run, spec):
    reads = {f"GET /things{n}": {"operationId": f"listThings{n}", "description": "x" * 30} for n in range(4)}
    run("review", spec(reads), "-w", "r.clearance", "--no-desk")
    rows = run("findings", "r.clearance", "--json").json
    grouped = next(each for each in rows if each["rule"] == "DAT-008")
    assert grouped["id"] in run("findings", "r.clearance", "--ids").out
    assert len(grouped["members"]) == 4
    given = ["--status", "not-applicable", "--reason", "x"]
    assert "1 finding: " in run("dispose", "r.clearance", "--finding", grouped["members"][0], *given).out
    assert "3 findings: " in run("dispose", "r.clearance", "--rule", "DAT-008", *given).out
    assert "4 findings: open" in run("dispose", "r.clearance", "--rule", "DAT-008", "--status", "open").out
    assert "4 findings: " in run("dispose", "r.clearance", "--finding", grouped["id"], *given).out


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["--rule", "EXP-001", "--finding", "x"],
        ["--finding", "x"],
        ["--tool", "deleteCustomr"],
        ["--like", "x"],
        ["--rule", "EXP-001", "--voids", "risk"],
    ],
)
def test_a_contradicting_selection_is_refused(run, file, tree, wrong):
    before = tree()
    assert run("dispose", file, *wrong, "--status", "not-applicable", "--reason", "x").code == 2
    assert tree() == before


def test_a_file_that_is_not_a_report_is_refused(run, file, tmp_path):
    (tmp_path / "other.json").write_text(json.dumps({"findings": [1]}))
    assert run("findings", file, "--new-since", "other.json").code == 2
    assert run("findings", file, "--new-since", "missing").code == 3


def test_the_change_of_the_score_is_shown(run, file):
    done = run("dispose", file, "--rule", "EXP-001", "--status", "not-applicable", "--reason", "x")
    assert done.out == "1 finding: not-applicable; score 85 → 89\n"
    assert (
        "blocked: refundPayment; score 89 → 94"
        in run("decide", file, "--where", "name:refundPayment", "--block", "--reason", "x").out
    )


def test_findings_are_listed_and_filtered(run, file):
    every = run("findings", file, "--json").json
    some = run("findings", file, "--where", "name:deleteCustomer", "--json").json
    assert 0 < len(some) < len(every)
    assert all(found["status"] == "open" for found in run("findings", file, "--status", "open", "--json").json)


def test_a_finding_is_shown_with_its_notes_and_disposition(run, file):
    identity = "EXP-001|customer-management-api:DELETE /customers/{}|"
    run("note", file, identity, "asked the owner")
    run("note", file, identity, "answers on Friday", "--actor", "bob")
    ran = run("show", file, identity)
    for part in ("subject: deleteCustomer", "remedy: ", "status: open", "asked the owner", "bob: answers on Friday"):
        assert part in ran.out
    accept = ["--status", "accepted", "--reason", "pilot", "--owner", "H. Field", "--until", "2026-03-31"]
    run("dispose", file, "--finding", identity, *accept)
    report = run("show", file, identity, "--json").json
    assert (report["reopened_reason"], report["disposition"]["owner"]) == ("it ended on 2026-03-31", "H. Field")
    assert len(report["notes"]) == 2


def test_a_misread_definition_closes_what_was_misread_in_the_same_way_and_is_counted(run, tmp_path):
    names = {"openDoor": "pin_code", "openGate": "pin_code", "openBox": "api_key"}
    tools = [
        {"name": name, "description": "Opens it.", "inputSchema": {"type": "object", "properties": {field: {"type": "string"}}}}
        for name, field in names.items()
    ]  # fmt: skip
    source, review = tmp_path / "tools.json", tmp_path / "r.clearance"
    source.write_text(json.dumps({"tools": tools}))
    run("review", source, "-w", review, "--no-desk")
    one = next(each for each in run("findings", review, "--rule", "CRD-009", "--json").json if "pin" in each["matched"])
    given = ["--finding", one["id"], "--status", "false-positive", "--code", "misread", "--reason", "a lift code"]
    assert "would change 2 findings" in run("dispose", review, *given, "--dry-run").out
    assert "2 findings: false-positive, 1 of them with the same evidence" in run("dispose", review, *given).out
    listed = next(row for row in run("rules", "--stats", review).out.splitlines() if row.startswith("CRD-009"))
    assert listed.split()[3:8] == ["3", "1", "2", "0", "2"]
    assert "false positives by code: misread 2" in run("rules", "CRD-009", "--stats", review).out


def test_the_status_shows_the_queue_and_what_to_do(run, spec):
    operations = {"GET /things": {"operationId": "listThings"}, "POST /things": {"operationId": "createThing"}}
    run("review", spec(operations), "-w", "r.clearance", "--no-desk")
    queue = run("status", "r.clearance", "--json").json["queue"]
    assert [(row["rule"], row["tools"], row["points"]) for row in queue] == [("EXP-003", 1, 2), ("EXP-004", 1, 1)]
    shown = run("status", "r.clearance").out
    assert "queue: Side-effect tool undecided: 1 (--where 'is:undecided class:side-effect -type:billing')" in shown
    assert "Decide: approve, approve with conditions, or block." in shown
    assert not [f for f in run("findings", "r.clearance", "--json").json if f["rule"] in {"EXP-003", "EXP-004"}]
    for row in queue:
        run("decide", "r.clearance", "--where", row["query"], "--block", "--reason", "unused")
    assert run("status", "r.clearance", "--json").json["queue"] == []
