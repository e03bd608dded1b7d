"""Run by test_crashes.py as a program of its own: it forks writers, and ends them in the middle of their work.

Prints one JSON line per round. A process without threads may fork freely; pytest's may not.
"""

import json
import os
import random
import resource
import select
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

from analysis.errors import WorkspaceRefused
from analysis.model import DecisionState
from analysis.review import commands
from analysis.review.session import Review
from analysis.workspace import EventDraft, Store

AT = "2026-03-03T09:00:00Z"


def forked(work):
    """Run work(write) in a child; return its pid and the end from which its lines are read."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    try:
        os.close(reading)
        work(lambda line: os.write(writing, f"{line}\n".encode()))
    finally:
        os._exit(0)


def lines(reading):
    """Return the whole lines a child has written."""
    data = b""
    while part := os.read(reading, 65536):
        data += part
    os.close(reading)
    return data[: data.rfind(b"\n") + 1].decode().splitlines()


def decide_for_ever(path):
    """Record decisions, each a bulk of some tools, and say of each event that it is recorded."""

    def work(write):
        review = Review.open(path)
        tools = [tool.row.id for tool in review.tools()]
        write("ready")
        turn = 0
        while True:
            turn += 1
            several = tools[: 1 + turn % 30]
            commands.decide(
                review, several, DecisionState.BLOCKED, reason=f"turn {turn} " + "x" * 400, actor="ann", at=AT
            )
            write(" ".join(event.id for event in review.store.events[-len(several) :]))

    return work


def opened(path, *, writable):
    """Return the ids and bodies that a file holds, or the words of its refusal."""
    try:
        store = Store.open(path, writable=writable)
    except WorkspaceRefused as refused:
        return None, " | ".join(refused.lines())
    found = [(event.id, event.body) for event in store.events]
    store.close()
    return found, ""


def kill(path, rounds, seed):
    """Kill a writer at random moments; after each, the file has to hold every event it has acknowledged."""
    chance = random.Random(seed)
    acknowledged = set()
    for _ in range(rounds):
        pid, reading = forked(decide_for_ever(path))
        select.select([reading], [], [])
        time.sleep(chance.uniform(0.001, 0.12))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        told = [identity for line in lines(reading)[1:] for identity in line.split()]
        acknowledged.update(told)
        journal = Path(f"{path}-journal").exists()
        _, cannot_read = opened(path, writable=False)
        found, cannot_write = opened(path, writable=True)
        lost = acknowledged - {identity for identity, _ in found or ()}
        bodies = [json.loads(body) for _, body in found or ()]
        counts = {}
        for body in bodies:
            counts[body.get("batch")] = counts.get(body.get("batch"), 0) + 1
        # Decisions are made in bulks of 2 to 30 and 1; the size of each is known from its turn.
        torn = [
            body["batch"] for body in bodies
            if body["data"].get("reason", "").startswith("turn ") and "batch" in body
            and counts[body["batch"]] != 1 + int(body["data"]["reason"].split()[1]) % 30
        ]  # fmt: skip
        print(json.dumps({
            "acknowledged": len(told), "lost": len(lost), "torn": len(torn), "journal": journal,
            "read": cannot_read, "write": cannot_write,
        }))  # fmt: skip


def stop_inside(path):
    """Kill a writer whose transaction has begun to overwrite the file: the journal is hot."""
    before, _ = opened(path, writable=False)

    def work(write):
        store = Store.open(path)
        store._connection.execute("PRAGMA cache_size=1")
        with store.transaction():
            big = {"text": "x" * 2000}
            store.append([EventDraft("note.written", f"note/review#{n}", big) for n in range(200)], actor="ann", at=AT)
            write("inside")
            time.sleep(60)

    pid, reading = forked(work)
    select.select([reading], [], [])
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(reading)
    hot = Path(f"{path}-journal").stat().st_size > 0
    reader = shutil.copytree(Path(path).parent, Path(path).parent.with_suffix(".reader")) / Path(path).name
    found, cannot_read = opened(reader, writable=False)
    again, cannot_write = opened(path, writable=True)
    print(json.dumps({
        "hot": hot, "read": cannot_read, "write": cannot_write,
        "same_read": found == before, "same_write": again == before,
    }))  # fmt: skip


def fill(path, room):
    """Let a writer run against a full disk: the file may grow by `room` bytes and no more."""
    limit = Path(path).stat().st_size + room

    def work(write):
        review = Review.open(path)
        tools = [tool.row.id for tool in review.tools()]
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        for turn in range(1000):
            try:
                commands.decide(review, tools, DecisionState.BLOCKED, reason=f"turn {turn}", actor="ann", at=AT)
            except WorkspaceRefused as refused:
                write(json.dumps([refused.lines(), refused.exit_code, len(review.record.events)]))
                return
            write(review.store.events[-1].id)

    pid, reading = forked(work)
    told = lines(reading)
    os.waitpid(pid, 0)
    words, code, held = json.loads(told.pop())
    found, refused = opened(path, writable=True)
    print(json.dumps({
        "acknowledged": len(told), "words": words, "code": code, "refused": refused, "shown": held, "found": len(found or ()),
        "lost": len(set(told) - {identity for identity, _ in found or ()}),
    }))  # fmt: skip


def full_disk(path):
    """Make a review where there is no room for it."""
    from analysis.review.sources.sample import build_sample

    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
    words = []
    try:
        build_sample(path)
    except WorkspaceRefused as refused:
        words = refused.lines()
    print(json.dumps({"words": words, "left": [left.name for left in Path(path).parent.iterdir()]}))


if __name__ == "__main__":
    what, where, *numbers = sys.argv[1:]
    actions: dict[str, Any] = {"kill": kill, "stop_inside": stop_inside, "fill": fill, "full_disk": full_disk}
    actions[what](Path(where), *map(int, numbers))
