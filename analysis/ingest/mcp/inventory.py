"""An MCP tool list to an inventory: what servers say of their tools, as a snapshot."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from analysis.ingest.document.canonical import canonical, child, sha256, text_spans
from analysis.ingest.document.reader import Parsed
from analysis.ingest.document.references import DocumentSet
from analysis.ingest.mcp.entries import INPUTS, OUTPUTS, schema_of
from analysis.ingest.mcp.shapes import Dump, find
from analysis.ingest.openapi.ref_graph import RefGraph, unused
from analysis.ingest.openapi.schemas import field_names, is_open, limits, type_name, values
from analysis.model import Inventory, Level, Parameter, SourceInfo, SourceKind, TextSpan, TextSpans, Tool, ToolId

if TYPE_CHECKING:
    from analysis.ingest.document.loading import Options
    from analysis.ingest.mcp.entries import McpEntry, Schema
    from analysis.model import SourceId

#: What the specification lets a tool be called. Clients rewrite or refuse other names.
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,128}\Z")
#: What else of a server a model may be given, and no review of tools looks at.
_OTHER: Final = ("prompts", "resources", "resourceTemplates", "resource_templates")
#: Texts of a server that a model reads before any tool is called.
_TEXTS: Final = ("instructions", "description", "title")
_SERVERS_SHOWN: Final = 50
_Notes: TypeAlias = tuple[tuple[str, str, str], ...]


def tools_of(data: Any) -> Dump | None:
    """Return the tool lists of a parsed file, in any shape they are saved in; None when it holds none."""
    return find(data)


def read_mcp(documents: DocumentSet, data: Any, source: SourceId, uri: str, raw: bytes, options: Options) -> Inventory:
    """Return the inventory of one or several servers; faults are in `library.problems`.

    Where a file tells servers apart by name, a tool is `source:server/name`, so that equal names stay apart.
    """
    dump = find(data) or Dump()
    for said, pointer in dump.unread:
        documents.report(Level.ERROR, said, pointer, "save the tools/list result of that server")
    _check_pages(documents, dump)
    _check_others(documents, dump)
    shared = _text_spans(dump)
    servers = dump.servers()
    named = dump.named or len(servers) > 1
    tools: dict[str, Tool] = {}
    numbers: dict[str, int] = {}
    total = sum(len(page.entries) for page in dump.pages)
    for page in dump.pages:
        label = _label(page.server)
        reaches = (label,) if label in shared else ()
        for entry in page.entries:
            tool = _tool(documents, entry, source)
            options.tell("tools", len(tools), total)
            if tool is None:
                continue
            tool = replace(tool, reaches=reaches)
            if named and page.server:
                # The name's own slash is escaped: no server and tool can read like another pair.
                name = tool.name.replace("~", "~0").replace("/", "~1")
                tool = replace(tool, id=ToolId(f"{source}:{page.server}/{name}"), tags=(page.server,))
            if tool.id in tools:
                documents.report(
                    Level.ERROR, f"the tool name {tool.name[:80]!r} is listed twice", entry.pointer, "rename one"
                )
            identity = unused(tool.id, tools, numbers)
            tools[identity] = replace(tool, id=identity)
    info = _info(dump, source, uri, raw, servers if named else ())
    return Inventory(info, tuple(tools.values()), shared)


def _check_pages(documents: DocumentSet, dump: Dump) -> None:
    """Report pages that are missing: the last of a server names another, or one that is the last is followed."""
    last = {page.server: page for page in dump.pages}
    for page in dump.pages:
        if page.more and last[page.server] is page:
            documents.report(
                Level.ERROR,
                "the list has a nextCursor: tools of further pages are not in the inventory",
                page.pointer,
                "save all pages of tools/list into one list",
            )
    for page, after in zip(dump.pages, dump.pages[1:], strict=False):
        if not page.more and after.more and page.server == after.server:
            what = "this page says that it is the last, and others follow; they may be of another server"
            documents.report(Level.NOTE, what, page.pointer, "save several servers by their names")


def _check_others(documents: DocumentSet, dump: Dump) -> None:
    for _, pointer, told in dump.about:
        for key in _OTHER:
            if isinstance(told.get(key), list | dict) and told[key]:
                what = f"{len(told[key]):,} {key} stand beside the tools; they are not reviewed"
                documents.report(
                    Level.NOTE, what, child(pointer, key), "review by hand what a model can be given of them"
                )


def _label(server: str) -> str:
    """Return under which label the texts of a server are shared by its tools."""
    return f"server {server}".rstrip()


def _text_spans(dump: Dump) -> dict[str, TextSpans]:
    """Return the texts servers say of themselves, by label; a text that every page repeats is there once."""
    found: dict[str, dict[str, TextSpan]] = {}
    for server, pointer, told in dump.about:
        for key in _TEXTS:
            text = told.get(key)
            if isinstance(text, str) and text.strip():
                found.setdefault(_label(server), {}).setdefault(text, TextSpan(child(pointer, key), text))
    return {label: TextSpans.of(*texts.values()) for label, texts in found.items()}


def _info(dump: Dump, source: SourceId, uri: str, raw: bytes, servers: tuple[str, ...]) -> SourceInfo:
    named = [told for _, _, told in dump.about if isinstance(told.get("name"), str) and "tools" not in told]
    alone = named[0] if len(named) == 1 and not servers else {}
    return SourceInfo(
        id=source,
        kind=SourceKind.MCP,
        uri=uri,
        sha256=hashlib.sha256(raw).hexdigest(),
        title=str(alone.get("name") or ""),
        version=str(alone.get("version") or ""),
        format="MCP tools/list",
        size=len(raw),
        facts=_facts(dump, servers),
    )


def _facts(dump: Dump, servers: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return under which circumstances lists were asked for, as far as it was saved with them, and their servers."""
    facts: dict[str, str] = {}
    for fact, key in (("protocol", "protocolVersion"), ("credential", "credentialLabel"), ("pages", "pages")):
        for _, _, told in dump.about:
            if told.get(key) and not isinstance(told[key], list | dict):
                facts.setdefault(fact, str(told[key]))
    if "pages" not in facts and len(dump.pages) > 1 and not servers:
        facts["pages"] = str(len(dump.pages))
    if servers:
        more = f" and {len(servers) - _SERVERS_SHOWN} more" if len(servers) > _SERVERS_SHOWN else ""
        facts["servers"] = ", ".join(servers[:_SERVERS_SHOWN]) + more
    return tuple(facts.items())


