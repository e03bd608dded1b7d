"""Power cuts, kills and full disks: what was acknowledged is there, what was not is gone as a whole."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def crash(tmp_path, monkeypatch):
    """Run one scenario of crashing.py in a process of its own; return what it reports."""

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
    assert sum(r["told"] for r in rounds) > 15  # or the writers were killed before they had begun
    assert [r for r in rounds if r["write"] or r["lost"] or r["torn"]] == []


def test_a_kill_in_the_middle_of_a_transaction_takes_the_whole_of_it_back(copy, crash):
    (told,) = crash("stop_inside", own_folder(copy))
    assert told["hot"]
    assert (told["write"], told["same_write"]) == ("", True)


def test_a_file_whose_writer_was_killed_can_also_be_read_without_writing(copy, crash):
    """`clearance status` after a crash: it must not call a sound review damaged."""
    (told,) = crash("stop_inside", own_folder(copy))
    assert told["same_read"] or "damaged" not in told["read"], told["read"]


def own_folder(path):
    folder = path.parent / "alone"
    folder.mkdir()
    return path.rename(folder / path.name)


def test_a_full_disk_is_said_in_words_and_costs_nothing(copy, crash):
    (told,) = crash("fill", copy, 60_000)
    assert told["told"] > 0  # or there was no room for anything
    assert told["code"] == 4
    assert told["words"][0] == "nothing was recorded"
    assert any(line.startswith("next: ") and "space" in line for line in told["words"])
    assert (told["refused"], told["lost"]) == ("", 0)
    assert told["found"] == told["held"]  # what the program shows is what the file holds


def test_a_full_disk_leaves_no_half_a_review(tmp_path, crash):
    folder = tmp_path / "full"
    folder.mkdir()
    (told,) = crash("no_room", folder / "new.clearance")
    assert told["left"] == []
    assert told["words"]
    assert any(line.startswith("next: ") for line in told["words"])
