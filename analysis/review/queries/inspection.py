"""The classified inventory of a source and its findings, without a review: what `clearance inspect` prints."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from analysis.errors import UsageError
from analysis.model import Effect, Severity, SourceKind
from analysis.model.serialise import assessed_tool, finding_facts
from analysis.text import csv_cell, visible
from analysis.words import nearest
from analysis.workspace import to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.model import Assessment, Finding, Problem, SourceInfo, Tool
    from analysis.review.sources.importing import ImportResult

_COLUMNS = (
    "id", "name", "method", "path", "operation_id", "effect", "type", "types", "risk", "reversibility", "data",
    "unclear", "confidence", "findings", "tokens", "deprecated", "summary",
)  # fmt: skip


def headline(examined: ImportResult) -> dict[str, int]:
    """Return how many tools there are per effect, and how many of them are unclear."""
    counts = {effect.value: 0 for effect in Effect}
    for _, assessment in examined.tools:
        counts[assessment.effect.value] += 1
    return counts | {"unclear": sum(1 for _, assessment in examined.tools if assessment.unclear)}


def report(examined: ImportResult) -> dict[str, Any]:
    """Return the inventory as JSON data: source, counts, tools with findings, problems, what was not checked.

    `findings` are those on the source as a whole; those on a tool are listed with it.

    Resources and prompts are not read from any source: both lists are empty, and `not_checked` says so.
    """
    findings: dict[str, list[Finding]] = {}
    for finding in examined.findings:
        if finding.tool is not None:
            findings.setdefault(finding.tool, []).append(finding)
    return {
        "source": to_plain(examined.info),
        "counts": headline(examined),
        "tools": [assessed_tool(tool, made, findings.get(tool.id, [])) for tool, made in examined.tools],
        "resources": [],
        "prompts": [],
        "findings": [finding_facts(finding) for finding in examined.findings if finding.tool is None],
        "problems": [to_plain(problem) for problem in examined.problems],
        "not_checked": [*map(to_plain, examined.not_checked), *_not_read(examined.info)],
        "rules_not_run": [to_plain(failed) for failed in examined.not_run],
    }


def findings_by_rule(examined: ImportResult) -> list[list[Finding]]:
    """Return the findings in groups of one rule and severity, the worst first; deception first among equals."""
    groups: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in examined.findings:
        groups.setdefault((finding.severity, finding.rule), []).append(finding)
    order = list(Severity)
    return [
        groups[key]
        for key in sorted(groups, key=lambda key: (order.index(key[0]), not key[1].startswith("INJ"), key[1]))
    ]


def reaches(examined: ImportResult, severity: Severity) -> int:
    """Return the number of findings of a severity or a worse one."""
    order = list(Severity)
    return sum(order.index(finding.severity) <= order.index(severity) for finding in examined.findings)


def _not_read(source: SourceInfo) -> list[dict[str, str]]:
    """Return what a server may offer besides tools, and no import reads."""
    if source.kind is not SourceKind.MCP:
        return []
    return [{"check": "resources and prompts", "reason": "only the tools of an MCP server are read"}]


def find_tool(examined: ImportResult, wanted: str) -> tuple[Tool, Assessment]:
    """Return a tool by its identity, its name, or `METHOD /path`. Raises `UsageError` with the nearest."""
    names: dict[str, tuple[Tool, Assessment]] = {}
    for tool, assessment in examined.tools:
        for name in (f"{tool.method} {tool.path}".strip(), tool.name, tool.id):
            names.setdefault(name, (tool, assessment))
    if wanted in names:
        return names[wanted]
    near = nearest(wanted, list(names))
    remedy = f"did you mean {visible(near, 120)}?" if near else "name it as `inspect` lists it"
    raise UsageError(f"the source has no tool {wanted!r}", place=examined.info.title, remedy=remedy)


def derivation(examined: ImportResult, tool: Tool, assessment: Assessment) -> dict[str, Any]:
    """Return one tool with the evidence for and against its class."""
    return assessed_tool(tool, assessment, [finding for finding in examined.findings if finding.tool == tool.id])


def refused_report(place: str, problems: Sequence[Problem]) -> dict[str, Any]:
    """Return the same shape for a source that could not be read."""
    return {
        "source": {"uri": place},
        "counts": {effect.value: 0 for effect in Effect} | {"unclear": 0},
        "tools": [],
        "resources": [],
        "prompts": [],
        "findings": [],
        "problems": [to_plain(problem) for problem in problems],
        "not_checked": [{"check": "everything", "reason": "the source was refused"}],
        "rules_not_run": [],
    }


def table(data: Mapping[str, Any]) -> str:
    """Return the tools of a report as CSV for a spreadsheet; the JSON is the record."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for tool in data["tools"]:
        classes = " ".join(dict.fromkeys(hit["data"] for hit in tool["data_hits"]))
        cells = tool | {
            "data": classes,
            "types": " ".join(tool["types"]),
            "findings": " ".join(sorted(f["rule"] for f in tool["findings"])),
        }
        writer.writerow([csv_cell(str(cells[column])) for column in _COLUMNS])
    return out.getvalue()
