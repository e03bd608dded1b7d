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

from rich.cells import cell_len
from textual.widgets import Input

from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from analysis.review.sources.sample import DOCUMENT, sample_folder
from tests.scenarios.driver import at_desk, screen_text
from tui.desk.shell.keys import KEYS
from tui.desk.widgets.layout import covered

#: Keys that end the desk, leave it, or write files elsewhere.
_LEFT_OUT = {"quit", "export", "import", "note_in_editor", "palette"}
_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789:-() "<>,.'
_SIZES = ((80, 24), (120, 40), (200, 60), (60, 20))


#: Share of turns in which the robot presses anything, without looking.
_BLIND = 0.1
#: What a person types into a field: a reason, a name, a date, a number, a word of the filter language.
_WORDS = ("at gateway", "A. Li", "2030-01-31", "12", "CHG-7", "pilot", "amount")
#: Keys that begin something which is recorded once it is completed.
_BEGINNINGS = (*"aaaaabbbbbcyyytddnnvu*+T", "space")


class Robot:
    """Presses keys by chance: now and then anything at all, else to complete what was begun, as a person would."""

    def __init__(self, hand, chance):
        self.hand = hand
        self.chance = chance
        self.pressed = 0
        self.known = [key for entry in KEYS if entry.action not in _LEFT_OUT for key in entry.keys.split(",")]

    @property
    def asked(self):
        """Whether a question is open."""
        return covered(self.hand.desk)

    async def press(self, *keys):
        """Press keys at once, then wait for the desk."""
        for key in keys:
            self.hand._press(key)
        self.pressed += len(keys)
        await self.hand.settle()
        if self.hand.desk._exception is not None:
            raise self.hand.desk._exception

    async def anything(self):
        """Press some keys without looking: those of the desk, now and then letters."""
        keys = []
        for _ in range(7):
            if self.chance.random() < 0.2:
                keys += self.chance.choices(_LETTERS, k=self.chance.randint(1, 12))
            keys.append(
                self.chance.choice([*self.known, *self.known, "enter", "escape", "tab", "backspace", "q", "ctrl+u"])
            )
        await self.press(*keys)

    async def something(self):
        """Go somewhere, begin something, and answer what it asks."""
        while self.asked:
            await self.press("escape")
        if self.chance.random() < 0.2:
            await self.press("escape", self.chance.choice("234567"))
        await self.press(*"j" * self.chance.randint(0, 3))
        await self.press(self.chance.choice(_BEGINNINGS))
        for _ in range(8):
            if not self.asked:
                break
            await self.answer()

    async def answer(self):
        """Answer the question that is open, as far as its field or its list can be answered."""
        if isinstance(self.hand.desk.focused, Input):
            await self.press(*self.chance.choice(_WORDS), "enter")
        else:
            await self.press(self.chance.choice(("enter", "enter", "enter", "1", "2", "x", "y")))


def cut(hand):
    """Return what is wrong with the screen: lines too few, or wider than the terminal."""
    lines = screen_text(hand.desk).split("\n")[:-1]
    columns, rows = hand.desk.size
    wide = [each for each in lines if cell_len(each) > columns]
    return wide or (f"{len(lines)} lines of {rows}" if len(lines) != rows else "")


async def walk(review, seed, count, hand_at):
    """Press keys on a review and return how many events were recorded, once all are worked off.

    Every 500 keys the terminal has another size, every 700 the desk another theme; no line of a screen may be cut.
    """
    chance = random.Random(seed)
    async with hand_at(review, size=chance.choice(_SIZES)) as hand:
        hand.desk.leave = lambda: None  # `q` at the wrong moment is no end of the walk
        robot, resized, inked = Robot(hand, chance), 500, 700
        while robot.pressed < count:
            await (robot.anything if chance.random() < _BLIND else robot.something)()
            if robot.pressed > resized:
                resized += 500
                await hand.resize(*chance.choice(_SIZES))
                assert not cut(hand), cut(hand)
            if robot.pressed > inked:
                inked += 700
                hand.desk.next_theme()
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
