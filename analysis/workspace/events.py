"""Events: the only record of what people enter into a review. Pure functions over bytes.

An event's body is canonical JSON (RFC 8785) and is stored as it was hashed; checking never re-serialises.
Each copy of a review (*replica*) has its own chain: every event names the one before it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import rfc8785

from analysis.workspace.keys import parse_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Domain tag, so that the hash of an event is never the hash of anything else.
_DOMAIN: Final = b"clearance/event/1\0"
#: Version of the body's shape.
_VERSION: Final = 1
_FIELDS: Final = frozenset({"v", "replica", "seq", "prev", "actor", "at", "kind", "key", "data", "replaces"})
_OPTIONAL: Final = frozenset({"undoes", "batch"})


class BrokenLogError(Exception):
    """The stored events do not fit together. The message says which one, and how."""


@dataclass(frozen=True, slots=True)
class EventDraft:
    """Content of an event to be recorded: `key` names the register, `replaces` the heads that it replaces."""

    kind: str
    key: str
    data: Mapping[str, Any]
    replaces: tuple[str, ...] = ()
    undoes: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded event. `id` is the hash of the exact `body`; `batch` is shared by the events of one action."""

    id: str
    replica: str
    seq: int
    prev: str
    actor: str
    at: str
    kind: str
    key: str
    data: dict[str, Any]
    replaces: tuple[str, ...]
    undoes: str
    batch: str
    body: str = field(repr=False)


def event_id(body: bytes) -> str:
    """Return the identity of a body: SHA-256 over a domain tag and the stored bytes, in hex."""
    return hashlib.sha256(_DOMAIN + body).hexdigest()


def record(draft: EventDraft, *, replica: str, seq: int, prev: str, actor: str, at: str, batch: str) -> Event:
    """Return the event of a draft at its place in a replica's chain."""
    content: dict[str, Any] = {
        "v": _VERSION,
        "replica": replica,
        "seq": seq,
        "prev": prev,
        "actor": actor,
        "at": at,
        "kind": draft.kind,
        "key": draft.key,
        "data": draft.data,
        "replaces": list(draft.replaces),
    }
    if draft.undoes:
        content["undoes"] = draft.undoes
    if batch:
        content["batch"] = batch
    return read_event(rfc8785.dumps(content).decode())


def read_event(body: str) -> Event:
    """Return the event of a stored body. Raises `BrokenLogError` when it is not one."""
    try:
        content = json.loads(body)
        names = set(content)
        if not names >= _FIELDS or names - _FIELDS - _OPTIONAL or content["v"] != _VERSION:
            raise BrokenLogError("an event has unknown or missing fields")
        wrong = [name for name in names if not _has_type(name, content[name])]
        if wrong:
            raise BrokenLogError(f"an event's {wrong[0]!r} has the wrong type")
        return Event(
            id=event_id(body.encode()),
            replica=content["replica"],
            seq=content["seq"],
            prev=content["prev"],
            actor=content["actor"],
            at=content["at"],
            kind=content["kind"],
            key=content["key"],
            data=content["data"],
            replaces=tuple(content["replaces"]),
            undoes=content.get("undoes", ""),
            batch=content.get("batch", ""),
            body=body,
        )
    except (ValueError, TypeError, KeyError, AttributeError, UnicodeError, RecursionError) as error:
        raise BrokenLogError(f"an event cannot be read: {error}") from error


def _has_type(name: str, value: Any) -> bool:
    if name in {"v", "seq"}:
        return type(value) is int
    if name == "data":
        return isinstance(value, dict)
    if name == "replaces":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, str)


def check_chains(stored: Iterable[tuple[str, str, int, str]]) -> list[Event]:
    """Return the events of rows (id, replica, seq, body) in stored order, after checking every chain.

    Raises `BrokenLogError` when a body does not hash to its id, or a chain has a gap or a wrong link.
    """
    heads: dict[str, tuple[int, str]] = {}
    events = []
    for identity, replica, seq, body in stored:
        event = read_event(body)
        if event.id != identity or event.replica != replica or event.seq != seq:
            raise BrokenLogError(f"event {seq} of replica {replica[:8]} was changed after it was written")
        last_seq, last_id = heads.get(replica, (0, ""))
        if event.seq != last_seq + 1 or event.prev != last_id:
            raise BrokenLogError(f"the chain of replica {replica[:8]} is broken at event {seq}")
        heads[replica] = (event.seq, event.id)
        events.append(event)
    return events


class Registers:
    """The live heads of every key: the events of the key minus all that a later event replaces.

    Set operations only, so the order in which events arrive does not matter.
    """

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._live: dict[str, dict[str, Event]] = {}
        self._replaced: set[tuple[str, str]] = set()
        self._areas: dict[str, list[str]] = {}
        self._notes: dict[str, list[str]] = {}
        for event in events:
            self.add(event)

    def add(self, event: Event) -> None:
        """Add one event."""
        if event.key not in self._live:
            key = parse_key(event.key)
            self._areas.setdefault(key.area, []).append(event.key)
            if key.area == "note":
                self._notes.setdefault(key.subject, []).append(event.key)
        heads = self._live.setdefault(event.key, {})
        for identity in event.replaces:
            self._replaced.add((event.key, identity))
            heads.pop(identity, None)
        if (event.key, event.id) not in self._replaced:
            heads[event.id] = event

    def heads(self, key: str) -> list[Event]:
        """Return the live events of a key, in order of id, so that every replica sees the same order."""
        return sorted(self._live.get(key, {}).values(), key=lambda event: event.id)

    def head_ids(self, key: str) -> tuple[str, ...]:
        """Return the ids of the live events of a key, which the next event of it replaces."""
        return tuple(sorted(self._live.get(key, {})))

    def notes(self, subject: str) -> list[str]:
        """Return the keys of the notes on a subject."""
        return self._notes.get(subject, [])

    def keys(self, area: str) -> list[str]:
        """Return the keys of an area, such as `tool`, that have a live event."""
        return [key for key in self._areas.get(area, ()) if self._live[key]]
