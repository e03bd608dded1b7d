"""What each command prints and does when all is well."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tui.cli import _COMMANDS
from tui.cli.common import output

ROOT = Path(__file__).parents[3]


def listed(folder):
    return sorted(path.name for path in folder.iterdir())


# --- help --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", _COMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_explains_itself_with_an_example(run, tree, command, flag):
    before = tree()
    ran = run(command, flag)
    assert (ran.code, ran.err) == (0, "")
    assert f"Usage: clearance {command} " in ran.out
    assert f"Example: clearance {command} " in " ".join(ran.out.split())
    assert tree() == before


def test_the_help_lists_every_command_and_what_exit_codes_mean(run):
    ran = run("--help")
    listed = [line.split()[0] for line in ran.out.partition("Commands:")[2].splitlines() if line.startswith("  ")]
    assert set(_COMMANDS) <= set(listed)
    assert "Exit codes: 0 fine, 1 the answer is no, 2 usage, 3 input refused" in " ".join(ran.out.split())


def test_the_version_is_one_line(run):
    ran = run("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"clearance {output.version()}\n", "")


# --- inspect -----------------------------------------------------------------------------------------

FIELDS = {
    "id": str, "name": str, "method": str, "path": str, "operation_id": str, "effect": str, "type": str, "types": list,
    "risk": str, "reversibility": str, "data": list, "reasons": list, "confidence": float, "findings": list, "tokens": int,
}  # fmt: skip


def test_inspect_prints_the_inventory_of_the_sample_as_json(run, source, tree):
    before = tree()
    ran = run("inspect", source, "--json")
    data = ran.json
    assert (ran.code, tree()) == (0, before)
    assert set(data) >= {"source", "tools", "problems", "not_checked"}
    assert data["source"]["title"] == "Customer Management API"
    assert len(data["source"]["sha256"]) == 64
    assert {k: data["counts"][k] for k in ("read-only", "side-effect", "critical")} == {
        "read-only": 28, "side-effect": 12, "critical": 8,
    }  # fmt: skip
    assert len(data["tools"]) == len({tool["id"] for tool in data["tools"]}) == 48
    for tool in data["tools"]:
        assert {name: type(tool[name]) for name in FIELDS} == FIELDS
        assert tool["effect"] in {"read-only", "side-effect", "critical"}
        assert tool["type"] == tool["types"][0]
        assert tool["reasons"]
        assert 0 <= tool["confidence"] <= 1
    assert data["not_checked"]  # nobody may take silence for a clean bill


def test_inspect_prints_one_tool_as_it_always_has(run, source):
    (tool,) = [tool for tool in run("inspect", source, "--json").json["tools"] if tool["name"] == "deleteCustomer"]
    expected = {
        "id": "customer-management-api:DELETE /customers/{}", "method": "DELETE", "path": "/customers/{customerId}",
        "operation_id": "deleteCustomer", "effect": "critical", "type": "critical", "risk": "high",
        "reversibility": "irreversible",
    }  # fmt: skip
    assert {name: tool[name] for name in expected} == expected
    assert {"where", "matched", "says"} <= set(tool["reasons"][0])


def test_inspect_for_people_counts_first_and_then_lists(run, source):
    ran = run("inspect", source)
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert lines[0].startswith("Customer Management API ")
    assert lines[1].startswith("48 tools: 28 read-only, 12 side-effect")
    assert lines[1].endswith("8 critical")
    assert sum("deleteCustomer" in line for line in lines) == 1
    assert "not checked: " in ran.err


def test_inspect_reads_standard_input(run, source):
    read = run("inspect", "-", "--json", stdin=source.read_bytes()).json
    assert len(read["tools"]) == 48
    assert read["source"]["sha256"] == run("inspect", source, "--json").json["source"]["sha256"]


def test_inspect_of_a_document_without_operations_prints_json_and_refuses(run, spec):
    place = spec()
    place.write_text('{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}')
    ran = run("inspect", place, "--json")
    assert (ran.code, ran.json["tools"]) == (3, [])
    assert ran.err.startswith("error: the source holds no operations")
    assert ran.json["counts"]["read-only"] == 0


def test_inspect_of_what_cannot_be_read_prints_json_with_the_problem(run, tmp_path):
    (tmp_path / "x.yaml").write_text("just: words")
    ran = run("inspect", tmp_path / "x.yaml", "--json")
    assert (ran.code, ran.json["tools"], len(ran.json["problems"])) == (3, [], 1)
    assert ran.json["problems"][0]["level"] == "refused"
    assert ran.json["not_checked"]


@pytest.mark.parametrize(
    "formula", ["=cmd|'/c calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "|calc", "%0A", "\t=1", " =1", "\uff1d1"]
)
def test_a_table_never_hands_a_formula_to_a_spreadsheet(run, spec, formula):
    place = spec({"GET /things": {"operationId": formula, "summary": formula, "tags": [formula]}}, title=formula)
    ran = run("inspect", place, "--csv")
    head, row = csv.reader(io.StringIO(ran.out))
    assert (ran.code, head[0], len(head)) == (0, "id", len(row))
    assert [cell for cell in row if cell.lstrip().startswith(tuple("=+-@|%\uff1d"))] == []
    assert row[head.index("operation_id")].startswith("'")


def test_a_table_has_a_row_for_every_tool(run, source):
    rows = list(csv.DictReader(io.StringIO(run("inspect", source, "--csv").out)))
    assert len(rows) == 48
    assert {row["effect"] for row in rows} == {"read-only", "side-effect", "critical"}


# --- review, import, status, log ---------------------------------------------------------------------


def test_review_makes_a_file_named_after_the_source(run, spec, tmp_path):
    ran = run("review", spec(name="my api.json"))
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("created my-api.clearance: 1 tools")
    assert run("status", tmp_path / "my-api.clearance", "--json").json["counts"]["tools"] == 1


def test_review_takes_a_title_an_actor_and_standard_input(run, spec, tmp_path):
    stdin = spec().read_bytes()
    assert run("review", "-", "-w", "x.clearance", "--title", "Für uns", "--actor", "bob", stdin=stdin).code == 0
    assert run("status", "x.clearance", "--json").json["title"] == "Für uns"
    assert {entry["actor"] for entry in run("log", "x.clearance", "--json").json} == {"bob"}


def test_import_adds_and_refreshes(run, spec):
    run("review", spec(), "-w", "x.clearance")
    other = spec({"GET /a": {}, "POST /a": {}}, name="other.json", title="Other")
    again = spec({"GET /things": {"operationId": "listThings", "summary": "changed"}})
    ran = run("import", "x.clearance", again, other)
    assert (ran.code, ran.out) == (0, "refreshed things: 1 changed, 0 new, 0 gone\nimported other: 2 tools\n")
    assert run("import", "x.clearance", other, "--as", "Third One").out == "imported third-one: 2 tools\n"
    sources = run("status", "x.clearance", "--json").json["sources"]
    assert [s["id"] for s in sources] == ["things", "other", "third-one"]


def test_status_of_the_sample_for_machines(run, file, tree):
    before = tree()
    ran = run("status", file, "--json")
    data = ran.json
    assert (ran.code, ran.err, tree()) == (0, "", before)
    assert (data["score"], data["verdict"]) == (85, "blocked")
    assert data["counts"]["effect"] == {"read-only": 28, "side-effect": 12, "critical": 8}
    assert data["counts"]["decision"] == {"undecided": 1, "approved": 33, "conditional": 6, "blocked": 8}
    assert {f["rule"] for f in data["findings"] if f["status"] == "open"} == {
        "EXP-001", "EXP-002", "GOV-cred-store", "GOV-log-config",
    }  # fmt: skip
    assert {name: data["progress"][name] for name in ("tools", "decided", "controls", "answered")} == {
        "tools": 48, "decided": 47, "controls": 16, "answered": 14,
    }  # fmt: skip
    assert len(data["ledger"]) == 4
    assert data["not_checked"]


def test_status_of_the_sample_for_people(run, file):
    ran = run("status", file)
    assert ran.code == 0
    assert ran.out.splitlines()[1].startswith("85 / 100 · blocked")
    for words in ("47/48 tools decided · 14/16 answers", "28 read-only, 12 side-effect, 8 critical", "open: 1 of 48"):
        assert words in ran.out


def test_the_log_tells_everything_in_order(run, file):
    entries = run("log", file, "--json").json
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    assert [json.loads(entry["body"])["actor"] for entry in entries] == [entry["actor"] for entry in entries]
    lines = run("log", file).out.splitlines()
    assert len(lines) == len(entries)
    assert lines[0].startswith("2026-03-02T09:00:00Z  m.lindqvist ")
    assert all(
        entry["sentence"] in line for entry, line in zip(entries, lines, strict=True) if entry["sentence"].isascii()
    )


# --- decide ------------------------------------------------------------------------------------------


def decisions(run, file):
    return run("status", file, "--json").json["counts"]["decision"]


@pytest.mark.parametrize(
    ("flags", "counts"),
    [
        (["--approve"], {"undecided": 0, "approved": 41, "conditional": 0, "blocked": 7}),
        (["--block"], {"undecided": 0, "approved": 33, "conditional": 0, "blocked": 15}),
        (["--clear"], {"undecided": 8, "approved": 33, "conditional": 0, "blocked": 7}),
        (["--condition", "rate=5 per hour", "--condition", "approval=one person | REC-1"],
         {"undecided": 0, "approved": 33, "conditional": 8, "blocked": 7}),
    ],
)  # fmt: skip
def test_decide_does_what_the_filter_shows_as_one_action(run, file, flags, counts):
    where = "is:undecided OR is:conditional OR name:purge"
    ran = run("decide", file, "--where", where, *flags, "--reason", "for a test")
    assert (ran.code, ran.err) == (0, "")
    assert "8 tools" in ran.out.splitlines()[0]
    assert decisions(run, file) == counts
    entries = run("log", file, "--json").json[-8:]
    assert {(e["actor"], e["kind"]) for e in entries} == {("ann@corp.example", "tool.decided")}
    assert len({json.loads(entry["body"])["batch"] for entry in entries}) == 1


def test_a_dry_run_says_what_it_would_decide_and_changes_nothing(run, file, tree):
    before = tree()
    ran = run("decide", file, "--where", "class:billing", "--block", "--reason", "x", "--dry-run")
    assert (ran.code, tree()) == (0, before)
    assert ran.out.startswith("would decide 3 tools:\n")
    assert len(ran.out.splitlines()) == 4
    assert "refundPayment" in ran.out


@pytest.mark.parametrize("flag", [[], ["--dry-run"]])
def test_a_filter_that_shows_nothing_decides_nothing(run, file, tree, flag):
    before = tree()
    ran = run("decide", file, "--where", "name:nothing-of-the-kind", "--block", "--reason", "x", *flag)
    assert (ran.code, ran.out, tree()) == (0, "no tool matches; nothing was decided\n", before)


def test_decide_says_whose_decision_it_is(run, file, monkeypatch):
    call = ("decide", file, "--where", "name:listTags", "--block", "--reason", "x")
    run(*call, "--actor", "bob")
    assert run("log", file, "--json").json[-1]["actor"] == "bob"
    run(*call)
    assert run("log", file, "--json").json[-1]["actor"] == "ann@corp.example"
    monkeypatch.delenv("CLEARANCE_ACTOR")
    monkeypatch.setenv("LOGNAME", "login-name")
    run(*call)
    assert run("log", file, "--json").json[-1]["actor"] == "login-name"


# --- demo and export ---------------------------------------------------------------------------------


def test_the_demo_writes_its_review_and_its_packet(run, tmp_path):
    ran = run("demo", "--no-desk")
    assert ran.code == 0
    assert "85 / 100 · blocked" in ran.out
    assert "DRAFT packet written to" in ran.out
    assert listed(tmp_path / "clearance-demo") == ["sample-review-packet", "sample-review.clearance"]
    again = run("demo", "--no-desk")
    assert (again.code, again.out) == (0, ran.out)
    assert again.err.startswith("opened the sample review")


def test_the_demo_goes_where_it_is_told(run, tmp_path):
    assert run("demo", "--workspace", tmp_path / "deep" / "er" / "x.clearance", "--no-desk").code == 0
    assert listed(tmp_path / "deep" / "er") == ["x-packet", "x.clearance"]


def test_export_writes_the_packet_and_says_what_it_allows(run, file, tmp_path):
    ran = run("export", file, tmp_path / "packet")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"DRAFT packet written to {tmp_path / 'packet'}\n")
    assert "allowlist: 33 allowed, 6 with conditions, 9 blocked (default deny)" in ran.out
    allowlist = json.loads((tmp_path / "packet" / "allowlist.json").read_bytes())
    assert {tool["decision"] for tool in allowlist["tools"]} == {"allow", "conditional", "block"}
    assert {"method", "path"} <= set(allowlist["tools"][0]["operation"])


# --- as a program ------------------------------------------------------------------------------------


@pytest.fixture
def program(monkeypatch):
    """Run a command as a program of its own, from this checkout."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def running(*arguments, env=None, **more):
        command = [sys.executable, "-m", "tui", *map(str, arguments)]
        environment = os.environ | (env or {})
        return subprocess.run(command, capture_output=True, timeout=60, check=False, env=environment, **more)

    return running


