"""When something is wrong: one clear error, the right exit code, no traceback, and nothing changed on the disk."""

import os
import shutil

import pytest

from tui.cli import _COMMANDS
from tui.cli import decisions as deciding
from tui.cli.common import output


def one_clear_error(ran, code):
    """Check the shape of a refusal: `error:` first and once, then where, why and what to do."""
    lines = ran.err.splitlines()
    assert ran.code == code, ran.err
    assert lines, "nothing was said"
    assert lines[0].startswith("error: ")
    assert lines[0].removeprefix("error: ").strip()
    assert sum(line.lower().startswith("error:") for line in lines) == 1
    assert "Traceback" not in ran.err + ran.out
    assert any(line.startswith("next: ") for line in lines), ran.err


# --- sources -----------------------------------------------------------------------------------------


def text(content):
    return lambda place: place.write_bytes(content)


NO_OPERATIONS = b'{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}'
WEBHOOKS = NO_OPERATIONS[:-1] + b', "webhooks": {"paid": {"post": {"responses": {}}}}}'
SOURCES = {
    "missing": (lambda place: None, "no such file"),
    "empty": (text(b""), "empty"),
    "blank": (text(b" \n\n"), "empty"),
    "not UTF-8": (text(b"openapi: 3.1.0\ninfo: {title: \xff}\n"), "UTF-8"),
    "binary": (text(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "UTF-8"),
    "a NUL": (text(b"openapi: 3.1.0\n# \0\n"), "NUL"),
    "not OpenAPI": (text(b"services: {web: {image: x}}\n"), "neither an OpenAPI document nor"),
    "a text": (text(b"To be or not to be\n"), "refused"),
    "a list": (text(b"[]"), "refused"),
    "an old version": (text(b'{"swagger": "1.2", "apis": []}'), "1.2"),
    "broken JSON": (text(b'{"openapi": "3.1.0",'), "refused"),
    "broken YAML": (text(b"openapi: [3.1.0\n"), "refused"),
    "no operations": (text(NO_OPERATIONS), "no operations"),
    "webhooks only": (text(WEBHOOKS), "no operations"),
    "an empty folder": (os.mkdir, "holds no OpenAPI document"),
    "a pipe": (os.mkfifo, "not a regular file"),
}
TAKE_A_SOURCE = {
    "inspect": ["inspect", "@"],
    "inspect --json": ["inspect", "@", "--json"],
    "inspect --csv": ["inspect", "@", "--csv"],
    "review": ["review", "@", "-w", "new.clearance"],
    "import": ["import", "sample.clearance", "@"],
}


@pytest.mark.parametrize("command", TAKE_A_SOURCE.values(), ids=TAKE_A_SOURCE)
@pytest.mark.parametrize(("make", "says"), SOURCES.values(), ids=SOURCES)
def test_a_source_that_cannot_be_worked_from_is_refused(run, file, tmp_path, tree, make, says, command):
    place = tmp_path / "source.yaml"
    make(place)
    before = tree()
    ran = run(*[place if word == "@" else word for word in command])
    one_clear_error(ran, 3)
    assert says in ran.err
    assert str(place) in ran.err
    assert tree() == before


@pytest.mark.parametrize("place", ["api.yaml/deeper.yaml", "x" * 300 + ".yaml"])
@pytest.mark.parametrize("command", TAKE_A_SOURCE.values(), ids=TAKE_A_SOURCE)
def test_a_source_that_cannot_be_there_is_refused(run, file, tmp_path, tree, place, command):
    (tmp_path / "api.yaml").write_text("x")
    before = tree()
    one_clear_error(run(*[place if word == "@" else word for word in command]), 3)
    assert tree() == before


@pytest.mark.parametrize("stdin", [b"", b"\xff", b"words", NO_OPERATIONS])
@pytest.mark.parametrize("command", TAKE_A_SOURCE.values(), ids=TAKE_A_SOURCE)
def test_standard_input_that_cannot_be_worked_from_is_refused(run, file, tree, stdin, command):
    before = tree()
    one_clear_error(run(*["-" if word == "@" else word for word in command], stdin=stdin), 3)
    assert tree() == before


# --- review files ------------------------------------------------------------------------------------


def patched(offset, content):
    def make(place, sample):
        shutil.copy(sample, place)
        with place.open("r+b") as stream:
            stream.seek(offset)
            stream.write(content)

    return make


def flipped(place, sample):
    data = bytearray(sample.read_bytes())
    data[data.index(b"Twin of getCustomer")] ^= 1
    place.write_bytes(data)


FILES = {
    "missing": (lambda place, _: None, 3, "there is no such review file"),
    "below a file": (lambda place, _: None, 4, "Not a directory"),
    "empty": (lambda place, _: place.write_bytes(b""), 4, "not a Clearance review file"),
    "a document": (lambda place, _: place.write_bytes(b"openapi: 3.1.0\n" * 99), 4, "not a Clearance review file"),
    "newer": (patched(60, (99).to_bytes(4, "big")), 4, "newer Clearance"),
    "of another program": (patched(68, b"GPKG"), 4, "another program"),
    "in WAL mode": (patched(18, b"\x02\x02"), 4, "WAL"),
    "one bit flipped": (flipped, 4, "changed after it was written"),
    "cut short": (lambda place, sample: place.write_bytes(sample.read_bytes()[:9000]), 4, "damaged"),
    "a folder": (lambda place, _: place.mkdir(), 4, "not a regular file"),
    "a pipe": (lambda place, _: os.mkfifo(place), 4, "not a regular file"),
}
TAKE_A_FILE = {
    "status": ["status", "@"],
    "status --json": ["status", "@", "--json"],
    "log": ["log", "@"],
    "log --json": ["log", "@", "--json"],
    "decide": ["decide", "@", "--where", "risk:high,medium,low", "--block", "--reason", "x"],
    "decide --dry-run": ["decide", "@", "--where", "risk:high,medium,low", "--block", "--reason", "x", "--dry-run"],
    "tools": ["tools", "@"],
    "tools --json": ["tools", "@", "--json"],
    "show": ["show", "@", "listTags"],
    "findings": ["findings", "@"],
    "views": ["views", "@"],
    "flows": ["flows", "@"],
    "families": ["duplicates", "@"],
    "families --keep": ["duplicates", "@", "--keep", "getCustomer", "--reason", "x"],
    "changes": ["changes", "@"],
    "gates": ["gates", "@"],
    "evidence": ["evidence", "@"],
    "intake": ["intake", "@", "--writes", "no"],
    "view": ["view", "@", "tags", "tag"],
    "retag": ["retag", "@", "listTags", "--risk", "high"],
    "note": ["note", "@", "listTags", "x"],
    "dispose": ["dispose", "@", "--rule", "EXP-001", "--status", "open"],
    "undo": ["undo", "@"],
    "redo": ["redo", "@"],
    "import": ["import", "@", "api.json"],
    "export": ["export", "@", "packet"],
    "export --dry-run": ["export", "@", "packet", "--dry-run"],
    "traffic": ["traffic", "@", "calls.jsonl"],
    "controls": ["controls", "--review", "@"],
    "answer": ["answer", "@"],
    "answer with words": ["answer", "@", "gov-ir", "--state", "claimed", "--text", "x"],
    "answer --propose": ["answer", "@", "--propose"],
    "profile": ["profile", "@", "L2", "--reason", "x"],
    "policy": ["policy", "@"],
    "open": ["open", "@"],
    "serve": ["serve", "@"],
    "plain": ["@"],
    "demo": ["demo", "--workspace", "@", "--no-desk"],
}


# The demo makes a missing file where it can: that is no refusal.
PAIRS = {
    f"{name}, {file}": (TAKE_A_FILE[name], file)
    for name in TAKE_A_FILE
    for file in FILES
    if (name, file) != ("demo", "missing")
}


@pytest.mark.parametrize(("command", "kind"), PAIRS.values(), ids=PAIRS)
def test_a_file_that_is_no_sound_review_is_refused(run, sample_file, spec, tmp_path, tree, command, kind):
    make, code, says = FILES[kind]
    place = tmp_path / ("api.json/x.clearance" if kind == "below a file" else "x.clearance")
    make(place, sample_file)
    spec()
    before = tree()
    ran = run(*[place if word == "@" else word for word in command])
    one_clear_error(ran, code)
    assert ran.out == ""
    assert says in ran.err or (command[0] == "demo" and kind == "below a file" and "cannot be written" in ran.err)
    assert place.name in ran.err or place.parent.name in ran.err
    assert tree() == before


# --- where something is to be written ----------------------------------------------------------------

PLACES = {
    "review over a file": (["review", "api.json", "-w", "api.json"], "exists already"),
    "review over a folder": (["review", "api.json", "-w", "folder"], "exists already"),
    "review below a file": (["review", "api.json", "-w", "api.json/x.clearance"], "Not a directory"),
    "review in no folder": (["review", "api.json", "-w", "no/x.clearance"], "No such file"),
    "review with a long name": (["review", "api.json", "-w", "x" * 300], "too long"),
    "demo below a file": (["demo", "--no-desk", "--workspace", "api.json/x.clearance"], "cannot be written"),
    "demo far below a file": (["demo", "--no-desk", "--workspace", "api.json/a/x.clearance"], "cannot be written"),
    "demo with a long name": (["demo", "--no-desk", "--workspace", "x" * 300], "too long"),
    "export over a file": (["export", "sample.clearance", "api.json"], "api.json"),
    "export below a file": (["export", "sample.clearance", "api.json/packet"], "cannot be written"),
    "export among strangers": (["export", "sample.clearance", "folder"], "theirs.txt"),
    "export with a long name": (["export", "sample.clearance", "x" * 300], "too long"),
}


@pytest.mark.parametrize(("command", "says"), PLACES.values(), ids=PLACES)
def test_a_place_that_cannot_be_written_is_refused(run, file, spec, tmp_path, tree, command, says):
    spec()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "theirs.txt").write_text("theirs")
    before = tree()
    ran = run(*command)
    one_clear_error(ran, 4)
    assert says in ran.err
    assert tree() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere; the places below a file are tried instead")
