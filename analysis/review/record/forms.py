"""What each kind of event has to look like: one table, against which every event is checked before it is used.

A review file may come from anyone, and a chain proves order, not sense. What passes here can be folded, shown and
exported without a further look at types; what does not is set aside (`analysis.review.record.understanding`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import UsageError
from analysis.model import (
    LEVELS,
    AnswerState,
    ConditionKind,
    Evidence,
    EvidenceKind,
    Intake,
    Profile,
    Risk,
    SourceKind,
    Status,
    ToolType,
)
from analysis.model.decision import RECORDED
from analysis.policy import recorded_policy
from analysis.review.record.signed_packet import SIGNED, SUPERSEDED, packet_of
from analysis.review.record.state import FLOW_ROLE_REGISTERS
from analysis.workspace.events import NEWER_FORM
from analysis.workspace.keys import EVENT, INTAKE, PACKET, POLICY, PROFILE, REVIEW, parse_key
from analysis.workspace.order import TIME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from analysis.workspace import Event

#: The kind of an event by which a person leaves another one aside that cannot be understood.
LEFT_ASIDE: Final = "event.left-aside"
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LIMIT: Final = re.compile(r"[0-9][0-9,]{0,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an event is not understood. `newer`: a later version of Clearance seems to have written it."""

    why: str
    newer: bool = False


@dataclass(frozen=True, slots=True)
class _Kind:
    """The register of a kind (area, and name or none), its fields, and those that it always has unless it is empty.

    `never_empty`: it cannot be taken back, so that it always says something.
    """

    area: str
    name: str | None
    fields: Mapping[str, Callable[[Any], bool]]
    needed: tuple[str, ...] = ()
    never_empty: bool = False


def _text(value: Any) -> bool:
    return type(value) is str


def _truth(value: Any) -> bool:
    return type(value) is bool


def _count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1 << 53


def _one_of(values: Iterable[Any]) -> Callable[[Any], bool]:
    """Return the form of one of some values; only texts and None are looked up, because others may have no hash."""
    allowed = frozenset(values)
    return lambda value: (value is None or type(value) is str) and value in allowed


