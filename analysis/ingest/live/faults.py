"""Why a conversation with a live MCP server failed, in words."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.ingest.guard import refused
from analysis.ingest.live.config import masked
from analysis.ingest.live.talk import SHOWN
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mcp import MCPError

    from analysis.ingest.live.talk import Talk
    from analysis.model import Problem


def leaves_of(error: BaseException) -> Iterator[BaseException]:
    """Yield the exceptions of a group, however deep they lie."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from leaves_of(inner)
    else:
        yield error


def aside(talk: Talk) -> str:
    """Return what the server wrote elsewhere, which often is the reason."""
    said = ""
    if talk.noise:
        said += f"; its standard output is not MCP: {talk.shown(masked(talk.noise))}"
    if talk.stderr:
        text = talk.shown(masked(talk.stderr.decode(errors="replace")), None)
        said += f"; on standard error: {'…' if len(text) > SHOWN else ''}{text[-SHOWN:]}"
    return said


def explain(error: BaseException, talk: Talk) -> Problem:
    """Return in words why a conversation failed."""
    import httpx2  # noqa: PLC0415
    from mcp import MCPError  # noqa: PLC0415
    from pydantic import ValidationError  # noqa: PLC0415

    if talk.fault is not None:
        return talk.fault
    leaves = list(leaves_of(error))  # what ended the connection tells more than that it ended
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
    return refused(what + aside(talk), remedy)


def _in_the_network(error: BaseException, talk: Talk) -> tuple[str, str]:
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


def _in_the_protocol(error: MCPError, talk: Talk) -> tuple[str, str]:
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


def _at_the_start(error: Exception, talk: Talk) -> tuple[str, str]:
    if talk.spec.cwd and not Path(talk.spec.cwd).is_dir():
        return f"the folder {visible(talk.spec.cwd, 200)} is not there", "mend `cwd` in the configuration"
    if isinstance(error, FileNotFoundError):
        return f"the command {visible(talk.spec.command[0], 200)} was not found", "install it, or give its full path"
    why = getattr(error, "strerror", None) or str(error)
    return f"the command cannot be started: {visible(why, 200)}", "check its spelling and permissions"


def _exit(code: int) -> str:
    return f"status {code}" if code >= 0 else f"signal {-code} ({signal.strsignal(-code)})"
