"""The tools of a live MCP server, asked for once and written down as it told them. Nothing is called.

The official SDK does the talking. Two things are our own: the process of a stdio server, because it gets no
variable that nobody named, and the raw answers, because the SDK's types drop keys and whole tools that a model
may still be shown. Everything that goes wrong is a `Problem`; nothing here raises.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.loading import refused
from analysis.ingest.live.config import is_secret_name, masked
from analysis.ingest.live.errors import aside, explain, leaves_of
from analysis.ingest.live.transport import SHOWN, Transport, connection, process
from analysis.model import Level, Problem
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mcp import Client

    from analysis.ingest.live.config import ServerSpec

_MAX_PAGES: Final = 1_000
_MAX_TOOLS: Final = 50_000
_HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\t\x20-\x7e]*\Z")
_UNLIKE_A_WORD: Final = re.compile("[0-9A-Z]|.{20}")
_SDK: Final = (2, 3)
_SILENT: Final = logging.NullHandler()
_LOGGERS: Final = ("mcp", "client", "httpx2", "httpcore2")


@dataclass(frozen=True, slots=True)
class LiveListing:
    """What a server told of its tools. `raw` is a saved `tools/list` result, or None after a refusal.

    The list holds for the credential it was asked with; `credential_label` names that, never its value. A list
    that could not be read to its end keeps the server's `nextCursor`, so that it can never pass for whole.
    """

    raw: bytes | None
    problems: tuple[Problem, ...]
    pages: int = 0
    protocol: str = ""
    server_name: str = ""
    server_version: str = ""
    credential_label: str = ""


def list_server(
    spec: ServerSpec,
    *,
    env: Mapping[str, str],
    headers: Mapping[str, str],
    seconds: float,
    credential_label: str = "",
) -> LiveListing:
    """Start or call a server, ask for all its tools, end it. The caller has shown the command and was told yes.

    A command gets PATH, HOME, LANG and `env`, nothing else, in a process group that does not outlive the call.
    An address gets `headers`; no other host is called, no proxy is used. `seconds` is the limit for everything.
    Blocks; call it from a thread without an event loop.
    """
    conversation = Transport(spec, dict(env), dict(headers), seconds)
    if not _sdk_is_there():
        missing = refused("the MCP SDK, version 2.3 or later, is not installed", "pip install 'mcp-clearance[mcp]'")
        return LiveListing(None, (missing,), credential_label=credential_label)
    import anyio  # noqa: PLC0415 - comes with the SDK

    for name in _LOGGERS:  # the SDK's warnings quote the server, and would end on the screen as they are
        logging.getLogger(name).addHandler(_SILENT)
    conversation.fault = _unusable(conversation)
    if conversation.fault is None:
        try:
            anyio.run(partial(_converse, conversation))
        except Exception as error:  # noqa: BLE001 - whatever a server brings about, the caller gets a problem
            if conversation.answer is None:
                conversation.fault = explain(error, conversation)
    return _listing(conversation, credential_label)


def _sdk_is_there() -> bool:
    from importlib.metadata import version  # noqa: PLC0415 - only live servers need it

    try:
        import mcp  # noqa: F401, PLC0415

        major, minor = version("mcp").split(".")[:2]
        return (int(major), int(minor)) >= _SDK
    except (ImportError, ValueError):
        return False


def _unusable(conversation: Transport) -> Problem | None:
    """Return why this cannot even be tried, and note what was named and not given."""
    bad = [name for name, value in conversation.headers.items() if not _HEADER.match(f"{name}: {value}")]
    if bad:
        return refused(f"the header {visible(bad[0], 80)} cannot be sent as it is", "check its name and value")
    bad = [name for name, value in conversation.env.items() if not name or "=" in name or "\0" in name + value]
    if bad:
        return refused(f"the variable {visible(bad[0], 80)!r} cannot be set", "check its name and value")
    if conversation.spec.kind == "stdio" and not conversation.spec.command:
        return refused("the server has no command", "mend its entry")
    given = {name.lower() for name in conversation.headers}
    absent = [name for name in conversation.spec.env_names if name not in conversation.env]
    absent += [name for name in conversation.spec.header_names if name.lower() not in given]
    if absent:
        what = f"listed without what the configuration names: {visible(', '.join(absent), SHOWN)}"
        conversation.told.append(
            Problem(Level.NOTE, what, remedy="give them if the server offers other tools with them")
        )
    return None


def _listing(conversation: Transport, label: str) -> LiveListing:
    problems = list(conversation.told)
    raw: bytes | None = None
    server: dict[str, Any] = {}
    if conversation.answer is not None:
        server = conversation.answer["serverInfo"]
        conversation.answer |= {"credentialLabel": label, "pages": conversation.pages}
        text, fault = _written(conversation.answer, conversation)
        raw = text.encode("utf-8", "replace") if fault is None else None
        problems += [fault] if fault else []
        if conversation.noise:
            what = f"it also writes to standard output what is not MCP: {conversation.shown(conversation.noise)}"
            problems.append(Problem(Level.NOTE, what, remedy="some clients refuse such a server"))
    else:
        problems.append(conversation.fault or refused("the server was not listed", "try again"))
    name, version = str(server.get("name") or ""), str(server.get("version") or "")
    return LiveListing(raw, tuple(problems), conversation.pages, conversation.protocol, name, version, label)


def _written(answer: dict[str, Any], conversation: Transport) -> tuple[str, Problem | None]:
    """Return the answer as JSON, unless it cannot be written or repeats a secret that was sent to the server."""
    try:
        text = json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=1)
    except (ValueError, RecursionError):
        return "", refused("the list holds numbers or nesting that JSON has not", "report it to the server's makers")
    for name, part in conversation.sent(8):
        secret = (is_secret_name(name) and _UNLIKE_A_WORD.search(part)) or masked(part) != part
        if secret and json.dumps(part, ensure_ascii=False)[1:-1] in text:
            what = f"the list repeats the value of {visible(name, 80)}; it was not kept"
            return "", refused(what, "change that secret, and do not approve this server")
    return text, None


async def _converse(conversation: Transport) -> None:
    """Talk to the server within the time limit.

    Some servers of older revisions end when the first message is not their handshake. A command that ended
    before a revision was agreed on is therefore started a second time and greeted in the old way.
    """
    import anyio  # noqa: PLC0415

    with anyio.move_on_after(conversation.seconds) as limit:
        try:
            await _connect(conversation, "auto")
        except Exception as error:
            if conversation.spec.kind != "stdio" or conversation.protocol or conversation.fault or not _closed(error):
                raise
            await _connect(conversation, "legacy")
    if limit.cancelled_caught and conversation.answer is None:
        owed = f"page {conversation.pages} of its tools" if conversation.pages else "an answer to the greeting"
        conversation.end(
            f"{owed} did not come within {conversation.seconds:g} seconds{aside(conversation)}",
            "allow more time, or try it by hand",
        )


def _closed(error: BaseException) -> bool:
    from mcp import MCPError  # noqa: PLC0415
    from mcp.types import CONNECTION_CLOSED  # noqa: PLC0415

    return any(isinstance(leaf, MCPError) and leaf.code == CONNECTION_CLOSED for leaf in leaves_of(error))


async def _connect(conversation: Transport, mode: str) -> None:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    from mcp import Client  # noqa: PLC0415
    from mcp.types import Implementation  # noqa: PLC0415

    try:
        about = Implementation(name="mcp-clearance", version=version("mcp-clearance"))
    except PackageNotFoundError:  # run from a checkout
        about = Implementation(name="mcp-clearance", version="unknown")
    transport = process(conversation) if conversation.spec.kind == "stdio" else connection(conversation)
    async with Client(transport, mode=mode, client_info=about, cache=None) as client:
        conversation.protocol = client.protocol_version
        tools, cursor = await _pages(client, conversation)
        told = client.server_info, client.server_capabilities
        server, abilities = (t.model_dump(mode="json", by_alias=True, exclude_none=True) if t else {} for t in told)
        conversation.answer = {"tools": tools} | ({"nextCursor": cursor} if cursor else {})
        conversation.answer |= {
            "serverInfo": server,
            "protocolVersion": conversation.protocol,
            "capabilities": abilities,
        }
        conversation.answer |= {"instructions": client.instructions} if client.instructions else {}


async def _pages(client: Client, conversation: Transport) -> tuple[list[Any], str]:
    """Return all tools as they were sent, and the cursor of what is missing, if something is."""
    from mcp.types import ListToolsRequest, PaginatedRequestParams  # noqa: PLC0415
    from pydantic import RootModel  # noqa: PLC0415 - comes with the SDK

    tools: list[Any] = []
    cursors: set[str] = set()
    cursor = ""
    while True:
        conversation.pages += 1
        params = PaginatedRequestParams(cursor=cursor) if cursor else None
        # Not `list_tools`: it drops keys its types do not know, and tools whose headers are declared wrongly.
        page = (await client.session.send_request(ListToolsRequest(params=params), RootModel[dict[str, Any]])).root
        tools += page["tools"]
        cursor = page.get("nextCursor") or ""
        if not cursor:
            return tools, ""
        stopped = ""
        if cursor in cursors:
            stopped = f"page {conversation.pages} leads back to an earlier one"
        elif conversation.pages >= _MAX_PAGES or len(tools) >= _MAX_TOOLS:
            stopped = f"{conversation.pages:,} pages with {len(tools):,} tools were read, and there are more"
        if stopped:
            what = f"{stopped}; what follows is not in the list"
            conversation.told.append(
                Problem(Level.ERROR, what, "/tools", remedy="ask the server's makers for a list that ends")
            )
            return tools, cursor
        cursors.add(cursor)
