"""The classified inventory of a source and its findings, without a review: what `clearance inspect` prints."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import UsageError
from analysis.field_names import NumberedSets
from analysis.model import CapabilityKind, Effect, Severity, ToolRow, ToolState
from analysis.model.serialise import assessed_tool, finding_facts, numbered_fields, tool_fields
from analysis.review.sources.importing import rows_of
from analysis.rules import run_each
from analysis.text import csv_cell, visible
from analysis.words import nearest
from analysis.workspace import to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.model import Assessment, Finding, Problem, Tool
    from analysis.review.sources.importing import ImportResult

#: Beginning of the ids of the rules on flow roles.
_FLOWS: Final = "FLO-"
#: The list of a report that each kind of capability is in.
_LIST_OF: Final = {
    CapabilityKind.TOOL: "tools",
    CapabilityKind.RESOURCE: "resources",
    CapabilityKind.RESOURCE_TEMPLATE: "resources",
    CapabilityKind.PROMPT: "prompts",
    CapabilityKind.INSTRUCTIONS: "instructions",
    CapabilityKind.CLIENT_REQUEST: "client_requests",
}
_COLUMNS = (
    "id", "kind", "name", "method", "path", "operation_id", "effect", "type", "types", "risk", "reversibility", "data_classes",
    "unclear", "confidence", "findings", "tokens", "deprecated", "summary",
)  # fmt: skip


def headline(examined: ImportResult) -> dict[str, int]:
    """Return how many tools there are per effect, how many of them are unclear, and how many capabilities per kind."""
    tools = [assessment for tool, assessment in examined.tools if tool.kind is CapabilityKind.TOOL]
    effects, kinds = Counter(each.effect for each in tools), Counter(tool.kind for tool, _ in examined.tools)
    counts = {effect.value: effects[effect] for effect in Effect} | {"unclear": sum(each.unclear for each in tools)}
    return counts | {kind.value: kinds[kind] for kind in CapabilityKind}


def with_flow_findings(examined: ImportResult) -> ImportResult:
    """Return an examination with the findings on the flow roles of its tools, as they are while nothing is decided."""
    rows = rows_of(examined)
    tools = [row for row in rows if row.kind is CapabilityKind.TOOL]
    found, failed = run_each([ToolState(row, row.risk, row.types[0], row.effect) for row in tools], _FLOWS)
    return replace(examined, findings=(*examined.findings, *found), not_run=(*examined.not_run, *failed), rows=rows)


def report(examined: ImportResult) -> dict[str, Any]:
    """Return the inventory as JSON data: source, counts, capabilities with findings, problems, what was not checked.

    `field_sets` states the sets of fields that the capabilities refer to by number; see `NumberedSets`.

    Each kind of capability has its own list: `tools` holds tools only, `resources` resources and resource templates.
    `findings` are those on the source as a whole; those on a capability are listed with it.
    """
    findings: dict[str, list[Finding]] = {}
    sets = NumberedSets()
    for finding in examined.findings:
        if finding.tool is not None:
            findings.setdefault(finding.tool, []).append(finding)
    listed: dict[str, list[dict[str, Any]]] = {name: [] for name in dict.fromkeys(_LIST_OF.values())}
    for row, (tool, made) in zip(rows_of(examined), examined.tools, strict=True):
        facts = assessed_tool(row, tool, made, findings.get(tool.id, []))
        listed[_LIST_OF[tool.kind]].append(facts | numbered_fields(tool, sets.number))
    return {
        "source": to_plain(examined.info),
        "counts": headline(examined),
        **listed,
        "field_sets": sets.plain(),
        "findings": [finding_facts(finding) for finding in examined.findings if finding.tool is None],
        "problems": [to_plain(problem) for problem in examined.problems],
        "not_checked": [to_plain(skipped) for skipped in examined.not_checked],
        "rules_not_run": [to_plain(failed) for failed in examined.not_run],
    }


def capabilities(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the capabilities of a report of all kinds, tools first."""
    return [each for name in dict.fromkeys(_LIST_OF.values()) for each in data[name]]


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


def code_scanning(examined: ImportResult) -> dict[str, Any]:
    """Return the findings as a SARIF log."""
    from analysis.output.sarif import sarif  # noqa: PLC0415 - few inspections are for code scanning
    from analysis.review.queries.rule_manual import manual  # noqa: PLC0415

    return sarif(examined.findings, manual(), {examined.info.id: examined.info.uri})


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
    findings = [finding for finding in examined.findings if finding.tool == tool.id]
    return assessed_tool(ToolRow.of(tool, assessment), tool, assessment, findings) | tool_fields(tool)


def refused_report(place: str, problems: Sequence[Problem]) -> dict[str, Any]:
    """Return the same shape for a source that could not be read."""
    return {
        "source": {"uri": place},
        "counts": dict.fromkeys((*(effect.value for effect in Effect), "unclear", *CapabilityKind), 0),
        **{name: [] for name in _LIST_OF.values()},
        "field_sets": NumberedSets().plain(),
        "findings": [],
        "problems": [to_plain(problem) for problem in problems],
        "not_checked": [{"check": "everything", "reason": "the source was refused"}],
        "rules_not_run": [],
    }


def table(data: Mapping[str, Any]) -> str:
    """Return the capabilities of a report as CSV for a spreadsheet; the JSON is the record."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for tool in capabilities(data):
        classes = " ".join(dict.fromkeys(hit["data"] for hit in tool["data"]))
        cells = tool | {
            "data_classes": classes,
            "types": " ".join(tool["types"]),
            "findings": " ".join(sorted(f["rule"] for f in tool["findings"])),
        }
        writer.writerow([csv_cell(str(cells[column])) for column in _COLUMNS])
    return out.getvalue()
