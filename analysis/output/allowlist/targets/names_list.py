"""Names for every approved tool at every generator, for gateways that have no target of their own."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from analysis.output.allowlist.canonical import dumps, stated_conditions
from analysis.output.allowlist.names.derivation import derive
from analysis.output.allowlist.names.generators import current_generators
from analysis.output.allowlist.names.served import SERVED
from analysis.output.allowlist.target import ExportTarget, TargetExport, TargetInput
from analysis.output.allowlist.targets.approved import (
    HOSTED,
    address,
    api_sources,
    condition_fault,
    notes_file,
    server_sources,
    without_document,
)
from analysis.text import csv_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analysis.output.allowlist.targets.approved import ApiSource

#: Names of the files.
CSV: Final = "names.csv"
DATA: Final = "names.json"
NOTES: Final = "README.txt"
_COLUMNS: Final = ("status", "tool", "source", "method", "path", "generator", "name", "problems", "why", "conditions")
_LINES: Final = (
    "names.csv and names.json: every approved tool with the name each generator gives it when exactly the approved ones are",
    "exposed. `server` is an MCP server's own name, `clearance` the one that `clearance enforce` offers. Names hold for the",
    "stated version only. A row with problems, or without a name, cannot be relied on: do not write it into a list.",
    "problems: moved (in the whole document the name denotes another operation), collision, cut, empty, refused (outside of",
    "[A-Za-z0-9_-]{1,64}), case (differs from another name in case alone).",
    "A tool that is approved under conditions has a row for `clearance` alone, since `clearance enforce` carries them; names",
    "of generators are those they give without it.",
    "",
    "Recipes. NAME is a row of `server` for an MCP server, or of the generator that serves the document.",
    "Prefer gateways that deny by default, and put `clearance enforce` in front of those that do not.",
    "  agentgateway   mcpAuthorization.rules: ['mcp.tool.name == \"NAME\"', ...]; one rule at least, none is open.",
    "  Envoy AI       MCPRoute backendRefs[].toolSelector.include: [NAME, ...]; at most 32 in a list, none is all.",
    "  Kong           config.tools: [{name: NAME, acl: {allow: [GROUP]}}]; default_acl with a group without members.",
    "  ToolHive       MCPToolConfig.spec.toolsFilter: [NAME, ...]; an empty list is all, so export none of it then.",
    "  Docker MCP     tools.yaml: SERVER: [NAME, ...]; a server that is missing there is open.",
    "  TBXark proxy   options.toolFilter: {mode: allow, list: [NAME, ...]}; an empty list is no filter.",
    "  Pomerium       policy: deny: or: [{mcp_tool: {not_in: [NAME, ...]}}]; under allow it would block the connection.",
    "  Higress        allowTools of the MCP server filter: [NAME, ...].",
    "  APIM           one child apis/tools for each operation, by operationId; what is absent is not exposed.",
    "None of these was run against the product. Where an empty list means everything, write no entry for the server at all.",
)


def render(given: TargetInput) -> TargetExport:
    """Return the names as CSV and JSON, and the recipes."""
    sources, left_out = api_sources(given)
    servers, left_out_tools = server_sources(given)
    left_out += [*left_out_tools, *(each for each in without_document(given) if each.reason == HOSTED)]
    tools = {entry["id"]: entry for entry in given.allowlist["tools"]}
    rows = [row for source in sources for row in _rows(source)]
    rows += [_row(key, server.name, "server", name) for server in servers for key, name in server.approved.items()]
    under_conditions = [each.tool for each in left_out if condition_fault(tools[each.tool])]
    approved = [*{row["tool"]: None for row in rows}, *([] if given.draft else under_conditions)]
    rows += [_served_row(tools[tool]) for tool in approved if tools[tool].get("names", {}).get(SERVED)]
    rows.sort(key=lambda row: (row["tool"], row["generator"]))
    left_out = [each for each in left_out if given.draft or each.tool not in under_conditions]
    facts = {"status": given.allowlist["status"], "inventory_sha256": given.allowlist["inventory_sha256"]}
    return TargetExport(
        {
            CSV: _csv(given.allowlist["status"], rows),
            DATA: dumps({**facts, "names": rows}),
            NOTES: notes_file(given, "Names of the approved tools", _LINES, left_out),
        },
        tuple(left_out),
    )


def _rows(source: ApiSource) -> Iterator[dict[str, Any]]:
    for generator in current_generators():
        derived = derive(generator, source.operations, source.approved)
        for key, operation in source.approved.items():
            each = derived[key]
            problems = [problem.value for problem in each.problems]
            row = _row(key, source.id, each.generator, each.name) | {"problems": problems, "why": str(each.why or "")}
            yield row | {"method": operation.method, "path": operation.path}


def _served_row(entry: Mapping[str, Any]) -> dict[str, Any]:
    method, path = address(entry) if "operation" in entry else ("", "")
    row = _row(entry["id"], entry.get("mcp_server") or entry["source"], SERVED, entry["names"][SERVED])
    return row | {"method": method, "path": path, "conditions": [f"{k}={v}" for k, v in stated_conditions(entry)]}


def _row(tool: str, source: str, generator: str, name: str | None) -> dict[str, Any]:
    return {
        "tool": tool, "source": source, "method": "", "path": "", "generator": generator, "name": name, "problems": [],
        "why": "", "conditions": [],
    }  # fmt: skip


def _csv(status: str, rows: Iterable[dict[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = _COLUMNS
    writer.writerow(columns)
    for row in rows:
        shown = {**row, "status": status, "problems": " ".join(row["problems"]), "name": row["name"] or ""}
        shown["conditions"] = "; ".join(row["conditions"])
        writer.writerow([csv_cell(str(shown[column])) for column in columns])
    return out.getvalue().encode("utf-8", "replace")


TARGET: Final = ExportTarget(
    name="names",
    title="Names of the approved tools (CSV, JSON) and recipes for other gateways",
    tested="names: compared with the installed generators; recipes: read, not run",
    carries="for every approved tool the name that each generator gives it, and what is wrong with it",
    cannot="it enforces nothing by itself; hosted tools",
    render=render,
)
