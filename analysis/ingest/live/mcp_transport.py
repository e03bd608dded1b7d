"""Session with a live MCP server over stdio or HTTP, and what was observed of it.

The process of a stdio server is started here, because the SDK would pass it environment variables that the user did not
name.
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

MAX_BYTES: Final = Limits().size  # of all responses together
MAX_SHOWN: Final = 400
#: Requests that only a server sends.
CLIENT_REQUESTS: Final = frozenset({"sampling/createMessage", "elicitation/create", "roots/list"})
_MAX_REQUESTS: Final = 50
#: Time for a server to exit after its input is closed or a signal was sent, seconds; the short one after a failure.
_GRACE_SECONDS: Final = 2.0
_SHORT_GRACE_SECONDS: Final = 0.3
#: Environment variables inherited by a command. All others have to be named.
_INHERITED: Final = ("PATH", "HOME", "LANG")


class Aborted(Exception):
    """The session was aborted here; `Transport.failure` says why."""


@dataclass(slots=True)
class Transport:
    """One session: its parameters, and what was observed. Failures are explained from it."""

    spec: ServerSpec
    env: Mapping[str, str]
    headers: Mapping[str, str]
    seconds: float
    answer: dict[str, Any] | None = None
    protocol: str = ""
    pages: int = 0
    received: int = 0
    stray_output: str = ""  # the first output on standard output that is not a message
    stderr: bytes = b""
    exit: int | None = None  # exit code of a command that ended by itself
    status: int = 0
    redirect: str = ""
    failure: Problem | None = None
    problems: list[Problem] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)  # requests of the server to the client
    lasting: bool = False  # the session lasts: the maximum is that of one message, and not of all together

    def observed(self, message: Any) -> Any:
        """Record a request that the server sends to the client, up to a maximum, and return it; the SDK refuses it."""
        sent = getattr(message, "message", None)
        method = getattr(sent, "method", None)
        if isinstance(method, str) and method in CLIENT_REQUESTS and len(self.requests) < _MAX_REQUESTS:
            params = getattr(sent, "params", None)
            self.requests.append(
                {"jsonrpc": "2.0", "method": method} | ({"params": params} if isinstance(params, dict) else {})
            )
        return message

    def abort(self, what: str, remedy: str) -> Aborted:
        """Return the exception that aborts the session with this problem."""
        self.failure = self.failure or refused(what, remedy)
        return Aborted(what)

    def count_bytes(self, size: int) -> None:
        """Count bytes sent by the server. Raises `Aborted` beyond the maximum."""
        self.received += size
        if self.received > MAX_BYTES:
            raise self.abort(f"the server sent more than {MAX_BYTES:,} bytes", "check that this is the right server")

    def count_answer(self, part: int, size: int) -> None:
        """Count a part of an answer that has `size` bytes so far. Raises `Aborted` beyond the maximum."""
        if not self.lasting:
            self.count_bytes(part)
        elif size > MAX_BYTES:  # the session goes on: one answer does not cut off the others
            raise Aborted(f"an answer has more than {MAX_BYTES:,} bytes")

    def begun(self, rest: bytes) -> bytes:
        """Return the beginning of a message that has not ended; in a lasting session the count begins with it."""
        if self.lasting:
            self.received = len(rest)
        return rest

    def shown(self, text: str, limit: int | None = MAX_SHOWN) -> str:
        """Return text of the server for a problem, without the values sent to it."""
        for name, part in self.sent_values(6):
            text = text.replace(part, f"⟨{name}⟩")
        return visible(text, limit)

    def sent_values(self, min_length: int) -> Iterator[tuple[str, str]]:
        """Yield (name, part) of the values sent, whole and by words, from a minimum length."""
        for name, value in (*self.env.items(), *self.headers.items()):
            words = [word for word in value.split() if word.lower() not in {"bearer", "basic"}]
            yield from ((name, part) for part in dict.fromkeys((value, *words)) if len(part) >= min_length)


@asynccontextmanager
async def process(transport: Transport) -> AsyncGenerator[tuple[Any, Any]]:
    """Run the command in its own process group, as a transport of the SDK. The group ends with the block."""
    import anyio  # noqa: PLC0415
    from mcp.shared.message import SessionMessage  # noqa: PLC0415
    from mcp.types import jsonrpc_message_adapter as messages  # noqa: PLC0415

    transport.stray_output, transport.stderr, transport.exit = "", b"", None
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
    closed = (anyio.BrokenResourceError, anyio.ClosedResourceError, OSError)

    async def read_messages() -> None:
        parts: list[bytes] = []
        with suppress(*closed):
            async with deliver:
                async for chunk in stdout:
                    transport.count_bytes(len(chunk))
                    parts.append(chunk)
                    if b"\n" in chunk:  # a long line is joined once, not with every chunk
                        *lines, rest = b"".join(parts).split(b"\n")
                        parts = [transport.begun(rest)]
                        for line in filter(bytes.strip, lines):
                            try:
                                message = SessionMessage(messages.validate_json(line, by_name=False))
                            except ValueError:
                                transport.stray_output = transport.stray_output or line[:MAX_SHOWN].decode(
                                    errors="replace"
                                )
                            else:
                                await deliver.send(transport.observed(message))
                transport.stray_output = transport.stray_output or b"".join(parts)[:MAX_SHOWN].decode(errors="replace")

    async def write_messages() -> None:
        with suppress(*closed):
            async with collect:
                async for message in collect:
                    line = message.message.model_dump_json(by_alias=True, exclude_unset=True)
                    await stdin.send(f"{line}\n".encode())

    async def keep_stderr_tail() -> None:
        with suppress(*closed):
            async for chunk in stderr:
                transport.stderr = (transport.stderr + chunk)[-20 * MAX_SHOWN :]

    finished = False
    async with anyio.create_task_group() as tasks:
        for task in (read_messages, write_messages, keep_stderr_tail):
            tasks.start_soon(task)
        try:
            yield received, sent
            finished = True
        finally:
            with anyio.CancelScope(shield=True):
                await _end(process, transport, _GRACE_SECONDS if finished else _SHORT_GRACE_SECONDS)
            tasks.cancel_scope.cancel()
            for stream in (received, sent, deliver, collect):
                stream.close()


async def _end(process: Process, transport: Transport, grace: float) -> None:
    """Close a server's input, wait, terminate it, and kill the rest of its process group."""
    import anyio  # noqa: PLC0415

    if process.stdin:
        with suppress(OSError, anyio.BrokenResourceError, anyio.ClosedResourceError):
            await process.stdin.aclose()
    with anyio.move_on_after(grace):
        transport.exit = await process.wait()
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with anyio.move_on_after(_GRACE_SECONDS):
            await process.wait()
    with anyio.move_on_after(_GRACE_SECONDS):
        await process.aclose()


