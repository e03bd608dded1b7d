"""Who may import whom, and what is loaded when: the four floors hold in the source and while running."""

import json
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from analysis.errors import EXIT_OK
from analysis.rules import rules
from analysis.rules.engine.engine import groups_findings
from tui.cli import _COMMANDS

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_data" / "customer-management.yaml"
POLICY = ROOT / "sample_data" / "policy.yaml"
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((ROOT / "analysis").rglob("*.py"))
]


def test_the_contracts_of_imports_hold(capsys, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.chdir(ROOT)
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, is_debug_mode=False)
    out = capsys.readouterr().out
    assert code == 0, out
    assert "6 kept, 0 broken" in out


#: The only modules that load FastMCP, which needs a terminal's libraries; nothing loads them but a gateway that starts.
FRONT = {"analysis.review.enforcement.front.approved_components", "analysis.review.enforcement.front.server"}

IMPORT_ALL = """
import importlib, json, sys
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
print(json.dumps(sorted(sys.modules)))
"""


def test_no_headless_module_loads_a_terminal(python):
    headless = [name for name in MODULES if name not in FRONT]
    ran = python("-c", IMPORT_ALL, json.dumps(headless))
    assert ran.returncode == 0, ran.stderr
    loaded = set(json.loads(ran.stdout))
    assert loaded >= set(headless)
    assert not loaded & FRONT
    assert loaded & {"textual", "rich", "click", "tui"} == set()
    assert (
        loaded & {"openapi_core", "jsonschema", "sqlite_utils", "mcp", "json5", "fastmcp"} == set()
    )  # and nothing heavy without need


DRIVER = """
import contextlib, io, json, sys
from tui.cli import run
seen = {}
for name, arguments in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = run(arguments)
    seen[name] = [code, [m for m in ("textual", "openapi_core", "jsonschema", "sqlite_utils", "typst", "mcp", "json5", "fastmcp", "tui.desk.shell.app") if m in sys.modules]]
print(json.dumps(seen))
"""
READING = [
    ["version", ["--version"]],
    ["help", ["--help"]],
    *[[f"{command} --help", [command, "--help"]] for command in _COMMANDS],
    ["inspect", ["inspect", str(SAMPLE)]],
    ["inspect --json", ["inspect", str(SAMPLE), "--json"]],
    ["inspect --csv", ["inspect", str(SAMPLE), "--csv"]],
    ["status", ["status", "@"]],
    ["status --json", ["status", "@", "--json"]],
    ["log", ["log", "@"]],
    ["decide", ["decide", "@", "--where", "name:listTags", "--block", "--reason", "x", "--actor", "ann"]],
    ["controls", ["controls", "--standard", "owasp-mcp", "--review", "@"]],
    ["answer", ["answer", "@", "gov-ir", "--state", "claimed", "--text", "x", "--actor", "ann"]],
    ["answer --propose", ["answer", "@", "--propose"]],
    ["evidence", ["evidence", "@"]],
    ["intake", ["intake", "@", "--writes", "no", "--actor", "ann"]],
    ["profile", ["profile", "@", "L2", "--reason", "x", "--actor", "ann"]],
    ["policy", ["policy", "@"]],
    ["tools", ["tools", "@", "--where", "risk:high"]],
    ["show", ["show", "@", "listTags"]],
    ["findings", ["findings", "@"]],
    ["views", ["views", "@"]],
    ["flows", ["flows", "@"]],
    ["duplicates", ["duplicates", "@"]],
    ["names", ["names", "@", "--generator", "fastmcp"]],
    ["groups", ["groups", "@", "--json"]],
    ["propose", ["propose", "@"]],
    ["changes", ["changes", "@"]],
    ["hints", ["hints", "@"]],
    ["team", ["team", "@"]],
    ["conflicts", ["conflicts", "@"]],
    ["share", ["share", "@", "shared.clearance"]],
    ["merge", ["merge", "@", "shared.clearance"]],
    ["settle", ["settle", "@", "000000", "--reason", "x", "--actor", "ann"]],
    ["gates", ["gates", "@"]],
    ["view", ["view", "@", "tags", "tag", "--actor", "ann"]],
    ["retag", ["retag", "@", "listTags", "--risk", "high", "--actor", "ann"]],
    ["assign", ["assign", "@", "--where", "name:listTags", "--to", "ben", "--actor", "ann"]],
    ["misread", ["misread", "@", "--tool", "listTags"]],
    ["note", ["note", "@", "listTags", "x", "--actor", "ann"]],
    [
        "dispose",
        [
            "dispose",
            "@",
            "--rule",
            "EXP-001",
            "--status",
            "false-positive",
            "--code",
            "not-present",
            "--reason",
            "x",
            "--actor",
            "ann",
        ],
    ],
    ["undo", ["undo", "@", "--actor", "ann"]],
    ["redo", ["redo", "@", "--actor", "ann"]],
    ["keys", ["keys"]],
    ["export", ["export", "@", "packet"]],
    ["targets", ["targets"]],
    ["export --target", ["export", "@", "packet", "--target", "codex"]],
    ["export --dry-run", ["export", "@", "packet", "--dry-run"]],
    ["withdraw", ["withdraw", "@", "packet", "--where", "name:listCustomers", "--reason", "x", "--actor", "ann"]],
    ["traffic", ["traffic", "@", "calls.jsonl"]],
    ["rules", ["rules"]],
    ["schema", ["schema"]],
    ["approve", ["approve"]],
    ["enforce --stop", ["enforce", "packet", "--stop"]],
    ["enforce --resume", ["enforce", "packet", "--resume"]],
    ["schema policy", ["schema", "policy"]],
    ["schema allowlist", ["schema", "allowlist"]],
    ["rules --stats", ["rules", "EXP-001", "--stats", "@"]],
    ["diff", ["diff", "packet", "packet"]],
    ["check", ["check", "packet", str(SAMPLE)]],
    ["verify", ["verify", "packet", "--allowed-signers", "signers"]],
]
WRITING = [
    ["review", ["review", str(SAMPLE), "-w", "new.clearance", "--actor", "ann"]],
    ["import", ["import", "new.clearance", str(SAMPLE), "--actor", "ann"]],
    ["demo", ["demo", "--no-desk"]],
]


