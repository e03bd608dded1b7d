"""Programs of their own, started from this checkout."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def python(monkeypatch, tmp_path):
    """Run the interpreter in an empty folder. `path` is where it looks first for packages."""

    def running(*arguments, path=ROOT, cwd=tmp_path, check=False):
        command = [sys.executable, *map(str, arguments)]
        environment = os.environ | {"PYTHONPATH": str(path)}
        return subprocess.run(
            command, capture_output=True, text=True, timeout=120, cwd=cwd, env=environment, check=check
        )

    return running


@pytest.fixture(scope="session")
def tracked():
    """The files that git keeps, as paths; skips where this is no checkout."""
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout: which files are kept is not known")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]
