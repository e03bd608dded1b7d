"""Tools, resources and prompts of a live MCP server, listed once and recorded unchanged. Nothing is called or read.

The official SDK implements the protocol, with two exceptions: the process of a stdio server is started here, so that it
gets no unnamed environment variable, and responses are read raw, because the SDK's types drop keys and whole tools that
a model may still be shown. Every failure is a `Problem`; nothing here raises.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.loading import refused
from analysis.ingest.live.error_messages import explain, flatten_group, other_output
from analysis.ingest.live.lists import NOT_LISTED, read_lists
from analysis.ingest.live.mcp_transport import MAX_SHOWN, Transport, connection, process
from analysis.ingest.live.redaction import is_secret_name, redact
from analysis.model import Level, Problem
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.ingest.live.config import ServerSpec

_HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\t\x20-\x7e]*\Z")
_TOKEN_LIKE: Final = re.compile("[0-9A-Z]|.{20}")
_SDK: Final = (2, 3)
_NULL_HANDLER: Final = logging.NullHandler()
_LOGGERS: Final = ("mcp", "client", "httpx2", "httpcore2")


@dataclass(frozen=True, slots=True)
class LiveListing:
    """Lists of a server. `raw` is a saved `tools/list` result with the other lists, or None after a refusal.

    The list is valid for the credential it was requested with; `credential_label` is its name, never its value. An
    incomplete list keeps the server's `nextCursor`, so that it cannot pass for complete.
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
    """Start or connect to a server, list all it offers, end it. The caller has shown the command and got consent.

    A command gets PATH, HOME, LANG and `env`, nothing else, in a process group that does not outlive the call.
    An address gets `headers`; no other host is contacted, no proxy is used. `seconds` is the limit for everything.
    Blocks; call it from a thread without an event loop.
    """
    transport = Transport(spec, dict(env), dict(headers), seconds)
    if not _has_sdk():
        missing = refused("the MCP SDK, version 2.3 or later, is not installed", "pip install 'mcp-clearance[mcp]'")
        return LiveListing(None, (missing,), credential_label=credential_label)
    import anyio  # noqa: PLC0415 - comes with the SDK

    for name in _LOGGERS:  # the SDK's warnings quote the server and would reach the screen unescaped
        logging.getLogger(name).addHandler(_NULL_HANDLER)
    transport.failure = _input_problem(transport)
    if transport.failure is None:
        try:
            anyio.run(partial(_run_session, transport))
        except Exception as error:  # noqa: BLE001 - whatever a server causes, the caller gets a problem
            if transport.answer is None:
                transport.failure = explain(error, transport)
    return _listing(transport, credential_label)


def _has_sdk() -> bool:
    from importlib.metadata import version  # noqa: PLC0415 - only live servers need it

    try:
        import mcp  # noqa: F401, PLC0415

        major, minor = version("mcp").split(".")[:2]
        return (int(major), int(minor)) >= _SDK
    except (ImportError, ValueError):
        return False


def _input_problem(transport: Transport) -> Problem | None:
    """Return the problem of unusable parameters, if any; note variables and headers that are named but not given."""
    bad = [name for name, value in transport.headers.items() if not _HEADER.match(f"{name}: {value}")]
    if bad:
        return refused(f"the header {visible(bad[0], 80)} cannot be sent as it is", "check its name and value")
    bad = [name for name, value in transport.env.items() if not name or "=" in name or "\0" in name + value]
    if bad:
        return refused(f"the variable {visible(bad[0], 80)!r} cannot be set", "check its name and value")
    if transport.spec.kind == "stdio" and not transport.spec.command:
        return refused("the server has no command", "correct its entry")
    given = {name.lower() for name in transport.headers}
    absent = [name for name in transport.spec.env_names if name not in transport.env]
    absent += [name for name in transport.spec.header_names if name.lower() not in given]
    if absent:
        what = f"listed without what the configuration names: {visible(', '.join(absent), MAX_SHOWN)}"
        transport.problems.append(
            Problem(Level.NOTE, what, remedy="provide them if the server offers other tools with them")
        )
    return None


