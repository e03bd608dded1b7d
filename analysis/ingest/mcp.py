"""An MCP `tools/list` result to an inventory: what a server says of its tools, as a snapshot."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis.ingest.contents import sha256
from analysis.ingest.library import Library
from analysis.ingest.reader import Parsed
from analysis.ingest.schemas import field_names, is_open, limits, type_name, values
from analysis.ingest.texts import canonical, child, passages
from analysis.ingest.units import Units, unused
from analysis.model import Inventory, Level, Parameter, SourceInfo, SourceKind, Tool, ToolId

if TYPE_CHECKING:
    from analysis.ingest.guard import Options
    from analysis.model import SourceId


def tools_of(data: Any) -> tuple[list[Any], str] | None:
    """Return (tools, JSON pointer of the list) of a result object, a JSON-RPC response or a bare list."""
    if isinstance(data, dict) and isinstance(data.get("tools"), list):
        return data["tools"], "/tools"
    if isinstance(data, dict) and isinstance(data.get("result"), dict):
        inner = data["result"].get("tools")
        return (inner, "/result/tools") if isinstance(inner, list) else None
    if isinstance(data, list) and data and all(isinstance(item, dict) and "name" in item for item in data):
        return data, ""
    return None


def read_mcp(library: Library, data: Any, source: SourceId, uri: str, raw: bytes, options: Options) -> Inventory:
    """Return the inventory of a tool list; faults are in `library.problems`."""
    found = tools_of(data)
    listed, pointer = found if found is not None else ([], "")
    result = data.get("result", data) if isinstance(data, dict) else {}
    if isinstance(result, dict) and result.get("nextCursor"):
        library.report(
            Level.ERROR,
            "the list has a nextCursor: tools of further pages are not in the inventory",
            pointer,
            "save all pages of tools/list into one list",
        )
    tools: dict[str, Tool] = {}
    numbers: dict[str, int] = {}
    for index, node in enumerate(listed):
        place = child(pointer, index)
        tool = _tool(library, node, source, place)
        options.tell("tools", index, len(listed))
        if tool is None:
            continue
        if tool.id in tools:
            library.report(Level.ERROR, f"the tool name {tool.name[:80]!r} is listed twice", place, "rename one")
        identity = unused(tool.id, tools, numbers)
        tools[identity] = replace(tool, id=identity)
    server = result.get("serverInfo") if isinstance(result, dict) else None
    told = server if isinstance(server, dict) else {}
    info = SourceInfo(
        id=source,
        kind=SourceKind.MCP,
        uri=uri,
        sha256=hashlib.sha256(raw).hexdigest(),
        title=str(told.get("name") or ""),
        version=str(told.get("version") or ""),
        format="MCP tools/list",
        size=len(raw),
        facts=_facts(result if isinstance(result, dict) else {}),
    )
    return Inventory(info, tuple(tools.values()), {})


def _facts(result: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return under which circumstances a list was asked for, as far as it was saved with them."""
    named = (("protocol", "protocolVersion"), ("credential", "credentialLabel"), ("pages", "pages"))
    return tuple((fact, str(result[key])) for fact, key in named if result.get(key))


def _tool(library: Library, node: Any, source: SourceId, pointer: str) -> Tool | None:
    if not isinstance(node, dict) or not isinstance(node.get("name"), str):
        library.report(Level.ERROR, "an entry of the list is no tool: it has no name", pointer)
        return None
    schema = node.get("inputSchema")
    if not isinstance(schema, dict):
        library.report(Level.ERROR, "`inputSchema` is not an object", pointer, "every MCP tool states its input")
        schema = {}
    request, _ = _fields(library, schema, child(pointer, "inputSchema"))
    response, near = _fields(library, node.get("outputSchema"), child(pointer, "outputSchema"))
    hints = node.get("annotations")
    dump = canonical(node)
    return Tool(
        id=ToolId(f"{source}:{node['name']}"),
        source=source,
        name=node["name"],
        method="",
        path="",
        operation_id="",
        summary=str(node.get("title") or ""),
        description=str(node.get("description") or ""),
        digest=sha256(dump).hex(),
        pointer=pointer,
        line=library.line(library.entry, node),
        parameters=tuple(_parameters(schema)),
        request_fields=request,
        response_fields=response,
        near_fields=near,
        returns_array=isinstance(node.get("outputSchema"), dict) and node["outputSchema"].get("type") == "array",
        returns=_returns(node.get("outputSchema")),
        security=None,
        hints=tuple(sorted((k, v) for k, v in hints.items() if isinstance(v, bool))) if isinstance(hints, dict) else (),
        passages=passages(dump, (node, pointer)),
        size=len(canonical(schema)) + len(node["name"]) + len(str(node.get("description") or "")),
    )


def _returns(schema: Any) -> str:
    """Return whether the tool says what comes back; without an output schema a model is handed anything."""
    return "described" if isinstance(schema, dict) and schema and not is_open(schema) else "undescribed"


def _fields(library: Library, schema: Any, pointer: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (all field names, those stated nearby) of a JSON Schema, whose references are relative to itself."""
    own = Library("schema", Parsed(schema), library.limits)
    units = Units(own, siblings=True)
    names, refs = field_names(schema, siblings=True)
    edges = units.edges(refs, "schema", schema, "")
    units.close()
    library.problems.extend(replace(problem, pointer=f"{pointer}{problem.pointer}") for problem in own.problems)
    return units.names(names | _definitions(schema), edges), units.near_names(names, edges)


def _definitions(schema: Any) -> set[str]:
    """Return the field names stated in `$defs`: reachable or not, a model is shown them."""
    names: set[str] = set()
    for key in ("$defs", "definitions"):
        inner = schema.get(key) if isinstance(schema, dict) else None
        for definition in inner.values() if isinstance(inner, dict) else []:
            names |= field_names(definition, siblings=True)[0]
    return names


def _parameters(schema: dict[str, Any]) -> list[Parameter]:
    properties = schema.get("properties")
    stated = schema.get("required")
    required = set(map(str, stated)) if isinstance(stated, list) else set()
    found = []
    for name, inner in properties.items() if isinstance(properties, dict) else []:
        told = inner if isinstance(inner, dict) else {}
        text = str(told.get("description") or "")
        found.append(
            Parameter(name, "argument", name in required, type_name(inner), text, values(inner), limits(inner))
        )
    return found
