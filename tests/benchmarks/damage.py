"""Kills, damage and hostile files: `python -m tests.benchmarks.damage [--commands N] [--desk N] [--corruptions N] [--events N] [--files N]`.

A program that is killed loses nothing that was recorded, on the command line and at the desk. A file that was damaged is
refused in words, or reads as it was written. Events and rows that somebody else has made up are set aside, rebuilt or
refused; no command ends with a fault of ours. Everything that fails is printed with its seed; the exit code says whether
anything did.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from analysis.errors import InputRefused, WorkspaceRefused
from analysis.review import queries
from analysis.review.session import Review
from analysis.review.sources.sample import build_sample
from analysis.workspace import Store
from tests.benchmarks.terminal import ROOT, Terminal
from tests.fixtures.hostile_events import append_as, mutated, spoil_rows
from tests.fixtures.hostile_reviews import TOGETHER, trial_of_events, trial_of_rows, worked_review
from tui.cli import run

#: What is typed at the desk: decisions with a reason, notes, and steps back.
_KEYS = ("b", "not needed\r", "j", "b", "too wide\r", "j", "u", "j", "b", "later\r", "j")
_ODD_COMMANDS = ("status", "log", "team", "conflicts", "findings", "gates", "tools")
INTERNAL = 70


def ids(path):
    """Return the events of a file, verified as a whole."""
    store = Store.open(path)
    found = {event.id for event in store.events}
    store.close()
    return found


def seen(path):
    """Return the events that a program beside the one that writes can read; none where the file is busy."""
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=0)) as it,
    ):
        return {identity for (identity,) in it.execute("SELECT id FROM events")}
    return set()


def wrong_after(path, before):
    """Return what is wrong with a file after a kill; nothing where it opens with all that was recorded before."""
    try:
        lost = before - ids(path)
    except (WorkspaceRefused, InputRefused) as refused:
        return f"refused: {' | '.join(refused.lines())}"
    return f"{len(lost)} events lost" if lost else ""


def kill_commands(folder, count, seed):
    """Kill a command at a random moment, again and again on one file."""
    path, chance, wrong, landed = folder / "commands.clearance", random.Random(seed), [], 0
    build_sample(path)
    review = Review.open(path)
    tools, names = [tool.row.id for tool in review.tools()], [tool.row.name for tool in review.tools()]
    review.close()
    environment = os.environ | {"PYTHONPATH": str(ROOT), "CLEARANCE_ACTOR": "ann"}
    usual, journals = 1.0, 0
    for number in range(count):
        before, tool = ids(path), chance.choice(tools)
        what = chance.choice((
            ["note", str(path), tool, f"note {number}"], ["decide", str(path), "--where", f"name:{chance.choice(names)}", "--block", "--reason", f"turn {number}"],
            ["undo", str(path)], ["redo", str(path)], ["note", str(path), tool, "x" * 4000],
        ))  # fmt: skip
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "tui", *what], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        if number % 10 == 0:  # how long it takes on this machine, this minute
            process.wait()
            usual = time.monotonic() - began
        else:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(usual * chance.uniform(0.5, 1.05))
            before |= seen(path)
            os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None
            landed += process.wait() == -signal.SIGKILL
        journals += Path(f"{path}-journal").exists()
        if problem := wrong_after(path, before):
            wrong.append((seed, number, problem))
    print(
        f"command line: {count} runs, {landed} killed, {journals} journals left, {len(ids(path)):,} events; {len(wrong)} wrong"
    )
    return wrong


def kill_desk(folder, count, seed):
    """Kill the desk while somebody types; what another program has seen by then has to be there."""
    path, chance, wrong, recorded = folder / "desk.clearance", random.Random(seed), [], 0
    build_sample(path)
    for number in range(count):
        desk = Terminal(["tui", "open", str(path)], folder)
        desk.first_row()
        first, until = ids(path), time.monotonic() + chance.uniform(1.0, 4.0)
        known = set(first)
        while time.monotonic() < until and desk.process.poll() is None:
            for key in _KEYS:
                os.write(desk.master, key.encode())
                while select.select([desk.master], [], [], chance.uniform(0.005, 0.05))[0]:
                    os.read(desk.master, 1 << 16)
                if time.monotonic() > until:
                    break
            known |= seen(path)
        known |= seen(path)
        alive = desk.process.poll() is None
        if alive:
            os.killpg(desk.process.pid, signal.SIGKILL)
        desk.process.wait()
        os.close(desk.master)
        recorded += len(known) - len(first)
        problem = wrong_after(path, known) or ("" if alive else "the desk had ended by itself")
        if problem:
            wrong.append((seed, number, problem))
    print(f"desk: {count} killed, {recorded:,} events recorded and seen; {len(wrong)} wrong")
    return wrong


def reading(path):
    """Return all that a review shows of a file."""
    review = Review.open(path)
    try:
        shown = [queries.reviewed_tool(review, tool.row.id) for tool in review.tools()]
        return [
            queries.audit_trail(review),
            dict(review.store.log.heads),
            review.sources(),
            shown,
            review.summary(),
            queries.notes(review),
        ]
    finally:
        review.close()


def damaged(chance, sound):
    """Return a file with damage: bits, bytes, blocks, pages in another order, or an end that is missing."""
    data, kind = bytearray(sound), chance.randrange(6)
    place = chance.randrange(len(data))
    if kind == 0:
        data[place] ^= 1 << chance.randrange(8)
    elif kind == 1:
        data[place : place + chance.randrange(1, 64)] = chance.randbytes(chance.randrange(1, 64))
    elif kind == 2:
        data[place : place + 512] = bytes(min(512, len(data) - place))
    elif kind == 3:
        one, other = (4096 * chance.randrange(len(data) // 4096) for _ in range(2))
        data[one : one + 4096], data[other : other + 4096] = data[other : other + 4096], data[one : one + 4096]
    elif kind == 4:
        del data[place:]
    else:
        for _ in range(chance.randrange(2, 40)):
            data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def corrupt(folder, count, seed):
    """Damage a file at random; it is refused with a remedy, or reads as it was written, and is not written to."""
    path, wrong, refused = folder / "whole.clearance", [], 0
    build_sample(path)
    sound, original = path.read_bytes(), reading(path)
    for number in range(seed, seed + count):
        data = damaged(random.Random(number), sound)
        path.write_bytes(data)
        try:
            if reading(path) != original:
                wrong.append((number, "reads as something else"))
        except (WorkspaceRefused, InputRefused) as error:
            refused += 1
            if not error.remedy or error.place != str(path):
                wrong.append((number, f"refused without a way on: {error.lines()}"))
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            wrong.append((number, f"{type(error).__name__}: {error}"))
        if path.read_bytes() != data:
            wrong.append((number, "was written to"))
    print(f"damage: {count:,} files, {refused:,} refused, {count - refused:,} read as before; {len(wrong)} wrong")
    return wrong


def commanded(path, chance, folder):
    """Run commands on a hostile file; return those that end with a fault of ours."""
    lines = [[name, str(path)] for name in chance.sample(_ODD_COMMANDS, 2)]
    lines.append(
        chance.choice(
            ([*lines[0], "--json"], ["export", str(path), str(folder / "packet")], ["log", str(path), "--verify"])
        )
    )
    found = []
    for line in lines:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as said:
            code = run(line)
        if code == INTERNAL:
            found.append(f"{line[0]} ends with {code}: {said.getvalue()[-200:]}")
    shutil.rmtree(folder / "packet", ignore_errors=True)
    return found


def hostile(folder, events, files, seed):
    """Try made-up events, some together in a file, and files with made-up rows; then commands on each file."""
    worked, bodies, _ = worked_review(folder)
    wrong, aside, opened = [], 0, 0
    for kind, numbers in (("events", range(seed, seed + events // TOGETHER)), ("rows", range(seed, seed + files))):
        for number in numbers:
            chance, place = random.Random(number), folder / f"{kind}-{number}"
            place.mkdir()
            try:
                if kind == "events":
                    aside += trial_of_events(number, worked, bodies, place)
                else:
                    opened += trial_of_rows(number, worked, place)
            except Exception as error:  # noqa: BLE001 - this is what is looked for
                wrong.append((kind, number, f"{type(error).__name__}: {error}"))
            copy = Path(shutil.copy(worked, place / "commanded.clearance"))
            if kind == "events":
                append_as(copy, f"{number:032x}", [mutated(chance, chance.choice(bodies)) for _ in range(TOGETHER)])
            else:
                spoil_rows(chance, copy)
            wrong += [(kind, number, problem) for problem in commanded(copy, chance, place)]
            shutil.rmtree(place)
    print(
        f"hostile: {events:,} events, {aside:,} set aside; {files:,} files, {opened:,} opened, the others refused; {len(wrong)} wrong"
    )
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    for name, number in (
        ("commands", 100),
        ("desk", 100),
        ("corruptions", 3_000),
        ("events", 5_000),
        ("files", 500),
        ("seed", 1),
    ):
        parser.add_argument(f"--{name}", type=int, default=number)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {"XDG_STATE_HOME": str(folder), "CLEARANCE_ACTOR": "ann"}
        wrong = kill_commands(folder, asked.commands, asked.seed) if asked.commands else []
        wrong += kill_desk(folder, asked.desk, asked.seed) if asked.desk else []
        wrong += corrupt(folder, asked.corruptions, asked.seed) if asked.corruptions else []
        wrong += hostile(folder, asked.events, asked.files, asked.seed) if asked.events or asked.files else []
    for each in wrong:
        print(*each)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
