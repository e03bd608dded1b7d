"""Which events of a review count: those that this version understands. The others are set aside, and each is listed.

One event that cannot be understood must not close a file for everyone. It stays in the log and in its chain, changes
nothing, and holds a gate open until a person has settled it: by recording its register anew, or by leaving it aside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.review.record.forms import LEFT_ASIDE, Fault, fault_of
from analysis.workspace.keys import EVENT, parse_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.workspace import Event, Registers

_SECOND: Final = Fault("the review was begun before it")


@dataclass(frozen=True, slots=True)
class SetAside:
    """An event that changes nothing, and why. `newer`: a later version of Clearance seems to have written it."""

    event: Event
    why: str
    newer: bool = False

    @property
    def readable(self) -> bool:
        """Whether its body has the form of an event, so that a packet can carry it."""
        return not self.event.fault


@dataclass(frozen=True, slots=True)
class Understood:
    """Events in canonical order, sorted into those that count and, by id, those that are set aside."""

    events: tuple[Event, ...]
    set_aside: Mapping[str, SetAside]


def understand(events: Iterable[Event], *, begun: bool = False, known: Mapping[str, str] | None = None) -> Understood:
    """Sort events, given in canonical order. `begun`: the beginning of the review is not among them.

    `known` names events that are set aside for a reason outside themselves, by id.
    """
    counting, aside = [], {}
    for event in events:
        fault = Fault(known[event.id]) if known and event.id in known else fault_of(event)
        if fault is None and event.kind == "review.created":
            fault, begun = _SECOND if begun else None, True
        if fault is None:
            counting.append(event)
        else:
            aside[event.id] = SetAside(event, fault.why, fault.newer)
    return Understood(tuple(counting), aside)


def beginning(events: Sequence[Event]) -> Event | None:
    """Return the event with which a review began; its id is the review's identity, in every copy."""
    return next((event for event in events if event.kind == "review.created" and fault_of(event) is None), None)


def beginnings(events: Iterable[Event]) -> frozenset[str]:
    """Return the ids of all events that begin a review; copies of one review have one in common."""
    return frozenset(event.id for event in events if event.kind == "review.created")


def unsettled(set_aside: Mapping[str, SetAside], registers: Registers) -> tuple[SetAside, ...]:
    """Return the events set aside that are not settled: neither replaced in their register nor left aside."""
    left = {parse_key(key).subject for key in registers.keys(EVENT) if _left(key, registers)}
    return tuple(
        each for each in set_aside.values() if each.event.id not in left and not registers.replaced(each.event)
    )


def _left(key: str, registers: Registers) -> bool:
    return any(head.kind == LEFT_ASIDE and head.data.get("reason") for head in registers.heads(key))