@pytest.fixture
def loads(python, tmp_path):
    """Run commands one after the other in one new process; return what each has loaded by its end."""

    call = {
        "user": "a",
        "agent": "b",
        "tool": "listPlans",
        "arguments": {},
        "time": "2026-03-03T10:00:00Z",
        "outcome": "ok",
    }
    (tmp_path / "calls.jsonl").write_text(json.dumps(call))

    def running(commands):
        calls = [[name, [str(tmp_path / "x.clearance") if a == "@" else a for a in given]] for name, given in commands]
        ran = python("-c", DRIVER, json.dumps(calls))
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    return running


def test_commands_that_read_load_nothing_heavy(loads, kept_reviews, tmp_path):
    kept_reviews.copy("sample", tmp_path / "x.clearance")
    seen = loads(READING)
    assert {name: code for name, (code, _) in seen.items() if code != EXIT_OK} == {"gates": 1, "verify": 1, "settle": 2}
    assert {name: heavy for name, (_, heavy) in seen.items() if heavy} == {}


WHAT_READS_SOURCES = """
import contextlib, io, json, sys
from tui.cli import run
with contextlib.redirect_stdout(io.StringIO()):
    code = run(json.loads(sys.argv[1]))
print(json.dumps([code, [m for m in ("analysis.ingest", "analysis.assess", "sqlite_utils") if m in sys.modules]]))
"""


