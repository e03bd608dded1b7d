"""Untrusted text is escaped before it reaches the terminal: no escape sequences, bidi controls or invisible characters."""

import json
import os
import unicodedata
from pathlib import Path

import pytest

#: Colours, a link (OSC 8), the clipboard (OSC 52), a bell, C1 controls, bidi, zero width, tag characters, line ends.
EVIL = (
    "\x1b[31mred\x1b[2J\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\\x1b]52;c;ZXZpbA==\x07\x9b31m\x9d52;c;x\x9c"
    "\u202egnp\u2066x\u2069\u200b\u200e\U000e0041\U000e007f\u2028\u2029\ufeff\x00\x08\x7f\r\nerror: all is lost\ue000"
)
UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


def unseen(text):
    """Return the control and invisible characters of an output, except line feeds."""
    return {f"U+{ord(c):04X}" for c in text if c != "\n" and unicodedata.category(c) in UNSEEN}


def operation(n):
    schema = {
        "type": "object",
        "title": EVIL,
        "properties": {f"email{EVIL}": {"type": "string", "description": EVIL, "enum": [EVIL]}},
    }
    return {
        "operationId": f"op{n}{EVIL}", "summary": EVIL, "description": EVIL, "tags": [EVIL], "externalDocs": {"description": EVIL},
        "parameters": [{"name": f"p{EVIL}", "in": "query", "description": EVIL, "schema": {"type": "string", "default": EVIL}}],
        "requestBody": {"description": EVIL, "content": {"application/json": {"schema": schema}}},
        "responses": {"200": {"description": EVIL, "content": {"application/json": {"schema": schema}}}},
        "security": [{f"key{EVIL}": [f"scope{EVIL}"]}], "x-note": EVIL,
    }  # fmt: skip


@pytest.fixture
def hostile(spec):
    """A document in which every text is hostile; its problems name their places."""
    calls = {f"GET /things{EVIL}": operation(1), "POST /things": operation(1), "DELETE /things/{id}": operation(3)}
    return spec(calls, title=f"T{EVIL}", version=EVIL, description=EVIL)


@pytest.fixture
def reviewed(run, hostile):
    assert run("review", hostile, "-w", "x.clearance").code == 0
    return Path("x.clearance")


