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
    from analysis.model.terms import Approval
    from analysis.output.enforce.gateway_store import GatewayStore, WaitingCall

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
    from analysis.output.enforce.gateway_store import STORE, GatewayStore  # noqa: PLC0415 - others need no queue
    from analysis.review.enforcement.gateway_folders import known_states  # noqa: PLC0415

    if what and (Path(what) / STORE).is_file():
        queue, what = Path(what), None
    folders = [queue] if queue is not None else list(known_states())
    stores = [GatewayStore(folder / STORE, create=False) for folder in folders]
    try:
        if answer is not None:
            _answer(stores, what, yes=answer == "yes", reason=reason, actor=clock.actor(actor))
        else:
            _list(stores, what, as_json=as_json)
    finally:
        for store in stores:
            store.close()


def _answer(stores: list[GatewayStore], what: str | None, *, yes: bool, reason: str, actor: str) -> None:
    from analysis.output.enforce.approval import Vote  # noqa: PLC0415 - others need no queue

    if not what:
        raise UsageError("no call is named", remedy="list them with: clearance approve")
    store = next((each for each in stores if each.call(what) is not None), None)
    if store is None:
        raise UsageError(
            "no call with this id waits", place=visible(what, 40), remedy="list them with: clearance approve"
        )
    call = store.vote(what, Vote(actor, yes, clock.now(), reason))
    done = "confirmed" if yes else "denied"
    persons = sum(each.persons for each in call.asked)
    more = f"; it needs {persons} persons" if yes and persons > 1 else ""
    say(f"{done} by {visible(actor, 80)}: {visible(call.tool, 80)} for {visible(call.user, 80)}{more}")


def _list(stores: list[GatewayStore], what: str | None, *, as_json: bool) -> None:
    now = clock.now()
    calls = [(store, call) for store in stores for call in store.waiting(now) if what in {None, call.id}]
    if what and not calls:
        raise UsageError("no call with this id waits", place=visible(what, 40), remedy="list them: clearance approve")
    if as_json:
        put_json({"waiting": [_data(store, call) for store, call in calls]})
        return
    if not calls:
        say("no call waits")
    for store, call in calls:
        _show(store, call)


def _data(store: GatewayStore, call: WaitingCall) -> dict[str, Any]:
    return {
        "id": call.id,
        "since": call.since,
        "until": call.until,
        "user": call.user,
        "agent": call.agent,
        "tool": call.tool,
        "definition": call.definition,
        "parameters": json.loads(call.parameters),
        "asked": [{"persons": each.persons, "approvers": list(each.approvers)} for each in call.asked],
        "votes": [{"by": vote.voter, "yes": vote.yes, "at": vote.at} for vote in store.votes(call.id)],
        "queue": str(store.path.parent),
    }


def _show(store: GatewayStore, call: WaitingCall) -> None:
    say(f"{call.id}  {visible(call.tool, 80)}  for {visible(call.user, 80)} by {visible(call.agent, 80)}")
    say(f"  since {call.since}, until {call.until}; needs {' and '.join(map(_words, call.asked))}")
    for vote in store.votes(call.id):
        say(f"  {'yes' if vote.yes else 'no'} by {visible(vote.voter, 80)} at {vote.at}")
    parameters = json.dumps(json.loads(call.parameters), indent=2, ensure_ascii=True)
    say("\n".join(f"  {line}" for line in visible_lines(parameters, _MAX_PARAMETERS).splitlines()))


def _words(asked: Approval) -> str:
    persons = "one person" if asked.persons == 1 else f"{asked.persons} persons"
    return f"{persons} of {visible(', '.join(asked.approvers), 200)}" if asked.approvers else persons
