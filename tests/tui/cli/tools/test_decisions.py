"""`clearance decide`."""

import json

import pytest


def decisions(run, file):
    return run("status", file, "--json").json["counts"]["decision"]


LOWER = "(is:undecided OR is:conditional OR name:purge) -risk:high"


@pytest.mark.parametrize(
    ("where", "flags", "tools", "counts"),
    [
        (LOWER, ["--approve"], 5, {"undecided": 1, "approved": 38, "conditional": 1, "blocked": 8}),
        (LOWER.removesuffix(" -risk:high"), ["--block"], 8, {"undecided": 0, "approved": 33, "conditional": 0, "blocked": 15}),
        (LOWER.removesuffix(" -risk:high"), ["--clear"], 8, {"undecided": 8, "approved": 33, "conditional": 0, "blocked": 7}),
        (LOWER, ["--condition", "rate=5 per hour", "--condition", "approval=one person | REC-1"], 5,
         {"undecided": 1, "approved": 33, "conditional": 6, "blocked": 8}),
    ],
)  # fmt: skip
def test_decide_decides_the_selected_tools_as_one_action(run, file, where, flags, tools, counts):
    ran = run("decide", file, "--where", where, *flags, "--reason", "for a test")
    assert (ran.code, ran.err) == (0, "")
    assert f"{tools} tools" in ran.out.splitlines()[0]
    assert decisions(run, file) == counts
    entries = run("log", file, "--json").json[-tools:]
    assert {(e["actor"], e["kind"]) for e in entries} == {("ann@corp.example", "tool.decided")}
    assert len({json.loads(entry["body"])["batch"] for entry in entries}) == 1


@pytest.mark.parametrize("flags", [["--approve"], ["--condition", "rate=5 per hour"], ["--approve", "--dry-run"]])
def test_a_script_approves_no_high_risk_in_bulk(run, file, flags):
    before = decisions(run, file)
    ran = run("decide", file, "--where", "risk:high", *flags, "--reason", "all of them")
    assert (ran.code, ran.out) == (1, "")
    assert "are HIGH risk and were not opened" in ran.err
    assert decisions(run, file) == before
    one = run("decide", file, "--where", "name:refundPayment", "--approve", "--reason", "read its page")
    assert one.code == 0


def test_a_dry_run_lists_the_tools_and_changes_nothing(run, file, tree):
    before = tree()
    ran = run("decide", file, "--where", "class:billing", "--block", "--reason", "x", "--dry-run")
    assert (ran.code, tree()) == (0, before)
    assert ran.out.startswith("would decide 3 tools:\n")
    assert len(ran.out.splitlines()) == 4
    assert "refundPayment" in ran.out


@pytest.mark.parametrize("flag", [[], ["--dry-run"]])
def test_a_query_without_matches_decides_nothing(run, file, tree, flag):
    before = tree()
    ran = run("decide", file, "--where", "name:nothing-of-the-kind", "--block", "--reason", "x", *flag)
    assert (ran.code, ran.out, tree()) == (0, "no tool matches; nothing was decided\n", before)


def test_decide_records_the_actor(run, file, monkeypatch):
    call = ("decide", file, "--where", "name:listTags", "--block", "--reason", "x")
    run(*call, "--actor", "bob")
    assert run("log", file, "--json").json[-1]["actor"] == "bob"
    run(*call)
    assert run("log", file, "--json").json[-1]["actor"] == "ann@corp.example"
    monkeypatch.delenv("CLEARANCE_ACTOR")
    monkeypatch.setenv("LOGNAME", "login-name")
    run(*call)
    assert run("log", file, "--json").json[-1]["actor"] == "login-name"


def test_decide_reports_a_completed_and_a_removed_exfiltration_path(run, fresh):
    every = ["decide", fresh, "--where", "name:listCustomers,sendCustomerMessage,getSupportTicket", "--reason", "x"]
    assert "this completes an exfiltration path" in run(*every, "--approve", "--dry-run").out
    assert run(*every, "--approve", "--json").json["exfiltration_path"] == "completed"
    blocked = run("decide", fresh, "--where", "name:sendCustomerMessage", "--block", "--reason", "x")
    assert "this removes the exfiltration path" in blocked.out
    assert run("decide", fresh, "--where", "name:nothing", "--block", "--reason", "x", "--json").json["tools"] == []


@pytest.fixture
def gateway(run, tmp_path):
    """A review file of a tool list with an executor."""
    arguments = {"run_sql": {"sql": {"type": "string"}}, "open_door": {}, "close_door": {}}
    listed = [
        {"name": name, "description": name, "inputSchema": {"type": "object", "properties": given}}
        for name, given in arguments.items()
    ]
    source = tmp_path / "tools.json"
    source.write_text(json.dumps({"tools": listed}), "utf-8")
    assert run("review", source, "-w", tmp_path / "gateway.clearance", "--no-desk").code == 0
    return tmp_path / "gateway.clearance"


ALL = ("--where", "risk:high,medium,low", "--approve", "--reason", "fine")


def test_a_bulk_approval_names_the_executors_it_leaves_out(run, gateway):
    shown = run("decide", gateway, *ALL, "--dry-run").out.splitlines()
    assert shown[0] == "would decide 2 tools:"
    assert shown[3] == "would leave out, to be approved one by one: 1"
    assert shown[4].endswith("run_sql")
    ran = run("decide", gateway, *ALL, "--json")
    assert [tool["name"] for tool in ran.json["left_out"]] == ["run_sql"]
    assert {tool["name"] for tool in ran.json["tools"]} == {"open_door", "close_door"}
    assert decisions(run, gateway)["approved"] == 2


def test_an_executor_is_approved_by_its_name(run, gateway):
    ran = run("decide", gateway, "--where", "name:run_sql", "--approve", "--reason", "read it")
    assert ran.code == 0
    assert decisions(run, gateway)["approved"] == 1
