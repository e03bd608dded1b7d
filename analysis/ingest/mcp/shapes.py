"""Finds the lists of tools, resources and prompts in a saved file, in the forms that servers, clients and scripts write.

One result or response, its pages in a list, a recorded session, or several servers by name. A form is recognised by
the entries in it; those that are not read are reported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical_json import child
from analysis.ingest.mcp.entries import defines_tool, entries_of, is_described, is_tool
from analysis.ingest.mcp.other_lists import OTHER_LISTS, entries_of_kind, is_request, kind_of_list
from analysis.model import CapabilityKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.ingest.mcp.entries import McpEntry

#: Keys of objects that wrap a result.
_WRAPPERS: Final = ("result", "data", "response", "body", "toolConfig")
#: Keys of results saved by their method; a file holds several of them.
_METHODS: Final = (
    "tools_list", "tools/list", "toolsList", "resources/list", "resources_list", "resourcesList",
    "resources/templates/list", "resource_templates_list", "resourceTemplatesList", "prompts/list", "prompts_list",
    "promptsList",
)  # fmt: skip
_PAGES: Final = ("pages", "responses", "messages", "results")
_SERVERS: Final = ("servers", "mcpServers", "mcp_servers")
_LISTS: Final = ("tools", "functions", "functionDeclarations", "function_declarations")
_NAMES: Final = ("server", "serverName", "server_name", "mcpServer", "mcp_server", "name", "id")
_CURSORS: Final = ("nextCursor", "next_cursor")
#: Keys of facts about a server; they may also be next to its tools.
_ABOUT: Final = ("serverInfo", "server_info", "initialize", "initializeResult", "server")
#: Keys of requests that a server sent to the client.
_REQUESTS: Final = ("clientRequests", "inputRequests", "input_requests")
_MAX_DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class Page:
    """One saved list of tools, or of another kind of capability. `more`: it refers to a further page."""

    pointer: str
    entries: tuple[McpEntry, ...]
    server: str = ""
    more: bool = False
    kind: CapabilityKind = CapabilityKind.TOOL


@dataclass(slots=True)
class ToolLists:
    """The lists of a file. `named`: it distinguishes its servers by name, even a single one."""

    pages: list[Page] = field(default_factory=list)
    named: bool = False
    #: Facts about servers, as (server, pointer, object): name, version, instructions, protocol.
    about: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    #: Entries without readable tools, as (fault, pointer).
    unread: list[tuple[str, str]] = field(default_factory=list)
    #: Requests that a server sent to the client, as (server, pointer, message).
    requests: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    recorded: set[int] = field(default_factory=set)

    def servers(self) -> tuple[str, ...]:
        """Return the names of the servers, in the order of the file."""
        return tuple(dict.fromkeys(page.server for page in self.pages if page.server))


def find_tool_lists(data: Any) -> ToolLists | None:
    """Return the lists of parsed data in any known form; None when it has none."""
    lists = ToolLists()
    return lists if _read(lists, data, "", "", _MAX_DEPTH) else None


def _read(lists: ToolLists, node: Any, pointer: str, server: str, depth: int) -> bool:
    """Add the lists under a node; return False when it has none."""
    if depth == 0:
        return False
    if isinstance(node, list):
        return _list(lists, node, pointer, server, depth)
    return isinstance(node, dict) and (
        _result(lists, node, pointer, server, depth)
        or _wrapped(lists, node, pointer, server, depth)
        or _by_server(lists, node, pointer, depth)
        or _by_tool(lists, node, pointer, server)
    )


def _result(lists: ToolLists, node: dict[str, Any], pointer: str, server: str, depth: int) -> bool:
    """Read an object that has `tools` (or another name for them), resources or prompts."""
    others = [_other(lists, node, key, pointer, server, depth) for key in OTHER_LISTS if key in node]
    key = next((key for key in _LISTS if isinstance(node.get(key), list | dict)), None)
    if key is None:
        return any(others) and _record_about(lists, node, pointer, server)
    tools, place = node[key], child(pointer, key)
    if isinstance(tools, dict) and not (_is_keyed(tools) or (tools and all(map(is_described, tools.values())))):
        return _read(lists, tools, place, server, depth - 1) and _record_about(lists, node, pointer, server)
    if isinstance(tools, list) and key != "tools" and not any(map(defines_tool, tools)):
        return any(others) and _record_about(lists, node, pointer, server)
    _page(lists, tools, place, server, more=any(node.get(name) for name in _CURSORS))
    return _record_about(lists, node, pointer, server)


def _other(lists: ToolLists, node: dict[str, Any], key: str, pointer: str, server: str, depth: int) -> bool:
    """Read a list of resources, templates or prompts; False when the value is something else."""
    value, place = node[key], child(pointer, key)
    kind = kind_of_list(node, key)
    if kind is not None:
        more = not any(name in node for name in _LISTS) and any(node.get(name) for name in _CURSORS)
        lists.pages.append(Page(place, tuple(entries_of_kind(kind, value, place)), server, more, kind))
        return True
    return isinstance(value, dict) and _read(lists, value, place, server, depth - 1)


def _wrapped(lists: ToolLists, node: dict[str, Any], pointer: str, server: str, depth: int) -> bool:
    """Read an object that wraps a result, its pages, results by method, or the servers of a client."""
    saved = [(key, node[key]) for key in _METHODS if isinstance(node.get(key), dict | list)]
    found = [_read(lists, inner, child(pointer, key), server, depth - 1) for key, inner in saved]
    if any(found):
        return _record_about(lists, node, pointer, server)
    for key in (*_WRAPPERS, *_PAGES):
        inner = node.get(key)
        if isinstance(inner, dict | list) and _read(lists, inner, child(pointer, key), server, depth - 1):
            return _record_about(lists, node, pointer, server)
    for key in _SERVERS:
        inner, place = node.get(key), child(pointer, key)
        if isinstance(inner, dict) and _by_server(lists, inner, place, depth):
            return True
        if isinstance(inner, list) and any(map(_is_listing, inner)) and _list(lists, inner, place, server, depth):
            return True
    return False


def _by_server(lists: ToolLists, node: dict[str, Any], pointer: str, depth: int) -> bool:
    """Read an object whose members are servers with their tools."""
    if not any(map(_is_listing, node.values())):
        return False
    lists.named = True
    for name, inner in node.items():
        if isinstance(inner, dict | list):
            _server(lists, inner, child(pointer, name), name, depth)
    return True


def _by_tool(lists: ToolLists, node: dict[str, Any], pointer: str, server: str) -> bool:
    """Read an object that consists of tools by name."""
    if not (_is_keyed(node) and all(map(defines_tool, node.values()))):
        return False
    _page(lists, node, pointer, server, more=False)
    return True


def _list(lists: ToolLists, nodes: list[Any], pointer: str, server: str, depth: int) -> bool:
    """Read a list: of tools, or of results, messages and servers."""
    if not any(map(_is_listing, nodes)):
        if not nodes or not (any(map(defines_tool, nodes)) or all(map(is_tool, nodes))):
            return False
        _page(lists, nodes, pointer, server, more=False)
        return True
    for index, inner in enumerate(nodes):
        place, name = child(pointer, index), server
        if isinstance(inner, dict) and "jsonrpc" not in inner and not server:
            name = next((inner[key] for key in _NAMES if isinstance(inner.get(key), str)), "")
            lists.named = lists.named or bool(name)
        _server(lists, inner, place, name or _own_name(inner), depth)
    return True


def _server(lists: ToolLists, node: Any, pointer: str, server: str, depth: int) -> None:
    """Read one server or message of several; one without tools is reported, except requests and handshakes."""
    error = node.get("error") if isinstance(node, dict) else None
    if error:
        lists.unread.append((f"an error was saved instead of tools{_of(server)}: {str(error)[:200]}", pointer))
    if _is_listing(node) and _read(lists, node, pointer, server, depth - 1):
        return
    if is_request(node):
        lists.requests.append((server, pointer, node))
        return
    handshake = node.get("result") if isinstance(node, dict) else None
    if isinstance(handshake, dict) and ("serverInfo" in handshake or "protocolVersion" in handshake):
        _record_about(lists, node, pointer, server)
    elif not error and not (isinstance(node, dict) and "jsonrpc" in node and "method" in node):
        lists.unread.append((f"an entry{_of(server)} has no list of tools", pointer))


def _page(lists: ToolLists, tools: Any, pointer: str, server: str, *, more: bool) -> None:
    lists.pages.append(Page(pointer, tuple(entries_of(tools, pointer)), server, more))


def _record_about(lists: ToolLists, node: dict[str, Any], pointer: str, server: str) -> bool:
    """Record an object with tools as facts about its server. Returns True."""
    if id(node) not in lists.recorded:  # an object inside another may be visited twice
        lists.recorded.add(id(node))
        lists.about.append((server, pointer, node))
        for key in _REQUESTS:
            _record_requests(lists, node.get(key), child(pointer, key), server)
        for key in ("result", *_ABOUT):
            if isinstance(node.get(key), dict):
                _record_about(lists, node[key], child(pointer, key), server)
    return True


def _record_requests(lists: ToolLists, sent: Any, pointer: str, server: str) -> None:
    """Record requests of a server to the client that a file holds next to its lists, in a list or by name."""
    pairs = sent.items() if isinstance(sent, dict) else enumerate(sent) if isinstance(sent, list) else ()
    lists.requests.extend((server, child(pointer, key), node) for key, node in pairs if is_request(node))


def _own_name(node: Any) -> str:
    """Return the name of a server from its own saved result."""
    result = node.get("result", node) if isinstance(node, dict) else None
    info = result.get("serverInfo") if isinstance(result, dict) else None
    return str(info.get("name") or "") if isinstance(info, dict) else ""


def _is_listing(node: Any) -> bool:
    """Whether a member of several is a server or a result: it has a list with entries, or an empty one of tools."""
    if isinstance(node, list):
        return any(map(defines_tool, node))
    return any(_lists_in(node))


def _lists_in(node: Any, depth: int = 3) -> Iterator[bool]:
    """Yield for every possible list under a node whether it is one."""
    for key in (*_LISTS, *OTHER_LISTS, *_WRAPPERS, *_METHODS) if isinstance(node, dict) and depth else ():
        if key in node:
            if key in _LISTS:
                yield _is_list_of_tools(node[key])
            elif key in OTHER_LISTS:
                yield kind_of_list(node, key) is not None
            yield from _lists_in(node[key], depth - 1)


def _is_list_of_tools(node: Any) -> bool:
    if isinstance(node, dict):
        return _is_keyed(node)
    return isinstance(node, list) and (not node or any(map(is_tool, node)))


def _is_keyed(node: dict[str, Any]) -> bool:
    """Whether an object contains tools by name."""
    return any(map(defines_tool, node.values()))


def _of(server: str) -> str:
    return f" of {server[:80]!r}" if server else ""
