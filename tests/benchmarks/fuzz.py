"""Looks for documents that stop the reader: python -m tests.benchmarks.fuzz [--documents N] [--seed N] [--jobs N] [PATHS].

Each seed is one mutant of the built-in documents or of the files under PATHS (OpenAPI, tool lists, client
configurations; mostly small ones). Every mutant is read, every 50th goes through the whole analysis, configurations
also through their own reader. A document that raises, or takes more than two seconds, is printed with its seed, cut
down to what still does it. The exit code says whether there was one.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import signal
import sys
import time
import traceback
from contextlib import contextmanager
from pathlib import Path

import yaml

from analysis.errors import InputRefused
from analysis.ingest import read
from analysis.ingest.document.loading import Limits
from analysis.ingest.live.config import read_servers
from analysis.ingest.mcp.json_lines import parse_lines
from analysis.review.sources.importing import examine_source, source_rows
from tests.fixtures.mutations import SEEDS, mutant

SLOW = 2.0  # seconds of processor time
PATIENCE = 20  # seconds after which a document is given up
SMALL, LARGE = 20_000, 300_000  # bytes: larger files are mutated seldom, the largest never
WHOLE = 50  # every so many documents run through the whole analysis
TRIES = 400  # cuts that are tried to make a finding small

TOOL = {
    "name": "a",
    "description": "Lists a.",
    "inputSchema": {"type": "object", "properties": {"q": {"type": "string"}}},
}
CALL = {
    "name": "b",
    "description": "Books.",
    "parameters": {"type": "object", "properties": {"n": {"type": "integer"}}},
}
SHAPES = [
    [{"jsonrpc": "2.0", "id": 1, "result": {"tools": [TOOL], "nextCursor": "2"}}, {"result": {"tools": [TOOL]}}],
    {"servers": {"x": {"tools": [TOOL], "instructions": "Ask first."}, "y": {"tools": {"a": CALL}}}},
    [{"type": "function", "function": CALL}, {"toolSpec": TOOL}, {"functionDeclarations": [CALL]}],
    {
        "mcpServers": {
            "x": {"command": "npx", "args": ["-y", "a"], "env": {"KEY": "v"}},
            "y": {"url": "https://y.example"},
        }
    },
]


class Late(BaseException):
    """The time of a document is over; no `except Exception` on the way keeps it."""


@contextmanager
def limited(seconds):
    """Interrupt what runs inside after a time."""

    def ring(number, frame):
        raise Late

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def corpus(paths):
    """Return (documents, their data), the built-in ones first; small ones are there several times."""
    raws = [*SEEDS, *(json.dumps(shape).encode() for shape in SHAPES)] * 4
    for path in paths:
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        for file in files:
            if file.suffix in {".json", ".yaml", ".yml", ".toml"} and file.stat().st_size <= LARGE:
                raws += [file.read_bytes()] * (3 if file.stat().st_size <= SMALL else 1)
    return raws, [plain(raw) for raw in raws]


def plain(raw):
    """Return the data of a document by other parsers than ours, or None."""
    try:
        return yaml.load(raw, Loader=yaml.CSafeLoader)
    except Exception:  # noqa: BLE001 - edge cases are made to fail; their bytes are mutated all the same
        return None


def attempt(raw, *, whole):
    """Do with a document what Clearance does; return (what went wrong or "", processor seconds)."""
    start = time.process_time()
    try:
        with limited(PATIENCE):
            reading = read(raw)
            parse_lines(raw, Limits())
            read_servers(raw, "servers.json")
            if reading.inventory is not None:
                assert len({tool.id for tool in reading.inventory.tools}) == len(reading.inventory.tools), "equal ids"
            if whole:
                examined = examine_source(raw, empty=True)
                source_rows(examined)
                assert not examined.not_run, f"rules failed: {examined.not_run}"
    except InputRefused:
        pass
    except Late:
        return f"more than {PATIENCE} seconds", time.process_time() - start
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        place = traceback.extract_tb(error.__traceback__)[-1]
        what = re.sub(r"\d+", "N", str(error))[:100]
        return (
            f"{type(error).__name__} in {Path(place.filename).name}:{place.name}: {what}",
            time.process_time() - start,
        )
    taken = time.process_time() - start
    return f"slow: {taken:.0f} s" if taken > SLOW else "", taken


def minimised(raw, wrong):
    """Cut a document down as long as the same goes wrong."""
    kind = wrong.split(":")[0]
    step, tries = max(len(raw) // 2, 1), 0
    while step and tries < TRIES:
        at = 0
        while at < len(raw) and tries < TRIES:
            shorter = raw[:at] + raw[at + step :]
            tries += 1
            if attempt(shorter, whole=True)[0].split(":")[0] == kind:
                raw = shorter
            else:
                at += step
        step //= 2
    return raw


def run(task):
    """Try a range of seeds; return what went wrong as [(seed, what, document)], the slowest as
    (seconds, seed), and how many mutants could not be made."""
    seeds, documents, parsed = task
    found, slowest, unwritten = [], (0.0, -1), 0
    for seed in seeds:
        try:
            raw = mutant(seed, documents, parsed)
        except (RecursionError, ValueError, TypeError):  # a mutant that cannot be written down: a circle, a strange key
            unwritten += 1
            continue
        wrong, taken = attempt(raw, whole=seed % WHOLE == 0)
        slowest = max(slowest, (taken, seed))
        if wrong:
            found.append((seed, wrong, raw))
    return found, slowest, unwritten


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("paths", type=Path, nargs="*")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    documents, parsed = corpus(options.paths)
    start = time.process_time(), time.perf_counter()
    first, last = options.seed, options.seed + options.documents
    tasks = [(range(n, min(n + 500, last)), documents, parsed) for n in range(first, last, 500)]
    found, slowest, unwritten = [], (0.0, -1), 0
    with multiprocessing.Pool(options.jobs) as pool:
        for more, slow, lost in pool.imap_unordered(run, tasks):
            found += more
            unwritten += lost
            slowest = max(slowest, slow)
    kinds = {}
    for seed, wrong, raw in sorted(found):
        kinds.setdefault(wrong, []).append((seed, raw))
    for wrong, cases in kinds.items():
        seed, raw = min(cases, key=lambda case: len(case[1]))
        print(f"{wrong}\n  {len(cases)} times, for instance seed {seed}: {minimised(raw, wrong)[:2000]!r}")
    print(
        f"{options.documents - unwritten:,} documents from {len(set(documents))} in {time.perf_counter() - start[1]:.0f} s: "
        f"{len(found)} with faults of {len(kinds)} kinds; slowest {slowest[0]:.2f} s (seed {slowest[1]})"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
