"""The tools of a live MCP server, asked for once and written down as it told them. Nothing is called.

The official SDK does the talking. Two things are our own: the process of a stdio server, because it gets no
variable that nobody named, and the raw answers, because the SDK's types drop keys and whole tools that a model
may still be shown. Everything that goes wrong is a `Problem`; nothing here raises.
"""

from __future__ import annotations

import json
import logging
import os
import re
import signal
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.guard import Limits, refused
from analysis.ingest.mcp_config import is_secret_name, masked
from analysis.model import Level, Problem
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping

    from anyio.abc import Process
    from mcp import Client, MCPError

    from analysis.ingest.mcp_config import ServerSpec

_MAX_BYTES: Final = Limits().size  # of all answers together
_MAX_PAGES: Final = 1_000
_MAX_TOOLS: Final = 50_000
_SHOWN: Final = 400
#: Seconds for a server to end by itself once its input is closed, and once it was asked to.
_GRACE: Final = 2.0
_HURRY: Final = 0.3
#: What a command gets of our own environment. Everything else has to be named.
_INHERITED: Final = ("PATH", "HOME", "LANG")
_HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\t\x20-\x7e]*\Z")
_UNLIKE_A_WORD: Final = re.compile("[0-9A-Z]|.{20}")
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


class _EndedByUs(Exception):
    """We end the conversation; `_Talk.fault` says why."""


@dataclass(slots=True)
class _Talk:
    """One conversation: what was asked for, and what was seen of it. Failures are explained from it."""

    spec: ServerSpec
    env: Mapping[str, str]
    headers: Mapping[str, str]
    seconds: float
    answer: dict[str, Any] | None = None
    protocol: str = ""
    pages: int = 0
    received: int = 0
    noise: str = ""  # the first thing on standard output that is no message
    stderr: bytes = b""
    exit: int | None = None  # how a command ended by itself
    status: int = 0
    redirect: str = ""
    fault: Problem | None = None
    told: list[Problem] = field(default_factory=list)

    def end(self, what: str, remedy: str) -> _EndedByUs:
        """Return the exception that ends the conversation with this problem."""
        self.fault = self.fault or refused(what, remedy)
        return _EndedByUs(what)

    def take(self, size: int) -> None:
        """Count what the server sends."""
        self.received += size
        if self.received > _MAX_BYTES:
            raise self.end(f"the server sent more than {_MAX_BYTES:,} bytes", "ask what it is meant to send")

    def shown(self, text: str, limit: int | None = _SHOWN) -> str:
        """Return foreign text for a problem, without the values we sent."""
        for name, part in self.sent(6):
            text = text.replace(part, f"⟨{name}⟩")
        return visible(text, limit)

    def sent(self, least: int) -> Iterator[tuple[str, str]]:
        """Yield (name, part) of the values that were sent, whole and by words, if they are long enough to be told."""
        for name, value in (*self.env.items(), *self.headers.items()):
            words = [word for word in value.split() if word.lower() not in {"bearer", "basic"}]
            yield from ((name, part) for part in dict.fromkeys((value, *words)) if len(part) >= least)


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
    talk = _Talk(spec, dict(env), dict(headers), seconds)
    try:
        import anyio  # noqa: PLC0415 - comes with the SDK
        from mcp import Client  # noqa: F401, PLC0415 - older SDKs have none
    except ImportError:
        missing = refused("the MCP SDK, version 2 or later, is not installed", "pip install 'mcp-clearance[mcp]'")
        return LiveListing(None, (missing,), credential_label=credential_label)
    for name in _LOGGERS:  # the SDK's warnings quote the server, and would end on the screen as they are
        logging.getLogger(name).addHandler(_SILENT)
    talk.fault = _unusable(talk)
    if talk.fault is None:
        try:
            anyio.run(partial(_converse, talk))
        except Exception as error:  # noqa: BLE001 - whatever a server brings about, the caller gets a problem
            if talk.answer is None:
                talk.fault = _explain(error, talk)
    return _listing(talk, credential_label)


def _unusable(talk: _Talk) -> Problem | None:
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
        what = f"listed without what the configuration names: {visible(', '.join(absent), _SHOWN)}"
        talk.told.append(Problem(Level.NOTE, what, remedy="give them if the server offers other tools with them"))
    return None


