"""`clearance serve`: the desk in a browser on this machine, at an address whose path is a key."""

from __future__ import annotations

import secrets
import shlex
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import click

from analysis.errors import UsageError
from analysis.text import visible
from tui import clock
from tui.cli.browser.page import HEADERS, content_policy, page
from tui.cli.common.options import ACTOR, FILE
from tui.cli.common.output import remark, say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

#: Only this machine is served.
_HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class AccessGuard:
    """Which requests are accepted.

    A local port is open to every program on the machine and to every page in the reviewer's browser. So a request has
    to carry the key in its path, name this server as its host (DNS rebinding), and have this server as its origin where
    a page sent it; a WebSocket, which browsers open to other sites without asking, has to state that origin. The key is
    in no cookie: those of a host are sent to every port of it.
    """

    port: int
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    @property
    def origin(self) -> str:
        """Origin of the pages served here."""
        return f"http://{_HOST}:{self.port}"

    @property
    def address(self) -> str:
        """Address to open, with the key."""
        return f"{self.origin}/{self.key}/"

    def admits(self, host: str, origin: str | None, path: str, *, socket: bool = False) -> bool:
        """Return whether a request with this host, origin and path is accepted; `socket`: it opens a WebSocket."""
        ours = host == f"{_HOST}:{self.port}" and (origin == self.origin or (origin is None and not socket))
        key = path.removeprefix("/").partition("/")[0]
        return ours and secrets.compare_digest(key.encode("utf-8", "replace"), self.key.encode())


@click.command("serve", epilog="Example: clearance serve payments.clearance --port 8600")
@FILE
@click.option("--port", type=click.IntRange(1, 65535), default=8600, show_default=True, help="Port on this machine.")
@ACTOR
def serve_command(file: Path, port: int, actor: str | None) -> None:
    """Open the desk on a review file in a browser on this machine.

    The printed address holds a key: anyone who has it acts as you. Ctrl-C stops the server. Needs the extra `serve`.
    """
    from analysis.review.session import Review  # noqa: PLC0415 - the file is checked before a server starts

    Review.open(file, now=clock.now()).close()
    arguments = ["open", "--actor", clock.actor(actor), "--", str(file.resolve())]
    _serve(shlex.join([sys.executable, "-P", "-m", "tui", *arguments]), AccessGuard(port))


def _serve(command: str, access: AccessGuard) -> None:
    """Serve a command until it is stopped. Raises `UsageError` when the extra is missing or the port is taken."""
    try:
        from aiohttp import web  # noqa: PLC0415 - an extra that most installations do not have
        from textual_serve.server import Server  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            "the desk cannot be served: textual-serve is not installed",
            remedy="pipx install 'mcp-clearance[serve]', or pip install 'textual-serve>=1.1,<2'",
        ) from None
    server = Server(command, host=_HOST, port=access.port, title="Clearance", public_url=access.origin)

    async def index(request: Any) -> Any:
        router, nonce = request.app.router, secrets.token_urlsafe(16)
        socket_origin = f"ws://{_HOST}:{access.port}"
        static = str(router["static"].url_for(filename="/")).rstrip("/") + "/"
        text = page(static=static, socket=f"{socket_origin}{router['websocket'].url_for()}", nonce=nonce)
        headers = {"Content-Security-Policy": content_policy(nonce, socket_origin)}
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def guarded() -> Any:
        server.handle_index = index
        desk = await server._make_app()  # noqa: SLF001 - the library has no public way to put it under a path
        desk.on_startup.clear()  # its banner
        app = web.Application(middlewares=[_guard(web, access)])
        app.add_subapp(f"/{access.key}", desk)
        app.on_response_prepare.append(_add_headers)
        return app

    def ready(_banner: str) -> None:
        say(access.address)
        remark("open this address in a browser on this machine; Ctrl-C stops the server")

    try:
        web.run_app(guarded(), host=_HOST, port=access.port, print=ready, access_log=None)
    except OSError as error:
        raise UsageError(
            f"port {access.port} cannot be used",
            why=visible(error.strerror or str(error)),
            remedy="name another --port",
        ) from None


async def _add_headers(_request: Any, response: Any) -> None:
    for name, value in HEADERS.items():
        response.headers[name] = value


def _guard(web: Any, access: AccessGuard) -> Any:
    """Return the middleware that checks each request before anything else does."""

    async def guard(request: Any, handler: Callable[[Any], Awaitable[Any]]) -> Any:
        socket = "Upgrade" in request.headers or request.path.endswith("/ws")
        if not access.admits(request.host, request.headers.get("Origin"), request.path, socket=socket):
            raise web.HTTPForbidden(text="Open the address that `clearance serve` printed.\n")
        return await handler(request)

    return web.middleware(guard)
