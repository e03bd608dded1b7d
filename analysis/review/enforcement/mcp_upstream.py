"""An MCP server behind the gateway: one task owns its connection, and opens it again after a failure.

No sampling, elicitation, roots or log messages: the client declares none, and the SDK refuses what a server asks all the
same. A failed call is no failed connection: the connection is opened again only when a listing fails too.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import ClearanceError
from analysis.ingest.live.error_messages import explain, flatten_group
from analysis.ingest.live.lists import read_lists
from analysis.ingest.live.mcp_transport import Transport, connection, process
from analysis.review.enforcement.gatekeeper import Answered
from analysis.review.enforcement.upstream import UpstreamFailed, digests_in
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from mcp import Client

    from analysis.ingest.live.config import ServerSpec
    from analysis.output.enforce.approved import Approved
    from analysis.output.enforce.drift import Key

#: Seconds that a call waits for a connection that is being opened; longer, and the caller is told.
_WAIT_SECONDS: Final = 3.0
_OPEN_SECONDS: Final = 30.0
_LIST_SECONDS: Final = 30.0
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 5.0
#: Prefix of what the protocol itself says in `_meta`.
_PROTOCOL: Final = "io.modelcontextprotocol/"
_LOGGERS: Final = ("mcp", "client", "httpx2", "httpcore2")


class McpUpstream:
    """An MCP server, by its command or its address. `credentials` returns variables and headers anew for each opening."""

    def __init__(
        self,
        spec: ServerSpec,
        source: str,
        credentials: Callable[[], tuple[Mapping[str, str], Mapping[str, str]]],
        *,
        seconds: float,
    ) -> None:
        self._spec = spec
        self._source = source
        self._credentials = credentials
        self._seconds = seconds
        self._client: Client | None = None
        self._transport: Transport | None = None
        self._open = asyncio.Event()
        self._doubted = asyncio.Event()
        self.failures = 0
        self.why = "it has not been reached yet"
        for name in _LOGGERS:  # the SDK's warnings quote the server, and standard error is read by people
            logging.getLogger(name).addHandler(logging.NullHandler())
            logging.getLogger(name).propagate = False

    async def serve(self, on_open: Callable[[], Awaitable[None]]) -> None:
        """Own the connection until cancelled."""
        pause = _FIRST_PAUSE
        while True:
            try:
                opened = await self._session(on_open)
                pause = _FIRST_PAUSE if opened else pause
                self.failures = 0 if opened else self.failures + 1
            finally:
                self._open.clear()
                self._client = None
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _session(self, on_open: Callable[[], Awaitable[None]]) -> bool:
        """Run one session to its end; return whether it came to calls. Why it ended stays in `why`."""
        for mode in ("auto", "legacy"):
            transport = Transport(self._spec, {}, {}, self._seconds, lasting=True)
            try:
                transport.env, transport.headers = await asyncio.to_thread(self._credentials)
                await self._one_session(transport, mode, on_open)
            except Exception as error:  # noqa: BLE001 - whatever a server causes, the gateway stays
                self.why = self._reason(error, transport)
            # Some servers of older revisions exit when the first message is not their handshake.
            if self._open.is_set() or transport.protocol or self._spec.kind != "stdio":
                break
        return self._open.is_set()

    def _reason(self, error: BaseException, transport: Transport) -> str:
        known = next((leaf for leaf in flatten_group(error) if isinstance(leaf, UpstreamFailed | ClearanceError)), None)
        return str(known) if known is not None else explain(error, transport).what

    async def _one_session(self, transport: Transport, mode: str, on_open: Callable[[], Awaitable[None]]) -> None:
        import anyio  # noqa: PLC0415 - comes with the extra
        from mcp import Client  # noqa: PLC0415
        from mcp.types import Implementation  # noqa: PLC0415

        from analysis.model import PRODUCT  # noqa: PLC0415

        streams = process(transport) if self._spec.kind == "stdio" else connection(transport)
        about = Implementation(name="clearance-enforce", version=PRODUCT.version)
        with anyio.fail_after(_OPEN_SECONDS) as opening:
            async with Client(streams, mode=mode, client_info=about, cache=None) as client:
                transport.protocol = client.protocol_version
                self._client, self._transport = client, transport
                self._doubted.clear()
                await on_open()
                opening.deadline = math.inf
                self._open.set()
                await self._until_closed()

    async def _until_closed(self) -> None:
        """Wait until a failed call raises a doubt and a listing fails too."""
        while True:
            await self._doubted.wait()
            self._doubted.clear()
            try:
                await self._listing()
            except UpstreamFailed:
                if not self._doubted.is_set():
                    await asyncio.sleep(_FIRST_PAUSE)
                await self._listing()  # a second failure closes the connection

    async def definitions(self) -> dict[Key, list[str]]:
        """Return the digests of all definitions as the server lists them now."""
        try:
            raw = await self._listing()
        except UpstreamFailed:
            self._doubted.set()
            raise
        return await asyncio.to_thread(digests_in, raw, self._source)

    async def _listing(self) -> bytes:
        import anyio  # noqa: PLC0415 - comes with the extra

        client, transport = self._client, self._transport
        if client is None or transport is None:
            raise UpstreamFailed(f"the upstream is not reachable: {self.why}")
        info = client.server_info, client.server_capabilities
        server, capabilities = (t.model_dump(mode="json", by_alias=True, exclude_none=True) if t else {} for t in info)
        facts = {"serverInfo": server, "protocolVersion": transport.protocol, "capabilities": capabilities}
        facts |= {"instructions": client.instructions} if client.instructions else {}
        listing = replace(transport, answer=None, problems=[])
        try:
            with anyio.fail_after(_LIST_SECONDS):
                await read_lists(client, listing, facts)
        except TimeoutError:
            raise UpstreamFailed(f"the upstream did not list its tools within {_LIST_SECONDS:g} seconds") from None
        except Exception as error:  # noqa: BLE001 - whatever a server causes
            raise UpstreamFailed(f"the upstream is not reachable: {explain(error, transport).what}") from None
        return json.dumps(listing.answer, ensure_ascii=False).encode("utf-8", "surrogatepass")

    async def _connected(self) -> Client:
        if not self._open.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._open.wait(), _WAIT_SECONDS)
        if self._client is None or not self._open.is_set():
            raise UpstreamFailed(f"the upstream is not reachable: {self.why}")
        return self._client

    async def call(
        self, approved: Approved, arguments: Mapping[str, Any], progress: Any, headers: Mapping[str, str]
    ) -> Answered:
        """Call a tool of the server; the answer is its result as it was sent."""
        from mcp import types  # noqa: PLC0415 - comes with the extra

        assert not headers, "headers of callers are not forwarded to MCP servers"
        params = types.CallToolRequestParams(name=approved.reached, arguments=dict(arguments))
        raw = await self._request(types.CallToolRequest(params=params), progress)
        return Answered(
            raw, len(json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace")), bool(raw.get("isError"))
        )

    async def read(self, uri: str) -> Answered:
        """Read a resource of the server."""
        from mcp import types  # noqa: PLC0415 - comes with the extra

        raw = await self._request(types.ReadResourceRequest(params=types.ReadResourceRequestParams(uri=uri)), None)
        return Answered(raw, len(json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace")))

    async def prompt(self, approved: Approved, arguments: Mapping[str, str]) -> Answered:
        """Get a prompt of the server."""
        from mcp import types  # noqa: PLC0415 - comes with the extra

        params = types.GetPromptRequestParams(name=approved.reached, arguments=dict(arguments))
        raw = await self._request(types.GetPromptRequest(params=params), None)
        return Answered(raw, len(json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace")))

    async def _request(self, request: Any, progress: Any) -> dict[str, Any]:
        """Send a request and return its result as sent. Raises `UpstreamFailed`."""
        import anyio  # noqa: PLC0415 - comes with the extra
        from mcp import MCPError  # noqa: PLC0415
        from pydantic import RootModel  # noqa: PLC0415 - likewise

        client = await self._connected()
        try:
            with anyio.fail_after(self._seconds):
                answer = await client.session.send_request(
                    request, RootModel[dict[str, Any]], progress_callback=progress
                )
        except TimeoutError:
            raise UpstreamFailed(f"the upstream did not answer within {self._seconds:g} seconds") from None
        except MCPError as error:
            self._doubted.set()
            raise UpstreamFailed(
                f"the upstream answered with error {error.code}: {visible(error.message, 400)}"
            ) from None
        except Exception as error:  # noqa: BLE001 - whatever a server causes, the caller gets one sentence
            self._doubted.set()
            raise UpstreamFailed(f"the upstream failed: {type(error).__name__}") from None
        if answer.root.get("resultType") == "input_required":
            raise UpstreamFailed("the upstream asks the user for input, which is not approved")
        return _of_call(answer.root)


def _of_call(raw: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without what the protocol adds about the server: to its clients, the gateway is the server."""
    meta = raw.get("_meta")
    kept = {k: v for k, v in meta.items() if not k.startswith(_PROTOCOL)} if isinstance(meta, dict) else {}
    plain = {name: value for name, value in raw.items() if name != "_meta"}
    return plain | ({"_meta": kept} if kept else {})
