"""Inventory of a saved MCP tool list of one or several servers."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from analysis.ingest.document.canonical_json import canonical_json, child, sha256, text_spans
from analysis.ingest.document.reader import Parsed
from analysis.ingest.document.references import DocumentSet
from analysis.ingest.identity import unique_id
from analysis.ingest.json_schema.choices import choices_of, differing
from analysis.ingest.json_schema.fields import field_names, is_open, limits, type_name, values
from analysis.ingest.json_schema.ref_graph import RefGraph
from analysis.ingest.mcp.annotations import hints_of
from analysis.ingest.mcp.entries import INPUTS, OUTPUTS, entry_schema
from analysis.ingest.mcp.shapes import ToolLists, find_tool_lists
from analysis.model import Inventory, Level, Parameter, SourceInfo, SourceKind, TextSpan, TextSpans, Tool, ToolId

if TYPE_CHECKING:
    from analysis.ingest.document.loading import Options
    from analysis.ingest.mcp.entries import McpEntry, Schema
    from analysis.model import SourceId

#: Tool names allowed by the specification. Clients rewrite or refuse others.
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,128}\Z")
#: Capabilities of a server other than tools, which are not reviewed.
_OTHER: Final = ("prompts", "resources", "resourceTemplates", "resource_templates")
#: Texts of a server that a model reads before it calls a tool.
_TEXTS: Final = ("instructions", "description", "title")
_SERVERS_SHOWN: Final = 50
_Notes: TypeAlias = tuple[tuple[str, str, str], ...]


def tools_of(data: Any) -> ToolLists | None:
    """Return the tool lists of a parsed file, in any saved form; None when it has none."""
    return find_tool_lists(data)


def read_mcp(documents: DocumentSet, data: Any, source: SourceId, uri: str, raw: bytes, options: Options) -> Inventory:
    """Return the inventory of one or several servers; faults are in `documents.problems`.

    Where a file distinguishes servers by name, a tool is `source:server/name`, so that equal names stay apart.
    """
    lists = find_tool_lists(data) or ToolLists()
    for what, pointer in lists.unread:
        documents.report(Level.ERROR, what, pointer, "save the tools/list result of that server")
    _check_pages(documents, lists)
    _check_others(documents, lists)
    shared = _server_texts(lists)
    servers = lists.servers()
    named = lists.named or len(servers) > 1
    tools: dict[str, Tool] = {}
    numbers: dict[str, int] = {}
    total = sum(len(page.entries) for page in lists.pages)
    for page in lists.pages:
        label = _server_label(page.server)
        reaches = (label,) if label in shared else ()
        for entry in page.entries:
            tool = _tool(documents, entry, source)
            options.report_progress("tools", len(tools), total)
            if tool is None:
                continue
            tool = replace(tool, referenced_schemas=reaches)
            if named and page.server:
                # The name's own slash is escaped: no two pairs of server and tool get the same identity.
                name = tool.name.replace("~", "~0").replace("/", "~1")
                tool = replace(tool, id=ToolId(f"{source}:{page.server}/{name}"), tags=(page.server,))
            if tool.id in tools:
                documents.report(
                    Level.ERROR, f"the tool name {tool.name[:80]!r} is listed twice", entry.pointer, "rename one"
                )
            identity = unique_id(tool.id, tools, numbers)
            tools[identity] = replace(tool, id=identity)
    info = _info(lists, source, uri, raw, servers if named else ())
    return Inventory(info, tuple(tools.values()), shared)


def _check_pages(documents: DocumentSet, lists: ToolLists) -> None:
    """Report missing pages: the last page of a server has a cursor, or a page without one is followed by others."""
    last = {page.server: page for page in lists.pages}
    for page in lists.pages:
        if page.more and last[page.server] is page:
            documents.report(
                Level.ERROR,
                "the list has a nextCursor: tools of further pages are not in the inventory",
                page.pointer,
                "save all pages of tools/list into one list",
            )
    for page, after in zip(lists.pages, lists.pages[1:], strict=False):
        if not page.more and after.more and page.server == after.server:
            what = "this page is marked as the last, and others follow; they may belong to another server"
            documents.report(Level.NOTE, what, page.pointer, "save the lists of several servers by server name")


def _check_others(documents: DocumentSet, lists: ToolLists) -> None:
    for _, pointer, info in lists.about:
        for key in _OTHER:
            if isinstance(info.get(key), list | dict) and info[key]:
                what = f"{len(info[key]):,} {key} are listed with the tools; they are not reviewed"
                documents.report(Level.NOTE, what, child(pointer, key), "review them by hand")


def _server_label(server: str) -> str:
    """Return the label of the texts of a server, which its tools share."""
    return f"server {server}".rstrip()


def _server_texts(lists: ToolLists) -> dict[str, TextSpans]:
    """Return the texts of servers about themselves, by label, without repetitions."""
    found: dict[str, dict[str, TextSpan]] = {}
    for server, pointer, info in lists.about:
        for key in _TEXTS:
            text = info.get(key)
            if isinstance(text, str) and text.strip():
                found.setdefault(_server_label(server), {}).setdefault(text, TextSpan(child(pointer, key), text))
    return {label: TextSpans.of(*texts.values()) for label, texts in found.items()}


def _info(lists: ToolLists, source: SourceId, uri: str, raw: bytes, servers: tuple[str, ...]) -> SourceInfo:
    named = [info for _, _, info in lists.about if isinstance(info.get("name"), str) and "tools" not in info]
    server = named[0] if len(named) == 1 and not servers else {}
    return SourceInfo(
        id=source,
        kind=SourceKind.MCP,
        uri=uri,
        sha256=hashlib.sha256(raw).hexdigest(),
        title=str(server.get("name") or ""),
        version=str(server.get("version") or ""),
        format="MCP tools/list",
        size=len(raw),
        facts=_facts(lists, servers),
    )


def _facts(lists: ToolLists, servers: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return protocol, credential label and pages as far as they were saved, and the servers."""
    facts: dict[str, str] = {}
    for fact, key in (("protocol", "protocolVersion"), ("credential", "credentialLabel"), ("pages", "pages")):
        for _, _, info in lists.about:
            if info.get(key) and not isinstance(info[key], list | dict):
                facts.setdefault(fact, str(info[key]))
    if "pages" not in facts and len(lists.pages) > 1 and not servers:
        facts["pages"] = str(len(lists.pages))
    if servers:
        more = f" and {len(servers) - _SERVERS_SHOWN} more" if len(servers) > _SERVERS_SHOWN else ""
        facts["servers"] = ", ".join(servers[:_SERVERS_SHOWN]) + more
    return tuple(facts.items())