def _listing(talk: _Talk, label: str) -> LiveListing:
    problems = list(talk.told)
    raw: bytes | None = None
    server: dict[str, Any] = {}
    if talk.answer is not None:
        server = talk.answer["serverInfo"]
        talk.answer |= {"credentialLabel": label, "pages": talk.pages}
        text, fault = _written(talk.answer, talk)
        raw = text.encode() if fault is None else None
        problems += [fault] if fault else []
        if talk.noise:
            what = f"it also writes to standard output what is not MCP: {talk.shown(talk.noise)}"
            problems.append(Problem(Level.NOTE, what, remedy="some clients refuse such a server"))
    else:
        problems.append(talk.fault or refused("the server was not listed", "try again"))
    name, version = str(server.get("name") or ""), str(server.get("version") or "")
    return LiveListing(raw, tuple(problems), talk.pages, talk.protocol, name, version, label)


def _written(answer: dict[str, Any], talk: _Talk) -> tuple[str, Problem | None]:
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


async def _converse(talk: _Talk) -> None:
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
            f"{owed} did not come within {talk.seconds:g} seconds{_aside(talk)}", "allow more time, or try it by hand"
        )


def _closed(error: BaseException) -> bool:
    from mcp import MCPError  # noqa: PLC0415
    from mcp.types import CONNECTION_CLOSED  # noqa: PLC0415

    return any(isinstance(leaf, MCPError) and leaf.code == CONNECTION_CLOSED for leaf in _leaves(error))


async def _connect(talk: _Talk, mode: str) -> None:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    from mcp import Client  # noqa: PLC0415
    from mcp.types import Implementation  # noqa: PLC0415

    try:
        about = Implementation(name="mcp-clearance", version=version("mcp-clearance"))
    except PackageNotFoundError:  # run from a checkout
        about = Implementation(name="mcp-clearance", version="unknown")
    transport = _process(talk) if talk.spec.kind == "stdio" else _connection(talk)
    async with Client(transport, mode=mode, client_info=about, cache=None) as client:
        talk.protocol = client.protocol_version
        tools, cursor = await _pages(client, talk)
        told = client.server_info, client.server_capabilities
        server, abilities = (t.model_dump(mode="json", by_alias=True, exclude_none=True) if t else {} for t in told)
        talk.answer = {"tools": tools} | ({"nextCursor": cursor} if cursor else {})
        talk.answer |= {"serverInfo": server, "protocolVersion": talk.protocol, "capabilities": abilities}
        talk.answer |= {"instructions": client.instructions} if client.instructions else {}


async def _pages(client: Client, talk: _Talk) -> tuple[list[Any], str]:
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


@asynccontextmanager
async def _process(talk: _Talk) -> AsyncGenerator[tuple[Any, Any]]:
    """Run the command in a process group of its own, as a transport of the SDK. The group ends with the block."""
    import anyio  # noqa: PLC0415
    from mcp.shared.message import SessionMessage  # noqa: PLC0415
    from mcp.types import jsonrpc_message_adapter as messages  # noqa: PLC0415

    talk.noise, talk.stderr, talk.exit = "", b"", None
    own = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    process = await anyio.open_process(
        talk.spec.command, env=own | dict(talk.env), cwd=talk.spec.cwd or None, start_new_session=True
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    stdin, stdout, stderr = process.stdin, process.stdout, process.stderr
    deliver, received = anyio.create_memory_object_stream[Any](0)
    sent, collect = anyio.create_memory_object_stream[Any](0)
    gone = (anyio.BrokenResourceError, anyio.ClosedResourceError, OSError)

    async def take_lines() -> None:
        parts: list[bytes] = []
        with suppress(*gone):
            async with deliver:
                async for chunk in stdout:
                    talk.take(len(chunk))
                    parts.append(chunk)
                    if b"\n" in chunk:  # a line without an end is joined once, not with every chunk
                        *lines, rest = b"".join(parts).split(b"\n")
                        parts = [rest]
                        for line in filter(bytes.strip, lines):
                            try:
                                message = SessionMessage(messages.validate_json(line, by_name=False))
                            except ValueError:
                                talk.noise = talk.noise or line[:_SHOWN].decode(errors="replace")
                            else:
                                await deliver.send(message)
                talk.noise = talk.noise or b"".join(parts)[:_SHOWN].decode(errors="replace")

    async def give_lines() -> None:
        with suppress(*gone):
            async with collect:
                async for message in collect:
                    line = message.message.model_dump_json(by_alias=True, exclude_unset=True)
                    await stdin.send(f"{line}\n".encode())

    async def keep_the_end() -> None:
        with suppress(*gone):
            async for chunk in stderr:
                talk.stderr = (talk.stderr + chunk)[-20 * _SHOWN :]

    polite = False
    async with anyio.create_task_group() as tasks:
        for task in (take_lines, give_lines, keep_the_end):
            tasks.start_soon(task)
        try:
            yield received, sent
            polite = True
        finally:
            with anyio.CancelScope(shield=True):
                await _end(process, talk, _GRACE if polite else _HURRY)
            tasks.cancel_scope.cancel()
            for stream in (received, sent, deliver, collect):
                stream.close()


async def _end(process: Process, talk: _Talk, grace: float) -> None:
    """Close a server's input, wait, ask it to end, and kill whatever is left of its process group."""
    import anyio  # noqa: PLC0415

    if process.stdin:
        with suppress(OSError, anyio.BrokenResourceError, anyio.ClosedResourceError):
            await process.stdin.aclose()
    with anyio.move_on_after(grace):
        talk.exit = await process.wait()
    for way in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, way)
        with anyio.move_on_after(_GRACE):
            await process.wait()
    with anyio.move_on_after(_GRACE):
        await process.aclose()


