"""The classified inventory of a source, without a review file: what `clearance inspect` prints."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from analysis.errors import UsageError
from analysis.model import Effect
from analysis.text import csv_cell, visible
from analysis.words import nearest
from analysis.workspace import to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.model import Assessment, Problem, Tool
    from analysis.review.sources.importing import ImportResult

_COLUMNS = (
    "id", "name", "method", "path", "operation_id", "effect", "type", "types", "risk", "reversibility", "data",
    "unclear", "confidence", "findings", "tokens", "deprecated", "summary",
)  # fmt: skip


def headline(examined: ImportResult) -> dict[str, int]:
    """Return how many tools there are per effect, and how many of them are unclear."""
    counts = {effect.value: 0 for effect in Effect}
    for _, said in examined.tools:
        counts[said.effect.value] += 1
    return counts | {"unclear": sum(1 for _, said in examined.tools if said.unclear)}


def report(examined: ImportResult) -> dict[str, Any]:
    """Return the inventory as JSON data: source, counts, tools, problems, what was not checked."""
    findings: dict[str, list[str]] = {}
    for finding in examined.findings:
        if finding.tool is not None:
            findings.setdefault(finding.tool, []).append(finding.rule)
    return {
        "source": to_plain(examined.info),
        "counts": headline(examined),
        "tools": [_tool(tool, said, findings.get(tool.id, [])) for tool, said in examined.tools],
        "problems": [_problem(problem) for problem in examined.problems],
        "not_checked": [to_plain(skipped) for skipped in examined.not_checked],
        "rules_not_run": [to_plain(failed) for failed in examined.not_run],
    }


def find_tool(examined: ImportResult, wanted: str) -> tuple[Tool, Assessment]:
    """Return the tool a person means: its identity, its name, or `METHOD /path`. Raises `UsageError`."""
    names: dict[str, tuple[Tool, Assessment]] = {}
    for tool, said in examined.tools:
        for name in (f"{tool.method} {tool.path}".strip(), tool.name, tool.id):
            names.setdefault(name, (tool, said))
    if wanted in names:
        return names[wanted]
    near = nearest(wanted, list(names))
    remedy = f"did you mean {visible(near, 120)}?" if near else "name it as `inspect` lists it"
    raise UsageError(f"the source holds no tool {wanted!r}", place=examined.info.title, remedy=remedy)


def derivation(examined: ImportResult, tool: Tool, said: Assessment) -> dict[str, Any]:
    """Return how the engine came to what it says of a tool: every signal with its place, and what disagreed."""
    found = [f for f in examined.findings if f.tool == tool.id]
    return _tool(tool, said, [f.rule for f in found]) | {
        "description": tool.description,
        "roles": to_plain(said.flow_roles),
        "areas": [area.value for area in said.areas],
        "paginated": said.paginated,
        "page_parameters": list(said.page_parameters),
        "filter_parameters": list(said.filter_parameters),
        "hints": dict(tool.hints),
        "findings": [to_plain(finding) for finding in found],
    }


def refused_report(place: str, problems: Sequence[Problem]) -> dict[str, Any]:
    """Return the same shape for a source that could not be read."""
    return {
        "source": {"uri": place},
        "counts": {effect.value: 0 for effect in Effect} | {"unclear": 0},
        "tools": [],
        "problems": [_problem(problem) for problem in problems],
        "not_checked": [{"check": "everything", "reason": "the source was refused"}],
        "rules_not_run": [],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(problem)
    return plain


def _tool(tool: Tool, said: Assessment, findings: list[str]) -> dict[str, Any]:
    return {
        "id": tool.id,
        "name": tool.name,
        "method": tool.method,
        "path": tool.path,
        "operation_id": tool.operation_id,
        "summary": tool.summary,
        "pointer": tool.pointer,
        "line": tool.line,
        "deprecated": tool.deprecated,
        "effect": said.effect.value,
        "type": said.type.value,
        "types": [kind.value for kind in said.types],
        "risk": said.risk.value,
        "reversibility": said.reversibility.value,
        "unclear": said.unclear,
        "data": to_plain(said.data),
        "reasons": to_plain(said.reasons),
        "confidence": said.confidence,
        "findings": sorted(findings),
        "tokens": said.tokens,
        "parameters": [
            {"name": p.name, "in": p.place, "required": p.required, "type": p.type} for p in tool.parameters
        ],
        "request_fields": list(tool.request_fields),
        "response_fields": list(tool.response_fields),
        "scopes": sorted({s for uses in tool.security or () for use in uses for s in use.scopes}),
        "digest": tool.digest,
    }


def table(data: Mapping[str, Any]) -> str:
    """Return the tools of a report as CSV for people; the JSON is the record."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for tool in data["tools"]:
        classes = " ".join(dict.fromkeys(hit["data"] for hit in tool["data"]))
        cells = tool | {"data": classes, "types": " ".join(tool["types"]), "findings": " ".join(tool["findings"])}
        writer.writerow([csv_cell(str(cells[column])) for column in _COLUMNS])
    return out.getvalue()
