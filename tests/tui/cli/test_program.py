"""The command line as a program of its own: encodings, pipes, standard input."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


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


def test_a_closed_pipe_is_not_an_error(file, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "tui", "log", str(file), "--json"]
    with os.fdopen(writing, "wb") as closed:
        ran = subprocess.run(command, stdout=closed, stderr=subprocess.PIPE, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_an_encoding_that_lacks_a_character_is_not_an_error(program, spec, encoding):
    """Windows and old locales: a character that cannot be written must not cost the answer."""
    place = spec({"GET /things": {"operationId": "\u4ef6\u202e"}}, title="\u4ef6 \u2014 \u202e")
    ran = program("inspect", place, env={"PYTHONIOENCODING": encoding})
    assert ran.returncode == 0, ran.stderr
    assert b"1 tools: 1 read-only" in ran.stdout


@pytest.mark.parametrize("command", [["status"], ["log"], ["inspect"]])
def test_no_colour_without_a_terminal(program, file, source, command):
    ran = program(*command, source if command == ["inspect"] else file, env={"FORCE_COLOR": "1"})
    assert ran.returncode == 0
    assert b"\x1b" not in ran.stdout + ran.stderr
