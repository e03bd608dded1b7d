"""The union of the logs of several copies of one review. Pure: events in, events out.

A chain is one line, so two copies either have the same beginning of it or were forked: one replica was written
on two machines, as after a machine was cloned. Of a fork the first copy keeps its line. The other line is kept too, in
quarantine: recorded again under a replica of its own, whose name follows from where it parted, so that every copy
quarantines it in the same way. The ids of such events are others than before, so what replaced them elsewhere replaces
them no more: a conflict may come back, and no decision is lost.

Where the body of an event cannot be read, it and what follows it in its chain are left out: a chain cannot be continued
past a place that no program can check.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.workspace.events import NEWER_FORM, BrokenLogError, Event, EventDraft, record
from analysis.workspace.order import CanonicalOrder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Beginning of the name of a replica in quarantine.
QUARANTINE: Final = "fork-"


@dataclass(frozen=True, slots=True)
class Fork:
    """A replica under which two lines were written from event `seq` on; one of them, of `events`, is in `quarantine`."""

    replica: str
    seq: int
    events: int
    quarantine: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Events of a replica from `seq` on that are not taken in, because the first of them cannot be read."""

    replica: str
    seq: int
    events: int
    why: str


@dataclass(frozen=True, slots=True)
class Union:
    """What a copy lacks of others: its new events in canonical order, the forks found, and what was left out."""

    events: tuple[Event, ...]
    forks: tuple[Fork, ...]
    left_out: tuple[NotTaken, ...]


def union(own: Sequence[Event], others: Iterable[Sequence[Event]], order: CanonicalOrder | None = None) -> Union:
    """Return what a copy lacks of the logs of other copies, each given with its chains checked.

    `order` has the places of this copy's own events, where they are known.
    """
    chains = _chains(own)
    known = {event.id for event in own}
    forks: list[Fork] = []
    left_out: list[NotTaken] = []
    for other in others:
        theirs = _chains(other)
        ours = _quarantine_names(chains) if any(name.startswith(QUARANTINE) for name in theirs) else {}
        for replica, chain in theirs.items():
            if replica in ours and replica not in chains:
                continue  # the quarantine of a line that this copy has in its own place
            readable = _readable(chain, left_out)
            parted = _parting(chains.get(replica, []), readable)
            if parted is None:
                chains[replica] = max(chains.get(replica, []), readable, key=len)
            else:
                fork, line = _quarantined(replica, readable[parted:])
                chains[fork.quarantine] = max(chains.get(fork.quarantine, []), line, key=len)
                forks.append(fork)
    new = [event for chain in chains.values() for event in chain if event.id not in known]
    return Union(
        tuple(_among(own, new, order)) if new else (),
        tuple(dict.fromkeys(forks)),
        tuple(dict.fromkeys(left_out)),
    )


def _among(own: Sequence[Event], new: list[Event], order: CanonicalOrder | None) -> list[Event]:
    """Return new events in the order that they have among all."""
    grown = order.copy() if order is not None else CanonicalOrder(own)
    if not grown.add(new):  # a cause that was missing moves the places of what follows from it
        grown = CanonicalOrder([*own, *new])
    return grown.sorted(new)


def _chains(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Return the chain of every replica."""
    chains: dict[str, list[Event]] = {}
    for event in events:
        chains.setdefault(event.replica, []).append(event)
    return chains


def _readable(chain: list[Event], left_out: list[NotTaken]) -> list[Event]:
    """Return a chain up to the first event that cannot be read; what follows is added to `left_out`."""
    for number, event in enumerate(chain):
        if event.fault and event.fault != NEWER_FORM:
            left_out.append(NotTaken(event.replica, event.seq, len(chain) - number, event.fault))
            return chain[:number]
    return chain


def _parting(ours: list[Event], theirs: list[Event]) -> int | None:
    """Return the place from which two lines of one replica differ; None where one continues the other."""
    shorter = min(len(ours), len(theirs))
    if not shorter or ours[shorter - 1].id == theirs[shorter - 1].id:  # each id covers all that comes before it
        return None
    return next(n for n in range(shorter) if ours[n].id != theirs[n].id)


def _quarantine_names(chains: Mapping[str, list[Event]]) -> dict[str, Event]:
    """Return the name that the line from each event on has in a copy that quarantines it."""
    return {_name(event): event for chain in chains.values() for event in chain}


def _name(first: Event) -> str:
    digest = hashlib.sha256(f"{first.replica} {first.id}".encode()).hexdigest()
    return f"{QUARANTINE}{digest[: 32 - len(QUARANTINE)]}"


def _quarantined(replica: str, line: list[Event]) -> tuple[Fork, list[Event]]:
    """Return a line recorded again under a replica of its own."""
    name, made = _name(line[0]), list[Event]()
    renamed: dict[str, str] = {}
    for event in line:
        draft = EventDraft(
            event.kind,
            event.key,
            event.data,
            tuple(renamed.get(each, each) for each in event.replaces),
            renamed.get(event.undoes, event.undoes),
        )
        prev = made[-1].id if made else ""
        try:
            again = record(
                draft, replica=name, seq=len(made) + 1, prev=prev, actor=event.actor, at=event.at, batch=event.batch
            )
        except (BrokenLogError, ValueError):  # of a newer form, or with a number that canonical JSON cannot state
            break
        renamed[event.id] = again.id
        made.append(again)
    return Fork(replica, line[0].seq, len(made), name), made


def place_in_quarantine(line: Sequence[Event], chain: Sequence[Event], end: tuple[str, int, str]) -> int:
    """Return how many events of a line in quarantine an event of its original chain (replica, seq, id) covers; 0 for none.

    `chain` is what the copy has of that replica in its own place. The original events follow from those in quarantine, so
    that a signature over the one line is one over the other.
    """
    replica, seq, identity = end
    for before in range(max(0, seq - len(line)), min(seq, len(chain) + 1)):
        prev = chain[before - 1].id if before else ""
        first = _original(line[0], {}, replica, before + 1, prev)
        if first is None or _name(first) != line[0].replica:
            continue
        originals = {line[0].id: first.id}
        for number, event in enumerate(line[1 : seq - before], start=2):
            made = _original(event, originals, replica, before + number, originals[event.prev])
            if made is None:
                return 0
            originals[event.id] = made.id
        return seq - before if [*originals.values()][-1] == identity else 0
    return 0


def _original(event: Event, originals: Mapping[str, str], replica: str, seq: int, prev: str) -> Event | None:
    """Return an event in quarantine as it was recorded first; None where canonical JSON cannot state it."""
    replaces = tuple(originals.get(each, each) for each in event.replaces)
    draft = EventDraft(event.kind, event.key, event.data, replaces, originals.get(event.undoes, event.undoes))
    try:
        return record(draft, replica=replica, seq=seq, prev=prev, actor=event.actor, at=event.at, batch=event.batch)
    except (BrokenLogError, ValueError):
        return None
