"""An HTTP API behind the gateway: each call is one request to the address that was named, and to no other."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest import Stored
from analysis.output.enforce.call_check import CallCheck, Refusal
from analysis.review.enforcement.api_requests import CannotBuild
from analysis.review.enforcement.gatekeeper import Answered, Refused
from analysis.review.enforcement.upstream import UpstreamFailed, digests_in
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    from analysis.output.enforce.approved import Approved
    from analysis.output.enforce.drift import Key
    from analysis.review.enforcement.api_requests import ApiOperation

_MAX_DOCUMENT: Final = 64 * 1024 * 1024
_PAUSE: Final = 1.0
_REDIRECTS: Final = range(300, 400)
_ERRORS: Final = 400


class ApiUpstream:
    """An API: its document, which is compared with the approved one, and the address that serves it."""

    def __init__(
        self,
        document: Path,
        source: str,
        base_url: str,
        operations: Mapping[str, ApiOperation],
        credentials: Callable[[], tuple[Mapping[str, str], Mapping[str, str]]],
        *,
        seconds: float,
        max_result: int,
    ) -> None:
        self._document = document
        self._source = source
        self._base_url = base_url.rstrip("/")
        self._operations = operations
        self._credentials = credentials
        self._seconds = seconds
        self._max_result = max_result
        self.failures = 0
        self.why = "its document has not been read yet"
        self._client: Any = None
        self._own: dict[str, str] = {}
        self._known: tuple[str, dict[Key, list[str]]] = ("", {})

    async def serve(self, on_open: Callable[[], Awaitable[None]]) -> None:
        """Hold the client until cancelled."""
        import httpx2  # noqa: PLC0415 - comes with the extra

        headers = (await asyncio.to_thread(self._credentials))[1]
        self._own = {name.lower(): value for name, value in headers.items()}
        client = httpx2.AsyncClient(
            timeout=self._seconds,
            trust_env=False,  # no proxy and no password file from the environment
            follow_redirects=False,
            limits=httpx2.Limits(max_connections=200, max_keepalive_connections=50),
        )
        async with client:
            while self._client is None:
                try:
                    await on_open()
                    self._client = client
                except UpstreamFailed as error:
                    self.failures, self.why = self.failures + 1, str(error)
                    await asyncio.sleep(_PAUSE)
            await asyncio.Event().wait()

    async def definitions(self) -> dict[Key, list[str]]:
        """Return the digests of the operations of the document as it is now."""
        try:
            raw = await asyncio.to_thread(self._document.read_bytes)
        except OSError as error:
            raise UpstreamFailed(f"the document of the API cannot be read: {error.strerror}") from None
        if len(raw) > _MAX_DOCUMENT:
            raise UpstreamFailed("the document of the API is too large")
        digest = hashlib.sha256(raw).hexdigest()
        if digest != self._known[0]:
            stored = Stored(((self._document.name, raw),), folder=False)
            self._known = digest, await asyncio.to_thread(digests_in, stored, self._source)
        return self._known[1]

    async def call(
        self, approved: Approved, arguments: Mapping[str, Any], progress: Any, headers: Mapping[str, str]
    ) -> Answered:
        """Send the request of an operation; the answer is its result in the form of an MCP tool."""
        del progress  # a plain request has none
        if self._client is None:
            raise UpstreamFailed("the gateway is not ready yet")
        try:
            request = self._operations[approved.id].request(arguments, self._base_url)
        except CannotBuild as error:
            why = f"no request can be built from these arguments: {error}"
            raise Refused(Refusal(CallCheck.INPUT, why, why)) from None
        return await self._sent(request, headers)

    async def _sent(self, request: Any, headers: Mapping[str, str]) -> Answered:
        import httpx2  # noqa: PLC0415 - comes with the extra

        base = httpx2.URL(self._base_url)
        url = request.url
        if (url.scheme, url.host, url.port) != (base.scheme, base.host, base.port) or not url.path.startswith(
            base.path
        ):
            raise UpstreamFailed("the request would leave the address of the API")
        # What the caller sends is in the request already; what is ours replaces it.
        sent = {name.lower(): value for name, value in request.headers.items()} | dict(headers) | self._own
        built = self._client.build_request(request.method, url, headers=sent, content=request.content)
        try:
            response = await self._client.send(built, stream=True)
            try:
                return await self._answer(response)
            finally:
                await response.aclose()
        except httpx2.TimeoutException:
            raise UpstreamFailed(f"the API did not answer within {self._seconds:g} seconds") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise UpstreamFailed(
                f"the API is not reachable: {visible(str(error), 200) or type(error).__name__}"
            ) from None

    async def _answer(self, response: Any) -> Answered:
        status = response.status_code
        if status in _REDIRECTS and "location" in response.headers:
            raise UpstreamFailed(f"the API answers with a redirect ({status}), which is not followed")
        parts, size = [], 0
        async for part in response.aiter_bytes():
            size += len(part)
            parts.append(part)
            if size > self._max_result:
                return Answered(None, size)
        kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
        return Answered(_result(status, kind, b"".join(parts), str(response.url)), size, status >= _ERRORS)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _result(status: int, kind: str, body: bytes, url: str) -> dict[str, Any]:
    """Return a response as the result of an MCP tool."""
    structured: Any = None
    try:
        text = body.decode()
    except UnicodeDecodeError:
        data = base64.b64encode(body).decode("ascii")
        if kind.startswith("image/"):
            return {"content": [{"type": "image", "data": data, "mimeType": kind}], "isError": status >= _ERRORS}
        blob = {"uri": url.partition("?")[0], "mimeType": kind or "application/octet-stream", "blob": data}
        return {"content": [{"type": "resource", "resource": blob}], "isError": status >= _ERRORS}
    if kind == "application/json" or kind.endswith("+json"):
        try:
            structured = json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            structured = None
    if status >= _ERRORS:
        text = f"the API answered with status {status}\n{text}".rstrip()
    result: dict[str, Any] = {"content": [{"type": "text", "text": text}], "isError": status >= _ERRORS}
    if isinstance(structured, dict) and status < _ERRORS:
        result["structuredContent"] = structured
    return result
