"""What keys at the desk cost in a large review: see `tests.benchmarks.report`; `tests.benchmarks.desk` has more."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.benchmarks.desk import areas, desk, figures_of, starts, summary
from tests.benchmarks.invented import inventory
from tests.benchmarks.processes import clearance
from tests.benchmarks.tables import Figure, Section
from tests.benchmarks.terminal import Terminal

ESCAPE = "\x1b"
#: Starts of each program.
_STARTS = 3
#: Goals: CPU milliseconds of a key, median; and of an area, a page or a pane at its worst.
GOALS = {"down": 8, "filter": 9, "page down": 12, "decide": 15, "sort": 12}
SHOWN = 100
#: Moves and held keys of each area are measured by `tests.benchmarks.desk --areas`.
_LEFT_OUT = ("down", "page down", "held")


def section(options):
    """Measure keys and areas, and what it takes to start."""
    made = Section(
        f"Desk, {options.tools:,} tools",
        "In a pseudo-terminal, on an invented review. Milliseconds of CPU of all threads, from the key until nothing more is"
        f" written; *last byte* is on the wall. Goals: medians of keys that repeat, and {SHOWN} ms at worst for what is shown.",
        ("key", "n", "CPU median", "CPU p95", "CPU max", "last byte, median"),
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "source.json").write_text(json.dumps(inventory(options.tools)), "utf-8")
        clearance(folder, "review", "source.json", "--no-desk", "-w", "r.clearance")
        bare = summary(starts(["tests.benchmarks.peers", "hello"], folder, _STARTS, "\x11"))
        taken = desk(folder, "r.clearance", _STARTS) | pages(folder) | areas(folder, "r.clearance")
    for title, started in (("bare Textual application", bare), ("desk", taken["start"])):
        made.note(f"First row of the {title}: {started['median']:.0f} ms on the wall, median of {_STARTS} warm starts.")
    for title, figures in taken.items():
        if ("cpu" in figures and title.rpartition(": ")[2] not in _LEFT_OUT) or title in GOALS:
            goal = GOALS.get(title)
            cpu = figures["cpu"]
            worst = SHOWN if goal is None else None
            made.add(title, str(cpu["n"]), Figure(cpu["median"], "ms", goal), Figure(cpu["p95"], "ms"),
                     Figure(cpu["max"], "ms", worst), Figure(figures["last byte"]["median"], "ms"))  # fmt: skip
        elif "MiB" in figures:
            made.note(f"{title.capitalize()}: {figures['MiB']} MiB.")
    return made


def pages(folder):
    """Measure Enter on a tool, its source lines (`x`) and its tree of fields (`X`), each on several tools."""
    terminal = Terminal(["tui", "open", "r.clearance"], folder)
    terminal.first_row()
    terminal.press("3")
    terminal.rest()
    made = {}
    for title, key in (("Enter", "\r"), ("x", "x"), ("X", "X")):
        taken = []
        for _ in range(10):
            terminal.press("j")
            if key != "\r":
                terminal.press("\r")
            terminal.rest()
            taken.append(terminal.press(key))
            terminal.press(ESCAPE)
            terminal.press(ESCAPE)
        made[title] = figures_of(taken)
    terminal.end("\x11")
    return made
