"""The documents are true: the tour of the README runs, the paths they name exist, and they stay short."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tui.cli import _COMMANDS

ROOT = Path(__file__).parents[2]
#: Maximum number of lines of a document.
MAX_LINES = {"README.md": 150, "ARCHITECTURE.md": 200, "CONTRIBUTING.md": 100, "SECURITY.md": 60}
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
STEP = re.compile(r"^\$ ([^\n]+)\n((?:(?!\$ )[^\n]*\n)*)", re.MULTILINE)
TOUR = [step for block in CONSOLE.findall((ROOT / "README.md").read_text("utf-8")) for step in STEP.findall(block)]


@pytest.mark.parametrize(("name", "limit"), MAX_LINES.items(), ids=MAX_LINES)
def test_a_document_is_short(name, limit):
    assert len((ROOT / name).read_text("utf-8").splitlines()) <= limit


def test_the_tour_of_the_readme_prints_what_the_readme_shows(tmp_path):
    """Each line shown is the beginning of a line of the output, in order; `…` stands for any number of lines."""
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "CLEARANCE_ACTOR": "ann", "PYTHON": sys.executable}
    assert len(TOUR) > 8
    for command, shown in TOUR:
        script = f'clearance() {{ "$PYTHON" -P -m tui "$@"; }}\n{command}'
        ran = subprocess.run(
            ["bash", "-c", script],
            capture_output=True,
            text=True,
            timeout=120,
            cwd=tmp_path,
            env=environment,
            check=False,
        )
        assert ran.returncode == 0, f"{command}\n{ran.stderr}"
        lines = iter(ran.stdout.splitlines())
        for expected in shown.splitlines():
            if expected not in {"", "…"}:
                assert any(line.startswith(expected) for line in lines), f"{command}\nno line: {expected}\n{ran.stdout}"


def named_paths(text):
    """Return the files and folders of the repository that a document names in backticks or links."""
    words = re.findall(r"`([^`\n]+)`|\]\(([^)#:\n]+)\)", text)
    roots = ("analysis/", "tui/", "tests/", "sample_data/", ".github/")
    return {word for pair in words for word in pair if word.startswith(roots) or word.endswith(".md")}


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_every_path_a_document_names_exists(name):
    named = named_paths((ROOT / name).read_text("utf-8"))
    missing = {path for path in named if "*" not in path and not (ROOT / path).exists()}
    assert sorted(missing - {"review.md"}) == []


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_every_command_a_document_names_exists(name):
    text = (ROOT / name).read_text("utf-8")
    named = set(re.findall(r"`clearance ([a-z]+)", text)) | set(
        re.findall(r"^\$? ?clearance ([a-z]+)", text, re.MULTILINE)
    )
    assert named <= set(_COMMANDS)