@pytest.mark.parametrize(
    "command",
    [
        ["review", "api.json", "-w", "locked/new.clearance"],
        ["demo", "--no-desk", "--workspace", "locked/new.clearance"],
        ["export", "sample.clearance", "locked/packet"],
        ["decide", "locked/sample.clearance", "--where", "risk:high,medium,low", "--block", "--reason", "x"],
        ["import", "locked/sample.clearance", "api.json"],
    ],
)
def test_a_folder_that_may_not_be_written_is_refused(run, file, spec, tmp_path, tree, command):
    spec()
    (tmp_path / "locked").mkdir()
    shutil.copy(file, tmp_path / "locked" / "sample.clearance")
    (tmp_path / "locked").chmod(0o500)
    before = tree()
    try:
        one_clear_error(run(*command), 4)
        assert run("status", "locked/sample.clearance").code == 0
        assert tree() == before
    finally:
        (tmp_path / "locked").chmod(0o700)


HANDED_IN = {
    "a policy": ["policy", "sample.clearance", "@"],
    "a file as evidence": [
        "answer",
        "sample.clearance",
        "gov-ir",
        "--state",
        "claimed",
        "--file",
        "@",
        "--level",
        "E2",
    ],
    "a log for proposals": ["answer", "sample.clearance", "--propose", "--traffic", "@"],
}


