"""`clearance serve`: the desk in a browser on this machine, for whoever was given the address with its key."""

from __future__ import annotations

import secrets
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from analysis.errors import UsageError
from analysis.text import visible
from tui import clock
from tui.cli.common.output import remark, say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

#: Nobody beyond this machine is served.
_HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Door:
    """Who is let in.

    A port of this machine is open to every program on it and to every page in the reviewer's browser. So a request has
    to show the key, name us as the host (against names that are bound to this machine later), and, where a page sends
    it, come from a page of ours: browsers do not ask before they open a socket to another site.
    """

    port: int
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    @property
    def origin(self) -> str:
        """Where our pages come from."""
        return f"http://{_HOST}:{self.port}"

    @property
    def address(self) -> str:
        """What a person opens; it holds the key."""
        return f"{self.origin}/?key={self.key}"

    @property
    def cookie(self) -> str:
        """The name of the cookie that holds the key; ports of one machine share their cookies."""
        return f"clearance-{self.port}"

    def admits(self, host: str, origin: str | None, shown: str) -> bool:
        """Return whether a request may come in that names a host and an origin and shows a key."""
        ours = host == f"{_HOST}:{self.port}" and origin in {None, self.origin}
        return ours and secrets.compare_digest(shown.encode("utf-8", "replace"), self.key.encode())


@click.command("serve", epilog="Example: clearance serve payments.clearance --port 8600")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(1, 65535), default=8600, show_default=True, help="Port on this machine.")
@click.option("--actor", help="Who is acting. Default: $CLEARANCE_ACTOR, else your login name.")
def serve_command(file: Path, port: int, actor: str | None) -> None:
    """Open the desk on a review file in a browser on this machine.

    The address that is printed holds a key: whoever has it acts as you. Ctrl-C ends it. Needs the extra `serve`.
    """
    from analysis.review.session import Review  # noqa: PLC0415 - what is wrong with the file is said here, not in there

    Review.open(file, now=clock.now()).close()
    words = ["open", "--actor", clock.actor(actor), "--", str(file.resolve())]
    _serve(shlex.join([sys.executable, "-P", "-m", "tui", *words]), Door(port))


def _serve(command: str, door: Door) -> None:
    """Serve a command until it is stopped. Raises `UsageError` where that cannot be."""
    try:
        from aiohttp import web  # noqa: PLC0415 - an extra that most installations do not have
        from textual_serve.server import Server  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            "the desk cannot be served: textual-serve is not installed",
            remedy="pipx install 'mcp-clearance[serve]', or pip install 'textual-serve>=1.1,<2' beside it",
        ) from None
    server = Server(command, host=_HOST, port=door.port, title="Clearance", public_url=door.origin)

    async def guarded() -> Any:
        app = await server._make_app()  # noqa: SLF001 - where the library puts its pages together
        app.on_startup.clear()  # its banner
        app.middlewares.append(_guard(web, door))
        return app

    def ready(_said: str) -> None:
        say(door.address)
        remark("open this address in a browser on this machine; Ctrl-C ends it")

    try:
        web.run_app(guarded(), host=_HOST, port=door.port, print=ready, access_log=None)
    except OSError as error:
        raise UsageError(
            f"port {door.port} cannot be used", why=visible(error.strerror or str(error)), remedy="name another --port"
        ) from None


def _guard(web: Any, door: Door) -> Any:
    """Return what every request goes through: the key comes in the address once, and in a cookie from then on."""

    async def guard(request: Any, handler: Callable[[Any], Awaitable[Any]]) -> Any:
        given = request.query.get("key", "")
        shown = given or request.cookies.get(door.cookie, "")
        if not door.admits(request.host, request.headers.get("Origin"), shown):
            raise web.HTTPForbidden(text="Open the address that `clearance serve` has printed.\n")
        if not given:
            return await handler(request)
        entered = web.HTTPFound("/")
        entered.set_cookie(door.cookie, door.key, httponly=True, samesite="Strict", path="/")
        raise entered

    return web.middleware(guard)
