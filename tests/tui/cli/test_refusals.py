"""Refusals: one clear error, the right exit code, no traceback, and nothing changed on the disk."""

import os
import shutil

import click
import pytest

from tui.cli import _COMMANDS, clearance

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
def test_an_unusable_source_is_refused(run, one_clear_error, file, tmp_path, tree, make, says, command):
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
def test_a_source_with_an_impossible_path_is_refused(run, one_clear_error, file, tmp_path, tree, place, command):
    (tmp_path / "api.yaml").write_text("x")
    before = tree()
    one_clear_error(run(*[place if word == "@" else word for word in command]), 3)
    assert tree() == before


@pytest.mark.parametrize("stdin", [b"", b"\xff", b"words", NO_OPERATIONS])
@pytest.mark.parametrize("command", TAKE_A_SOURCE.values(), ids=TAKE_A_SOURCE)
def test_unusable_standard_input_is_refused(run, one_clear_error, file, tree, stdin, command):
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
    "names": ["names", "@"],
    "duplicates": ["duplicates", "@"],
    "duplicates --keep": ["duplicates", "@", "--keep", "getCustomer", "--reason", "x"],
    "hints": ["hints", "@"],
    "groups": ["groups", "@"],
    "propose": ["propose", "@"],
    "propose --take": ["propose", "@", "--take", "low reads", "--reason", "x"],
    "withdraw": ["withdraw", "@", "packet", "--where", "name:listTags", "--reason", "x"],
    "changes": ["changes", "@"],
    "team": ["team", "@"],
    "conflicts": ["conflicts", "@"],
    "share": ["share", "@", "out.clearance"],
    "sync": ["sync", "@", "."],
    "merge": ["merge", "@", "other.clearance"],
    "settle": ["settle", "@", "0123456789", "--reason", "x"],
    "gates": ["gates", "@"],
    "evidence": ["evidence", "@"],
    "intake": ["intake", "@", "--writes", "no"],
    "view": ["view", "@", "tags", "tag"],
    "assign": ["assign", "@", "--where", "name:listTags", "--to", "ann"],
    "misread": ["misread", "@", "--tool", "listTags", "--type", "billing", "--reason", "x"],
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


# The demo and an import create a missing file.
PAIRS = {
    f"{name}, {file}": (TAKE_A_FILE[name], file)
    for name in TAKE_A_FILE
    for file in FILES
    if (name, file) not in {("demo", "missing"), ("import", "missing")}
}


@pytest.mark.parametrize(("command", "kind"), PAIRS.values(), ids=PAIRS)
def test_a_file_that_is_not_a_valid_review_is_refused(
    run, one_clear_error, sample_file, spec, tmp_path, tree, command, kind
):
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
def test_an_unwritable_place_is_refused(run, one_clear_error, file, spec, tmp_path, tree, command, says):
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
def test_a_read_only_folder_is_refused(run, one_clear_error, file, spec, tmp_path, tree, command):
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


FILE_ARGUMENTS = {
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
@pytest.mark.parametrize("command", FILE_ARGUMENTS.values(), ids=FILE_ARGUMENTS)
def test_an_unreadable_file_argument_is_refused(run, one_clear_error, file, spec, tmp_path, tree, command, place):
    spec()
    (tmp_path / "folder").mkdir()
    before = tree()
    ran = run(*[place if word == "@" else word for word in command])
    one_clear_error(ran, 3)
    assert place in ran.err
    assert tree() == before


def test_every_command_that_reads_a_source_or_a_review_is_in_these_tables():
    context = click.Context(clearance)
    parameters = {name: clearance.get_command(context, name).params for name in _COMMANDS}
    takes = {name: {p.name for p in found if isinstance(p, click.Argument)} for name, found in parameters.items()}
    files = {name for name in takes if "file" in takes[name]}
    assert len(files) > 20
    assert files <= {words[0] for words in TAKE_A_FILE.values()}
    takes.pop("check")  # it reads a packet first: its sources are refused in `test_check.py`
    assert {name for name in takes if takes[name] & {"source", "sources"}} <= {
        words[0] for words in TAKE_A_SOURCE.values()
    }
