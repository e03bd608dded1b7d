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

from analysis.ingest.guard import refused
from analysis.ingest.live.config import is_secret_name, masked
from analysis.ingest.live.faults import aside, explain, leaves_of
from analysis.ingest.live.talk import SHOWN, Talk, connection, process
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
    talk = Talk(spec, dict(env), dict(headers), seconds)
    if not _sdk_is_there():
        missing = refused("the MCP SDK, version 2.3 or later, is not installed", "pip install 'mcp-clearance[mcp]'")
        return LiveListing(None, (missing,), credential_label=credential_label)
    import anyio  # noqa: PLC0415 - comes with the SDK

    for name in _LOGGERS:  # the SDK's warnings quote the server, and would end on the screen as they are
        logging.getLogger(name).addHandler(_SILENT)
    talk.fault = _unusable(talk)
    if talk.fault is None:
        try:
            anyio.run(partial(_converse, talk))
        except Exception as error:  # noqa: BLE001 - whatever a server brings about, the caller gets a problem
            if talk.answer is None:
                talk.fault = explain(error, talk)
    return _listing(talk, credential_label)


def _sdk_is_there() -> bool:
    from importlib.metadata import version  # noqa: PLC0415 - only live servers need it

    try:
        import mcp  # noqa: F401, PLC0415

        major, minor = version("mcp").split(".")[:2]
        return (int(major), int(minor)) >= _SDK
    except (ImportError, ValueError):
        return False


def _unusable(talk: Talk) -> Problem | None:
    """Return why this cannot even be tried, and note what was named and not given."""
    bad = [name for name, value in talk.headers.items() if not _HEADER.match(f"{name}: {value}")]
    if bad:
        return refused(f"the header {visible(bad[0], 80)} cannot be sent as it is", "check its name and value")
    bad = [name for name, value in talk.env.items() if not name or "=" in name or "\0" in name + value]
    if bad:
        return refused(f"the variable {visible(bad[0], 80)!r} cannot be set", "check its name and value")
    if talk.spec.kind == "stdio" and not talk.spec.command:
        return refused("the server has no command", "mend its entry")
    given = {name.lower() for name in talk.headers}
    absent = [name for name in talk.spec.env_names if name not in talk.env]
    absent += [name for name in talk.spec.header_names if name.lower() not in given]
    if absent:
        what = f"listed without what the configuration names: {visible(', '.join(absent), SHOWN)}"
        talk.told.append(Problem(Level.NOTE, what, remedy="give them if the server offers other tools with them"))
    return None


def _listing(talk: Talk, label: str) -> LiveListing:
    problems = list(talk.told)
    raw: bytes | None = None
    server: dict[str, Any] = {}
    if talk.answer is not None:
        server = talk.answer["serverInfo"]
        talk.answer |= {"credentialLabel": label, "pages": talk.pages}
        text, fault = _written(talk.answer, talk)
        raw = text.encode("utf-8", "replace") if fault is None else None
        problems += [fault] if fault else []
        if talk.noise:
            what = f"it also writes to standard output what is not MCP: {talk.shown(talk.noise)}"
            problems.append(Problem(Level.NOTE, what, remedy="some clients refuse such a server"))
    else:
        problems.append(talk.fault or refused("the server was not listed", "try again"))
    name, version = str(server.get("name") or ""), str(server.get("version") or "")
    return LiveListing(raw, tuple(problems), talk.pages, talk.protocol, name, version, label)


def _written(answer: dict[str, Any], talk: Talk) -> tuple[str, Problem | None]:
    """Return the answer as JSON, unless it cannot be written or repeats a secret that was sent to the server."""
    try:
        text = json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=1)
    except (ValueError, RecursionError):
        return "", refused("the list holds numbers or nesting that JSON has not", "report it to the server's makers")
    for name, part in talk.sent(8):
        secret = (is_secret_name(name) and _UNLIKE_A_WORD.search(part)) or masked(part) != part
        if secret and json.dumps(part, ensure_ascii=False)[1:-1] in text:
            what = f"the list repeats the value of {visible(name, 80)}; it was not kept"
            return "", refused(what, "change that secret, and do not approve this server")
    return text, None


