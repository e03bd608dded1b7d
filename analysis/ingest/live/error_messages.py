"""Failures of a session with a live MCP server, as problems."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.ingest.document.loading import refused
from analysis.ingest.live.mcp_transport import MAX_SHOWN
from analysis.ingest.live.redaction import redact
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mcp import MCPError

    from analysis.ingest.live.mcp_transport import Transport
    from analysis.model import Problem


def flatten_group(error: BaseException) -> Iterator[BaseException]:
    """Yield the exceptions of a group and of the groups inside it."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from flatten_group(inner)
    else:
        yield error


def other_output(transport: Transport) -> str:
    """Return other output of the server, which often names the reason."""
    text = ""
    if transport.stray_output:
        text += f"; its standard output is not MCP: {transport.shown(redact(transport.stray_output))}"
    if transport.stderr:
        stderr = transport.shown(redact(transport.stderr.decode(errors="replace")), None)
        text += f"; on standard error: {'…' if len(stderr) > MAX_SHOWN else ''}{stderr[-MAX_SHOWN:]}"
    return text


def explain(error: BaseException, transport: Transport) -> Problem:
    """Return the problem that explains why a session failed."""
    import httpx2  # noqa: PLC0415
    from mcp import MCPError  # noqa: PLC0415
    from pydantic import ValidationError  # noqa: PLC0415

    if transport.failure is not None:
        return transport.failure
    leaves = list(flatten_group(error))  # the cause says more than the closed connection
    kinds = (httpx2.HTTPError, MCPError, BaseException)
    leaf = next(leaf for kind in kinds for leaf in leaves if isinstance(leaf, kind))
    if transport.redirect:
        what = f"the server redirects to {transport.shown(transport.redirect)}, which was not followed"
        remedy = "name that address if it is meant"
    elif transport.status in {401, 403, 407}:
        what = f"unauthorised: the server answered with status {transport.status}"
        remedy = "add the header it requires, such as Authorization; no login is attempted"
    elif isinstance(leaf, (httpx2.HTTPError, httpx2.InvalidURL)):
        what, remedy = _network_problem(leaf, transport)
    elif isinstance(leaf, MCPError):
        what, remedy = _protocol_problem(leaf, transport)
    elif isinstance(leaf, ValidationError):
        faults = leaf.errors(include_url=False, include_input=False, include_context=False)[:3]
        places = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults)
        what = f"its answer is not what revision {transport.protocol or '(none agreed on)'} allows: {transport.shown(places)}"
        remedy = "report it to the server's developers"
    elif isinstance(leaf, (OSError, ValueError)) and transport.spec.kind == "stdio":
        what, remedy = _start_problem(leaf, transport)
    elif isinstance(leaf, RuntimeError) and "protocol version" in str(leaf):
        revision = transport.shown(str(leaf).rpartition(": ")[2], 80)
        what = f"the server answers in revision {revision}, which the SDK does not support"
        remedy = "update the server, or mcp-clearance[mcp]"
    else:
        what, remedy = f"{type(leaf).__name__}: {transport.shown(str(leaf))}", "report this; nothing was imported"
    return refused(what + other_output(transport), remedy)


def _network_problem(error: BaseException, transport: Transport) -> tuple[str, str]:
    import ssl  # noqa: PLC0415

    import httpx2  # noqa: PLC0415

    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    why = transport.shown(str(error)) or type(error).__name__
    if cause is not None or "SSL" in why:
        return (
            f"TLS: {why}",
            "correct the certificate, or name its authority in SSL_CERT_FILE; the check is never skipped",
        )
    if isinstance(error, httpx2.TimeoutException):
        return f"no answer within {transport.seconds:g} seconds", "check the address; allow more time"
    return f"no connection: {why}", "check the address, and that the server runs"


def _protocol_problem(error: MCPError, transport: Transport) -> tuple[str, str]:
    from mcp.types import CONNECTION_CLOSED, METHOD_NOT_FOUND, UNSUPPORTED_PROTOCOL_VERSION  # noqa: PLC0415

    message = transport.shown(error.message)
    if transport.spec.kind == "stdio" and error.code == CONNECTION_CLOSED:
        end = "closed its output" if transport.exit is None else f"ended with {_exit_text(transport.exit)}"
        return f"the command {end} before it answered", "start it by hand to see why; check its arguments"
    if error.code == UNSUPPORTED_PROTOCOL_VERSION:
        offered = error.data.get("supported") if isinstance(error.data, dict) else None
        supported = transport.shown(", ".join(map(str, offered))) if isinstance(offered, list) else message
        return f"no common revision of the protocol; the server supports {supported}", "update mcp-clearance[mcp]"
    message = f"status {transport.status}, {message}" if transport.status >= 300 else message
    if not transport.protocol:
        return f"this does not answer as an MCP server: {message}", "check the command or the address"
    if error.code == METHOD_NOT_FOUND:
        return f"the server offers no tools (revision {transport.protocol})", "there is nothing to review"
    refusal = f"the server answered tools/list with error {error.code} in revision {transport.protocol}"
    return f"{refusal}: {message}", "report it to the server's developers"


def _start_problem(error: Exception, transport: Transport) -> tuple[str, str]:
    if transport.spec.cwd and not Path(transport.spec.cwd).is_dir():
        return f"the folder {visible(transport.spec.cwd, 200)} does not exist", "correct `cwd` in the configuration"
    if isinstance(error, FileNotFoundError):
        return (
            f"the command {visible(transport.spec.command[0], 200)} was not found",
            "install it, or give its full path",
        )
    why = getattr(error, "strerror", None) or str(error)
    return f"the command cannot be started: {visible(why, 200)}", "check its spelling and permissions"


def _exit_text(code: int) -> str:
    return f"status {code}" if code >= 0 else f"signal {-code} ({signal.strsignal(-code)})"