@asynccontextmanager
async def connection(transport: Transport) -> AsyncGenerator[tuple[Any, Any]]:
    """Connect to the address, and to no other host, as a transport of the SDK."""
    import anyio  # noqa: PLC0415 - comes with the SDK
    import httpx2  # noqa: PLC0415 - likewise
    from mcp.client.streamable_http import streamable_http_client  # noqa: PLC0415

    class CountingStream(httpx2.AsyncByteStream):
        """Response body, counted while it arrives."""

        def __init__(self, inner: httpx2.AsyncByteStream, *, events: bool) -> None:
            self.inner = inner
            self.events = events

        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for part in self.inner:
                size += len(part)
                transport.count_answer(len(part), 0 if self.events else size)  # the SDK bounds each event
                yield part

        async def aclose(self) -> None:
            await self.inner.aclose()

    host = httpx2.URL(transport.spec.url).host

    async def check_request(request: httpx2.Request) -> None:
        if request.url.host != host:  # the SDK does not follow redirects either
            raise transport.abort(
                f"a request to another host was stopped: {visible(request.url.host, 80)}", "name that address"
            )

    async def check_response(response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise transport.abort(
                "the server compresses its responses although it was asked not to",
                "report it to the server's developers",
            )
        if isinstance(response.stream, httpx2.AsyncByteStream):
            events = response.headers.get("content-type", "").startswith("text/event-stream")
            response.stream = CountingStream(response.stream, events=events)
        if response.request.method == "POST":
            transport.status = response.status_code
            to = response.url.join(response.headers["location"]) if response.has_redirect_location else None
            transport.redirect = str(to.copy_with(userinfo=b"", query=None, fragment=None)) if to else ""

    client = httpx2.AsyncClient(
        headers={"accept-encoding": "identity"} | dict(transport.headers),
        timeout=transport.seconds,
        trust_env=False,  # no proxy and no password file from the environment
        verify=httpx2.create_ssl_context(),
        event_hooks={"request": [check_request], "response": [check_response]},
    )
    calling = streamable_http_client(transport.spec.url, http_client=client, max_sse_event_size=MAX_BYTES)
    async with client, calling as (read, write), anyio.create_task_group() as tasks:
        deliver, received = anyio.create_memory_object_stream[Any](0)

        async def relay() -> None:
            with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
                async with deliver:
                    async for message in read:
                        await deliver.send(transport.observed(message))

        tasks.start_soon(relay)
        try:
            yield received, write
        finally:
            tasks.cancel_scope.cancel()
            deliver.close()
            received.close()
