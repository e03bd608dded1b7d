"""Power cuts, kills and full disks: what was acknowledged is there, what was not is rolled back as a whole."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.repeats

ROOT = Path(__file__).parents[3]


@pytest.fixture
def crash(tmp_path, monkeypatch):
    """Run one scenario of crashing.py in a separate process; return what it reports."""

    def running(*arguments):
        program = [sys.executable, str(Path(__file__).with_name("crashing.py")), *map(str, arguments)]
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        done = subprocess.run(program, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return running


def test_a_writer_that_is_killed_loses_nothing_it_has_acknowledged(copy, crash):
    rounds = crash("kill", copy, 15, 20261122)
    assert len(rounds) == 15
    assert sum(r["acknowledged"] for r in rounds) > 15  # or the writers were killed before they had begun
    assert [r for r in rounds if r["write"] or r["lost"] or r["torn"]] == []


def test_a_transaction_whose_writer_is_killed_is_rolled_back(copy, crash):
    (report,) = crash("stop_inside", own_folder(copy))
    assert report["hot"]
    assert (report["write"], report["same_write"]) == ("", True)


def test_a_file_whose_writer_was_killed_can_also_be_read_without_writing(copy, crash):
    """`clearance status` after a crash: an intact review must not be reported as damaged."""
    (report,) = crash("stop_inside", own_folder(copy))
    assert report["same_read"] or "damaged" not in report["read"], report["read"]


def own_folder(path):
    folder = path.parent / "alone"
    folder.mkdir()
    return path.rename(folder / path.name)


def test_a_full_disk_is_reported_and_loses_nothing(copy, crash):
    (report,) = crash("fill", copy, 60_000)
    assert report["acknowledged"] > 0  # or the disk was full from the start
    assert report["code"] == 4
    assert report["words"][0] == "nothing was recorded"
    assert any(line.startswith("next: ") and "space" in line for line in report["words"])
    assert (report["refused"], report["lost"]) == ("", 0)
    assert report["found"] == report["shown"]  # what the program shows is what the file holds


def test_a_full_disk_leaves_no_partial_review(tmp_path, crash):
    folder = tmp_path / "full"
    folder.mkdir()
    (report,) = crash("full_disk", folder / "new.clearance")
    assert report["left"] == []
    assert report["words"]
    assert any(line.startswith("next: ") for line in report["words"])
