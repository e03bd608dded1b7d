"""What reading costs: python -m tests.benchmarks.ingest FILES|FOLDERS [--runs N] [--json] [--peers].

Reading, the whole examination, and the review file written of it (`create`). CPU seconds, medians of runs that are
interleaved, so that ratios hold on a busy machine; memory from a process of its
own per figure. `--peers` also times whole commands on the wall. A peer is found by an environment variable that names
its program, or the PATH: CLEARANCE_REDOCLY, CLEARANCE_SPECTRAL (with CLEARANCE_OWASP, the file of its rule set) and
CLEARANCE_FASTMCP (a Python that has it). Nothing is downloaded.
"""

from __future__ import annotations

import argparse
import gc
import inspect
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from analysis.ingest import read
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source

ROOT = Path(__file__).parents[2]
PATIENCE = 300  # seconds a peer may take
PATHS = 100_000

#: What a process of its own does to show its memory: nothing, the data by the standard parser, or our reading.
IDLE = "import json, sys, yaml; import analysis.review.sources.importing"
JSON = f"{IDLE}; kept = json.loads(open(sys.argv[1], 'rb').read())"
YAML = f"{IDLE}; kept = yaml.load(open(sys.argv[1], 'rb').read(), Loader=yaml.CSafeLoader)"
READ = f"{IDLE}; from analysis.ingest import read; kept = read(sys.argv[1])"
#: Linux counts into `ru_maxrss` what the parent had before the program was started; its own peak stands elsewhere.
PEAK = """
import re, resource
from pathlib import Path
status = Path("/proc/self/status")
own = re.search(r"VmHWM:\\s+(\\d+)", status.read_text()) if status.exists() else None
print(own.group(1) if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
#: How a peer ends that has done its work; linters say 1 when they found something.
DONE = {"redocly": ("exit 0", "exit 1"), "spectral + owasp": ("exit 0", "exit 1"), "fastmcp": ("exit 0",)}
FASTMCP = """
import asyncio, json, sys
from pathlib import Path
try:
    import httpx2 as httpx
except ImportError:
    import httpx
from fastmcp import FastMCP
text = Path(sys.argv[1]).read_text()
import yaml
document = json.loads(text) if text.lstrip()[:1] == "{" else yaml.load(text, Loader=yaml.CSafeLoader)
server = FastMCP.from_openapi(document, client=httpx.AsyncClient(base_url="http://127.0.0.1:9"))
print(len(asyncio.run(server.list_tools())))
"""


def cpu(work):
    """Return the CPU seconds of one run, without what an earlier one left to collect."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def jobs_of(path):
    """Return what is timed for a document, by name; the first one is what the others are compared with."""
    raw = path.read_bytes()
    is_json = raw.lstrip()[:1] in {b"{", b"["}
    jobs = {"json.loads": lambda: json.loads(raw)} if is_json else {}
    if not is_json:
        jobs["yaml.load"] = lambda: yaml.load(raw, Loader=yaml.CSafeLoader)
    if "definitions" in inspect.signature(read).parameters:
        jobs["read, light"] = lambda: read(str(path), definitions=False)
    jobs["read"] = lambda: read(str(path))
    jobs["examine"] = lambda: examine_source(str(path), empty=True)
    examined = examine_source(str(path), empty=True)
    jobs["create"] = lambda: create(examined)
    return jobs


