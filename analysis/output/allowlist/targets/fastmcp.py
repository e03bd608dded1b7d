"""FastMCP: a program that serves exactly the approved tools, and the data it reads.

It decides by method and path, never by a name, and compares what it would offer with what was approved before it serves.
An empty set is a server without tools.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from analysis.output.allowlist.canonical import dumps
from analysis.output.allowlist.document.document_tree import (
    Branch,
    SourceDocument,
    branch_of,
    plain_data,
    text_of,
    write_tree,
)
from analysis.output.allowlist.document.filtering import filtered
from analysis.output.allowlist.names.derivation import settled
from analysis.output.allowlist.names.generators import generator_named
from analysis.output.allowlist.target import ExportTarget, LeftOut, TargetExport, TargetInput
from analysis.output.allowlist.targets.approved import HOSTED, api_sources, notes_file, server_sources, without_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.output.allowlist.document.document_tree import Tree
    from analysis.output.allowlist.targets.approved import ApiSource

#: Names of the files; the filtered documents are next to them.
PROGRAM: Final = "server.py"
DATA: Final = "approved.json"
NOTES: Final = "README.txt"
#: Whose names are derived: the floor is the first version without a known hole that gives them.
GENERATOR: Final = "fastmcp@4.2.3"
_LINES: Final = (
    'pip install "fastmcp>=4.2,<5", then: python server.py --help',
    "It serves one source of approved.json at a time, and does not start when FastMCP would offer anything else.",
    "FastMCP does not check parameters: an approval with limits, or with a person, needs `clearance enforce`.",
)


def render(given: TargetInput) -> TargetExport:
    """Return the program, its data and the filtered documents in JSON, which FastMCP reads from every source."""
    sources, left_out = api_sources(given)
    servers, left_out_tools = server_sources(given)
    left_out += left_out_tools
    left_out += [each for each in without_document(given) if each.reason == HOSTED]
    made: dict[str, bytes] = {}
    apis = {}
    for source in sources:
        names, faults = settled(generator_named(GENERATOR), source.operations, source.approved)
        left_out += [LeftOut(key, f"FastMCP: {fault}") for key, fault in sorted(faults.items())]
        if source.document is None or source.files is None:
            continue
        document = _document(source, names)
        name = f"{source.stem}.openapi.json"
        made[name] = write_tree(document)
        apis[source.stem] = {
            "document": name,
            "operations": [
                {"method": source.approved[key].method, "path": source.approved[key].path, "name": names[key]}
                for key in names
            ],
            "header_parameters": sorted(set(_header_parameters(document.root))),
        }
    data: dict[str, Any] = {
        "status": given.allowlist["status"],
        "inventory_sha256": given.allowlist["inventory_sha256"],
        "generator": GENERATOR,
        "openapi": apis,
        "mcp": {each.stem: {"server": each.name, "tools": sorted(each.approved.values())} for each in servers},
    }
    made[DATA] = dumps(data)
    made[PROGRAM] = resources.files("analysis.output.allowlist.targets").joinpath("fastmcp_server.txt").read_bytes()
    made[NOTES] = notes_file(given, "FastMCP server of the approved tools", _LINES, left_out)
    return TargetExport(made, tuple(left_out))


def _document(source: ApiSource, names: dict[str, str]) -> SourceDocument:
    assert source.document is not None
    assert source.files is not None
    made = filtered(source.document, source.files, {source.approved[key].operation for key in names})
    return SourceDocument(plain_data(made.root), yaml=False)


def _header_parameters(node: Tree) -> Iterator[str]:
    """Yield the names of the parameters that a document sends as headers."""
    if isinstance(node, list):
        for item in node:
            yield from _header_parameters(item)
    elif isinstance(node, Branch):
        if text_of(node.get("in")) == "header" and "name" in node and "scheme" not in branch_of(node):
            yield from ([] if text_of(node.get("type")) == "apiKey" else [text_of(node["name"])])
        for value in node.values():
            yield from _header_parameters(value)


TARGET: Final = ExportTarget(
    name="fastmcp",
    title="FastMCP server",
    tested="FastMCP 4.2.3",
    carries="exactly the approved operations of a document, or tools of an MCP server over HTTP; compared before it serves",
    cannot="every condition but owner and note; checks of parameters; tools whose name moves, collides, is cut or refused",
    render=render,
)