def _tool(documents: DocumentSet, entry: McpEntry, source: SourceId) -> Tool | None:
    pointer, node, body = entry.pointer, entry.node, entry.body
    if body is None or entry.name is None:
        what = "an entry of the list is not a tool: it has no name"
        if isinstance(node, str):
            what = f"only the name of the tool {node[:80]!r} was saved: it has no definition"
        documents.report(Level.ERROR, what, pointer, "save the result of tools/list as the server sent it")
        return None
    _check_name(documents, entry.name, pointer)
    stated, output = entry_schema(entry, INPUTS), entry_schema(entry, OUTPUTS)
    _check_schemas(documents, entry, stated, output)
    schema = stated.value if isinstance(stated.value, dict) else {}
    request, _, _ = _fields(documents, schema, stated.pointer)
    response, shallow, notes = _fields(documents, output.value, output.pointer)
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
        digest=sha256(dump).hex(),
        pointer=pointer,
        line=documents.line(documents.entry, node),
        parameters=tuple(_parameters(schema)),
        request_fields=request,
        response_fields=response,
        shallow_fields=shallow,
        field_notes=notes,
        returns_array=isinstance(output.value, dict) and output.value.get("type") == "array",
        returns=_returns(output.value),
        security=None,
        hints=hints_of(body, node),
        text_spans=text_spans(dump, (node, pointer)),
        size=len(canonical_json(schema)) + len(entry.name) + len(description),
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
    is_function = entry.body is not entry.node or (entry.body or {}).get("type") == "function"
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


def _fields(documents: DocumentSet, schema: Any, pointer: str) -> tuple[tuple[str, ...], tuple[str, ...], _Notes]:
    """Return (all field names, shallow ones, their notes) of a schema with references inside itself only."""
    own = DocumentSet("schema", Parsed(schema), documents.limits)
    graph = RefGraph(own, siblings=True)
    names, refs = field_names(schema, siblings=True)
    edges = tuple(graph.edges(refs, "schema", schema, ""))
    graph.close()
    documents.problems.extend(replace(problem, pointer=f"{pointer}{problem.pointer}") for problem in own.problems)
    everything = graph.names(graph.mask(names | _definitions(schema)), edges)
    return everything, graph.shallow_names(graph.mask(names), edges), graph.shallow_notes(names, edges)


def _definitions(schema: Any) -> dict[str, Any]:
    """Return the field names in `$defs`: a model is shown them whether they are referenced or not."""
    names: dict[str, Any] = {}
    for key in ("$defs", "definitions"):
        inner = schema.get(key) if isinstance(schema, dict) else None
        for definition in inner.values() if isinstance(inner, dict) else []:
            names |= field_names(definition, siblings=True)[0]
    return names


def _parameters(schema: dict[str, Any]) -> list[Parameter]:
    """Return the arguments of a tool, those of the variants of a union too."""
    stated = schema.get("required")
    required = set(map(str, stated)) if isinstance(stated, list) else set()

    def resolved(node: Any) -> Any:
        return _local(schema, node)

    variants = [schema, *(resolved(each) for key in ("allOf", "oneOf", "anyOf") for each in _listed(schema.get(key)))]
    variants = [each for each in variants if isinstance(each, dict)]
    apart = differing(variants[1:])
    found: dict[str, Parameter] = {}
    for variant in variants:
        properties = variant.get("properties")
        for name, inner in properties.items() if isinstance(properties, dict) else []:
            if name in found:
                continue
            field = inner if isinstance(inner, dict) else {}
            text, listed = str(field.get("description") or ""), apart.get(name, values(inner))
            choices = choices_of(inner, resolved) + (((name, listed),) if name in apart else ())
            found[name] = Parameter(
                name, "argument", name in required, type_name(inner), text, listed, limits(inner), choices
            )  # fmt: skip
    return list(found.values())


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _local(schema: dict[str, Any], node: Any) -> Any:
    """Return the target of a reference inside a schema: `{"$ref": "#/$defs/Point"}`."""
    ref = node.get("$ref") if isinstance(node, dict) else None
    if not isinstance(ref, str) or not ref.startswith("#/"):
        return node
    target: Any = schema
    for part in ref[2:].split("/"):
        target = target.get(part) if isinstance(target, dict) else None
    return target
