"""The lists of a live server: tools, resources, resource templates and prompts, page by page, within limits.

A list other than that of the tools is requested where the server declares it, as clients do. A server may declare one and
not implement it; then it offers none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from analysis.model import Level, Problem

if TYPE_CHECKING:
    from mcp import Client

    from analysis.ingest.live.mcp_transport import Transport

#: Key of a saved listing with the names of the lists that were declared and not received.
NOT_LISTED: Final = "notListed"
_MAX_PAGES: Final = 1_000
_MAX_ENTRIES: Final = 50_000
_METHOD_NOT_FOUND: Final = -32601


class _List(NamedTuple):
    """A list of a server: key of its result, capability that declares it, name for people."""

    key: str
    capability: str
    name: str


_TOOLS: Final = _List("tools", "tools", "tools")
_OTHERS: Final = (
    _List("resources", "resources", "resources"),
    _List("resourceTemplates", "resources", "resource templates"),
    _List("prompts", "prompts", "prompts"),
)


async def read_lists(client: Client, transport: Transport, about: dict[str, Any]) -> None:
    """Read all lists into `transport.answer`, the tools first; what has arrived stays, whatever happens later."""
    from mcp import MCPError  # noqa: PLC0415 - comes with the SDK

    declared = about["capabilities"]
    wanted = [each for each in _OTHERS if each.capability in declared]
    tools, cursor = ([], "") if wanted and "tools" not in declared else await _pages(client, transport, _TOOLS)
    answer = {"tools": tools} | ({"nextCursor": cursor} if cursor else {}) | about
    transport.answer = answer | ({NOT_LISTED: [each.name for each in wanted]} if wanted else {})
    for each in wanted:
        try:
            entries, cursor = await _pages(client, transport, each)
        except MCPError as error:
            if error.code != _METHOD_NOT_FOUND:
                continue
            entries, cursor = [], ""
        transport.answer[each.key] = {each.key: entries, "nextCursor": cursor} if cursor else entries
        transport.answer[NOT_LISTED].remove(each.name)
    if not transport.answer.get(NOT_LISTED):
        transport.answer.pop(NOT_LISTED, None)


async def _pages(client: Client, transport: Transport, wanted: _List) -> tuple[list[Any], str]:
    """Return all entries of a list as sent, and the cursor of the missing rest, if any."""
    from mcp import types  # noqa: PLC0415 - comes with the SDK
    from pydantic import RootModel  # noqa: PLC0415 - comes with the SDK

    requests: dict[str, Any] = {
        "tools": types.ListToolsRequest,
        "resources": types.ListResourcesRequest,
        "resourceTemplates": types.ListResourceTemplatesRequest,
        "prompts": types.ListPromptsRequest,
    }
    request = requests[wanted.key]
    entries: list[Any] = []
    cursors: set[str] = set()
    cursor, pages = "", 0
    while True:
        pages += 1
        transport.pages += wanted is _TOOLS
        params = types.PaginatedRequestParams(cursor=cursor) if cursor else None
        # Not `list_tools`: it drops keys unknown to its types, and tools with invalid header declarations.
        page = (await client.session.send_request(request(params=params), RootModel[dict[str, Any]])).root
        entries += page[wanted.key]
        cursor = page.get("nextCursor") or ""
        if not cursor:
            return entries, ""
        stopped = ""
        if cursor in cursors:
            stopped = f"page {pages} leads back to an earlier one"
        elif pages >= _MAX_PAGES or len(entries) >= _MAX_ENTRIES:
            stopped = f"{pages:,} pages with {len(entries):,} {wanted.name} were read, and there are more"
        if stopped:
            what, place = f"{stopped}; the rest is not in the list", f"/{wanted.key}"
            transport.problems.append(Problem(Level.ERROR, what, place, remedy="report it to the server's developers"))
            return entries, cursor
        cursors.add(cursor)