async def _converse(talk: Talk) -> None:
    """Talk to the server within the time limit.

    Some servers of older revisions end when the first message is not their handshake. A command that ended
    before a revision was agreed on is therefore started a second time and greeted in the old way.
    """
    import anyio  # noqa: PLC0415

    with anyio.move_on_after(talk.seconds) as limit:
        try:
            await _connect(talk, "auto")
        except Exception as error:
            if talk.spec.kind != "stdio" or talk.protocol or talk.fault or not _closed(error):
                raise
            await _connect(talk, "legacy")
    if limit.cancelled_caught and talk.answer is None:
        owed = f"page {talk.pages} of its tools" if talk.pages else "an answer to the greeting"
        talk.end(
            f"{owed} did not come within {talk.seconds:g} seconds{aside(talk)}", "allow more time, or try it by hand"
        )


def _closed(error: BaseException) -> bool:
    from mcp import MCPError  # noqa: PLC0415
    from mcp.types import CONNECTION_CLOSED  # noqa: PLC0415

    return any(isinstance(leaf, MCPError) and leaf.code == CONNECTION_CLOSED for leaf in leaves_of(error))


async def _connect(talk: Talk, mode: str) -> None:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    from mcp import Client  # noqa: PLC0415
    from mcp.types import Implementation  # noqa: PLC0415

    try:
        about = Implementation(name="mcp-clearance", version=version("mcp-clearance"))
    except PackageNotFoundError:  # run from a checkout
        about = Implementation(name="mcp-clearance", version="unknown")
    transport = process(talk) if talk.spec.kind == "stdio" else connection(talk)
    async with Client(transport, mode=mode, client_info=about, cache=None) as client:
        talk.protocol = client.protocol_version
        tools, cursor = await _pages(client, talk)
        told = client.server_info, client.server_capabilities
        server, abilities = (t.model_dump(mode="json", by_alias=True, exclude_none=True) if t else {} for t in told)
        talk.answer = {"tools": tools} | ({"nextCursor": cursor} if cursor else {})
        talk.answer |= {"serverInfo": server, "protocolVersion": talk.protocol, "capabilities": abilities}
        talk.answer |= {"instructions": client.instructions} if client.instructions else {}


async def _pages(client: Client, talk: Talk) -> tuple[list[Any], str]:
    """Return all tools as they were sent, and the cursor of what is missing, if something is."""
    from mcp.types import ListToolsRequest, PaginatedRequestParams  # noqa: PLC0415
    from pydantic import RootModel  # noqa: PLC0415 - comes with the SDK

    tools: list[Any] = []
    cursors: set[str] = set()
    cursor = ""
    while True:
        talk.pages += 1
        params = PaginatedRequestParams(cursor=cursor) if cursor else None
        # Not `list_tools`: it drops keys its types do not know, and tools whose headers are declared wrongly.
        page = (await client.session.send_request(ListToolsRequest(params=params), RootModel[dict[str, Any]])).root
        tools += page["tools"]
        cursor = page.get("nextCursor") or ""
        if not cursor:
            return tools, ""
        stopped = ""
        if cursor in cursors:
            stopped = f"page {talk.pages} leads back to an earlier one"
        elif talk.pages >= _MAX_PAGES or len(tools) >= _MAX_TOOLS:
            stopped = f"{talk.pages:,} pages with {len(tools):,} tools were read, and there are more"
        if stopped:
            what = f"{stopped}; what follows is not in the list"
            talk.told.append(
                Problem(Level.ERROR, what, "/tools", remedy="ask the server's makers for a list that ends")
            )
            return tools, cursor
        cursors.add(cursor)
