"""The documents are true: the tour of the README runs, the paths they name exist, and they stay short."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.output.files import packet_files
from tui.cli import _COMMANDS

ROOT = Path(__file__).parents[2]
#: Maximum number of lines of a document.
MAX_LINES = {"README.md": 150, "ARCHITECTURE.md": 200, "CONTRIBUTING.md": 100, "SECURITY.md": 60}
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")
ROOTS = ("analysis/", "tui/", "tests/", "sample_data/", ".github/")
#: Endings of bare names in backticks that are names of files.
ENDINGS = "py|yaml|json|jsonl|html|toml|css|tcss"
#: Names of files in a packet, which documents name without a folder.
PACKET = {file.name for file in packet_files()}
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
    return {word for pair in words for word in pair if word.startswith(ROOTS) or word.endswith(".md")}


def missing_names(text):
    """Return the bare names of files and folders in backticks that do not exist.

    They lie in a folder, or next to a file, that the same row of a table or the same paragraph names by its path, or at
    the top of the repository. Where it names no path, they may be files of a packet.
    """
    rows = re.sub(r"\n(?=\|)", "\n\n", text).split("\n\n")
    missing = []
    for row in rows:
        named = [ROOT / path for path in named_paths(row) if not path.endswith(".md")]
        folders = [path if path.is_dir() else path.parent for path in named]
        for name in re.findall(rf"`([\w.-]+(?:\.(?:{ENDINGS})|/))`", row):
            if name.startswith(ROOTS):
                continue
            known = any((folder / name).exists() for folder in [*folders, ROOT]) or (not folders and name in PACKET)
            missing += [] if known else [name]
    return missing


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_a_document_names_exists(name):
    text = (ROOT / name).read_text("utf-8")
    missing = {path for path in named_paths(text) if "*" not in path and not (ROOT / path).exists()}
    assert sorted(missing - PACKET) == []
    assert missing_names(text) == []


def test_a_bare_name_is_looked_for_where_its_row_says():
    rows = """
| a key | an action under `tui/desk/actions/`, named in `{name}` there | a line in `tui/desk/shell/keys.py` |
| a word | an entry in `verbs.yaml` of `analysis/assess/` | |
"""
    assert missing_names(rows.format(name="navigation.py")) == missing_names(rows.format(name="keymap.py")) == []
    for name in ("registry.py", "nouns.yaml", "gone/"):  # the second is in the folder of another row
        assert missing_names(rows.format(name=name)) == [name]
    assert missing_names("A packet holds `review.html`.\n\nAnd `review.pdf`, `report.json`.") == ["report.json"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_a_document_names_exists(name):
    text = (ROOT / name).read_text("utf-8")
    named = set(re.findall(r"`clearance ([a-z]+)", text)) | set(
        re.findall(r"^\$? ?clearance ([a-z]+)", text, re.MULTILINE)
    )
    assert named <= set(_COMMANDS)
