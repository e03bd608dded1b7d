"""Usage errors, negative answers and internal errors: exit code, message, and nothing changed on the disk."""

import pytest

from analysis import __version__
from tui.cli import _COMMANDS, status

# --- usage errors ------------------------------------------------------------------------

DECIDE = ["decide", "sample.clearance"]
BLOCK = ["--block", "--reason", "x"]
EVIDENCED = ["answer", "sample.clearance", "gov-ir", "--state", "evidenced", "--text", "x"]
USAGE = {
    "an unknown command": ["frobnicate"],
    "an unknown option": ["status", "sample.clearance", "--frob"],
    "no file": ["status"],
    "an unknown rule": ["rules", "EXP-999"],
    "two files": ["gates", "sample.clearance", "sample.clearance"],
    "import without a source": ["import", "sample.clearance"],
    "one name for two sources": ["import", "sample.clearance", "a", "b", "--as", "x"],
    "a review of a review": ["review", "sample.clearance"],
    "decide without a filter": [*DECIDE, *BLOCK],
    "decide without a reason": [*DECIDE, "--where", "risk:high,medium,low", "--block"],
    "decide with a blank reason": [*DECIDE, "--where", "risk:high,medium,low", "--block", "--reason", " "],
    "decide without a verdict": [*DECIDE, "--where", "risk:high,medium,low", "--reason", "x"],
    "decide with a verdict and conditions": [
        *DECIDE,
        "--where",
        "risk:high,medium,low",
        *BLOCK,
        "--condition",
        "rate=1",
    ],
    "a condition of an unknown kind": [
        *DECIDE,
        "--where",
        "risk:high,medium,low",
        "--reason",
        "x",
        "--condition",
        "luck=much",
    ],
    "a condition without a value": [
        *DECIDE,
        "--where",
        "risk:high,medium,low",
        "--reason",
        "x",
        "--condition",
        "rate=",
    ],
    "a condition without a sign": [*DECIDE, "--where", "risk:high,medium,low", "--reason", "x", "--condition", "rate"],
    "a query with an unknown field": [*DECIDE, "--where", "colour:red", *BLOCK],
    "controls of no standard": ["controls", "--standard", "owasp-mpc"],
    "controls of no list": ["controls", "--list", "iamm"],
    "controls of no profile": ["controls", "--profile", "L5"],
    "an answer to no question": ["answer", "sample.clearance", "gov-irr", "--state", "claimed", "--text", "x"],
    "a question that is none": ["answer", "sample.clearance", "gov-irr"],
    "an answer without a state": ["answer", "sample.clearance", "gov-ir", "--text", "x"],
    "a state without a question": ["answer", "sample.clearance", "--state", "claimed"],
    "evidenced without evidence": ["answer", "sample.clearance", "gov-ir", "--state", "evidenced", "--text", "x"],
    "not applicable without a reason": ["answer", "sample.clearance", "gov-ir", "--state", "not-applicable"],
    "evidence of no level": [*EVIDENCED, "--evidence", "E7: x"],
    "evidence until some day": [*EVIDENCED, "--evidence", "E2: x", "--valid-until", "some day"],
    "a file without a level": [*EVIDENCED, "--file", "sample.clearance"],
    "a level without a file": [*EVIDENCED, "--evidence", "E2: x", "--level", "E2"],
    "an end of no evidence": [
        "answer",
        "sample.clearance",
        "gov-ir",
        "--state",
        "claimed",
        "--valid-until",
        "2030-01-01",
    ],
    "proposals with a state": ["answer", "sample.clearance", "--propose", "--state", "claimed"],
    "a log without proposals": ["answer", "sample.clearance", "--traffic", "calls.jsonl"],
    "an unknown profile": ["profile", "sample.clearance", "L5", "--reason", "x"],
    "a profile without a reason": ["profile", "sample.clearance", "L2"],
    "a reason without a profile": ["profile", "sample.clearance", "--reason", "x"],
    "policy without a file": ["policy"],
    "an unknown tool": ["show", "sample.clearance", "deleteCustomr"],
    "an override of nothing": ["retag", "sample.clearance", "listTags"],
    "an override of two things": ["retag", "sample.clearance", "listTags", "--risk", "low", "--type", "billing"],
    "an override of an unknown flow role": [
        "retag",
        "sample.clearance",
        "listTags",
        "--flow-role",
        "courier",
        "--reason",
        "x",
    ],
    "an override of a flow role without a reason": [
        "retag",
        "sample.clearance",
        "listTags",
        "--flow-role",
        "exfiltration-sink",
    ],
    "an absent flow role that is not named": ["retag", "sample.clearance", "listTags", "--risk", "low", "--absent"],
    "names of a version that is not known": ["names", "sample.clearance", "--generator", "fastmcp@9"],
    "keep of an unknown tool": ["duplicates", "sample.clearance", "--keep", "getCustomr", "--reason", "x"],
    "keeping without a reason": ["duplicates", "sample.clearance", "--keep", "getCustomerLegacy"],
    "a reason to keep nothing": ["duplicates", "sample.clearance", "--reason", "x"],
    "an override without a reason": ["retag", "sample.clearance", "listTags", "--type", "billing"],
    "a note on nothing": ["note", "sample.clearance", "nowhere", "x"],
    "an empty note": ["note", "sample.clearance", "listTags", " "],
    "dispose of nothing": ["dispose", "sample.clearance", "--status", "open"],
    "dispose of an unknown rule": ["dispose", "sample.clearance", "--rule", "EXP-999", "--status", "open"],
    "findings of an unknown rule": ["findings", "sample.clearance", "--rule", "EXP-999"],
    "a log since no day": ["log", "sample.clearance", "--since", "yesterday"],
    "a filter that is empty": [*DECIDE, "--where", " ", *BLOCK],
    "an unknown command name": ["decidee", "sample.clearance"],
    "dispose of an unknown finding": ["dispose", "sample.clearance", "--finding", "X", "--status", "open"],
    "dispose without a reason": ["dispose", "sample.clearance", "--rule", "EXP-001", "--status", "not-applicable"],
    "fixing without a day": ["dispose", "sample.clearance", "--rule", "EXP-001", "--status", "fixing", "--reason", "x"],
    "no fault without a code": [
        "dispose",
        "sample.clearance",
        "--rule",
        "EXP-001",
        "--status",
        "false-positive",
        "--reason",
        "x",
    ],
    "an unknown view": ["tools", "sample.clearance", "--view", "nothing"],
    "a view of a faulty filter": ["view", "sample.clearance", "x", "risk:hihg"],
    "deleting an unknown view": ["view", "sample.clearance", "x", ""],
    "findings with an unknown query field": ["findings", "sample.clearance", "--where", "colour:red"],
    "keys with an argument": ["keys", "all"],
    "targets with an argument": ["targets", "all"],
    "export to an unknown target": ["export", "sample.clearance", "packet", "--target", "codx"],
    "sign without a role": ["sign", ".", "--key", "k"],
    "sign with an unknown verdict": ["sign", ".", "--role", "iam", "--key", "k", "--verdict", "maybe"],
    "verify without a list": ["verify", "."],
    "the desk without a terminal": ["open", "sample.clearance"],
    "a file without a terminal": ["sample.clearance"],
    "nothing without a terminal": [],
}


