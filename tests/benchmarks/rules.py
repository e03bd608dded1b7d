"""What the rule pack finds and costs on real documents: python -m tests.benchmarks.rules DIR [NAME ...] [--cold].

Prints findings per rule and document after gathering, as a review would show them before anybody has decided, and the
CPU time per rule and tool. The last lines name what breaks the bounds the pack is held to.

`--cold` prints instead, as JSON, what the rules on definitions cost in a process that has run none before, as a user
pays it: their import, their tables and all documents; and whether the bound holds. Each round is a fork of one process that
has read the documents. In each, before the rules and after, the words of the same texts are counted and the texts searched:
that is the floor. The smallest of all rounds counts for both, as other programs can only add to it, so that their ratio
holds on a slow or busy machine too. The ratio is without the import, which depends on whether its modules are compiled.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import json
import os
import re
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.assess import assess_all
from analysis.ingest import read
from analysis.model import Finding, ToolRow, ToolState
from analysis.rules import SharedTexts, SourceContext, ToolContext, grouped, rules, run_definitions, run_states

if TYPE_CHECKING:
    from collections.abc import Callable

VENDORS: Final = (
    "box-3.0.json", "discord-3.1.json", "github-3.0.json", "kubernetes-2.0.yaml", "openai-3.1.yaml", "slack-2.0.json",
    "stripe-3.0.yaml", "twilio-api-3.0.json", "xero-accounting-3.0.yaml", "digitalocean",
)  # fmt: skip
#: Of a rule that is not gathered: findings on a thousand tools.
MOST_PER_THOUSAND: Final = 200
#: What the rules on planted text find on all documents together, whose vendors plant none.
MOST_ACCUSATIONS: Final = 3
MICROSECONDS_PER_TOOL: Final = 150
#: What the rules on definitions may cost in a fresh process, in floors: with a floor of 26 microseconds a tool, 624. This and
#: the next keep what is reached; the goal is `MICROSECONDS_PER_TOOL`, and whether it holds is printed.
MAX_FLOORS: Final = 24
#: Calls of functions that they may make for a tool there: the same however busy the machine is, and fewer from Python 3.12 on.
MAX_CALLS: Final = 1_700
#: Fresh processes of which the fastest counts.
ROUNDS: Final = 5
#: A pattern that begins like those of injections.
_SEARCHED: Final = re.compile(r"\b(?:send|read)\w* \w+ to\b")
#: Real documents of six vendors that the cost is held to.
SIX: Final = (
    "github-3.0.json",
    "stripe-3.0.yaml",
    "openai-3.1.yaml",
    "box-3.0.json",
    "kubernetes-2.0.yaml",
    "digitalocean",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One document under the pack."""

    name: str
    tools: int
    shown: list[Finding]
    single: Counter[str]
    seconds: dict[str, float]  # CPU time per rule


def measure(path: Path) -> Measured:
    """Return what the pack says of a document in which nothing is decided."""
    inventory = read(str(path)).inventory
    if inventory is None:
        raise SystemExit(f"{path} cannot be read")
    assessments = assess_all(inventory.tools)
    shared = SharedTexts(inventory.text_spans, (tool.name for tool in inventory.tools))
    cases = [ToolContext(t, a, shared) for t, a in zip(inventory.tools, assessments, strict=True)]
    for texts in (*(context.tool.text_spans for context in cases), *inventory.text_spans.values()):
        _ = texts.strings  # telling them apart belongs to reading
    rows = [ToolRow.of(c.tool, c.assessment, n) for n, c in enumerate(cases)]
    states = [ToolState(row, row.risk, row.types[0], row.effect) for row in rows]
    seconds = _timed(cases, states)
    found = run_definitions(cases)[0] + run_states(states)[0]
    shown = grouped(found, {row.id: row.source for row in rows})
    return Measured(path.name, len(cases), shown, Counter(f.rule for f in found), seconds)


def _timed(cases: list[ToolContext], states: list[ToolState]) -> dict[str, float]:
    seconds: dict[str, float] = {}
    inputs: dict[str, list[Any]] = {
        "definition": cases,
        "source": [SourceContext(cases[0].tool.source, cases, cases[0].shared)] if cases else [],
    }
    inputs |= {"state": states, "set": [states]}
    for rule in rules():
        began = time.process_time()
        for case in inputs.get(rule.kind, ()):
            for _ in rule.check(case):
                pass
        seconds[rule.id] = time.process_time() - began
    return seconds


def table(measured: list[Measured]) -> list[str]:
    """Return the table rule x document: shown findings, and in brackets the single ones where they were gathered."""
    lines = ["rule      " + "".join(f"{m.name.split('-')[0][:9]:>13}" for m in measured) + "      us/tool"]
    tools = sum(m.tools for m in measured)
    for rule in rules():
        cells = []
        for each in measured:
            shown, single = sum(f.rule == rule.id for f in each.shown), each.single[rule.id]
            cells.append(f"{shown or '-'}" + (f" ({single})" if single > shown else ""))
        cost = 1e6 * sum(m.seconds[rule.id] for m in measured) / tools
        lines.append(f"{rule.id:10}" + "".join(f"{cell:>13}" for cell in cells) + f"{cost:13.1f}")
    return lines


