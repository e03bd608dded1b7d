"""Processes started from this checkout, and the files git tracks."""

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
    """Paths of the files that git tracks; skips outside a checkout."""
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: the tracked files are unknown")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]
