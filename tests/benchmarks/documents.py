"""What real documents cost, each figure from a fresh process: see `tests.benchmarks.report`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tests.benchmarks.processes import ROOT, clearance, part
from tests.benchmarks.tables import Figure, Section

#: Processes of which the fastest counts as the floor: it is what all else is divided by.
_FLOORS = 3
_MEGA = 1_000_000
#: Size from which parsing takes long enough to divide by it, MB.
SMALLEST = 0.01
#: Goals: a full analysis in floors, by size of the document in MB; and creation of the review file as a share of it.
LARGE, LARGE_FLOORS, FLOORS, YAML_FLOORS, CREATION = 10, 7, 14, 0.4, 0.5

FLOOR = """
kept = [
    json.loads(raw) if raw.lstrip()[:1] in {b"{", b"["} else yaml.load(raw, Loader=yaml.CSafeLoader) for raw in raws
]
"""
READ = """
import json, yaml
from pathlib import Path
place = Path(sys.argv[1])
files = [each for each in place.rglob("*") if each.suffix in {".json", ".yaml", ".yml"}] if place.is_dir() else [place]
raws = [each.read_bytes() for each in files]
"""
ANALYSIS = """
from analysis.review.sources.importing import examine_source
result = examine_source(sys.argv[1], empty=True)
told = len(result.tools)
"""
CREATION_CODE = """
from pathlib import Path
from analysis.review.session import Review
Review.create(Path("created.clearance"), [result], actor="bench@example.com", at="2026-01-01T00:00:00Z").close()
"""


def specs():
    """Return the folder of real documents: beside the repository, or where CLEARANCE_SHARED says."""
    return Path(os.environ.get("CLEARANCE_SHARED", ROOT.parent / "shared")) / "specs"


def real_documents():
    """Return the real documents, largest first."""
    if not specs().is_dir():
        return []
    found = [each for each in specs().iterdir() if each.suffix in {".json", ".yaml", ".yml"}]
    found += [each for each in (specs() / "digitalocean",) if each.is_dir()]
    return sorted((each for each in found if size_of(each) >= SMALLEST), key=size_of, reverse=True)


def size_of(place):
    """Return the size of a document, or of all documents of a folder, in MB."""
    files = place.rglob("*") if place.is_dir() else [place]
    return sum(each.stat().st_size for each in files if each.is_file()) / _MEGA


def is_json(place):
    return place.is_file() and place.read_bytes().lstrip()[:1] == b"{"


def floor_of(place, folder):
    """Return the CPU seconds of the standard parser for the same bytes: `json.loads`, or PyYAML's `CSafeLoader`."""
    times = [part(folder, FLOOR, place, before=READ)[0] for _ in range(_FLOORS)]
    return min(times)


def section(options):
    """Measure every real document."""
    made = Section(
        "Documents",
        "CPU seconds (user and system) and peak memory of whole processes. *Analysis* is `examine_source`, the first time in a"
        " process, with its imports; *again* is the second time, warm. The floor is `json.loads` or `yaml.CSafeLoader` of the"
        f" same bytes, the fastest of {_FLOORS} processes. *Creation* writes the review file of the analysis. Goals are for"
        f" documents of 1 MB and more: {LARGE_FLOORS} floors from {LARGE} MB on, else {FLOORS}; {YAML_FLOORS} in YAML.",
        ("document", "MB", "tools", "floor", "analysis", "in floors", "again", "`inspect --json`", "`review --no-desk`",
         "creation / analysis", "`export`"),
    )  # fmt: skip
    found = real_documents()
    if not found:
        made.note(f"Left out: the folder of real documents, {specs().name}, is not on this machine (CLEARANCE_SHARED).")
    for place in found:
        if size_of(place) > options.up_to:
            continue
        with tempfile.TemporaryDirectory() as folder:
            made.add(*row(place, Path(folder)))
    return made


def row(place, folder):
    """Return the figures of one document."""
    floor = floor_of(place, folder)
    analysis, tools, _ = part(folder, ANALYSIS, place)
    if analysis is None:
        return (place.name, Figure(size_of(place)), "refused", *("",) * 8)
    again, _, _ = part(folder, ANALYSIS, place, before=ANALYSIS)
    creation, _, _ = part(folder, CREATION_CODE, place, before=ANALYSIS)
    inspected = clearance(folder, "inspect", place, "--json")
    reviewed = clearance(folder, "review", place, "--no-desk", "-w", "r.clearance")
    exported = clearance(folder, "export", "r.clearance", "packet")
    goal = creating = None
    if size_of(place) >= 1:
        goal = (LARGE_FLOORS if size_of(place) >= LARGE else FLOORS) if is_json(place) else YAML_FLOORS
        creating = CREATION
    return (
        place.name, Figure(size_of(place)), f"{tools:,}", Figure(floor * 1000, "ms"), Figure(analysis, "s"),
        Figure(analysis / floor, goal=goal), Figure(again, "s"), cost(inspected), cost(reviewed),
        Figure(creation / analysis, goal=creating), cost(exported),
    )  # fmt: skip


def cost(ran, seconds=None, memory=None):
    """Return the figures of a whole command as one cell, or how it ended where it did not do its work."""
    if ran.exit not in {0, 1}:
        return ran.ending
    return Figure(ran.seconds, "s", seconds), Figure(ran.peak, "MB", memory)
