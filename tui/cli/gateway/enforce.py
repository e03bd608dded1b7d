"""`clearance enforce`: the gateway in front of an MCP server or an API, its kill switch, and its audit file."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from analysis.collector import collect_rarely
from analysis.errors import EXIT_NO, EXIT_OK, CheckFailed, UsageError
from analysis.text import visible
from tui import clock
from tui.cli.common.output import remark, say
from tui.cli.gateway.credentials import credentials

if TYPE_CHECKING:
    from analysis.output.enforce.caller import Caller
    from analysis.review.enforcement.gateway_options import FrontOptions, UpstreamOptions

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_MEGABYTE: Final = 1024 * 1024
_PATH: Final = click.Path(path_type=Path)


@click.command(
    "enforce",
    epilog="Example: clearance enforce packet/ --allowed-signers allowed_signers -- npx -y @acme/crm-server",
)
@click.argument("packet", type=_PATH, required=False)
@click.argument("upstream", nargs=-1, metavar="[URL | -- COMMAND...]")
@click.option(
    "--allowed-signers", type=_PATH, envvar="CLEARANCE_ALLOWED_SIGNERS", metavar="FILE",
    help="OpenSSH allowed_signers file of your organisation. Default: $CLEARANCE_ALLOWED_SIGNERS.",
)  # fmt: skip
@click.option("--policy", type=_PATH, metavar="FILE", help="Your organisation's policy, as for `verify`.")
@click.option("--openapi", type=_PATH, metavar="DOC", help="The document of the API behind the gateway, as it is now.")
@click.option("--base-url", default="", metavar="URL", help="The address of that API.")
@click.option("--source", default="", help="The source of the packet behind the gateway, if it has several.")
@click.option("--server", default="", help="The server of that source, if it holds several.")
@click.option(
    "--env", "env", multiple=True, metavar="VARIABLE", help="Pass a variable of the environment to the command."
)
@click.option(
    "--header", "headers", multiple=True, metavar="NAME=env:VARIABLE",
    help="Send a header to the upstream; its value is in a variable, or what a command prints: NAME=command:COMMAND.",
)  # fmt: skip
@click.option(
    "--forward-header", "forward", multiple=True, metavar="NAME", help="Pass on this header of callers (APIs)."
)
@click.option("--http", "port", type=click.IntRange(0, 65535), metavar="PORT", help="Serve over HTTP instead of stdio.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; others need --tokens.")
@click.option("--allow-host", "hosts", multiple=True, metavar="HOST", help="A further name in the Host header.")
@click.option("--allow-origin", "origins", multiple=True, metavar="ORIGIN", help="A further Origin of browsers.")
@click.option(
    "--tokens", type=_PATH, metavar="FILE", help="People, their teams, and the SHA-256 of their tokens (JSON)."
)
@click.option("--as", "started_for", default="", metavar="USER[,TEAM...]", help="Who calls, where no token says it.")
@click.option("--environment", default="", metavar="NAME", help="The environment this gateway runs in.")
@click.option("--serve-unchanged", is_flag=True, help="Leave out what has changed, instead of serving nothing.")
@click.option(
    "--approval-minutes", type=click.FloatRange(0.01, 24 * 60), default=15.0, show_default=True,
    help="How long a call waits for a person; then it is denied.",
)  # fmt: skip
@click.option(
    "--timeout", "seconds", type=click.FloatRange(1, 3600), default=300.0, show_default=True, metavar="SECONDS",
    help="How long the upstream has for a call.",
)  # fmt: skip
@click.option(
    "--max-result", type=click.FloatRange(0.001, 60), default=16.0, show_default=True, metavar="MB",
    help="Largest result of a call.",
)  # fmt: skip
@click.option(
    "--poll", "look_seconds", type=click.FloatRange(0.2, 30), default=15.0, show_default=True, metavar="SECONDS",
    help="How often packet and upstream are compared again.",
)  # fmt: skip
@click.option(
    "--state", type=_PATH, metavar="DIR", help="Folder of audit, approvals and stop file. Default: by packet."
)
@click.option("--audit", type=_PATH, metavar="FILE", help="The audit file. Default: audit.jsonl in that folder.")
@click.option("--audit-name", default="", metavar="NAME", help="The log that this file goes to, as conditions name it.")
@click.option("--stop", is_flag=True, help="Stop every gateway of PACKET, and keep it stopped.")
@click.option("--resume", is_flag=True, help="Let gateways of PACKET start again after --stop.")
@click.option("--verify-audit", type=_PATH, metavar="FILE", help="Only check the chain of an audit file.")
@click.option("--expect", default="", metavar="DIGEST", help="With --verify-audit: a digest the file must contain.")
def enforce_command(packet: Path | None, upstream: tuple[str, ...], **given: Any) -> None:
    """Serve what PACKET approves of an MCP server (its URL, or the COMMAND that starts it) or of an API, and no more.

    The packet is verified and the upstream compared with it, at the start and while it runs. Every call is checked
    against its conditions, a person is asked where they say so (`clearance approve`), and every call is recorded.

    The extra `enforce` has to be installed. Exit code 1 when nothing may be served, or the gateway was stopped.
    """
    if given["verify_audit"] is not None:
        _verify_audit(given["verify_audit"], given["expect"])
        return
    if packet is None:
        raise UsageError("no packet is named", remedy="clearance enforce PACKET --allowed-signers FILE -- COMMAND")
    from analysis.review.enforcement import gateway_folders  # noqa: PLC0415 - other commands need no gateway

    state = given["state"] or gateway_folders.gateway_folder(packet)
    if given["stop"]:
        place = gateway_folders.stop(state, actor=clock.actor(), at=clock.now())
        say(f"stopped: {visible(str(place))}; every gateway of this packet refuses its calls and ends")
    elif given["resume"]:
        was = gateway_folders.resume(state)
        say("it may be started again" if was else "it was not stopped")
    else:
        _serve(packet, upstream, state, given)


def _verify_audit(place: Path, expected: str) -> None:
    from analysis.output.enforce.audit import check_chain  # noqa: PLC0415 - see above

    found = check_chain(place, expected)
    if not found.ok:
        shown = "; ".join(found.problems[:5])
        raise CheckFailed(
            "the audit file is not whole",
            place=str(place),
            why=shown,
            remedy="keep it as it is, and ask who changed it",
        )
    cut = f"; {found.cut} lines were cut off by a crash, and the file says so" if found.cut else ""
    say(f"{found.records:,} records follow from one another{cut}; the last has the digest {found.head}")


def _serve(packet: Path, upstream: tuple[str, ...], state: Path, given: dict[str, Any]) -> None:
    """Run the gateway. Standard output belongs to the agent, so whatever is said goes to standard error."""
    from analysis.review.enforcement.fastmcp_version import check_fastmcp  # noqa: PLC0415 - see above
    from analysis.review.enforcement.gateway_folders import AUDIT, stopped  # noqa: PLC0415
    from analysis.review.enforcement.gateway_options import GatewayOptions  # noqa: PLC0415
    from analysis.review.enforcement.plan import PacketPlace  # noqa: PLC0415
    from analysis.review.sources.attachments import attached_text  # noqa: PLC0415

    collect_rarely(rarely=False)
    if given["allowed_signers"] is None:
        raise UsageError(
            "nothing says whose signatures count",
            remedy="give --allowed-signers FILE, or set CLEARANCE_ALLOWED_SIGNERS; for a trial, sign with a key of your own",
        )
    by_hand = stopped(state)
    if by_hand:
        raise CheckFailed(
            "this gateway is stopped",
            place=str(state),
            why=by_hand,
            remedy="clearance enforce PACKET --resume lets it start",
        )
    check_fastmcp()
    policy = attached_text(given["policy"]) if given["policy"] else ""
    options = GatewayOptions(
        place=PacketPlace(packet, given["allowed_signers"], policy),
        upstream=_upstream(upstream, given),
        front=_front(given),
        state=state,
        audit=given["audit"] or state / AUDIT,
        clock=clock.instant,
        say=remark,
        environment=given["environment"],
        audit_name=given["audit_name"],
        serve_unchanged=given["serve_unchanged"],
        approval_seconds=timedelta(minutes=given["approval_minutes"]).total_seconds(),
        max_result=int(given["max_result"] * _MEGABYTE),
        look_seconds=given["look_seconds"],
    )
    _run(options)


def _run(options: Any) -> None:
    """Run the gateway to its end. Standard input cannot be given up while a read waits on it: then the process ends here."""
    from analysis.review.enforcement.running import run  # noqa: PLC0415 - see above

    loop = asyncio.new_event_loop()
    try:
        why = loop.run_until_complete(run(options))
    except BaseException:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        raise
    remark(f"ended: {why}")
    by_itself = why in {"the agent has left", "it was ended by a signal"}
    if asyncio.all_tasks(loop):
        sys.stdout.flush()
        os._exit(EXIT_OK if by_itself else EXIT_NO)
    loop.close()
    if not by_itself:
        raise CheckFailed("the gateway has stopped", why=why, remedy="see what has changed, then start it again")


def _upstream(named: tuple[str, ...], given: dict[str, Any]) -> UpstreamOptions:
    from analysis.review.enforcement.gateway_options import UpstreamOptions  # noqa: PLC0415 - see above

    one = "name one upstream: a URL, -- COMMAND, or --openapi DOC with --base-url URL"
    if bool(given["openapi"]) != bool(given["base_url"]):
        raise UsageError("--openapi and --base-url belong together", remedy=one)
    if bool(named) == bool(given["openapi"]):
        raise UsageError("an upstream is missing" if not named else "several upstreams are named", remedy=one)
    addresses = [text for text in (*named, given["base_url"]) if text.startswith(("http://", "https://"))]
    if given["openapi"] and not addresses:
        raise UsageError("--base-url is not an http or https URL", place=visible(given["base_url"], 80), remedy=one)
    is_url = len(named) == 1 and bool(addresses)
    if given["forward"] and not given["openapi"]:
        raise UsageError(
            "headers of callers are passed on to APIs only",
            remedy="give an MCP server a credential of its own with --header NAME=env:VARIABLE",
        )
    if given["env"] and (is_url or given["openapi"]):
        raise UsageError("--env is for a command", remedy="give an address a header: --header NAME=env:VARIABLE")
    if given["headers"] and named and not is_url:
        raise UsageError("--header is for an address", remedy="give a command a variable: --env VARIABLE")
    return UpstreamOptions(
        credentials=credentials(given["env"], given["headers"]),
        command=() if is_url else named,
        url=named[0] if is_url else "",
        document=given["openapi"],
        base_url=given["base_url"],
        source=given["source"],
        server=given["server"],
        seconds=given["seconds"],
    )


def _front(given: dict[str, Any]) -> FrontOptions:
    from analysis.review.enforcement.gateway_options import FrontOptions  # noqa: PLC0415 - see above

    over_http, host = given["port"] is not None, given["host"]
    if given["tokens"] and given["started_for"] and over_http:
        raise UsageError("both --tokens and --as say who calls", remedy="give one of them")
    if over_http and host not in _LOOPBACK and not given["tokens"]:
        raise UsageError(
            "others than this machine could call, and nothing says who", place=host, remedy="give --tokens FILE"
        )
    return FrontOptions(
        port=given["port"],
        host=host,
        hosts=given["hosts"],
        origins=given["origins"],
        started_for=_started_for(given["started_for"], over_http=over_http),
        tokens=given["tokens"],
        forward_headers=tuple(name.lower() for name in given["forward"]),
    )


def _started_for(text: str, *, over_http: bool) -> Caller:
    """Return who calls where no token says it: as it was stated, else the user of this machine, for whom nothing vouches."""
    from analysis.output.enforce.caller import Caller  # noqa: PLC0415 - see above

    user, *teams = (part.strip() for part in text.split(","))
    if text and not (user and all(teams)):
        raise UsageError(
            "--as is USER, or USER,TEAM,TEAM", place=visible(text, 80), remedy="--as ann@corp.example,support"
        )
    if text:
        return Caller(user, tuple(teams), vouched=True)
    return Caller("anonymous" if over_http else clock.actor() or "unknown")
