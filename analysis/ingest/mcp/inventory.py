"""Inventory of a saved list of one or several MCP servers: tools, resources, prompts, instructions, requests."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical_json import child
from analysis.ingest.identity import unique_id
from analysis.ingest.mcp.capabilities import capability_of
from analysis.ingest.mcp.server_facts import (
    check_icons,
    instructions_of,
    not_read,
    requests_of,
    server_label,
    server_texts,
    source_info,
)
from analysis.ingest.mcp.shapes import find_tool_lists
from analysis.ingest.mcp.tool_schemas import ToolSchemas
from analysis.ingest.mcp.tools import tool_of
from analysis.model import CapabilityKind, Inventory, Level, Tool, ToolId

if TYPE_CHECKING:
    from analysis.ingest.document.loading import Options
    from analysis.ingest.document.references import DocumentSet
    from analysis.ingest.mcp.shapes import ToolLists
    from analysis.model import SourceId

_TOOL: Final = CapabilityKind.TOOL
#: Kinds in the order of an inventory: tools first.
_ORDER: Final = tuple(CapabilityKind)


def tools_of(data: Any) -> ToolLists | None:
    """Return the lists of a parsed file, in any saved form; None when it has none."""
    return find_tool_lists(data)


def read_mcp(
    documents: DocumentSet, lists: ToolLists, source: SourceId, uri: str, raw: bytes, options: Options
) -> Inventory:
    """Return the inventory of the lists of one or several servers; faults are in `documents.problems`.

    Where a file distinguishes servers by name, a tool is `source:server/name`, so that equal names stay apart. Other
    kinds have their kind in the identity: `source:prompt name`, `source:resource URI`.
    """
    for what, pointer in lists.unread:
        documents.report(Level.ERROR, what, pointer, "save the tools/list result of that server")
    _check_pages(documents, lists)
    for server, pointer, about in lists.about:
        check_icons(documents, about.get("icons"), child(pointer, "icons"), server_label(server))
    shared, servers = server_texts(lists), lists.servers()
    named = lists.named or len(servers) > 1
    collected = _Collected(documents, shared.keys(), named=named)
    total, schemas = sum(len(page.entries) for page in lists.pages), ToolSchemas(documents)
    for page in sorted(lists.pages, key=lambda page: _ORDER.index(page.kind)):
        for entry in page.entries:
            options.report_progress("tools", len(collected.tools), total)
            if page.kind is _TOOL:
                found = tool_of(documents, entry, source, schemas)
            else:
                found = capability_of(documents, entry, page.kind, source)
            if found is not None:
                icons = entry.body.get("icons") if entry.body is not None else None
                check_icons(documents, icons, child(entry.body_pointer, "icons"), repr(found.name[:80]))
                collected.add(found, page.server)
    for of_servers in (instructions_of, requests_of):
        for server, capability in of_servers(documents, lists, source):
            collected.add(capability, server)
    info = source_info(lists, source, uri, raw, servers if named else ())
    return Inventory(info, tuple(collected.tools.values()), shared, not_read(lists))


class _Collected:
    """The capabilities of a file by identity. `named`: the file distinguishes its servers by name."""

    def __init__(self, documents: DocumentSet, labels: Any, *, named: bool) -> None:
        self.tools: dict[str, Tool] = {}
        self._documents = documents
        self._labels = labels
        self._named = named
        self._numbers: dict[str, int] = {}

    def add(self, tool: Tool, server: str) -> None:
        """Add a capability of a server; one that is listed twice is reported and kept."""
        label = server_label(server)
        if label in self._labels and tool.kind is not CapabilityKind.INSTRUCTIONS:  # they are their own text
            tool = replace(tool, referenced_schemas=(label,))
        if self._named and server:
            # The slash of the name is escaped: no two pairs of server and tool get the same identity.
            _, _, rest = tool.id.partition(f"{tool.source}:")
            name = rest.replace("~", "~0").replace("/", "~1")
            tool = replace(tool, id=ToolId(f"{tool.source}:{server}/{name}"), tags=(server,))
        if tool.id in self.tools and tool.kind is not CapabilityKind.CLIENT_REQUEST:
            what = f"the {tool.kind.label} {(tool.path or tool.name)[:80]!r} is listed twice"
            if tool.kind is _TOOL:
                what = f"the tool name {tool.name[:80]!r} is listed twice"
            self._documents.report(Level.ERROR, what, tool.pointer, "rename one")
        identity = unique_id(tool.id, self.tools, self._numbers)
        self.tools[identity] = tool if identity == tool.id else replace(tool, id=identity)


def _check_pages(documents: DocumentSet, lists: ToolLists) -> None:
    """Report missing pages: the last page of a server has a cursor, or a page without one is followed by others."""
    last = {(page.server, page.kind): page for page in lists.pages}
    for page in lists.pages:
        if page.more and last[page.server, page.kind] is page:
            documents.report(
                Level.ERROR,
                f"the list has a nextCursor: {page.kind.label}s of further pages are not in the inventory",
                page.pointer,
                "save all pages into one list",
            )
    for kind in _ORDER:
        pages = [page for page in lists.pages if page.kind is kind]
        for page, after in itertools.pairwise(pages):
            if not page.more and after.more and page.server == after.server:
                what = "this page is marked as the last, and others follow; they may belong to another server"
                documents.report(Level.NOTE, what, page.pointer, "save the lists of several servers by server name")
