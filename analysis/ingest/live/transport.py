"""A conversation with a live MCP server: what was seen of it, and the two ways to have it.

The process of a stdio server is our own, because the SDK's would hand it variables that nobody named.
"""

from __future__ import annotations

import os
import signal
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.loading import Limits, refused
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping

    from anyio.abc import Process

    from analysis.ingest.live.config import ServerSpec
    from analysis.model import Problem

MAX_BYTES: Final = Limits().size  # of all answers together
SHOWN: Final = 400
#: Seconds for a server to end by itself once its input is closed, and once it was asked to.
_GRACE: Final = 2.0
_HURRY: Final = 0.3
#: What a command gets of our own environment. Everything else has to be named.
_INHERITED: Final = ("PATH", "HOME", "LANG")


class EndedByUs(Exception):
    """We end the conversation; `Talk.fault` says why."""


@dataclass(slots=True)
class Transport:
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

    def end(self, what: str, remedy: str) -> EndedByUs:
        """Return the exception that ends the conversation with this problem."""
        self.fault = self.fault or refused(what, remedy)
        return EndedByUs(what)

    def take(self, size: int) -> None:
        """Count what the server sends."""
        self.received += size
        if self.received > MAX_BYTES:
            raise self.end(f"the server sent more than {MAX_BYTES:,} bytes", "ask what it is meant to send")

    def shown(self, text: str, limit: int | None = SHOWN) -> str:
        """Return foreign text for a problem, without the values we sent."""
        for name, part in self.sent(6):
            text = text.replace(part, f"⟨{name}⟩")
        return visible(text, limit)

    def sent(self, least: int) -> Iterator[tuple[str, str]]:
        """Yield (name, part) of the values that were sent, whole and by words, if they are long enough to be told."""
        for name, value in (*self.env.items(), *self.headers.items()):
            words = [word for word in value.split() if word.lower() not in {"bearer", "basic"}]
            yield from ((name, part) for part in dict.fromkeys((value, *words)) if len(part) >= least)


@asynccontextmanager
async def process(transport: Transport) -> AsyncGenerator[tuple[Any, Any]]:
    """Run the command in a process group of its own, as a transport of the SDK. The group ends with the block."""
    import anyio  # noqa: PLC0415
    from mcp.shared.message import SessionMessage  # noqa: PLC0415
    from mcp.types import jsonrpc_message_adapter as messages  # noqa: PLC0415

    transport.noise, transport.stderr, transport.exit = "", b"", None
    own = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    process = await anyio.open_process(
        transport.spec.command, env=own | dict(transport.env), cwd=transport.spec.cwd or None, start_new_session=True
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
                    transport.take(len(chunk))
                    parts.append(chunk)
                    if b"\n" in chunk:  # a line without an end is joined once, not with every chunk
                        *lines, rest = b"".join(parts).split(b"\n")
                        parts = [rest]
                        for line in filter(bytes.strip, lines):
                            try:
                                message = SessionMessage(messages.validate_json(line, by_name=False))
                            except ValueError:
                                transport.noise = transport.noise or line[:SHOWN].decode(errors="replace")
                            else:
                                await deliver.send(message)
                transport.noise = transport.noise or b"".join(parts)[:SHOWN].decode(errors="replace")

    async def give_lines() -> None:
        with suppress(*gone):
            async with collect:
                async for message in collect:
                    line = message.message.model_dump_json(by_alias=True, exclude_unset=True)
                    await stdin.send(f"{line}\n".encode())

    async def keep_the_end() -> None:
        with suppress(*gone):
            async for chunk in stderr:
                transport.stderr = (transport.stderr + chunk)[-20 * SHOWN :]

    polite = False
    async with anyio.create_task_group() as tasks:
        for task in (take_lines, give_lines, keep_the_end):
            tasks.start_soon(task)
        try:
            yield received, sent
            polite = True
        finally:
            with anyio.CancelScope(shield=True):
                await _end(process, transport, _GRACE if polite else _HURRY)
            tasks.cancel_scope.cancel()
            for stream in (received, sent, deliver, collect):
                stream.close()


async def _end(process: Process, transport: Transport, grace: float) -> None:
    """Close a server's input, wait, ask it to end, and kill whatever is left of its process group."""
    import anyio  # noqa: PLC0415

    if process.stdin:
        with suppress(OSError, anyio.BrokenResourceError, anyio.ClosedResourceError):
            await process.stdin.aclose()
    with anyio.move_on_after(grace):
        transport.exit = await process.wait()
    for way in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, way)
        with anyio.move_on_after(_GRACE):
            await process.wait()
    with anyio.move_on_after(_GRACE):
        await process.aclose()


@asynccontextmanager
async def connection(transport: Transport) -> AsyncGenerator[tuple[Any, Any]]:
    """Call the address, and only its host, as a transport of the SDK."""
    import httpx2  # noqa: PLC0415 - comes with the SDK
    from mcp.client.streamable_http import streamable_http_client  # noqa: PLC0415

    class Counted(httpx2.AsyncByteStream):
        """The body of an answer, counted while it arrives."""

        def __init__(self, inner: httpx2.AsyncByteStream) -> None:
            self.inner = inner

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for part in self.inner:
                transport.take(len(part))
                yield part

        async def aclose(self) -> None:
            await self.inner.aclose()

    host = httpx2.URL(transport.spec.url).host

    async def before(request: httpx2.Request) -> None:
        if request.url.host != host:  # the SDK does not follow there either
            raise transport.end(
                f"a call to another host was stopped: {visible(request.url.host, 80)}", "name that address"
            )

    async def after(response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise transport.end("the server compresses its answers although it was asked not to", "ask its makers")
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = Counted(response.stream)
        if response.request.method == "POST":
            transport.status = response.status_code
            to = response.url.join(response.headers["location"]) if response.has_redirect_location else None
            transport.redirect = str(to.copy_with(userinfo=b"", query=None, fragment=None)) if to else ""

    client = httpx2.AsyncClient(
        headers={"accept-encoding": "identity"} | dict(transport.headers),
        timeout=transport.seconds,
        trust_env=False,  # neither a proxy nor a password file that nobody named
        verify=httpx2.create_ssl_context(),
        event_hooks={"request": [before], "response": [after]},
    )
    calling = streamable_http_client(transport.spec.url, http_client=client, max_sse_event_size=MAX_BYTES)
    async with client, calling as streams:
        yield streams
