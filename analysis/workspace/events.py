"""Events: the only record of what people enter into a review. Pure functions over bytes.

An event's body is canonical JSON (RFC 8785) and is stored as it was hashed; checking never re-serialises.
Each copy of a review (*replica*) has its own chain: every event names the one before it.

A chain proves order and content, not sense: a colleague's program may record what this one cannot read. Such an event has
a `fault`. It keeps its place in its chain, and nothing is derived from it.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from operator import itemgetter
from sys import intern
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import rfc8785

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Domain tag, so that the hash of an event is never the hash of anything else.
_DOMAIN: Final = b"clearance/event/1\0"
#: Version of the body's shape.
_VERSION: Final = 1
_FIELDS: Final = frozenset({"v", "replica", "seq", "prev", "actor", "at", "kind", "key", "data", "replaces"})
_OPTIONAL: Final = frozenset({"undoes", "batch"})
#: The fault of an event whose body has a later version.
NEWER_FORM: Final = "it has the form of a newer version of Clearance"
#: Maximum size of a body that is read, in characters; the largest ones list the changes of an import.
_MAX_BODY: Final = 64 * 1024 * 1024
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


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


class Event(NamedTuple):
    """One recorded event; a tuple, because a large review has a hundred thousand of them. `id` is the hash of the exact `body`; `batch` is shared by the events of one action.

    `fault` says why the body cannot be read; then the fields that it does not state are empty.
    """

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
    body: str
    fault: str = ""


#: Makes an event of its fields; half the time of a call by their names.
_MAKE: Final = Event._make


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
        event = _parse(event_id(body.encode()), body)
    except UnicodeError as error:
        raise BrokenLogError(f"an event cannot be read: {error}") from error
    if event.fault:
        raise BrokenLogError(f"an event cannot be read: {event.fault}")
    return event


def _parse(identity: str, body: str) -> Event:
    """Return the event of a body, with its fault where it has one."""
    content: dict[str, Any] = {}
    fault = ""
    try:
        if len(body) > _MAX_BODY:
            raise ValueError(f"it has more than {_MAX_BODY:,} characters")  # noqa: TRY301 - one way to say what is wrong
        event = _plain_event(identity, body)
        if event is not None:
            return event
        found = _DECODER.decode(body)
        content = found if isinstance(found, dict) else {}
        fault = _fault_of(content, body) if content else "it is not a JSON object"
    except (ValueError, RecursionError) as error:
        fault = f"it is not JSON in the form that Clearance writes: {str(error)[:200]}"

    def text(name: str) -> str:
        value = content.get(name)
        return value if isinstance(value, str) and not _SURROGATE.search(value) else ""

    seq, data, replaces = content.get("seq"), content.get("data"), content.get("replaces")
    return Event(
        id=identity,
        replica=text("replica"),
        seq=seq if type(seq) is int else 0,
        prev=text("prev"),
        actor=text("actor"),
        at=text("at"),
        kind=text("kind"),
        key=text("key"),
        data=data if not fault and isinstance(data, dict) else {},
        replaces=tuple(replaces) if isinstance(replaces, list) and not fault else (),
        undoes=text("undoes"),
        batch=text("batch"),
        body=body,
        fault=fault,
    )


#: The fields of a body in the order of `Event`, with `replaces` and `v` last, and their types.
_STATED: Final = itemgetter("replica", "seq", "prev", "actor", "at", "kind", "key", "data", "replaces", "v")
_TYPES: Final = (str, int, str, str, str, str, str, dict, list, int)
#: How many texts a body has besides those in its data and of what it replaces: ten names, `replica` to `key`.
_TEXTS: Final = len(_TYPES) + _TYPES.count(str)


def _plain_event(identity: str, body: str) -> Event | None:
    """Return the event of a body with nothing wrong in it, as nearly all; None for one that has to be looked at closely.

    A body without escapes has two quotation marks for each text. Where it has as many as texts were read from it, no name
    was there twice: a reader of JSON drops the first of two. Data that hold lists or objects are for the closer look.
    Texts that many events share are kept once: a log of 100,000 events names a few people and some thousand tools.
    """
    try:
        content, end = _SCAN(body, 0)
        values = _STATED(content)
    except (StopIteration, KeyError, TypeError, IndexError):
        return None
    replica, seq, prev, actor, at, kind, key, data, replaces, version = values
    if (*map(type, values),) != _TYPES or end != len(body) or version != _VERSION:
        return None
    texts = _TEXTS + len(replaces) + len(data)
    undoes = batch = ""
    if len(content) > len(_TYPES):
        undoes, batch = content.get("undoes", ""), content.get("batch", "")
        further = ("undoes" in content) + ("batch" in content)
        if type(undoes) is not str or type(batch) is not str or len(content) != len(_TYPES) + further:
            return None
        texts += 2 * further
    shared = {}
    for name, value in data.items():
        if type(value) is str:
            texts += 1
            value = intern(value)  # noqa: PLW2901 - the same text
        elif type(value) not in _PLAIN:
            return None
        shared[intern(name)] = value
    if body.count('"') != 2 * texts or "\\" in body:
        return None
    if len(replaces) == 1:  # as nearly all
        if type(first := replaces[0]) is not str:
            return None
        before: tuple[str, ...] = (intern(first),)
    elif all(type(each) is str for each in replaces):
        before = tuple(map(intern, replaces))
    else:
        return None
    return _MAKE((
        intern(identity), intern(replica), seq, intern(prev), intern(actor), intern(at), intern(kind), intern(key), shared,
        before, undoes, batch, body, "",
    ))  # fmt: skip


def _without_repetition(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the members of a JSON object. Raises `ValueError` for a name that it has twice."""
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("it has a name twice")
    return found


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not a number")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_without_repetition, parse_constant=_no_number)
#: Reads one value and says where it ends.
_SCAN: Final = json.JSONDecoder(parse_constant=_no_number).scan_once  # type: ignore[attr-defined]