COMMANDS = {
    "inspect": ["inspect", "api.json"],
    "inspect --json": ["inspect", "api.json", "--json"],
    "inspect --csv": ["inspect", "api.json", "--csv"],
    "review": ["review", "api.json", "-w", "new.clearance"],
    "import again": ["import", "x.clearance", "api.json"],
    "import as": ["import", "x.clearance", "api.json", "--as", EVIL],
    "status": ["status", "x.clearance"],
    "status --json": ["status", "x.clearance", "--json"],
    "log": ["log", "x.clearance"],
    "log --json": ["log", "x.clearance", "--json"],
    "dry run": ["decide", "x.clearance", "--where", "risk:high,medium,low", "--block", "--reason", "x", "--dry-run"],
    "decide one": ["decide", "x.clearance", "--where", "method:DELETE", "--block", "--reason", EVIL],
    "decide all": [
        "decide",
        "x.clearance",
        "--where",
        "risk:medium,low",
        "--approve",
        "--reason",
        "x",
        "--actor",
        f"bob{EVIL}",
    ],
    "a hostile filter": ["decide", "x.clearance", "--where", f"name:x{EVIL}", "--block", "--reason", "x"],
    "a hostile field": ["decide", "x.clearance", "--where", f"{EVIL}:x", "--block", "--reason", "x"],
    "a hostile condition": [
        "decide",
        "x.clearance",
        "--where",
        "risk:high,medium,low",
        "--reason",
        "x",
        "--condition",
        EVIL,
    ],
    "a hostile title": ["review", "api.json", "-w", "new.clearance", "--title", EVIL],
    "export": ["export", "x.clearance", "packet"],
    "export --dry-run": ["export", "x.clearance", "packet", "--dry-run"],
    "flows": ["flows", "x.clearance"],
    "flows --json": ["flows", "x.clearance", "--json"],
    "names": ["names", "x.clearance"],
    "duplicates": ["duplicates", "x.clearance"],
    "changes": ["changes", "x.clearance"],
    "hints": ["hints", "x.clearance"],
    "gates": ["gates", "x.clearance"],
    "people": ["log", "x.clearance", "--people"],
    "show": ["show", "x.clearance", "GET /things", "--schema"],
    "an unknown command name": [EVIL],
    "an unknown option": ["status", f"--{EVIL}"],
    "an unknown verdict": ["sign", ".", "--role", "iam", "--key", "k", "--verdict", EVIL],
    "too many words": ["gates", "x.clearance", EVIL],
    "another file that is none": ["status", "x.clearance", EVIL.replace("\0", "")],
    "a role that is none": ["sign", "packet", "--role", EVIL, "--key", "k"],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_no_command_prints_hostile_text_unescaped(run, reviewed, command):
    run("decide", "x.clearance", "--where", "method:POST", "--approve", "--reason", EVIL, "--actor", f"bob{EVIL}")
    ran = run(*command)
    refused = {"gates": 1, "status": 3}  # an open gate, and a file that is not there
    assert ran.code in {0, 2} or ran.code == refused.get(command[0]), ran.err
    assert unseen(ran.out) == set()
    assert unseen(ran.err) == set()
    assert not any(line.startswith("error: all is lost") for line in (ran.out + ran.err).splitlines())


@pytest.mark.parametrize("more", [[], ["--json"], ["--sarif"]], ids=["text", "json", "sarif"])
def test_drift_of_hostile_definitions_is_escaped(run, tmp_path, more):
    tool = {"name": f"get{EVIL}", "description": "Returns a kite.", "inputSchema": {"type": "object", "properties": {}}}
    place = tmp_path / "kites.json"
    place.write_text(json.dumps({"tools": [tool]}))
    assert run("review", place, "-w", "k.clearance", "--no-desk").code == 0
    assert run("decide", "k.clearance", "--where", "risk:high,medium,low", "--block", "--reason", EVIL).code == 0
    assert run("export", "k.clearance", "kites").code == 0
    tool["description"] = f"Returns a kite {EVIL}."
    tool["inputSchema"]["properties"][EVIL] = {"type": "string", "enum": [EVIL]}
    place.write_text(json.dumps({"tools": [tool, {"name": EVIL, "inputSchema": {"type": "object"}}]}))
    ran = run("check", "kites", place, *more)
    assert ran.code == 1
    assert unseen(ran.out + ran.err) == set()
    assert run("import", "k.clearance", place).code == 0
    for command in (["changes", "k.clearance"], ["changes", "k.clearance", "--json"], ["hints", "k.clearance"]):
        ran = run(*command)
        assert ran.code == 0
        assert unseen(ran.out + ran.err) == set()


def test_the_check_detects_unescaped_text(hostile):
    assert len(unseen(EVIL)) > 15
    assert unseen("· … ⟨U+202E⟩ é 漢") == set()


NAME = "evil\x1b]52;c;ZXZpbA==\x07\u202e\x9b31m\nerror: all is lost"
PATHS = {
    "inspect": ["inspect", f"{NAME}.json"],
    "inspect what is missing": ["inspect", f"no{NAME}.json"],
    "inspect what is none": ["inspect", f"{NAME}.clearance"],
    "review": ["review", f"{NAME}.json"],
    "review into": ["review", f"{NAME}.json", "-w", f"new{NAME}.clearance"],
    "review over": ["review", f"{NAME}.json", "-w", f"{NAME}.clearance"],
    "review of a review": ["review", f"{NAME}.clearance"],
    "status": ["status", f"{NAME}.clearance"],
    "status of what is missing": ["status", f"no{NAME}.clearance"],
    "status of what is none": ["status", f"{NAME}.json"],
    "import": ["import", f"{NAME}.clearance", f"{NAME}.json"],
    "log": ["log", f"{NAME}.clearance"],
    "open": ["open", f"{NAME}.clearance"],
    "plain": [f"{NAME}.clearance"],
    "export": ["export", f"{NAME}.clearance", f"packet{NAME}"],
    "export over a file": ["export", f"{NAME}.clearance", f"{NAME}.json"],
    "export among strangers": ["export", f"{NAME}.clearance", "."],
    "demo": ["demo", "--no-desk", "--workspace", f"demo{NAME}/x.clearance"],
    "demo again": ["demo", "--no-desk", "--workspace", f"{NAME}.clearance"],
    "sign": ["sign", f"packet{NAME}", "--role", "iam", "--key", f"key{NAME}"],
    "check": ["check", f"packet{NAME}", f"{NAME}.json"],
    "verify": ["verify", f"packet{NAME}", "--allowed-signers", f"list{NAME}"],
}


@pytest.mark.parametrize("command", PATHS.values(), ids=PATHS)
def test_no_command_prints_a_hostile_file_name_unescaped(run, spec, command):
    """A file name in a stranger's checkout is a stranger's text too."""
    spec(name=f"{NAME}.json")
    assert run("review", f"{NAME}.json", "-w", f"{NAME}.clearance").code == 0
    ran = run(*command)
    assert ran.code in {0, 1, 2, 3, 4}, ran.err
    assert unseen(ran.out) == set()
    assert unseen(ran.err) == set()
    assert not any(line.startswith("error: all is lost") for line in (ran.out + ran.err).splitlines())


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX only")
@pytest.mark.parametrize("command", ["inspect", "review", "import"])
def test_a_file_name_that_is_not_text_is_not_an_internal_error(run, spec, command):
    odd = os.fsdecode(b"caf\xe9.json")
    spec().rename(odd)
    spec(name="first.json")
    run("review", "first.json", "-w", "x.clearance")
    ran = run(
        *{"inspect": ["inspect", odd], "review": ["review", odd], "import": ["import", "x.clearance", odd]}[command]
    )
    assert ran.code == 0, ran.err
    assert unseen(ran.out + ran.err) == set()


@pytest.mark.parametrize("option", ["--reason", "--actor"])
def test_an_argument_that_is_not_text_is_not_an_internal_error(run, file, option):
    """A shell hands over bytes that are no UTF-8 as lone surrogates."""
    words = {"--reason": "x", "--actor": "bob"} | {option: "caf\udce9"}
    ran = run("decide", file, "--where", "name:listTags", "--block", *[w for pair in words.items() for w in pair])
    assert ran.code == 0, ran.err
    assert unseen(run("log", file).out) == set()
    assert run("log", file, "--json").code == 0