def _list_of(form: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: type(value) is list and all(map(form, value))


def _map_of(form: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: type(value) is dict and all(map(form, value.values()))


def _record_of(members: Mapping[str, Callable[[Any], bool]], needed: Iterable[str] = ()) -> Callable[[Any], bool]:
    """Return the form of an object with some members and no others."""
    always = frozenset(needed)

    def holds(value: Any) -> bool:
        return (
            type(value) is dict
            and value.keys() >= always
            and all(name in members and members[name](item) for name, item in value.items())
        )

    return holds


def _seen(value: Any) -> bool:
    return _map_of(_text)(value) and value.get("risk", "low") in set(Risk)


def _facts(value: Any) -> bool:
    """Whether facts of a source have their form; those on limits are read as numbers."""
    limits = (item for name, item in value.items() if name.startswith("limit on ")) if _map_of(_text)(value) else ("",)
    return all(map(_LIMIT.fullmatch, limits))


_CONDITION: Final = _record_of(
    {"kind": _one_of(kind.value for kind in ConditionKind), "value": _text, "evidence": _text}, ("kind", "value")
)
_EVIDENCE: Final = _record_of(
    dict.fromkeys((f.name for f in fields(Evidence)), _text)
    | {
        "level": _one_of(LEVELS),
        "kind": _one_of(kind.value for kind in EvidenceKind),
        "size": lambda value: value is None or _count(value),
    },
    ("title", "level"),
)
_INTAKE: Final[dict[str, Callable[[Any], bool]]] = {
    f.name: _list_of(_text) if "tuple" in str(f.type) else _text for f in fields(Intake)
} | {"writes": _one_of(("", "yes", "no"))}
_SIGNOFF: Final = _record_of({"role": _text, "signer": _text, "verdict": _text}, ("role", "signer", "verdict"))
_PACKET: Final[dict[str, Callable[[Any], bool]]] = {
    "manifest": _text,
    "status": _text,
    "verdict": _text,
    "score": lambda value: value is None or _count(value),
    "issued_at": _text,
    "signoffs": _list_of(_SIGNOFF),
    "heads": _map_of(_record_of({"seq": _count}, ("seq",))),
    "contents": lambda value: value is None or type(value) is dict,
    "contents_of": _text,
}
_REASON: Final[dict[str, Callable[[Any], bool]]] = {"reason": _text}
#: The forms of a re-tagged value by the name of its register.
_VALUES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "risk": _one_of((None, *(risk.value for risk in Risk))),
    "type": _one_of((None, *(kind.value for kind in ToolType))),
} | dict.fromkeys(FLOW_ROLE_REGISTERS.values(), _one_of((None, "present", "absent")))

_KINDS: Final[Mapping[str, _Kind]] = {
    "review.created": _Kind(REVIEW, "", {"title": _text, "product": _text}, ("title",), never_empty=True),
    "source.imported": _Kind(
        "source", None,
        {
            "kind": _one_of(kind.value for kind in SourceKind), "uri": _text, "title": _text, "version": _text, "format": _text,
            "sha256": lambda value: _text(value) and _SHA256.fullmatch(value) is not None,
            "tools": _count, "files": _count, "facts": _facts, "changes": lambda value: type(value) is dict,
        },
        ("kind", "uri", "sha256", "facts"),
        never_empty=True,
    ),
    "tool.decided": _Kind(
        "tool", "decision",
        {"exposure": _one_of((None, *(state.value for state in RECORDED))), "definition": _text, "conditions": _list_of(_CONDITION),
        "proposal": _text, "confirms": _text, "sampled": _truth}
        | _REASON,
        ("exposure",),
    ),
    "tool.retagged": _Kind("tool", None, {"value": lambda value: value is None or _text(value)} | _REASON, ("value",)),
    "finding.disposed": _Kind(
        "finding", "disposition",
        {
            "status": _one_of(status.value for status in Status), "code": _text, "evidence": _text, "owner": _text, "until": _text,
            "voids": _list_of(_text), "seen": _seen,
        } | _REASON,
        ("status",),
    ),
    "control.answered": _Kind(
        "control", "answer",
        {"state": _one_of(state.value for state in AnswerState), "text": _text, "evidence": _list_of(_EVIDENCE)},
        ("state",),
    ),
    "note.written": _Kind("note", None, {"subject": _text, "text": _text}, ("subject", "text")),
    "view.saved": _Kind("view", "", {"name": _text, "query": _text}, ("name", "query")),
    "profile.set": _Kind(PROFILE, "", {"profile": _one_of(each.value for each in Profile)} | _REASON, ("profile",)),
    "policy.imported": _Kind(POLICY, "", {"name": _text, "text": _text, "sha256": _text}, ("name", "text", "sha256")),
    "intake.given": _Kind(INTAKE, "", _INTAKE),
    SIGNED: _Kind(PACKET, "", _PACKET, ("manifest",), never_empty=True),
    SUPERSEDED: _Kind(PACKET, "", _PACKET, ("manifest",), never_empty=True),
    LEFT_ASIDE: _Kind(EVENT, "", _REASON, ("reason",)),
}  # fmt: skip
#: The fields of each kind.
FIELDS: Final[Mapping[str, frozenset[str]]] = {name: frozenset(kind.fields) for name, kind in _KINDS.items()}
#: Areas whose keys name a subject.
_WITH_SUBJECT: Final = frozenset({"tool", "finding", "control", "source", "note", "view", EVENT})


def fault_of(event: Event) -> Fault | None:
    """Return why an event is not understood; None for one that can be folded, shown and exported as it is."""
    if event.fault:
        return Fault(event.fault, newer=event.fault == NEWER_FORM)
    if not event.actor.strip():
        return Fault("it names no actor")
    if not _is_time(event.at):
        return Fault("its time is not a time")
    kind = _KINDS.get(event.kind)
    if kind is None:
        return Fault(f"its kind {event.kind[:60]!r} is not known to this version", newer=True)
    return _fault_of_register(event, kind) or _fault_of_data(event, kind)


def _is_time(text: str) -> bool:
    """Whether a text is a time of the calendar in the form of the record."""
    try:
        return TIME.fullmatch(text) is not None and datetime.fromisoformat(text[:19]) is not None
    except ValueError:
        return False


def _fault_of_register(event: Event, kind: _Kind) -> Fault | None:
    key = parse_key(event.key)
    if (
        key.area != kind.area
        or (kind.name is not None and key.name != kind.name)
        or bool(key.subject) != (key.area in _WITH_SUBJECT)
    ):
        return Fault("it belongs to another register than its kind")
    return None


def _fault_of_data(event: Event, kind: _Kind) -> Fault | None:
    data = event.data
    if not data and not kind.never_empty:
        return None  # what was recorded before is taken back
    for name, value in data.items():
        form = kind.fields.get(name)
        if form is None:
            return Fault(f"its field {name[:60]!r} is not known to this version", newer=True)
        if not form(value):
            return Fault(f"its {name} does not have the form of one")
    lacking = [name for name in kind.needed if name not in data]
    if lacking:
        return Fault(f"its {lacking[0]} is missing")
    further = _FURTHER.get(event.kind)
    return further(event) if further is not None else None


def _fault_of_retag(event: Event) -> Fault | None:
    name = parse_key(event.key).name
    if name not in _VALUES:
        return Fault(f"what it re-tags, {name[:60]!r}, is not known to this version", newer=True)
    return None if _VALUES[name](event.data["value"]) else Fault(f"its value is not a {name}")


def _fault_of_note(event: Event) -> Fault | None:
    key = parse_key(event.key)
    return (
        None if key.name and key.subject == event.data["subject"] else Fault("its subject is not that of its register")
    )


def _fault_of_policy(event: Event) -> Fault | None:
    text = event.data["text"]
    try:
        if text:
            recorded_policy(text)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        return Fault(f"its policy cannot be read: {str(error)[:200]}")
    return None


def _fault_of_packet(event: Event) -> Fault | None:
    try:
        packet_of(event)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        return Fault(f"its packet cannot be read: {type(error).__name__}")
    return None


_FURTHER: Final[Mapping[str, Callable[[Event], Fault | None]]] = {
    "tool.retagged": _fault_of_retag,
    "note.written": _fault_of_note,
    "policy.imported": _fault_of_policy,
    SIGNED: _fault_of_packet,
    SUPERSEDED: _fault_of_packet,
}


def refuse_faulty(events: Iterable[Event]) -> None:
    """Raise `UsageError` for the first event that would be set aside; what is recorded here is understood here."""
    for event in events:
        fault = fault_of(event)
        if fault is not None:
            raise UsageError(
                "this cannot be recorded", place=event.key, why=fault.why, remedy="correct it; nothing was recorded"
            )