@pytest.mark.parametrize("command", USAGE.values(), ids=USAGE)
def test_a_usage_error_is_exit_code_2(run, file, tree, command):
    before = tree()
    ran = run(*command)
    assert (ran.code, ran.out) == (2, "")
    assert [line for line in ran.err.splitlines() if line.lower().startswith("error:")] != []
    assert "Traceback" not in ran.err
    assert tree() == before


@pytest.mark.parametrize(
    ("query", "column"),
    [
        ("colour:red", 0),
        ("risk:high colour:red", 10),
        ("risk:high AND is:mine", 10),
        ("(risk:high", 0),
        ("risk:hihg", 5),
    ],
)
@pytest.mark.parametrize("flag", [[], ["--dry-run"]])
def test_a_faulty_query_is_shown_with_a_caret_under_the_fault(run, one_clear_error, file, tree, query, column, flag):
    before = tree()
    ran = run(*DECIDE, "--where", query, *BLOCK, *flag)
    one_clear_error(ran, 2)
    lines = ran.err.splitlines()
    (shown,) = [n for n, line in enumerate(lines) if query in line]
    assert lines[shown + 1].index("^") == lines[shown].index(query) + column
    assert tree() == before


def test_a_recording_command_needs_an_actor(run, one_clear_error, file, spec, tree, monkeypatch):
    spec()
    monkeypatch.delenv("CLEARANCE_ACTOR")
    monkeypatch.setattr("getpass.getuser", lambda: (_ for _ in ()).throw(OSError("no login name")))
    before = tree()
    for command in (
        [*DECIDE, "--where", "risk:high,medium,low", *BLOCK],
        ["import", "sample.clearance", "api.json"],
        ["review", "api.json"],
    ):
        ran = run(*command)
        one_clear_error(ran, 2)
        assert "--actor" in ran.err
    assert tree() == before


def test_the_answer_no_is_exit_code_1(run, one_clear_error, file, tmp_path, tree):
    run("export", file, "packet")
    (tmp_path / "signers").write_text("")
    before = tree()
    for folder in ("packet", "nowhere", "."):
        one_clear_error(run("verify", folder, "--allowed-signers", "signers"), 1)
    assert tree() == before


# --- internal errors -----------------------------------------------------------------------------------


class Odd(Exception):
    pass


@pytest.fixture
def faulty(monkeypatch, tmp_path):
    """Make `status` fail with an unexpected exception."""

    def failing(*_, **__):
        raise Odd("odd \x1b[31m words")

    monkeypatch.setattr(status, "status_data", failing)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_an_internal_error_is_reported_and_written_to_a_file(run, file, faulty, tmp_path):
    ran = run("status", file)
    assert (ran.code, ran.out) == (70, "")
    assert ran.err.splitlines()[0].startswith("error: ")
    assert "internal error" in ran.err
    assert "Traceback" not in ran.err
    assert "Odd" not in ran.err
    (report,) = (tmp_path / "state").rglob("*.txt")
    assert str(report) in ran.err
    words = report.read_text()
    assert "Odd" in words
    assert f"clearance {__version__} on Python" in words
    assert str(file) not in words.partition("Traceback")[0]  # the report does not name what is reviewed


def test_an_internal_error_is_reported_when_no_file_can_be_written(run, file, faulty, tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "taken"))
    ran = run("status", file)
    assert ran.code == 70
    assert "could not be written" in ran.err
    assert "Traceback" not in ran.err


def test_an_interrupt_is_not_an_error(run, file, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(status, "status_data", stop)
    ran = run("status", file)
    assert (ran.code, ran.out) == (130, "")
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("command", _COMMANDS)
def test_an_unknown_option_is_exit_code_2(run, tree, command):
    before = tree()
    ran = run(command, "--no-such-option")
    assert (ran.code, ran.out) == (2, "")
    assert f"next: clearance {command} --help" in ran.err
    assert tree() == before