@pytest.mark.parametrize(
    "arguments",
    [["status", "@"], ["status", "@", "@", "--json"], ["tools", "@"], ["gates", "@"]],
    ids=" ".join,
)
def test_commands_that_show_a_review_load_nothing_that_reads_sources(python, kept_reviews, tmp_path, arguments):
    """Scripts call them in loops. The first time the rows are foreign: they are rebuilt, and loaded for that alone."""
    file = tmp_path / "x.clearance"
    kept_reviews.copy("sample", file)
    given = json.dumps([str(file) if each == "@" else each for each in arguments])

    def loaded():
        ran = python("-c", WHAT_READS_SOURCES, given)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)[1]

    loaded()
    assert loaded() == []
    moved = file.rename(tmp_path / "moved.clearance")  # where this machine has not verified it
    given = json.dumps([str(moved) if each == "@" else each for each in arguments])
    assert loaded() == ["analysis.ingest", "analysis.assess"]


def test_only_the_import_of_a_policy_loads_the_schema_library(loads, kept_reviews, tmp_path):
    kept_reviews.copy("sample", tmp_path / "x.clearance")
    assert loads([["policy", ["policy", "@", str(POLICY), "--actor", "ann"]]]) == {"policy": [EXIT_OK, ["jsonschema"]]}
    assert loads([["status", ["status", "@"]]]) == {"status": [EXIT_OK, []]}


def test_only_the_export_of_a_pdf_loads_the_typesetter(loads, kept_reviews, tmp_path):
    kept_reviews.copy("sample", tmp_path / "x.clearance")
    exports = [["export", ["export", "@", "packet"]], ["export --pdf", ["export", "@", "packet", "--pdf"]]]
    assert loads(exports) == {"export": [EXIT_OK, []], "export --pdf": [EXIT_OK, ["typst"]]}


@pytest.mark.parametrize("command", WRITING, ids=lambda command: command[0])
def test_commands_that_write_sources_load_what_writes_them_and_no_more(loads, command):
    before = [WRITING[0]] if command[0] == "import" else []
    seen = loads([*before, command])
    assert seen[command[0]] == [EXIT_OK, ["sqlite_utils"]]


def test_every_command_is_in_these_lists():
    """Every command is checked for what it loads, except those that need a terminal, a port, a key or a remote."""
    assert {given[0] for _, given in [*READING, *WRITING]} >= set(_COMMANDS)
    ran = {str(name).split()[0] for name, given in [*READING, *WRITING] if "--help" not in given}
    assert set(_COMMANDS) - ran == {"open", "serve", "sign", "sync"}


def test_the_first_rows_of_the_desk_wait_for_nothing_that_judges(python):
    """They stand on the screen while the review is read and verified, with all that this needs."""
    rooms = ("analysis.assess", "analysis.rules", "analysis.ingest", "analysis.review.derived", "analysis.governance")
    ran = python("-c", f"import sys, tui.desk.shell.app; print([room for room in {rooms} if room in sys.modules])")
    assert (ran.returncode, ran.stdout.strip()) == (0, "[]"), ran.stderr


RULES_LOADED = """
import sys
from analysis.rules.engine.engine import groups_findings, review_rules
if sys.argv[1:]:
    print(groups_findings(sys.argv[1]))
print(*(each.id for each in review_rules()))
print(*(name.removeprefix("analysis.rules.") for name in sys.modules if name.startswith("analysis.rules.")))
"""


def test_rules_on_a_review_are_complete_and_load_none_that_read_texts(python):
    ids, loaded = python("-c", RULES_LOADED).stdout.splitlines()
    assert ids.split() == [each.id for each in rules() if each.kind in {"state", "set", "review"}]
    assert not {"scan.look", "detect.injection", "pack.injection", "detect.secret_shapes"} & {*loaded.split()}


def test_what_groups_findings_is_told_by_the_family_alone(python):
    groups, _, loaded = python("-c", RULES_LOADED, "EFF-004").stdout.splitlines()
    assert groups == "True"
    assert "pack.effects.hints" in loaded.split()
    assert not {"scan.look", "pack.injection", "pack.returned_data"} & {*loaded.split()}
    assert [groups_findings(each.id) for each in rules()] == [each.groups_findings for each in rules()]
    assert not groups_findings("GOV-1")
    assert not groups_findings("EXP-999")
