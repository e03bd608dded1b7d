"""The garbage collector: as it was after each use."""

from __future__ import annotations

import contextlib
import gc
import subprocess
import sys

import pytest

from analysis import collector
from analysis.collector import collect_rarely, collector_paused


@pytest.fixture(autouse=True)
def thresholds():
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.enable()


@pytest.mark.parametrize("on", [True, False])
def test_a_pause_leaves_it_as_it_was_even_after_an_error(on):
    (gc.enable if on else gc.disable)()
    during = []
    with contextlib.suppress(ValueError), collector_paused():
        during.append(gc.isenabled())
        raise ValueError
    assert during == [False]
    assert gc.isenabled() == on


def test_what_is_kept_for_good_is_kept_after_a_pause():
    gc.enable()
    collector.keep_for_good()
    try:
        kept = gc.get_freeze_count()
        with collector_paused():
            pass
        assert gc.get_freeze_count() >= kept - 100  # less what was freed meanwhile
    finally:
        gc.unfreeze()


def test_it_is_rare_and_usual_again():
    collect_rarely()
    assert gc.get_threshold() == collector._RARE
    collect_rarely(rarely=False)
    assert gc.get_threshold() == collector._USUAL


@pytest.mark.parametrize("rarely", [True, False])
def test_what_was_made_in_a_pause_is_not_gone_through_by_a_program_that_ends_soon(rarely):
    code = (
        "import gc\n"
        "from analysis.collector import collect_rarely, collector_paused\n"
        f"collect_rarely(rarely={rarely})\n"
        "with collector_paused():\n    made = [[] for _ in range(200_000)]\n"
        "print(gc.get_freeze_count() >= 200_000)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stdout
    assert told.strip() == str(rarely)


def test_a_command_collects_rarely():
    code = (
        "import gc, tui.cli; tui.cli.run = lambda _: print(gc.get_threshold()); from tui.__main__ import main; main()"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stdout
    assert told.strip() == str(collector._RARE)


def test_a_command_ends_without_a_last_collection():
    code = (
        "import atexit, gc, tui.cli; tui.cli.run = lambda _: 3; from tui.__main__ import main;"
        "atexit.register(lambda: print(gc.get_freeze_count() > 10_000)); main()"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.strip()) == (3, "True")