def _fault_of(content: dict[str, Any], body: str) -> str:
    """Return what is wrong with the fields of a body, or an empty string."""
    names = content.keys()
    wrong = next((name for name in names if name in _KNOWN and not _has_type(name, content[name])), "")
    if wrong:
        return f"its {wrong!r} has the wrong type"
    version = content.get("v", 0)
    if version > _VERSION:
        return NEWER_FORM
    if not names >= _FIELDS or names - _KNOWN or version != _VERSION:
        return "it has unknown or missing fields"
    # Only an escape can bring in half of a surrogate pair, which UTF-8 cannot state again.
    if "\\u" in body and _SURROGATE.search(json.dumps(content, ensure_ascii=False)):
        return "it holds half of a character"
    return ""


_KNOWN: Final = _FIELDS | _OPTIONAL
#: Types of data that are no texts and hold nothing.
_PLAIN: Final = frozenset({int, float, bool, type(None)})


def _has_type(name: str, value: Any) -> bool:
    if name in {"v", "seq"}:
        return type(value) is int
    if name == "data":
        return isinstance(value, dict)
    if name == "replaces":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, str)


def check_chains(
    stored: Iterable[tuple[Any, ...]],
    heads: Mapping[str, tuple[int, str]] | None = None,
    known: Mapping[str, Event] | None = None,
) -> list[Event]:
    """Return the events of rows (id, replica, seq, body) in stored order, after checking every chain.

    `heads` are the ends of chains that were checked before, which the rows continue; `known` are events by id, which are
    not read again where a body hashes to one of them. Events with a fault keep their place. Raises `BrokenLogError` when a body does not hash to its id, or a chain has a gap or a wrong link.
    """
    ends = dict(heads or {})
    none = (0, "")
    events = []
    for identity, replica, seq, body in stored:
        if not (type(identity) is str and type(replica) is str and type(seq) is int and type(body) is str):
            raise BrokenLogError("a row of the log is not text and number")
        if event_id(body.encode()) != identity:
            raise BrokenLogError(f"event {seq} of replica {replica[:8]} was changed after it was written")
        event = (known.get(identity) if known else None) or _parse(identity, body)
        last_seq, last_id = ends.get(replica, none)
        if event.fault and event.fault != NEWER_FORM:  # only its row tells its place, and the next event its link
            event = event._replace(replica=replica, seq=seq, prev=last_id)
        if event.replica != replica or event.seq != seq:
            raise BrokenLogError(f"event {seq} of replica {replica[:8]} was changed after it was written")
        if seq != last_seq + 1 or event.prev != last_id:
            raise BrokenLogError(f"the chain of replica {replica[:8]} is broken at event {seq}")
        ends[replica] = (seq, event.id)
        events.append(event)
    return events