@pytest.mark.parametrize("place", ["missing", "folder", "api.json/deeper", "x" * 300])
@pytest.mark.parametrize("command", HANDED_IN.values(), ids=HANDED_IN)
def test_what_is_handed_in_and_cannot_be_read_is_refused(run, file, spec, tmp_path, tree, command, place):
    spec()
    (tmp_path / "folder").mkdir()
    before = tree()
    ran = run(*[place if word == "@" else word for word in command])
    one_clear_error(ran, 3)
    assert place in ran.err
    assert tree() == before


# --- calls that make no sense ------------------------------------------------------------------------

DECIDE = ["decide", "sample.clearance"]
BLOCK = ["--block", "--reason", "x"]
EVIDENCED = ["answer", "sample.clearance", "gov-ir", "--state", "evidenced", "--text", "x"]
USAGE = {
    "an unknown command": ["frobnicate"],
    "an unknown option": ["status", "sample.clearance", "--frob"],
    "no file": ["status"],
    "an unknown rule": ["rules", "EXP-999"],
    "two files": ["status", "sample.clearance", "sample.clearance"],
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
    "a condition nobody knows": [
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
    "a filter nobody knows": [*DECIDE, "--where", "colour:red", *BLOCK],
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
    "a profile nobody knows": ["profile", "sample.clearance", "L5", "--reason", "x"],
    "a profile without a reason": ["profile", "sample.clearance", "L2"],
    "a reason without a profile": ["profile", "sample.clearance", "--reason", "x"],
    "policy without a file": ["policy"],
    "a tool nobody knows": ["show", "sample.clearance", "deleteCustomr"],
    "a retag of nothing": ["retag", "sample.clearance", "listTags"],
    "a retag of both": ["retag", "sample.clearance", "listTags", "--risk", "low", "--type", "billing"],
    "a retag of a leg nobody knows": ["retag", "sample.clearance", "listTags", "--flow-role", "arm", "--reason", "x"],
    "a retag of a leg without a reason": ["retag", "sample.clearance", "listTags", "--flow-role", "way-out"],
    "a leg that is absent and not named": ["retag", "sample.clearance", "listTags", "--risk", "low", "--absent"],
    "keeping a tool nobody knows": ["duplicates", "sample.clearance", "--keep", "getCustomr", "--reason", "x"],
    "keeping without a reason": ["duplicates", "sample.clearance", "--keep", "getCustomerLegacy"],
    "a reason to keep nothing": ["duplicates", "sample.clearance", "--reason", "x"],
    "a retag without a reason": ["retag", "sample.clearance", "listTags", "--type", "billing"],
    "a note on nothing": ["note", "sample.clearance", "nowhere", "x"],
    "an empty note": ["note", "sample.clearance", "listTags", " "],
    "dispose of nothing": ["dispose", "sample.clearance", "--status", "open"],
    "dispose of a rule nobody knows": ["dispose", "sample.clearance", "--rule", "EXP-999", "--status", "open"],
    "findings of a rule nobody knows": ["findings", "sample.clearance", "--rule", "EXP-999"],
    "a log since no day": ["log", "sample.clearance", "--since", "yesterday"],
    "a filter that is empty": [*DECIDE, "--where", " ", *BLOCK],
    "a command nobody knows": ["decidee", "sample.clearance"],
    "dispose of a finding nobody knows": ["dispose", "sample.clearance", "--finding", "X", "--status", "open"],
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
    "a view nobody saved": ["tools", "sample.clearance", "--view", "nothing"],
    "a view of a faulty filter": ["view", "sample.clearance", "x", "risk:hihg"],
    "forgetting a view nobody saved": ["view", "sample.clearance", "x", ""],
    "a filter of findings nobody knows": ["findings", "sample.clearance", "--where", "colour:red"],
    "keys with an argument": ["keys", "all"],
    "targets with an argument": ["targets", "all"],
    "export to an unknown target": ["export", "sample.clearance", "packet", "--target", "codx"],
    "sign without a role": ["sign", ".", "--key", "k"],
    "sign with a verdict nobody knows": ["sign", ".", "--role", "iam", "--key", "k", "--verdict", "maybe"],
    "verify without a list": ["verify", "."],
    "the desk without a terminal": ["open", "sample.clearance"],
    "a file without a terminal": ["sample.clearance"],
    "nothing without a terminal": [],
}


@pytest.mark.parametrize("command", USAGE.values(), ids=USAGE)
def test_a_call_that_makes_no_sense_is_exit_code_2(run, file, tree, command):
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
def test_a_faulty_filter_is_shown_with_a_mark_under_the_fault(run, file, tree, query, column, flag):
    before = tree()
    ran = run(*DECIDE, "--where", query, *BLOCK, *flag)
    one_clear_error(ran, 2)
    lines = ran.err.splitlines()
    (shown,) = [n for n, line in enumerate(lines) if query in line]
    assert lines[shown + 1].index("^") == lines[shown].index(query) + column
    assert tree() == before


def test_somebody_has_to_be_named(run, file, spec, tree, monkeypatch):
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


def test_the_answer_no_is_exit_code_1(run, file, tmp_path, tree):
    run("export", file, "packet")
    (tmp_path / "signers").write_text("")
    before = tree()
    for folder in ("packet", "nowhere", "."):
        one_clear_error(run("verify", folder, "--allowed-signers", "signers"), 1)
    assert tree() == before


# --- our own fault -----------------------------------------------------------------------------------


class Odd(Exception):
    pass


@pytest.fixture
def faulty(monkeypatch, tmp_path):
    """Make `status` fail in a way nobody has thought of."""

    def failing(*_, **__):
        raise Odd("odd \x1b[31m words")

    monkeypatch.setattr(deciding, "status", failing)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_our_own_fault_is_said_as_such_and_kept_as_a_report(run, file, faulty, tmp_path):
    ran = run("status", file)
    assert (ran.code, ran.out) == (70, "")
    assert ran.err.splitlines()[0].startswith("error: ")
    assert "our fault" in ran.err
    assert "Traceback" not in ran.err
    assert "Odd" not in ran.err
    (report,) = (tmp_path / "state").rglob("*.txt")
    assert str(report) in ran.err
    words = report.read_text()
    assert "Odd" in words
    assert f"clearance {output.version()} on Python" in words
    assert str(file) not in words.partition("Traceback")[0]  # what is reviewed is nobody else's business


def test_our_own_fault_is_said_also_where_no_report_can_be_written(run, file, faulty, tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "taken"))
    ran = run("status", file)
    assert ran.code == 70
    assert "could not be written" in ran.err
    assert "Traceback" not in ran.err


def test_a_stop_by_hand_is_no_fault(run, file, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(deciding, "status", stop)
    ran = run("status", file)
    assert (ran.code, ran.out) == (130, "")
    assert "Traceback" not in ran.err


def test_no_command_is_left_out_of_these_tables():
    """A new command has to be met with bad input too."""
    met = {words[0] for table in (TAKE_A_SOURCE, TAKE_A_FILE, USAGE) for words in table.values() if words}
    assert set(_COMMANDS) <= met
