"""The source document with nothing but approved operations: what is not in it, no generator can expose.

It depends on no names, so it works with every generator. An empty set is a document with `paths: {}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.output.allowlist.document.document_tree import write_tree
from analysis.output.allowlist.document.filtering import filtered
from analysis.output.allowlist.document.overlay import marking, removing
from analysis.output.allowlist.target import ExportTarget, TargetExport, TargetInput
from analysis.output.allowlist.targets.approved import api_sources, notes_file, without_document

if TYPE_CHECKING:
    from analysis.output.allowlist.targets.approved import ApiSource

#: Name of the file that says what the others are.
NOTES: Final = "README.txt"
_LINES: Final = (
    "*.openapi.json, *.openapi.yaml: the document with the approved operations, and what they refer to. Use it in place",
    "  of the original. Names that a generator gives may differ from those it gives for the original: see target `names`.",
    "*.remove.overlay.json: OpenAPI Overlay 1.0.0 that removes the other operations from the original.",
    "*.mark.overlay.json: the same as marks, x-mcp and x-speakeasy-mcp. Only generators that read them are restricted:",
    "  openapi-mcp-generator reads x-mcp, Speakeasy x-speakeasy-mcp. FastMCP, LiteLLM and others read neither.",
    "An overlay is about the reviewed document: an operation that is added later is removed by none of its actions.",
)


def render(given: TargetInput) -> TargetExport:
    """Return the filtered document and the overlays of each OpenAPI source."""
    sources, left_out = api_sources(given)
    left_out += without_document(given)
    made: dict[str, bytes] = {}
    for source in sources:
        made |= _files(source)
    made[NOTES] = notes_file(given, "OpenAPI documents with approved operations", _LINES, left_out)
    return TargetExport(made, tuple(left_out))


def _files(source: ApiSource) -> dict[str, bytes]:
    if source.document is None or source.files is None:
        return {}
    approved = {operation.operation for operation in source.approved.values()}
    document = filtered(source.document, source.files, approved)
    form = "yaml" if document.yaml else "json"
    return {
        f"{source.stem}.openapi.{form}": write_tree(document),
        f"{source.stem}.remove.overlay.json": removing(source.title, source.document.root, document.root, approved),
        f"{source.stem}.mark.overlay.json": marking(source.title, source.operations, source.approved),
    }


TARGET: Final = ExportTarget(
    name="openapi",
    title="OpenAPI document with approved operations, and overlays",
    tested="FastMCP 4.2.3, openapi-mcp-generator 4.0.1, @ivotoby/openapi-mcp-server 1.16.1, LiteLLM 1.108.7",
    carries="exactly the approved operations by method and path, for every generator",
    cannot="MCP tools, every condition but owner and note",
    render=render,
)