def _listing(transport: Transport, label: str) -> LiveListing:
    problems = list(transport.problems)
    raw: bytes | None = None
    server: dict[str, Any] = {}
    if transport.answer is not None:
        server = transport.answer["serverInfo"]
        transport.answer |= {"credentialLabel": label, "pages": transport.pages}
        if transport.requests:
            transport.answer["clientRequests"] = transport.requests
        if missing := transport.answer.get(NOT_LISTED):
            what = f"the server offers {', '.join(missing)}, and they were not received"
            problems.append(
                Problem(Level.ERROR, what, remedy="allow more time, or report it to the server's developers")
            )
        text, fault = _serialise(transport.answer, transport)
        raw = text.encode("utf-8", "replace") if fault is None else None
        problems += [fault] if fault else []
        if transport.stray_output:
            what = f"its standard output contains more than MCP messages: {transport.shown(transport.stray_output)}"
            problems.append(Problem(Level.NOTE, what, remedy="some clients refuse such a server"))
    else:
        problems.append(transport.failure or refused("the server was not listed", "try again"))
    name, version = str(server.get("name") or ""), str(server.get("version") or "")
    return LiveListing(raw, tuple(problems), transport.pages, transport.protocol, name, version, label)


def _serialise(answer: dict[str, Any], transport: Transport) -> tuple[str, Problem | None]:
    """Return the list as JSON, or the problem: it cannot be serialised, or repeats a secret sent to the server."""
    try:
        text = json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=1)
    except (ValueError, RecursionError):
        return "", refused(
            "the list contains numbers or nesting that JSON does not allow", "report it to the server's developers"
        )
    for name, part in transport.sent_values(8):
        secret = (is_secret_name(name) and _TOKEN_LIKE.search(part)) or redact(part) != part
        if secret and json.dumps(part, ensure_ascii=False)[1:-1] in text:
            what = f"the list repeats the value of {visible(name, 80)}; it was not kept"
            return "", refused(what, "change that secret, and do not approve this server")
    return text, None


async def _run_session(transport: Transport) -> None:
    """Run the session within the time limit.

    Some servers of older revisions exit when the first message is not their handshake. A command that ended before a
    revision was negotiated is therefore started a second time with the older handshake.
    """
    import anyio  # noqa: PLC0415

    with anyio.move_on_after(transport.seconds) as limit:
        try:
            await _connect(transport, "auto")
        except Exception as error:
            if (
                transport.spec.kind != "stdio"
                or transport.protocol
                or transport.failure
                or not _closed_by_server(error)
            ):
                raise
            await _connect(transport, "legacy")
    if limit.cancelled_caught and transport.answer is None:
        awaited = f"page {transport.pages} of its tools" if transport.pages else "a response to the handshake"
        transport.abort(
            f"{awaited} did not arrive within {transport.seconds:g} seconds{other_output(transport)}",
            "allow more time, or try it by hand",
        )


def _closed_by_server(error: BaseException) -> bool:
    from mcp import MCPError  # noqa: PLC0415
    from mcp.types import CONNECTION_CLOSED  # noqa: PLC0415

    return any(isinstance(leaf, MCPError) and leaf.code == CONNECTION_CLOSED for leaf in flatten_group(error))


async def _connect(transport: Transport, mode: str) -> None:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    from mcp import Client  # noqa: PLC0415
    from mcp.types import Implementation  # noqa: PLC0415

    try:
        about = Implementation(name="mcp-clearance", version=version("mcp-clearance"))
    except PackageNotFoundError:  # run from a checkout
        about = Implementation(name="mcp-clearance", version="unknown")
    streams = process(transport) if transport.spec.kind == "stdio" else connection(transport)
    async with Client(streams, mode=mode, client_info=about, cache=None) as client:
        transport.protocol = client.protocol_version
        info = client.server_info, client.server_capabilities
        server, capabilities = (t.model_dump(mode="json", by_alias=True, exclude_none=True) if t else {} for t in info)
        facts = {"serverInfo": server, "protocolVersion": transport.protocol, "capabilities": capabilities}
        facts |= {"instructions": client.instructions} if client.instructions else {}
        await read_lists(client, transport, facts)
