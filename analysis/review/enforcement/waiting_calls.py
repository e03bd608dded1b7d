"""The calls that wait for a person at the gateways of this user, and the answers to them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.errors import UsageError
from analysis.output.enforce.approval import Vote
from analysis.output.enforce.gateway_store import STORE, GatewayStore
from analysis.review.enforcement.gateway_folders import known_states
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from analysis.model.terms import Approval
    from analysis.output.enforce.gateway_store import WaitingCall


@dataclass(frozen=True, slots=True)
class QueuedCall:
    """A waiting call with the votes on it so far, and the folder of its queue. Secrets in its parameters are masked."""

    call: WaitingCall
    votes: tuple[Vote, ...]
    queue: Path

    @property
    def parameters(self) -> Any:
        """The parameters as JSON data."""
        return json.loads(self.call.parameters)

    @property
    def needs(self) -> str:
        """Who has to confirm it, in words."""
        return " and ".join(map(_words, self.call.asked))


def is_queue(folder: Path) -> bool:
    """Whether a folder holds the queue of a gateway."""
    return (folder / STORE).is_file()


def queued_calls(now: str, queue: Path | None = None) -> list[QueuedCall]:
    """Return the calls that wait now: in one queue, or in those of every gateway of this user."""
    with _stores(queue) as stores:
        return [
            QueuedCall(call, tuple(store.votes(call.id)), store.path.parent)
            for store in stores
            for call in store.waiting(now)
        ]


def answer_call(identity: str, *, yes: bool, reason: str, actor: str, at: str, queue: Path | None = None) -> str:
    """Confirm or deny a waiting call, and return what was done as a sentence.

    Raises `UsageError` for a call that does not wait, `CheckFailed` for a vote that does not count.
    """
    with _stores(queue) as stores:
        store = next((each for each in stores if each.call(identity) is not None), None)
        if store is None:
            raise UsageError(
                "no call with this id waits", place=visible(identity, 40), remedy="list them with: clearance approve"
            )
        call = store.vote(identity, Vote(actor, yes, at, reason))
    persons = sum(each.persons for each in call.asked)
    more = f"; it needs {persons} persons" if yes and persons > 1 else ""
    done = "confirmed" if yes else "denied"
    return f"{done} by {visible(actor, 80)}: {visible(call.tool, 80)} for {visible(call.user, 80)}{more}"


@contextmanager
def _stores(queue: Path | None) -> Iterator[Sequence[GatewayStore]]:
    folders = [queue] if queue is not None else list(known_states())
    stores = [GatewayStore(folder / STORE, create=False) for folder in folders]
    try:
        yield stores
    finally:
        for store in stores:
            store.close()


def _words(asked: Approval) -> str:
    persons = "one person" if asked.persons == 1 else f"{asked.persons} persons"
    return f"{persons} of {visible(', '.join(asked.approvers), 200)}" if asked.approvers else persons
