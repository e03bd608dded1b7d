"""Runs a gateway from its start to its end: upstream first, then the comparison, then agents."""

from __future__ import annotations

import asyncio
import signal
import socket
from contextlib import nullcontext, suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import CheckFailed, InputRefused, UsageError
from analysis.output.enforce.audit import AuditFailed
from analysis.review.enforcement.front.http_layer import RefusalLayer
from analysis.review.enforcement.gateway import Gateway, gateway
from analysis.review.enforcement.telemetry import begin_telemetry
from analysis.text import visible

if TYPE_CHECKING:
    from analysis.review.enforcement.gateway_options import GatewayOptions

#: How long the upstream has to answer at the start, and how many attempts it gets.
_START_SECONDS: Final = 60.0
_START_ATTEMPTS: Final = 3
_END_SECONDS: Final = 6.0
_MAX_LISTED: Final = 20
_BACKLOG: Final = 512


async def run(options: GatewayOptions) -> str:
    """Run a gateway until its agent leaves or it is stopped; return why it ended. Raises `ClearanceError` at the start."""
    made = await asyncio.to_thread(gateway, options)
    supervision = made.supervision
    supervision.say = lambda text: _notice(made, text)
    owner = asyncio.create_task(made.upstream.serve(supervision.opened))
    watch: asyncio.Task[None] | None = None
    end_telemetry = begin_telemetry(options.say)
    try:
        await _first_comparison(made, owner)
        front = await _front(made)
        _record(made, "started")
        watch = asyncio.create_task(supervision.run())
        why = await _until_end(made, front)
        _record(made, "ended", why=why)
        return why
    finally:
        for task in filter(None, (watch, owner)):
            task.cancel()
        await asyncio.wait([task for task in (watch, owner) if task is not None], timeout=_END_SECONDS)
        end_telemetry()
        made.keeper.audit.close()
        made.keeper.store.close()


async def _first_comparison(made: Gateway, owner: asyncio.Task[None]) -> None:
    """Wait for the upstream; refuse it when it is not what was approved."""
    until = monotonic() + _START_SECONDS
    while not made.supervision.compared:
        if owner.done() or made.upstream.failures >= _START_ATTEMPTS or monotonic() >= until:
            if owner.done() and not owner.cancelled() and owner.exception() is not None:
                await owner
            raise InputRefused(
                "the upstream cannot be compared with the packet",
                why=visible(made.upstream.why, 400),
                remedy="check its command or address, and the credentials it needs (--env, --header)",
            )
        await asyncio.sleep(0.02)
    drifted = made.keeper.state.drifted
    if not drifted:
        return
    listed = "; ".join(f"{visible(name, 60)}: {why}" for name, why in sorted(drifted.items())[:_MAX_LISTED])
    if not made.options.serve_unchanged:
        raise CheckFailed(
            f"nothing is served: {len(drifted)} of {len(made.keeper.tools)} approved are not what was approved",
            why=listed,
            remedy="review the changes and sign again, or add --serve-unchanged to leave these out",
        )
    if len(drifted) == len(made.keeper.tools):
        raise CheckFailed("nothing is left to serve", why=listed, remedy="review the changes and sign again")


async def _front(made: Gateway) -> Any:
    """Return the server that agents see, proved to expose what is approved and nothing else."""
    from analysis.review.enforcement.front.server import approved_server, exposed, to_span  # noqa: PLC0415 - loads FastMCP

    server = approved_server(made, made.shown)
    made.keeper.on_record = to_span
    found = await exposed(server)
    if found != set(made.keeper.tools):
        differing = ", ".join(sorted(visible(name, 60) for name in found ^ set(made.keeper.tools))[:_MAX_LISTED])
        raise CheckFailed(
            "nothing is served: the gateway would expose something else than what is approved",
            why=differing,
            remedy="report this: it is a fault of the gateway",
        )
    return server


async def _until_end(made: Gateway, server: Any) -> str:
    """Serve until the agent leaves, a signal arrives or the supervision stops it."""
    ended = made.supervision.stopped
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError, RuntimeError):  # not on Windows, nor outside the main thread
            loop.add_signal_handler(number, ended.set)
    if made.over_http:
        return await _over_http(made, server, ended)
    made.options.say(_serving(made, "standard input and output"))
    serving = asyncio.create_task(server.run_stdio_async(show_banner=False))
    waiting = asyncio.create_task(ended.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if serving.done():
        await serving
        return "the agent has left"
    return made.keeper.state.stopped or "it was ended by a signal"


async def _over_http(made: Gateway, server: Any, ended: asyncio.Event) -> str:
    import uvicorn  # noqa: PLC0415 - comes with the extra

    front = made.options.front
    app = server.http_app(
        path="/mcp",
        host_origin_protection=True,
        allowed_hosts=[front.host, *front.hosts],
        allowed_origins=list(front.origins),
    )
    config = uvicorn.Config(
        RefusalLayer(app, made.keeper),
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=3,
    )
    uvicorn_server = uvicorn.Server(config)
    uvicorn_server.capture_signals = _no_signals  # type: ignore[method-assign]
    bound = _bound(front.host, front.port or 0)
    made.options.say(_serving(made, f"http://{_host(front.host)}:{bound.getsockname()[1]}/mcp"))
    serving = asyncio.create_task(uvicorn_server.serve(sockets=[bound]))
    waiting = asyncio.create_task(ended.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    uvicorn_server.should_exit = True
    await serving
    return made.keeper.state.stopped or "it was ended by a signal"


def _no_signals() -> Any:
    """Leave signals to the gateway, which ends in order."""
    return nullcontext()


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises `UsageError`."""
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(_BACKLOG)
    except OSError as error:
        bound.close()
        raise UsageError(
            f"port {port} of {visible(host, 80)} cannot be used",
            why=visible(error.strerror or str(error)),
            remedy="name another --http port, or another --host",
        ) from None
    return bound


def _host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _serving(made: Gateway, place: str) -> str:
    count = len(made.keeper.tools) - len(made.keeper.state.drifted)
    left = f", {len(made.left_out)} approved left out" if made.left_out else ""
    return f"serving {count} approved{left} on {place}; audit: {made.options.audit}"


def _record(made: Gateway, event: str, **more: str) -> None:
    """Record the start or the end, with what was served: the first lines of a file say what the later ones mean."""
    served = {name: each.approved.digest for name, each in sorted(made.keeper.tools.items())}
    facts: dict[str, Any] = {
        "event": event,
        "method": f"gateway/{event}",
        "version": made.version,
        "environment": made.options.environment,
    }
    if event == "started":
        facts |= {"served": served, "left_out": {each.name: each.why for each in made.left_out}}
    with suppress(AuditFailed):
        made.keeper.record(facts | more)


def _notice(made: Gateway, text: str) -> None:
    """Say what has changed, and record it."""
    made.options.say(text)
    with suppress(AuditFailed):
        made.keeper.record({"event": "notice", "method": "gateway/notice", "why": visible(text, 400)})
