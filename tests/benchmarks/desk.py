"""How fast the desk is, beside a DataTable that does the same: python -m tests.benchmarks.desk [--spec FILE] [--json OUT].

Everything runs in a real pseudo-terminal. Processor time is that of all threads of the process, from the key to the
last byte that it caused and a quarter of a second more. Wall times depend on the neighbours: compare them only within
one run. Inventories of 20,000 and 50,000 tools are invented; a document of one's own can be named.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.invented import inventory
from tests.benchmarks.processes import clearance, part
from tests.benchmarks.terminal import Terminal
from tui.desk.areas import AREAS

DOWN, PAGE = "j", "\x1b[6~"
#: What is typed into the filter, a letter at a time.
WORDS = "list user team"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--spec", type=Path, help="an OpenAPI document beside the invented ones")
    parser.add_argument("--sizes", default="20000,50000")
    parser.add_argument("--runs", type=int, default=5, help="starts of each kind")
    parser.add_argument("--areas", action="store_true", help="measure the areas, and nothing else")
    parser.add_argument("--no-table", action="store_true", help="leave the DataTable out")
    parser.add_argument("--json", type=Path, help="where to write the figures too")
    options = parser.parse_args()
    figures = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not options.areas:
            figures["hello"] = {
                "start": summary(starts(["tests.benchmarks.peers", "hello"], folder, options.runs, "\x11"))
            }
            show("bare Textual application", figures["hello"])
        for title, document in documents(options, folder):
            clearance(folder, "review", document, "-w", f"{title}.clearance", "--no-desk")
            if not options.areas:
                figures[f"desk {title}"] = desk(folder, f"{title}.clearance", options.runs)
                show(f"desk, {title} tools", figures[f"desk {title}"])
            if options.areas:
                figures[f"areas {title}"] = areas(folder, f"{title}.clearance")
                show(f"areas, {title} tools", figures[f"areas {title}"])
            if not options.no_table and not options.areas:
                rows = rows_of(folder, f"{title}.clearance")
                figures[f"DataTable {title}"] = table(folder, rows, options.runs)
                show(f"DataTable, {title} tools", figures[f"DataTable {title}"])
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


def documents(options, folder):
    """Yield (number of tools, document)."""
    if options.spec:
        place = options.spec.resolve()
        told = json.loads(clearance(folder, "inspect", place, "--json", keep=True).output)
        yield str(len(told["tools"])), place
    for size in filter(None, options.sizes.split(",")):
        place = folder / f"{size}.json"
        place.write_text(json.dumps(inventory(int(size))))
        yield size, place


def rows_of(folder, review):
    """Write the rows of a review as the desk shows them, for the peer."""
    code = (
        "from pathlib import Path; from analysis.review.session import Review\n"
        "from tui.desk.areas.tool_row import ToolColumns\n"
        "from tui.desk.widgets.table_columns import cell_text\n"
        "r = Review.open(Path(sys.argv[1]))\n"
        "told = [[t.row.id, *map(cell_text, ToolColumns().cells(t))] for t in r.tools()]"
    )
    place = folder / f"{review}.rows.json"
    place.write_text(json.dumps(part(folder, code, review)[1]))
    return place


def starts(arguments, folder, runs, leave):
    """Return how long starts took; the first one fills caches and is not counted."""
    times = []
    for _ in range(runs + 1):
        terminal = Terminal(arguments, folder)
        times.append(terminal.first_row())
        terminal.end(leave)
    return times[1:]


def desk(folder, review, runs):
    """Measure the desk."""
    arguments = ["tui", "open", review]
    made = {"start": summary(starts(arguments, folder, runs, "\x11"))}
    terminal = Terminal(arguments, folder)
    terminal.first_row()
    terminal.rest()
    made["memory"] = {"MiB": round(terminal.memory())}
    made["down"] = keys(terminal, DOWN * 60)
    made["page down"] = keys(terminal, [PAGE] * 20)
    made["decide"] = keys(terminal, ["b\r"] * 30)
    terminal.press("/")
    made["filter"] = keys(terminal, WORDS)
    terminal.press("\x1b")
    made["sort"] = keys(terminal, "ooo")
    terminal.press("o")
    terminal.press("/tag:bulk\r" if "tools" not in review else "/\r")
    terminal.press("*")
    terminal.press("b")
    made["bulk of 1,000"] = keys(terminal, ["no use\r"])
    made["memory at the end"] = {"MiB": round(terminal.memory())}
    terminal.end("\x11")
    return made


def areas(folder, review):
    """Measure every area: the first time it is shown, after a decision, each time after that, and moves in it; then a key held in some."""
    terminal = Terminal(["tui", "open", review], folder)
    terminal.first_row()
    terminal.rest()
    made = {}
    again = {name: [] for name in AREAS}
    for name, area in AREAS.items():
        made[f"{name}: first"] = keys(terminal, [area.key], quiet=2.0)
        terminal.rest()
    for name, area in AREAS.items():
        terminal.press(AREAS["tools"].key)
        terminal.press("b\r")
        terminal.rest()
        made[f"{name}: after a decision"] = keys(terminal, [area.key], quiet=1.0)
    for _ in range(5):
        for name, area in AREAS.items():
            again[name].append(terminal.press(area.key, quiet=1.0))
    for name, area in AREAS.items():
        made[f"{name}: again"] = figures_of(again[name])
        terminal.press(area.key)
        terminal.rest()
        made[f"{name}: down"] = keys(terminal, DOWN * 30)
        made[f"{name}: page down"] = keys(terminal, [PAGE] * 8)
    for name in ("tools", "queue", "findings"):
        terminal.press(AREAS[name].key)
        terminal.press("g")
        terminal.rest()
        made[f"{name}: held"] = held(terminal, DOWN)
    terminal.end("\x11")
    return made


def held(terminal, key, seconds=4.0, rate=30):
    """Hold a key, and return the processor time of each key, and how long after the last one the screen stands still."""
    used, began = terminal.cpu(), time.perf_counter()
    for number in range(int(seconds * rate)):
        due = began + number / rate
        while (left := due - time.perf_counter()) > 0:
            terminal.read(left)
        os.write(terminal.master, key.encode())
    at = last = time.perf_counter()
    while True:
        data, came = terminal.read(0.4)
        if not data:
            break
        last = came
    each = 1000 * (terminal.cpu() - used) / int(seconds * rate)
    return {"ms of CPU a key": round(each, 1), "ms to rest": round(1000 * (last - at), 1)}


def table(folder, rows, runs):
    """Measure the peer."""
    arguments = ["tests.benchmarks.peers", "table", str(rows)]
    made = {"start": summary(starts(arguments, folder, min(runs, 2), "\x11"))}
    terminal = Terminal(arguments, folder)
    terminal.first_row()
    terminal.rest()
    made["memory"] = {"MiB": round(terminal.memory())}
    made["down"] = keys(terminal, ["\x1b[B"] * 60)
    made["page down"] = keys(terminal, [PAGE] * 20)
    made["decide"] = keys(terminal, "b" * 10)
    terminal.press("/")
    made["filter"] = keys(terminal, WORDS, quiet=0.4)
    terminal.press("\x7f" * len(WORDS), quiet=0.4)  # below the blink of the cursor, which would never end
    terminal.press("\r")
    terminal.rest()
    made["sort"] = keys(terminal, "o")
    made["bulk of 1,000"] = keys(terminal, "B")
    terminal.end("\x11")
    return made


def keys(terminal, pressed, quiet=0.25):
    """Press keys one by one and return the figures."""
    return figures_of([terminal.press(key, quiet) for key in pressed])


def figures_of(taken):
    """Return the figures of keys that were pressed."""
    return {
        "cpu": summary([each.cpu for each in taken]),
        "first byte": summary([each.first for each in taken]),
        "last byte": summary([each.last for each in taken]),
    }


def summary(times):
    """Return median, 95th percentile and worst (ms)."""
    times = sorted(times)
    p95 = times[min(len(times) - 1, round(0.95 * (len(times) - 1)))]
    return {
        "n": len(times),
        "median": round(statistics.median(times), 1),
        "p95": round(p95, 1),
        "max": round(times[-1], 1),
    }


def show(title, figures):
    """Print the figures of one program."""
    print(f"\n{title}")
    for name, values in figures.items():
        if "MiB" in values:
            print(f"  {name:22} {values['MiB']} MiB")
        elif "ms to rest" in values:
            print(f"  {name:22} {values}")
        elif "median" in values:
            print(f"  {name:22} n={values['n']:<3} wall {values['median']:8.1f} median {values['p95']:8.1f} p95 ms")
        else:
            cpu, last = values["cpu"], values["last byte"]
            print(
                f"  {name:22} n={cpu['n']:<3} CPU {cpu['median']:8.1f} median {cpu['p95']:8.1f} p95"
                f" {cpu['max']:8.1f} max · last byte {last['median']:7.1f} median {last['p95']:7.1f} p95 ms"
            )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