def _tool(documents: DocumentSet, entry: McpEntry, source: SourceId) -> Tool | None:
    pointer, node, body = entry.pointer, entry.node, entry.body
    if body is None or entry.name is None:
        what = "an entry of the list is no tool: it has no name"
        if isinstance(node, str):
            what = f"only the name of the tool {node[:80]!r} was saved: it has no definition"
        documents.report(Level.ERROR, what, pointer, "save the result of tools/list as the server sent it")
        return None
    _check_name(documents, entry.name, pointer)
    stated, output = schema_of(entry, INPUTS), schema_of(entry, OUTPUTS)
    _check_schemas(documents, entry, stated, output)
    schema = stated.value if isinstance(stated.value, dict) else {}
    request, _, _ = _fields(documents, schema, stated.pointer)
    response, near, notes = _fields(documents, output.value, output.pointer)
    hints = body.get("annotations")
    dump = canonical(node)
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
        shallow_fields=near,
        field_notes=notes,
        returns_array=isinstance(output.value, dict) and output.value.get("type") == "array",
        returns=_returns(output.value),
        security=None,
        hints=tuple(sorted((k, v) for k, v in hints.items() if isinstance(v, bool))) if isinstance(hints, dict) else (),
        text_spans=text_spans(dump, (node, pointer)),
        size=len(canonical(schema)) + len(entry.name) + len(description),
    )


def _returns(schema: Any) -> str:
    """Return whether the tool says what comes back; without an output schema a model is handed anything."""
    return "described" if isinstance(schema, dict) and schema and not is_open(schema) else "undescribed"


def _check_name(documents: DocumentSet, name: str, pointer: str) -> None:
    if not _NAME.match(name):
        shown = f"the name {name[:80]!r} is not one that MCP allows: 1 to 128 letters, digits, `_`, `-` and `.`"
        documents.report(Level.NOTE, shown, pointer, "expect clients to rewrite or refuse it")


def _check_schemas(documents: DocumentSet, entry: McpEntry, stated: Schema, output: Schema) -> None:
    """Report what keeps the input of a tool from being known for certain."""
    is_function = entry.body is not entry.node or (entry.body or {}).get("type") == "function"
    if not stated.stated and not is_function:
        documents.report(
            Level.ERROR, "`inputSchema` is not an object", entry.pointer, "every MCP tool states its input"
        )
    for schema in (stated, output):
        if schema.taken:
            documents.report(Level.NOTE, schema.taken, schema.pointer, "save the tool as its server listed it")
        if schema.also:
            listed = ", ".join(f"`{key}`" for key in schema.also)
            what = f"a second schema contradicts this one and was read as text only: {listed}"
            documents.report(Level.ERROR, what, schema.pointer, "keep the one that the server enforces")


def _fields(documents: DocumentSet, schema: Any, pointer: str) -> tuple[tuple[str, ...], tuple[str, ...], _Notes]:
    """Return (all field names, those stated nearby, what is said of those) of a schema that refers to itself only."""
    own = DocumentSet("schema", Parsed(schema), documents.limits)
    units = RefGraph(own, siblings=True)
    names, refs = field_names(schema, siblings=True)
    edges = tuple(units.edges(refs, "schema", schema, ""))
    units.close()
    documents.problems.extend(replace(problem, pointer=f"{pointer}{problem.pointer}") for problem in own.problems)
    everything = units.names(units.mask(names | _definitions(schema)), edges)
    return everything, units.near_names(units.mask(names), edges), units.near_notes(names, edges)


def _definitions(schema: Any) -> dict[str, Any]:
    """Return the field names stated in `$defs`: reachable or not, a model is shown them."""
    names: dict[str, Any] = {}
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