def test_the_program_runs_from_any_folder(program, file, tmp_path):
    ran = program("status", file, "--json", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert json.loads(ran.stdout)["score"] == 85


def test_the_program_reads_standard_input(program, source):
    ran = program("inspect", "-", "--json", input=source.read_bytes())
    assert (ran.returncode, len(json.loads(ran.stdout)["tools"])) == (0, 48)


def test_a_reader_that_stops_early_is_no_fault(file, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "tui", "log", str(file), "--json"]
    with os.fdopen(writing, "wb") as nobody:
        ran = subprocess.run(command, stdout=nobody, stderr=subprocess.PIPE, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_an_output_that_cannot_show_every_character_is_no_fault(program, spec, encoding):
    """Windows and old locales: a character that cannot be written must not cost the answer."""
    place = spec({"GET /things": {"operationId": "\u4ef6\u202e"}}, title="\u4ef6 \u2014 \u202e")
    ran = program("inspect", place, env={"PYTHONIOENCODING": encoding})
    assert ran.returncode == 0, ran.stderr
    assert b"1 tools: 1 read-only" in ran.stdout


@pytest.mark.parametrize("command", [["status"], ["log"], ["inspect"]])
def test_no_colour_is_sent_to_what_is_no_terminal(program, file, source, command):
    ran = program(*command, source if command == ["inspect"] else file, env={"FORCE_COLOR": "1"})
    assert ran.returncode == 0
    assert b"\x1b" not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    "data", [{}, [], None, 3, {"a": []}, {"b": [1, {"x": [2]}], "a": {"k": {"z": "\u202e"}}}, [[], {}]]
)
def test_json_for_machines_is_json_whatever_it_holds(data, capsys):
    output.put_json(data)
    text = capsys.readouterr().out
    assert text.isascii()
    assert json.loads(text) == data


def test_json_for_machines_has_a_line_for_each_entry(capsys):
    output.put_json({"tools": [{"id": "b", "a": 1}, {"id": "a"}], "n": 2})
    assert capsys.readouterr().out == '{\n  "n": 2,\n  "tools": [\n    {"a": 1, "id": "b"},\n    {"id": "a"}\n  ]\n}\n'