@asynccontextmanager
async def _connection(talk: _Talk) -> AsyncGenerator[tuple[Any, Any]]:
    """Call the address, and only its host, as a transport of the SDK."""
    import httpx2  # noqa: PLC0415 - comes with the SDK
    from mcp.client.streamable_http import streamable_http_client  # noqa: PLC0415

    class Counted(httpx2.AsyncByteStream):
        """The body of an answer, counted while it arrives."""

        def __init__(self, inner: httpx2.AsyncByteStream) -> None:
            self.inner = inner

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for part in self.inner:
                talk.take(len(part))
                yield part

        async def aclose(self) -> None:
            await self.inner.aclose()

    host = httpx2.URL(talk.spec.url).host

    async def before(request: httpx2.Request) -> None:
        if request.url.host != host:  # the SDK does not follow there either
            raise talk.end(f"a call to another host was stopped: {visible(request.url.host, 80)}", "name that address")

    async def after(response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise talk.end("the server compresses its answers although it was asked not to", "ask its makers")
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = Counted(response.stream)
        if response.request.method == "POST":
            talk.status = response.status_code
            to = response.url.join(response.headers["location"]) if response.has_redirect_location else None
            talk.redirect = str(to.copy_with(userinfo=b"", query=None, fragment=None)) if to else ""

    client = httpx2.AsyncClient(
        headers={"accept-encoding": "identity"} | dict(talk.headers),
        timeout=talk.seconds,
        trust_env=False,  # neither a proxy nor a password file that nobody named
        verify=httpx2.create_ssl_context(),
        event_hooks={"request": [before], "response": [after]},
    )
    calling = streamable_http_client(talk.spec.url, http_client=client, max_sse_event_size=_MAX_BYTES)
    async with client, calling as streams:
        yield streams


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _aside(talk: _Talk) -> str:
    """Return what the server wrote elsewhere, which often is the reason."""
    said = ""
    if talk.noise:
        said += f"; its standard output is not MCP: {talk.shown(masked(talk.noise))}"
    if talk.stderr:
        text = talk.shown(masked(talk.stderr.decode(errors="replace")), None)
        said += f"; on standard error: {'…' if len(text) > _SHOWN else ''}{text[-_SHOWN:]}"
    return said


def _explain(error: BaseException, talk: _Talk) -> Problem:
    """Return in words why a conversation failed."""
    import httpx2  # noqa: PLC0415
    from mcp import MCPError  # noqa: PLC0415
    from pydantic import ValidationError  # noqa: PLC0415

    if talk.fault is not None:
        return talk.fault
    leaves = list(_leaves(error))  # what ended the connection tells more than that it ended
    kinds = (httpx2.HTTPError, MCPError, BaseException)
    leaf = next(leaf for kind in kinds for leaf in leaves if isinstance(leaf, kind))
    if talk.redirect:
        what = f"the server redirects to {talk.shown(talk.redirect)}, which was not followed"
        remedy = "name that address if it is meant"
    elif talk.status in {401, 403, 407}:
        what = f"unauthorised: the server answered with status {talk.status}"
        remedy = "give the header it wants, such as Authorization; no login is attempted"
    elif isinstance(leaf, (httpx2.HTTPError, httpx2.InvalidURL)):
        what, remedy = _in_the_network(leaf, talk)
    elif isinstance(leaf, MCPError):
        what, remedy = _in_the_protocol(leaf, talk)
    elif isinstance(leaf, ValidationError):
        faults = leaf.errors(include_url=False, include_input=False, include_context=False)[:3]
        places = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults)
        what = f"its answer is not what revision {talk.protocol or '(none agreed on)'} allows: {talk.shown(places)}"
        remedy = "report it to the server's makers"
    elif isinstance(leaf, (OSError, ValueError)) and talk.spec.kind == "stdio":
        what, remedy = _at_the_start(leaf, talk)
    elif isinstance(leaf, RuntimeError) and "protocol version" in str(leaf):
        revision = talk.shown(str(leaf).rpartition(": ")[2], 80)
        what = f"the server answers in revision {revision}, which the SDK does not speak"
        remedy = "update the server, or mcp-clearance[mcp]"
    else:
        what, remedy = f"{type(leaf).__name__}: {talk.shown(str(leaf))}", "report this; nothing was imported"
    return refused(what + _aside(talk), remedy)


