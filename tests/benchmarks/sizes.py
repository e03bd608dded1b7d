"""What large sources cost from import to packet: see `tests.benchmarks.report`."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path

from analysis.ingest import Limits
from tests.benchmarks.documents import cost, specs
from tests.benchmarks.invented import inventory
from tests.benchmarks.invented_directory import FULL, directory
from tests.benchmarks.processes import clearance
from tests.benchmarks.tables import Figure, Section
from tests.benchmarks.terminal import Terminal

#: The real document whose operations are repeated under other names.
VARIED = "github-3.0.json"
#: Goals of the directory at its full size: seconds and MB of creation and of the export, MB of the file, seconds to the first
#: rows and at rest.
REVIEW, EXPORT, FILE, FIRST, REST = (25, 1_000), (25, 1_000), 150, 0.3, 3
#: Goals of a source of this number of operations: creation, status, export with its memory.
LARGE, LARGE_REVIEW, LARGE_STATUS, LARGE_EXPORT = 16_000, (12,), (2,), (8, 400)
#: Keys of a document that say what operations take and return by example, which would be repeated with them.
_EXAMPLES = frozenset({"example", "examples"})


def varied(document, count):
    """Return a document with so many operations: those of another one, repeated with other paths, names and texts."""
    paths, made, round_ = {}, 0, 0
    while made < count:
        for path, item in document["paths"].items():
            methods = {
                each: _other(operation, round_) for each, operation in item.items() if isinstance(operation, dict)
            }
            paths[f"/part{round_}{path}" if round_ else path] = dict([*methods.items()][: count - made])
            made += len(methods)
            if made >= count:
                break
        round_ += 1
    return document | {"paths": paths}


def _other(operation, round_):
    made = copy.deepcopy(_without_examples(operation))
    if round_:
        made["operationId"] = f"{made.get('operationId', 'call')}-{round_}"
        made["description"] = f"{made.get('description', '')} Part {round_}."
    return made


def _without_examples(node):
    if isinstance(node, dict):
        return {key: _without_examples(value) for key, value in node.items() if key not in _EXAMPLES}
    return [_without_examples(each) for each in node] if isinstance(node, list) else node


def documents(options):
    """Yield (name, function that makes it, whether it is of the largest kind)."""
    source = specs() / VARIED
    for count in options.sizes:
        if source.is_file():
            yield f"{count:,} of {VARIED}", lambda count=count: varied(json.loads(source.read_bytes()), count), False
        else:
            yield f"{count:,} invented", lambda count=count: inventory(count), False
    yield f"directory of {options.directory:,}", lambda: directory(options.directory), options.directory >= FULL


def section(options):
    """Measure each size."""
    made = Section(
        "Sizes",
        "CPU seconds and peak memory of whole commands on large sources. `open` is the desk until its first rows stand in a"
        " terminal, and until it rests. The directory is invented: over 1,600 schemas that refer to each other in circles,"
        f" so that operations reach thousands of fields; at {FULL:,} operations it has the shape of the largest public document.",
        ("source", "MB", "`review --no-desk`", "file, MB", "`status`", "`export`", "first rows", "at rest"),
    )  # fmt: skip
    if not (specs() / VARIED).is_file():
        made.note(f"Invented operations are measured, as {VARIED} is not on this machine.")
    for name, make, largest in documents(options):
        with tempfile.TemporaryDirectory() as folder:
            made.add(name, *row(make(), Path(folder), largest=largest, large=name.startswith(f"{LARGE:,} ")))
    return made


def raised(place):
    """Return the options by which a document is read that is larger than the limits that hold without them."""
    if place.stat().st_size <= Limits().size:
        return ()
    limits = ("size=256M", "nodes=64M", "operations=100000", "seconds=600", "memory=8192M")
    return tuple(part for limit in limits for part in ("--limit", limit))


def row(document, folder, *, largest, large=False):
    """Return the figures of one source."""
    reviewing, exporting = (REVIEW, EXPORT) if largest else (LARGE_REVIEW, LARGE_EXPORT) if large else ((), ())
    showing = LARGE_STATUS if large else ()
    first_goal, rest_goal = (FIRST, REST) if largest else (None, None)
    place = folder / "source.json"
    place.write_text(json.dumps(document), "utf-8")
    del document
    size = Figure(place.stat().st_size / 1e6)
    reviewed = clearance(folder, "review", place, "--no-desk", "-w", "r.clearance", *raised(place))
    review = folder / "r.clearance"
    if not review.is_file():
        return size, reviewed.ending, *("",) * 5
    status = clearance(folder, "status", review)
    exported = clearance(folder, "export", review, "packet")
    terminal = Terminal(["tui", "open", review], folder)
    terminal.first_row()
    first = terminal.cpu()
    terminal.rest()
    rest = terminal.cpu()
    terminal.end("\x11")
    return (
        size, cost(reviewed, *reviewing), Figure(review.stat().st_size / 1e6, goal=FILE if largest else None),
        cost(status, *showing), cost(exported, *exporting), Figure(first, "s", first_goal), Figure(rest, "s", rest_goal),
    )  # fmt: skip