def broken_bounds(measured: list[Measured]) -> list[str]:
    """Return the bounds that do not hold, in words."""
    broken = []
    for each in measured:
        counts = Counter(f.rule for f in each.shown)
        broken += [
            f"{each.name}: {count} findings of {rule} on {each.tools} tools"
            for rule, count in sorted(counts.items())
            if 1000 * count > MOST_PER_THOUSAND * each.tools
        ]
    accused = [f for m in measured for f in m.shown if f.family == "INJ"]
    if len(accused) > MOST_ACCUSATIONS:
        broken.append(f"{len(accused)} accusations of planted text")
    kinds = {rule.id for rule in rules() if rule.kind in {"definition", "source"}}
    cost = 1e6 * sum(m.seconds[r] for m in measured for r in kinds) / sum(m.tools for m in measured)
    if cost > MICROSECONDS_PER_TOOL:
        broken.append(f"{cost:.0f} microseconds per tool for the rules on definitions")
    return broken


def cold(paths: list[Path], rounds: int = ROUNDS) -> dict[str, float | bool]:
    """Return what the rules on definitions cost, seconds of CPU, in processes in which none has run."""
    read_already = []
    for path in paths:
        inventory = read(str(path)).inventory
        if inventory is None:
            raise SystemExit(f"{path} cannot be read")
        for spans in (*(tool.text_spans for tool in inventory.tools), *inventory.text_spans.values()):
            _ = spans.strings  # telling them apart belongs to reading
        read_already.append((inventory, assess_all(inventory.tools)))
    tools = sum(len(inventory.tools) for inventory, _ in read_already)
    gc.collect()
    gc.freeze()
    gc.disable()  # as while a source is examined
    done = [_in_a_fork(_round, read_already) for _ in range(rounds)]
    floor, imported, ran = (1e6 * min(each) / tools for each in zip(*done, strict=True))
    return {
        "tools": tools,
        "microseconds_per_tool": round(imported + ran, 1),
        "of_which_import": round(imported, 1),
        "bound_in_microseconds": MICROSECONDS_PER_TOOL,
        "bound_holds": imported + ran <= MICROSECONDS_PER_TOOL,
        "floor_microseconds_per_tool": round(floor, 2),
        "floors": round(ran / floor, 1),
        "calls_per_tool": round(_in_a_fork(_calls, read_already)[0] / tools),
    }


def _in_a_fork(measured: Callable[[list[Any]], list[float]], read_already: list[Any]) -> list[float]:
    """Return what is measured in a process of its own."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(into, json.dumps(measured(read_already)).encode())
        finally:
            os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as answer:
        text = answer.read()
    os.waitpid(child, 0)
    seconds: list[float] = json.loads(text)
    return seconds


def _round(read_already: list[Any]) -> list[float]:
    """Return the CPU time of the floor, of the import and of the rules."""
    texts = [text for inventory, _ in read_already for tool in inventory.tools for text in tool.text_spans.strings]
    floor = min(_counted(texts), _counted(texts))
    began = time.process_time()
    rules()
    imported = time.process_time() - began
    ran = 0.0
    for one in read_already:
        began = time.process_time()
        _run(one)
        ran += time.process_time() - began
        floor = min(floor, _counted(texts))
    return [floor, imported, ran]


def _calls(read_already: list[Any]) -> list[float]:
    """Return the number of calls of functions that the rules make, which no other program changes."""
    rules()
    profile = cProfile.Profile()
    profile.enable()
    for one in read_already:
        _run(one)
    profile.disable()
    return [sum(entry.callcount for entry in profile.getstats())]


def _run(read_already: tuple[Any, Any]) -> None:
    inventory, assessments = read_already
    shared = SharedTexts(inventory.text_spans, (tool.name for tool in inventory.tools))
    run_definitions([ToolContext(t, a, shared) for t, a in zip(inventory.tools, assessments, strict=True)])


def _counted(texts: list[str]) -> float:
    began = time.process_time()
    words: dict[str, int] = {}
    for text in texts:
        for word in text.lower().split():
            words[word] = words.get(word, 0) + 1
        _SEARCHED.search(text)
    return time.process_time() - began


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", default=list(VENDORS))
    parser.add_argument("--cold", action="store_true", help="what the rules cost in a fresh process, against a floor")
    given = parser.parse_args()
    if given.cold:
        print(json.dumps(cold([given.folder / name for name in given.names])))
        return
    measured = [measure(given.folder / name) for name in given.names]
    print("\n".join(table(measured)))
    print("\n".join(broken_bounds(measured)) or "all bounds hold")


if __name__ == "__main__":
    main()