def _in_the_network(error: BaseException, talk: _Talk) -> tuple[str, str]:
    import ssl  # noqa: PLC0415

    import httpx2  # noqa: PLC0415

    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    why = talk.shown(str(error)) or type(error).__name__
    if cause is not None or "SSL" in why:
        return f"TLS: {why}", "mend the certificate, or name its authority in SSL_CERT_FILE; it is never skipped"
    if isinstance(error, httpx2.TimeoutException):
        return f"no answer within {talk.seconds:g} seconds", "check the address; allow more time"
    return f"no connection: {why}", "check the address, and that the server runs"


def _in_the_protocol(error: MCPError, talk: _Talk) -> tuple[str, str]:
    from mcp.types import CONNECTION_CLOSED, METHOD_NOT_FOUND, UNSUPPORTED_PROTOCOL_VERSION  # noqa: PLC0415

    said = talk.shown(error.message)
    if talk.spec.kind == "stdio" and error.code == CONNECTION_CLOSED:
        end = "closed its output" if talk.exit is None else f"ended with {_exit(talk.exit)}"
        return f"the command {end} before it had answered", "start it by hand to see why; check its arguments"
    if error.code == UNSUPPORTED_PROTOCOL_VERSION:
        offered = error.data.get("supported") if isinstance(error.data, dict) else None
        speaks = talk.shown(", ".join(map(str, offered))) if isinstance(offered, list) else said
        return f"no common revision of the protocol; the server speaks {speaks}", "update mcp-clearance[mcp]"
    said = f"status {talk.status}, {said}" if talk.status >= 300 else said
    if not talk.protocol:
        return f"this does not answer as an MCP server: {said}", "check the command or the address"
    if error.code == METHOD_NOT_FOUND:
        return f"the server offers no tools (revision {talk.protocol})", "there is nothing to review"
    refusal = f"the server answered tools/list with error {error.code} in revision {talk.protocol}"
    return f"{refusal}: {said}", "ask its makers"


def _at_the_start(error: Exception, talk: _Talk) -> tuple[str, str]:
    if talk.spec.cwd and not Path(talk.spec.cwd).is_dir():
        return f"the folder {visible(talk.spec.cwd, 200)} is not there", "mend `cwd` in the configuration"
    if isinstance(error, FileNotFoundError):
        return f"the command {visible(talk.spec.command[0], 200)} was not found", "install it, or give its full path"
    why = getattr(error, "strerror", None) or str(error)
    return f"the command cannot be started: {visible(why, 200)}", "check its spelling and permissions"


def _exit(code: int) -> str:
    return f"status {code}" if code >= 0 else f"signal {-code} ({signal.strsignal(-code)})"
