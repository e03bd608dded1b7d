"""One entry of a tool list to one tool."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical_json import canonical_json, child, text_spans
from analysis.ingest.json_schema.fields import is_open
from analysis.ingest.mcp.annotations import hints_of
from analysis.ingest.mcp.entries import INPUTS, OUTPUTS, entry_schema
from analysis.model import Level, Tool, ToolId

if TYPE_CHECKING:
    from analysis.ingest.document.references import DocumentSet
    from analysis.ingest.mcp.entries import McpEntry, Schema
    from analysis.ingest.mcp.tool_schemas import ToolSchemas
    from analysis.model import SourceId

#: Tool names allowed by the specification. Clients rewrite or refuse others.
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,128}\Z")
#: Keys of an argument that is also sent as an HTTP header.
_HEADERS: Final = ("x-mcp-header", "x_mcp_header")


def tool_of(documents: DocumentSet, entry: McpEntry, source: SourceId, schemas: ToolSchemas) -> Tool | None:
    """Return the tool of an entry; None after reporting that it is none. `schemas` reads those of its source."""
    pointer, node, body = entry.pointer, entry.node, entry.body
    if body is None or entry.name is None:
        what = "an entry of the list is not a tool: it has no name"
        if isinstance(node, str):
            what = f"only the name of the tool {node[:80]!r} was saved: it has no definition"
        documents.report(Level.ERROR, what, pointer, "save the result of tools/list as the server sent it")
        return None
    if not entry.hosted:
        _check_name(documents, entry.name, pointer)
    stated, output = entry_schema(entry, INPUTS), entry_schema(entry, OUTPUTS)
    _check_schemas(documents, entry, stated, output)
    schema = stated.value if isinstance(stated.value, dict) else {}
    _check_headers(documents, schema, stated.pointer)
    taken, returned = schemas.input(schema, stated.pointer), schemas.output(output.value, output.pointer)
    dump = canonical_json(node)
    description = str(body.get("description") or "")
    return Tool(
        id=ToolId(f"{source}:{entry.name}"),
        source=source,
        name=entry.name,
        method="",
        path="",
        operation_id="",
        summary=str(body.get("title") or ""),
        description=description,
        digest=documents.definition_digest(dump),
        pointer=pointer,
        line=documents.line(documents.entry, node),
        parameters=taken.parameters,
        request_fields=taken.fields,
        response_fields=returned.all,
        shallow_fields=returned.shallow,
        field_notes=returned.notes,
        returns_array=isinstance(output.value, dict) and output.value.get("type") == "array",
        returns=_returns(output.value),
        security=None,
        hints=hints_of(body, node),
        text_spans=text_spans(dump, (node, pointer)),
        size=taken.size + len(entry.name) + len(description),
        hosted=entry.hosted,
    )


def _returns(schema: Any) -> str:
    """Return whether the result of the tool is described; without an output schema it can be anything."""
    return "described" if isinstance(schema, dict) and schema and not is_open(schema) else "undescribed"


def _check_name(documents: DocumentSet, name: str, pointer: str) -> None:
    if not _NAME.match(name):
        shown = f"the name {name[:80]!r} is not allowed by MCP: 1 to 128 letters, digits, `_`, `-` and `.`"
        documents.report(Level.NOTE, shown, pointer, "expect clients to rewrite or refuse it")


def _check_schemas(documents: DocumentSet, entry: McpEntry, stated: Schema, output: Schema) -> None:
    """Report faults that leave the input of a tool uncertain."""
    if entry.hosted:
        _check_hosted(documents, entry)
        return
    is_function = entry.body is not entry.node or (entry.body or {}).get("type") in ("function", "custom")
    if not stated.stated and not is_function:
        documents.report(
            Level.ERROR, "`inputSchema` is not an object", entry.pointer, "every MCP tool states its input"
        )
    for schema in (stated, output):
        if schema.assumption:
            documents.report(Level.NOTE, schema.assumption, schema.pointer, "save the tool as its server listed it")
        if schema.conflicts:
            listed = ", ".join(f"`{key}`" for key in schema.conflicts)
            what = f"a second schema contradicts this one and was read as text only: {listed}"
            documents.report(Level.ERROR, what, schema.pointer, "keep the one that the server enforces")


def _check_hosted(documents: DocumentSet, entry: McpEntry) -> None:
    """Say what a list does not hold of a hosted tool; the tools of a server are missing in the inventory."""
    body, name = entry.body or {}, (entry.name or "")[:80]
    address = body.get("server_url") or body.get("url")
    if isinstance(address, str) or "mcp" in entry.hosted.lower():
        approval = body.get("require_approval")
        unasked = ", and no person confirms a call (require_approval: never)" if approval == "never" else ""
        what = f"the tools of the server that {name!r} connects to are not in this list{unasked}"
        documents.report(Level.ERROR, what, entry.pointer, "list that server as a source of its own")
    else:
        what = f"{name!r} is a hosted tool: its vendor defines it, and only its type is in the list"
        documents.report(Level.NOTE, what, entry.pointer, "read the vendor's documentation before you decide")


def _check_headers(documents: DocumentSet, schema: dict[str, Any], pointer: str) -> None:
    """Say which arguments a client also sends as an HTTP header, where proxies and logs see them."""
    properties = schema.get("properties")
    for name, inner in properties.items() if isinstance(properties, dict) else ():
        header = next((inner[key] for key in _HEADERS if inner.get(key)), "") if isinstance(inner, dict) else ""
        if header:
            what = f"the argument {name[:80]!r} is also sent as the HTTP header {str(header)[:80]!r}"
            place = child(child(child(pointer, "properties"), name), _HEADERS[0])
            documents.report(Level.NOTE, what, place, "expect proxies and logs to see its value")
