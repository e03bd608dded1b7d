"""The outermost layer over HTTP: what is refused before it becomes a call is recorded too.

A missing or wrong token, a foreign Host or Origin, a body that is not JSON-RPC: no middleware of the server sees these.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from analysis.output.enforce.audit import AuditFailed
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from analysis.review.enforcement.gatekeeper import Gatekeeper

_REFUSED: Final = 400
_WHY: Final = {
    400: "not a request of the protocol",
    401: "no valid token",
    403: "a foreign Origin",
    404: "no such address or session",
    405: "a method that is not served",
    406: "an answer in a form that is not served",
    413: "too large a body",
    415: "a body in a form that is not served",
    421: "a foreign Host",
}
#: Refused requests that are recorded one by one in a period; more are counted, so that a flood does not fill the disk.
_MAX_RECORDS: Final = 60
_PERIOD_SECONDS: Final = 60.0


class RefusalLayer:
    """ASGI layer that records refused requests."""

    def __init__(self, app: Any, keeper: Gatekeeper) -> None:
        self._app = app
        self._keeper = keeper
        self._began = monotonic()
        self._recorded = 0
        self._unlisted = 0

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        """Pass a request on, and record it when the answer is a refusal."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def watched(message: Any) -> None:
            if message["type"] == "http.response.start" and message["status"] >= _REFUSED:
                self._record(scope, message["status"])
            await send(message)

        await self._app(scope, receive, watched)

    def _record(self, scope: MutableMapping[str, Any], status: int) -> None:
        now = monotonic()
        if now - self._began >= _PERIOD_SECONDS:
            self._began, self._recorded = now, 0
        if self._recorded >= _MAX_RECORDS:
            self._unlisted += 1
            return
        self._recorded += 1
        record = {
            "event": "refused",
            "method": "http/refused",
            "status": status,
            "why": _WHY.get(status, "refused"),
            "from": str((scope.get("client") or ("unknown",))[0]),
            "request": visible(f"{scope.get('method', '')} {scope.get('path', '')}", 120),
            "not_listed_before": self._unlisted,
        }
        self._unlisted = 0
        try:
            self._keeper.record(record, durable=False)
        except AuditFailed:  # the request is refused anyway, and every call is from now on
            return
