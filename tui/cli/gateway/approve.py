"""`clearance approve`: calls that wait for a person at a gateway, and the answers to them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from analysis.errors import UsageError
from analysis.text import visible, visible_lines
from tui import clock
from tui.cli.common.options import ACTOR, AS_JSON
from tui.cli.common.output import put_json, say

if TYPE_CHECKING:
    from analysis.review.enforcement.waiting_calls import QueuedCall

#: Maximum length of the parameters that are shown, characters; a person reads all of them before a yes.
_MAX_PARAMETERS: Final = 4_000


@click.command("approve", epilog="Example: clearance approve k7wq2mzd4x --yes --actor ann@corp.example")
@click.argument("what", required=False, metavar="[ID | QUEUE]")
@click.option("--yes", "answer", flag_value="yes", help="Confirm the call.")
@click.option("--no", "answer", flag_value="no", help="Deny the call.")
@click.option("--reason", default="", help="Why, in a few words; the record keeps it.")
@click.option(
    "--queue", type=click.Path(path_type=Path), metavar="DIR",
    help="Folder of the gateway's state. Default: those of all gateways of this user.",
)  # fmt: skip
@ACTOR
@AS_JSON
def approve_command(
    what: str | None, answer: str | None, reason: str, queue: Path | None, actor: str | None, as_json: bool
) -> None:
    """List the calls that wait for a person, or answer the call ID.

    A call needs as many persons as its condition says, never the caller. One no denies it; no answer in time denies it
    too. Secrets in the parameters are hidden.
    """
    from analysis.review.enforcement.waiting_calls import answer_call, is_queue  # noqa: PLC0415 - others need no queue

    if what and is_queue(Path(what)):
        queue, what = Path(what), None
    if answer is None:
        _list(what, queue, as_json=as_json)
        return
    if not what:
        raise UsageError("no call is named", remedy="list them with: clearance approve")
    say(answer_call(what, yes=answer == "yes", reason=reason, actor=clock.actor(actor), at=clock.now(), queue=queue))


def _list(what: str | None, queue: Path | None, *, as_json: bool) -> None:
    from analysis.review.enforcement.waiting_calls import queued_calls  # noqa: PLC0415

    calls = [each for each in queued_calls(clock.now(), queue) if what in {None, each.call.id}]
    if what and not calls:
        raise UsageError("no call with this id waits", place=visible(what, 40), remedy="list them: clearance approve")
    if as_json:
        put_json({"waiting": [_data(each) for each in calls]})
        return
    if not calls:
        say("no call waits")
    for each in calls:
        _show(each)


def _data(queued: QueuedCall) -> dict[str, Any]:
    call = queued.call
    return {
        "id": call.id,
        "since": call.since,
        "until": call.until,
        "user": call.user,
        "agent": call.agent,
        "tool": call.tool,
        "definition": call.definition,
        "parameters": queued.parameters,
        "asked": [{"persons": each.persons, "approvers": list(each.approvers)} for each in call.asked],
        "votes": [{"by": vote.voter, "yes": vote.yes, "at": vote.at} for vote in queued.votes],
        "queue": str(queued.queue),
    }


def _show(queued: QueuedCall) -> None:
    call = queued.call
    say(f"{call.id}  {visible(call.tool, 80)}  for {visible(call.user, 80)} by {visible(call.agent, 80)}")
    say(f"  since {call.since}, until {call.until}; needs {queued.needs}")
    for vote in queued.votes:
        say(f"  {'yes' if vote.yes else 'no'} by {visible(vote.voter, 80)} at {vote.at}")
    parameters = json.dumps(queued.parameters, indent=2, ensure_ascii=True)
    say("\n".join(f"  {line}" for line in visible_lines(parameters, _MAX_PARAMETERS).splitlines()))
