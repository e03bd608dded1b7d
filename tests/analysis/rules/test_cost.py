"""What all rules on definitions cost a user: in fresh processes, on real documents, against a floor of the same processes."""

import json
import os
import subprocess
import sys

import pytest

from tests.benchmarks.rules import MAX_CALLS, MAX_FLOORS, SIX


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each round is a fork of one process that has read the documents")
def test_the_rules_stay_within_their_cost_in_a_fresh_process(shared, root):
    """The time is a ratio to a floor of the same rounds, the smallest of some tries; calls are counted, and never vary."""
    command = [sys.executable, "-m", "tests.benchmarks.rules", str(shared / "specs"), *SIX, "--cold"]
    seen = []
    for _ in range(3):
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        seen.append(json.loads(done.stdout))
        assert seen[-1]["calls_per_tool"] <= MAX_CALLS, seen
        if seen[-1]["floors"] <= MAX_FLOORS:
            return
    raise AssertionError(f"more than {MAX_FLOORS} floors: {seen}")
