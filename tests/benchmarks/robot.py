"""Random keys at the desk: python -m tests.benchmarks.robot [--keys 20000] [--seeds 1,2,3].

Nothing may end the desk but a fault of ours, and afterwards the file opens again: every chain and seal is checked then.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import tempfile
import time
from pathlib import Path

from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from analysis.review.sources.sample import DOCUMENT, sample_folder
from tests.scenarios.driver import at_desk
from tui.desk.shell.keys import KEYS

#: Keys that end the desk, leave it, or write files elsewhere.
_LEFT_OUT = {"quit", "export", "import", "note_in_editor", "palette"}
_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789:-() "<>,.'
_SIZES = ((80, 24), (120, 40), (200, 60), (60, 20))


def strokes(chance, count):
    """Yield random keys: mostly those of the desk, now and then words."""
    known = [key for entry in KEYS if entry.action not in _LEFT_OUT for key in entry.keys.split(",")]
    made = 0
    while made < count:
        if chance.random() < 0.2:
            for letter in chance.choices(_LETTERS, k=chance.randint(1, 12)):
                made += 1
                yield letter
        made += 1
        yield chance.choice([*known, *known, "enter", "escape", "tab", "backspace", "q", "ctrl+u"])


async def walk(review, seed, count, hand_at):
    """Press keys on a review and return the hand, once all are worked off."""
    chance = random.Random(seed)
    async with hand_at(review, size=chance.choice(_SIZES)) as hand:
        hand.desk.leave = lambda: None  # `q` at the wrong moment is no end of the walk
        for number, key in enumerate(strokes(chance, count)):
            hand._press(key)
            if number % 7 == 0:
                await hand.settle()
            if number % 500 == 499:
                await hand.pilot.resize_terminal(*chance.choice(_SIZES))
            if hand.desk._exception is not None:
                raise hand.desk._exception
        await hand.settle()
        return len(hand.events())


def begin(folder):
    """Write a fresh review and return its path."""
    path = Path(folder) / "walk.clearance"
    source = examine_source(str(sample_folder() / DOCUMENT))
    Review.create(path, [source], actor="importer", at="2026-03-02T09:00:00Z").close()
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--keys", type=int, default=20_000)
    parser.add_argument("--seeds", default="1,2,3")
    options = parser.parse_args()
    for seed in map(int, options.seeds.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_STATE_HOME"] = folder
            path, began = begin(folder), time.perf_counter()
            recorded = asyncio.run(walk(Review.open(path), seed, options.keys, at_desk))
            Review.open(path).close()
            print(
                f"seed {seed}: {options.keys:,} keys, {recorded:,} events, {time.perf_counter() - began:.0f} s; sound"
            )


if __name__ == "__main__":
    main()