def create(examined):
    """Write the review file of a source that is examined already."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "r.clearance"
        Review.create(file, [examined], actor="bench@example.com", at="2026-01-01T00:00:00Z").close()


def peak(code, path):
    """Return the peak memory of a process that runs this (MB)."""
    told = subprocess.run(
        [sys.executable, "-c", f"{code}\n{PEAK}", str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(told.stdout) / (1024 if sys.platform != "darwin" else 1024 * 1024)


def memory(path, *, is_json):
    """Return (MB of the parsed data, MB of our reading), both above the bare interpreter with everything imported."""
    idle, parsed, ours = (peak(code, path) for code in (IDLE, JSON if is_json else YAML, READ))
    return parsed - idle, ours - idle


def figures(path, runs):
    """Measure one document; return a row of figures, or why there is none."""
    row = {"document": path.name, "bytes": path.stat().st_size}
    reading = read(str(path))
    if reading.inventory is None:
        return row | {"refused": reading.problems[0].what}
    row["tools"] = len(reading.inventory.tools)
    del reading
    jobs = jobs_of(path)
    times = {name: [] for name in jobs}
    for _ in range(runs):
        for name, work in jobs.items():
            times[name].append(cpu(work))
    base = next(iter(jobs))
    row["base"] = base
    row["seconds"] = {name: statistics.median(each) for name, each in times.items()}
    row["ratios"] = {name: row["seconds"][name] / row["seconds"][base] for name in jobs if name != base}
    parsed, ours = memory(path, is_json=base == "json.loads")
    return row | {"parsed_mb": parsed, "read_mb": ours, "memory_ratio": ours / parsed if parsed > 1 else None}


def many_paths(folder):
    """Write a document of 100,000 trivial paths; return its file."""
    paths = {f"/p{n}/{{id}}": {"get": {"operationId": f"op{n}", "responses": {}}} for n in range(PATHS)}
    file = folder / f"{PATHS}-paths.json"
    file.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}))
    return file


# peers ------------------------------------------------------------------------------------------------


def found(variable, program):
    """Return the program of a peer, or None."""
    named = os.environ.get(variable, "")
    return (named if Path(named).is_file() else None) if named else shutil.which(program)


def peers():
    """Return ({name: command that takes a file}, {name: why it is not here})."""
    known, absent = {}, {}
    for name, variable, program in (
        ("redocly", "CLEARANCE_REDOCLY", "redocly"),
        ("spectral + owasp", "CLEARANCE_SPECTRAL", "spectral"),
        ("fastmcp", "CLEARANCE_FASTMCP", ""),
    ):
        place = found(variable, program) if program or os.environ.get(variable) else None
        rules = os.environ.get("CLEARANCE_OWASP", "")
        if place is None:
            absent[name] = f"{variable} names no program" + (f", and no {program} is on the PATH" if program else "")
        elif name == "redocly":
            known[name] = [place, "lint", "--extends=recommended", "--format=json"]
        elif name == "fastmcp":
            known[name] = [place, "-c", FASTMCP]
        elif Path(rules).is_file():
            known[name] = [place, "lint", "--quiet", "-f", "json", "-r", rules]
        else:
            absent[name] = "CLEARANCE_OWASP names no rule set"
    return known, absent


def wall(command, path, folder):
    """Return (seconds of a whole command, how it ended)."""
    quiet = {"PATH": os.environ["PATH"], "HOME": str(folder), "REDOCLY_TELEMETRY": "off", "PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    try:
        done = subprocess.run(
            [*command, str(path)], cwd=folder, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, timeout=PATIENCE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return time.perf_counter() - start, f"stopped after {PATIENCE} s"
    end = (done.stderr.decode(errors="replace").strip().splitlines() or [""])[-1][:100]
    return time.perf_counter() - start, f"exit {done.returncode}{f', {end}' if done.returncode else ''}"


def against_peers(path, known, folder):
    """Time whole commands, ours before and after; return seconds, ratios and how each ended."""
    ours = [sys.executable, "-m", "tui", "inspect", "--json"]
    first, ended = wall(ours, path, folder)
    row = {"clearance": {"seconds": first, "end": ended}}
    for name, command in known.items():
        taken, ended = wall(command, path, folder)
        row[name] = {"seconds": taken, "end": ended}
    best = min(first, wall(ours, path, folder)[0])
    row["clearance"]["seconds"] = best
    for name in known:
        if row[name]["end"].startswith(DONE[name]):  # whoever gave up early was not faster
            row[name]["ratio"] = best / row[name]["seconds"]
    return row


# telling ----------------------------------------------------------------------------------------------


def tell(row):
    """Print the figures of one document."""
    if "refused" in row:
        print(f"{row['document']:34} refused: {row['refused']}")
        return
    base = row["base"]
    parts = [f"{base} {1000 * row['seconds'][base]:7.1f} ms"]
    parts += [f"{name} {1000 * row['seconds'][name]:7.1f} ms ({ratio:.2f})" for name, ratio in row["ratios"].items()]
    ratio = f"{row['memory_ratio']:.1f}x" if row["memory_ratio"] else "too small to compare"
    parts.append(f"memory {row['read_mb']:.0f} MB of {row['parsed_mb']:.0f} parsed ({ratio})")
    print(f"{row['document']:34} {row['bytes'] / 1e6:6.2f} MB {row['tools']:6,} tools   " + "   ".join(parts))
    for name, said in row.get("commands", {}).items():
        compared = f"   clearance takes {said['ratio']:.3f} of it" if "ratio" in said else ""
        print(f"    {name:20} {said['seconds']:7.2f} s wall   {said['end']}{compared}")


def files_in(paths):
    """Return the documents that were named, or lie in a named folder."""
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.iterdir() if file.suffix in {".json", ".yaml", ".yml"})
        else:
            yield path


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="all figures as JSON")
    parser.add_argument("--peers", action="store_true", help="whole commands against other tools")
    options = parser.parse_args()
    known, absent = peers() if options.peers else ({}, {})
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [*(file.resolve() for file in files_in(options.paths)), many_paths(folder)]
        for file in files:
            row = figures(file, options.runs)
            if options.peers and "refused" not in row and file.parent != folder:
                row["commands"] = against_peers(file, known, folder)
            rows.append(row)
            if not options.json:
                tell(row)
    if options.json:
        print(json.dumps({"documents": rows, "peers_not_found": absent, "load": os.getloadavg()[0]}, indent=2))
        return
    for name, why in absent.items():
        print(f"peer not found: {name}: {why}")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
