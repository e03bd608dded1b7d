"""The command line, run in this process: exit code, both outputs, and the files it changed."""

import hashlib
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tui.cli import run as run_command

SAMPLE = Path(__file__).parents[3] / "sample_data" / "customer-management.yaml"


@dataclass
class Ran:
    """Result of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        """The output as JSON, which has to be plain ASCII."""
        assert self.out.isascii()
        return json.loads(self.out)


@pytest.fixture(autouse=True)
def _who(monkeypatch, tmp_path):
    """Act as ann, in an empty folder."""
    monkeypatch.setenv("CLEARANCE_ACTOR", "ann@corp.example")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(capsys, monkeypatch):
    """Run a command. `stdin` is what it reads."""

    def running(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = run_command([str(argument) for argument in arguments])
        return Ran(code, *capsys.readouterr())

    return running


@pytest.fixture
def file(kept_reviews, tmp_path):
    """A copy of the sample review that a test may change."""
    return kept_reviews.copy("sample", tmp_path / "sample.clearance")


@pytest.fixture
def completed(kept_reviews, tmp_path):
    """A copy of the completed sample review that a test may change."""
    return kept_reviews.copy("completed", tmp_path / "completed.clearance")


@pytest.fixture
def source():
    """The sample document."""
    return SAMPLE


@pytest.fixture
def spec(tmp_path):
    """Write an OpenAPI document of a few operations (`GET /path` to operation) and return its path."""

    def writing(operations=None, name="api.json", **info):
        paths = {}
        for call, operation in (operations or {"GET /things": {"operationId": "listThings"}}).items():
            method, _, path = call.partition(" ")
            paths.setdefault(path, {})[method.lower()] = {"responses": {"200": {"description": ""}}} | operation
        document = {"openapi": "3.1.0", "info": {"title": "Things", "version": "1"} | info, "paths": paths}
        place = tmp_path / name
        place.write_text(json.dumps(document))
        return place

    return writing


@pytest.fixture
def tree(tmp_path):
    """Return a digest of everything in the test's folder: names, kinds, modes and contents."""

    def digest():
        found = hashlib.sha256()
        for path in sorted(tmp_path.rglob("*")):
            found.update(f"{path}\0{path.lstat().st_mode}\0".encode(errors="surrogateescape"))
            found.update(
                str(path.readlink()).encode() if path.is_symlink() else path.read_bytes() if path.is_file() else b""
            )
        return found.hexdigest()

    return digest


@pytest.fixture
def fresh(run, source, tmp_path):
    assert run("review", source, "-w", "fresh.clearance").code == 0
    return tmp_path / "fresh.clearance"


@pytest.fixture
def one_clear_error():
    """Check the shape of a refusal: `error:` first and once, then where, why and what to do."""

    def check(ran, code):
        lines = ran.err.splitlines()
        assert ran.code == code, ran.err
        assert lines, "no error was printed"
        assert lines[0].startswith("error: ")
        assert lines[0].removeprefix("error: ").strip()
        assert sum(line.lower().startswith("error:") for line in lines) == 1
        assert "Traceback" not in ran.err + ran.out
        assert any(line.startswith("next: ") for line in lines), ran.err

    return check
