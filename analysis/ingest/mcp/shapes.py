"""Where the tools stand in a saved tool list: the shapes in which servers, clients and scripts write them down.

One result or response, its pages in a list, a recorded conversation, or several servers in one file, by name. A shape
is recognised by the tools in it; whatever stands beside them and is not read is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical import child
from analysis.ingest.mcp.entries import defines_tool, entries_of, is_described, is_tool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.ingest.mcp.entries import McpEntry

#: Objects that only wrap a result.
_WRAPPERS: Final = ("result", "data", "response", "body", "toolConfig", "tools_list", "tools/list", "toolsList")
_PAGES: Final = ("pages", "responses", "messages", "results")
_SERVERS: Final = ("servers", "mcpServers", "mcp_servers")
_LISTS: Final = ("tools", "functions", "functionDeclarations", "function_declarations")
_NAMES: Final = ("server", "serverName", "server_name", "mcpServer", "mcp_server", "name", "id")
_CURSORS: Final = ("nextCursor", "next_cursor")
#: What a server says of itself stands in one of these, or beside its tools.
_ABOUT: Final = ("serverInfo", "server_info", "initialize", "initializeResult", "server")
_DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class Page:
    """One list of tools as it was saved, with what it says of its server. `more`: it names a further page."""

    pointer: str
    entries: tuple[McpEntry, ...]
    server: str = ""
    more: bool = False


@dataclass(slots=True)
class Dump:
    """A file of tool lists. `named`: it tells its servers apart by name, be it one or several."""

    pages: list[Page] = field(default_factory=list)
    named: bool = False
    #: What servers say of themselves, as (server, pointer, object): name, version, instructions, protocol.
    about: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    #: What could hold tools and was not read, as (what is wrong, pointer).
    unread: list[tuple[str, str]] = field(default_factory=list)
    told: set[int] = field(default_factory=set)

    def servers(self) -> tuple[str, ...]:
        """Return the names of the servers, in the order of the file."""
        return tuple(dict.fromkeys(page.server for page in self.pages if page.server))


def find(data: Any) -> Dump | None:
    """Return the tool lists of parsed data in any known shape; None when it holds none."""
    dump = Dump()
    return dump if _read(dump, data, "", "", _DEPTH) else None


def _read(dump: Dump, node: Any, pointer: str, server: str, depth: int) -> bool:
    """Read the lists under a node into the dump; False when it is nothing of the kind."""
    if depth == 0:
        return False
    if isinstance(node, list):
        return _list(dump, node, pointer, server, depth)
    return isinstance(node, dict) and (
        _result(dump, node, pointer, server, depth)
        or _wrapped(dump, node, pointer, server, depth)
        or _by_server(dump, node, pointer, depth)
        or _by_tool(dump, node, pointer, server)
    )


def _result(dump: Dump, node: dict[str, Any], pointer: str, server: str, depth: int) -> bool:
    """Read an object that has `tools` (or another name for them)."""
    key = next((key for key in _LISTS if isinstance(node.get(key), list | dict)), None)
    if key is None:
        return False
    tools, place = node[key], child(pointer, key)
    if isinstance(tools, dict) and not (_is_keyed(tools) or (tools and all(map(is_described, tools.values())))):
        return _read(dump, tools, place, server, depth - 1) and _tell(dump, node, pointer, server)
    if isinstance(tools, list) and key != "tools" and not any(map(defines_tool, tools)):
        return False
    _page(dump, tools, place, server, more=any(node.get(name) for name in _CURSORS))
    return _tell(dump, node, pointer, server)


def _wrapped(dump: Dump, node: dict[str, Any], pointer: str, server: str, depth: int) -> bool:
    """Read an object that wraps a result, its pages, or the servers of a client."""
    for key in (*_WRAPPERS, *_PAGES):
        inner = node.get(key)
        if isinstance(inner, dict | list) and _read(dump, inner, child(pointer, key), server, depth - 1):
            return _tell(dump, node, pointer, server)
    for key in _SERVERS:
        inner, place = node.get(key), child(pointer, key)
        if isinstance(inner, dict) and _by_server(dump, inner, place, depth):
            return True
        if isinstance(inner, list) and any(map(_is_listing, inner)) and _list(dump, inner, place, server, depth):
            return True
    return False


def _by_server(dump: Dump, node: dict[str, Any], pointer: str, depth: int) -> bool:
    """Read an object whose members are the servers, each with its tools."""
    if not any(map(_is_listing, node.values())):
        return False
    dump.named = True
    for name, inner in node.items():
        if isinstance(inner, dict | list):
            _server(dump, inner, child(pointer, name), name, depth)
    return True


def _by_tool(dump: Dump, node: dict[str, Any], pointer: str, server: str) -> bool:
    """Read an object that is nothing but tools by their names."""
    if not (_is_keyed(node) and all(map(defines_tool, node.values()))):
        return False
    _page(dump, node, pointer, server, more=False)
    return True


def _list(dump: Dump, nodes: list[Any], pointer: str, server: str, depth: int) -> bool:
    """Read a list: of tools, or of results, messages and servers."""
    if not any(map(_is_listing, nodes)):
        if not nodes or not (any(map(defines_tool, nodes)) or all(map(is_tool, nodes))):
            return False
        _page(dump, nodes, pointer, server, more=False)
        return True
    for index, inner in enumerate(nodes):
        place, name = child(pointer, index), server
        if isinstance(inner, dict) and "jsonrpc" not in inner and not server:
            name = next((inner[key] for key in _NAMES if isinstance(inner.get(key), str)), "")
            dump.named = dump.named or bool(name)
        _server(dump, inner, place, name or _own_name(inner), depth)
    return True


def _server(dump: Dump, node: Any, pointer: str, server: str, depth: int) -> None:
    """Read one server or message of several; one without tools is told, unless it asks or greets."""
    error = node.get("error") if isinstance(node, dict) else None
    if error:
        dump.unread.append((f"instead of tools{_of(server)} an error was saved: {str(error)[:200]}", pointer))
    if _is_listing(node) and _read(dump, node, pointer, server, depth - 1):
        return
    greeting = node.get("result") if isinstance(node, dict) else None
    if isinstance(greeting, dict) and ("serverInfo" in greeting or "protocolVersion" in greeting):
        _tell(dump, node, pointer, server)
    elif not error and not (isinstance(node, dict) and "jsonrpc" in node and "method" in node):
        dump.unread.append((f"an entry{_of(server)} holds no list of tools", pointer))


def _page(dump: Dump, tools: Any, pointer: str, server: str, *, more: bool) -> None:
    dump.pages.append(Page(pointer, tuple(entries_of(tools, pointer)), server, more))


def _tell(dump: Dump, node: dict[str, Any], pointer: str, server: str) -> bool:
    """Keep what an object with tools in it says of its server. Returns True."""
    if id(node) not in dump.told:  # an object inside another may be met on both ways
        dump.told.add(id(node))
        dump.about.append((server, pointer, node))
        for key in ("result", *_ABOUT):
            if isinstance(node.get(key), dict):
                _tell(dump, node[key], child(pointer, key), server)
    return True


def _own_name(node: Any) -> str:
    """Return the name a server gives itself in a saved result."""
    result = node.get("result", node) if isinstance(node, dict) else None
    told = result.get("serverInfo") if isinstance(result, dict) else None
    return str(told.get("name") or "") if isinstance(told, dict) else ""


def _is_listing(node: Any) -> bool:
    """Whether a member of several is a server or a result: it has a list with tools, or an empty one."""
    if isinstance(node, list):
        return any(map(defines_tool, node))
    return any(_is_list_of_tools(inner) for inner in _lists_in(node))


def _lists_in(node: Any, depth: int = 3) -> Iterator[Any]:
    for key in (*_LISTS, *_WRAPPERS) if isinstance(node, dict) and depth else ():
        if key in _LISTS and key in node:
            yield node[key]
        yield from _lists_in(node.get(key), depth - 1)


def _is_list_of_tools(node: Any) -> bool:
    if isinstance(node, dict):
        return _is_keyed(node)
    return isinstance(node, list) and (not node or any(map(is_tool, node)))


def _is_keyed(node: dict[str, Any]) -> bool:
    """Whether an object holds tools by their names."""
    return any(map(defines_tool, node.values()))


def _of(server: str) -> str:
    return f" of {server[:80]!r}" if server else ""
