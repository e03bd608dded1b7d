"""What the rule pack finds and costs on real documents: python -m tests.benchmarks.rules DIR [NAME ...] [--cold].

Prints findings per rule and document after gathering, as a review would show them before anybody has decided, and the
CPU time per rule and tool. The last lines name what breaks the bounds the pack is held to.

`--cold` prints instead, as JSON, what the rules on definitions cost in a process that has run none before, as a user
pays it: their import, their tables and all documents. The floor is the time in which the words of the same texts are
counted in the same process, so that the ratio of both holds on a slow machine too.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from analysis.assess import assess_all
from analysis.ingest import read
from analysis.model import Finding, ToolRow, ToolState
from analysis.rules import SharedTexts, SourceContext, ToolContext, grouped, rules, run_definitions, run_states

VENDORS: Final = (
    "box-3.0.json", "discord-3.1.json", "github-3.0.json", "kubernetes-2.0.yaml", "openai-3.1.yaml", "slack-2.0.json",
    "stripe-3.0.yaml", "twilio-api-3.0.json", "xero-accounting-3.0.yaml", "digitalocean",
)  # fmt: skip
#: Of a rule that is not gathered: findings on a thousand tools.
MOST_PER_THOUSAND: Final = 200
#: What the rules on planted text find on all documents together, whose vendors plant none.
MOST_ACCUSATIONS: Final = 3
MICROSECONDS_PER_TOOL: Final = 300
#: What the rules on definitions may cost in a fresh process, in floors: the words of all texts of the tools counted once.
MAX_FLOORS: Final = 60
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


def cold(paths: list[Path]) -> dict[str, float]:
    """Return what the rules on definitions cost here, seconds of CPU, as long as none has run in this process."""
    read_already = []
    for path in paths:
        inventory = read(str(path)).inventory
        if inventory is None:
            raise SystemExit(f"{path} cannot be read")
        for spans in (*(tool.text_spans for tool in inventory.tools), *inventory.text_spans.values()):
            _ = spans.strings  # telling them apart belongs to reading
        read_already.append((inventory, assess_all(inventory.tools)))
    texts = [text for inventory, _ in read_already for tool in inventory.tools for text in tool.text_spans.strings]
    gc.collect()
    gc.disable()  # as while a source is examined
    floor = min(_counted(texts) for _ in range(3))
    began = time.process_time()
    for inventory, assessments in read_already:
        shared = SharedTexts(inventory.text_spans, (tool.name for tool in inventory.tools))
        run_definitions([ToolContext(t, a, shared) for t, a in zip(inventory.tools, assessments, strict=True)])
    seconds = time.process_time() - began
    tools = sum(len(inventory.tools) for inventory, _ in read_already)
    return {
        "tools": tools,
        "microseconds_per_tool": round(1e6 * seconds / tools, 1),
        "floor_microseconds_per_tool": round(1e6 * floor / tools, 2),
        "floors": round(seconds / floor, 1),
    }


def _counted(texts: list[str]) -> float:
    began = time.process_time()
    words: dict[str, int] = {}
    for text in texts:
        for word in text.split():
            words[word] = words.get(word, 0) + 1
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
