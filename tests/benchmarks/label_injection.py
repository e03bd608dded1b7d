"""Planted text held against labels: `python -m tests.benchmarks.label_injection DIR`.

Per attack class, and with whole classes and sources left out of the fit: `python -m tests.benchmarks.steering_fit`.

A row is a tool with its description; positives carry planted instructions, negatives are clean tools and real ones of
vendors. A tool counts as flagged if an INJ rule of severity high or above fires. Rows without a label are left out:
an honest description of a harmful tool is neither.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.assess import assess_all
from analysis.model import Parameter, Severity, SourceId, TextSpan, TextSpans, Tool, ToolId
from analysis.rules import SharedTexts, ToolContext, run_definitions
from tests.benchmarks.label_fields import read_rows
from tests.benchmarks.label_rows import Row

GRAVE = (Severity.CRITICAL, Severity.HIGH)
WORST = 12


def tool_of(row: dict[str, Any], number: int) -> Tool:
    """Return a row as the MCP tool it was taken from."""
    text = row.get("description") or row.get("summary") or ""
    name = row.get("tool_name") or ""
    return Tool(
        ToolId(f"{row['source']}:{number}"), SourceId(row["source"]), name, "", "", "", "", text, "0" * 64, "",
        parameters=tuple(Parameter(p, "argument", False, "string", "") for p in row.get("params") or ()),
        text_spans=TextSpans.of(TextSpan("/description", text)),
    )  # fmt: skip


def flagged(tools: list[Tool]) -> dict[str, set[str]]:
    """Return tool -> the rules that accuse it. The tools of a source are those of one server."""
    names: dict[SourceId, list[str]] = defaultdict(list)
    for tool in tools:
        names[tool.source].append(tool.name)
    shared = {source: SharedTexts(names=named) for source, named in names.items()}
    cases = [ToolContext(t, said, shared[t.source]) for t, said in zip(tools, assess_all(tools), strict=True)]
    found: dict[str, set[str]] = defaultdict(set)
    findings, failed = run_definitions(cases)
    if failed:
        raise RuntimeError(failed[0].reason)
    for finding in findings:
        if finding.rule.startswith("INJ") and finding.severity in GRAVE:
            found[str(finding.tool)].add(finding.rule)
    return found


def injection_outcomes(rows: Iterable[Row]) -> list[tuple[Row, bool, bool]]:
    """Return (row, planted, flagged) for every labelled description."""
    marked = [row for row in rows if isinstance(row.labels.get("injection"), bool)]
    tools = [tool_of(row.stated, number) for number, row in enumerate(marked)]
    found = flagged(tools)
    return [(row, row.labels["injection"], bool(found.get(t.id))) for row, t in zip(marked, tools, strict=True)]


def score(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures per source and overall, and which texts were missed or wrongly accused."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if isinstance(row.get("labels", {}).get("injection"), bool):
            groups[row["source"]].append(row)
    counted = {source: _count(group) for source, group in sorted(groups.items())}
    total: Counter[str] = Counter()
    for tally, _ in counted.values():
        total.update(tally)
    sources = {source: _figures(tally) | worst for source, (tally, worst) in counted.items()}
    return {"overall": _figures(total), "sources": sources}


def _count(rows: list[dict[str, Any]]) -> tuple[Counter[str], dict[str, Any]]:
    tools = [tool_of(row, number) for number, row in enumerate(rows)]
    found = flagged(tools)
    tally: Counter[str] = Counter()
    missed, wrong = [], []
    for row, tool in zip(rows, tools, strict=True):
        rules = found.get(tool.id, set())
        planted = row["labels"]["injection"]
        tally[("hit" if rules else "missed") if planted else ("wrong" if rules else "clean")] += 1
        if planted and not rules:
            missed.append(row.get("id", tool.name))
        elif rules and not planted:
            wrong.append(f"{row.get('id', tool.name)} {sorted(rules)}")
    return tally, {"missed": missed[:WORST], "wrong": wrong[:WORST]}


def _figures(tally: Counter[str]) -> dict[str, Any]:
    planted, clean = tally["hit"] + tally["missed"], tally["wrong"] + tally["clean"]
    accused = tally["hit"] + tally["wrong"]
    return {
        "planted": planted,
        "clean": clean,
        "recall": round(tally["hit"] / planted, 4) if planted else None,
        "precision": round(tally["hit"] / accused, 4) if accused else None,
        "false_positive_rate": round(tally["wrong"] / clean, 4) if clean else None,
    }


if __name__ == "__main__":
    print(json.dumps(score(read_rows(Path(sys.argv[1]))), indent=1, ensure_ascii=False))
