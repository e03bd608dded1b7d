"""What each kind of event has to look like: one table, against which every event is checked before it is used.

A review file may come from anyone, and a chain proves order, not sense. What passes here can be folded, shown and
exported without a further look at types; what does not is set aside (`analysis.review.record.understanding`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
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
    iso_date,
)
from analysis.model.decision import RECORDED
from analysis.policy import recorded_policy
from analysis.review.record.signed_packet import SIGNED, SUPERSEDED, packet_of
from analysis.review.record.state import FLOW_ROLE_REGISTERS
from analysis.review.record.values.value_forms import count, list_of, map_of, one_of, record_of, text, truth
from analysis.workspace.events import NEWER_FORM
from analysis.workspace.keys import ASSIGNMENT, EVENT, INTAKE, PACKET, POLICY, PROFILE, REVIEW, parse_key
from analysis.workspace.order import is_time

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
    begins: str = field(init=False)  # of its keys, and how they end: empty where names differ
    ends: str = field(init=False)

    def __post_init__(self) -> None:
        """Work out how its keys begin and end."""
        object.__setattr__(self, "begins", f"{self.area}/")
        object.__setattr__(self, "ends", f"/{self.name}" if self.name else "")


def _seen(value: Any) -> bool:
    return map_of(text)(value) and value.get("risk", "low") in set(Risk)


def _due(value: Any) -> bool:
    """Whether a value is a day, or none."""
    return text(value) and iso_date(value) == value


def _facts(value: Any) -> bool:
    """Whether facts of a source have their form; those on limits are read as numbers."""
    limits = (item for name, item in value.items() if name.startswith("limit on ")) if map_of(text)(value) else ("",)
    return all(map(_LIMIT.fullmatch, limits))


_CONDITION: Final = record_of(
    {"kind": one_of(kind.value for kind in ConditionKind), "value": text, "evidence": text}, ("kind", "value")
)
_EVIDENCE: Final = record_of(
    dict.fromkeys((f.name for f in fields(Evidence)), text)
    | {
        "level": one_of(LEVELS),
        "kind": one_of(kind.value for kind in EvidenceKind),
        "size": lambda value: value is None or count(value),
    },
    ("title", "level"),
)
_INTAKE: Final[dict[str, Callable[[Any], bool]]] = {
    f.name: list_of(text) if "tuple" in str(f.type) else text for f in fields(Intake)
} | {"writes": one_of(("", "yes", "no"))}
_SIGNOFF: Final = record_of({"role": text, "signer": text, "verdict": text}, ("role", "signer", "verdict"))
_PACKET: Final[dict[str, Callable[[Any], bool]]] = {
    "manifest": text,
    "status": text,
    "verdict": text,
    "score": lambda value: value is None or count(value),
    "issued_at": text,
    "signoffs": list_of(_SIGNOFF),
    "heads": map_of(record_of({"seq": count}, ("seq",))),
    "contents": lambda value: value is None or type(value) is dict,
    "contents_of": text,
}
#: The signal of the engine that an override calls wrong.
_SIGNAL: Final = record_of(dict.fromkeys(("where", "matched", "says"), text), ("where", "matched", "says"))
_REASON: Final[dict[str, Callable[[Any], bool]]] = {"reason": text}
#: The forms of a re-tagged value by the name of its register.
_VALUES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "risk": one_of((None, *(risk.value for risk in Risk))),
    "type": one_of((None, *(kind.value for kind in ToolType))),
} | dict.fromkeys(FLOW_ROLE_REGISTERS.values(), one_of((None, "present", "absent")))

_KINDS: Final[Mapping[str, _Kind]] = {
    "review.created": _Kind(REVIEW, "", {"title": text, "product": text}, ("title",), never_empty=True),
    "source.imported": _Kind(
        "source", None,
        {
            "kind": one_of(kind.value for kind in SourceKind), "uri": text, "title": text, "version": text, "format": text,
            "sha256": lambda value: text(value) and _SHA256.fullmatch(value) is not None,
            "tools": count, "files": count, "facts": _facts, "changes": lambda value: type(value) is dict,
        },
        ("kind", "uri", "sha256", "facts"),
        never_empty=True,
    ),
    "tool.decided": _Kind(
        "tool", "decision",
        {"exposure": one_of((None, *(state.value for state in RECORDED))), "definition": text, "conditions": list_of(_CONDITION),
        "proposal": text, "confirms": text, "sampled": truth}
        | _REASON,
        ("exposure",),
    ),
    "tool.retagged": _Kind(
        "tool", None, {"value": lambda value: value is None or text(value), "signal": _SIGNAL} | _REASON, ("value",)
    ),
    "finding.disposed": _Kind(
        "finding", "disposition",
        {
            "status": one_of(status.value for status in Status), "code": text, "evidence": text, "owner": text, "until": text,
            "voids": list_of(text), "seen": _seen,
        } | _REASON,
        ("status",),
    ),
    "control.answered": _Kind(
        "control", "answer",
        {"state": one_of(state.value for state in AnswerState), "text": text, "evidence": list_of(_EVIDENCE)},
        ("state",),
    ),
    "tool.assigned": _Kind(ASSIGNMENT, "", {"to": text, "due": _due}, ("to",)),
    "note.written": _Kind("note", None, {"subject": text, "text": text}, ("subject", "text")),
    "view.saved": _Kind("view", "", {"name": text, "query": text}, ("name", "query")),
    "profile.set": _Kind(PROFILE, "", {"profile": one_of(each.value for each in Profile)} | _REASON, ("profile",)),
    "policy.imported": _Kind(POLICY, "", {"name": text, "text": text, "sha256": text}, ("name", "text", "sha256")),
    "intake.given": _Kind(INTAKE, "", _INTAKE),
    SIGNED: _Kind(PACKET, "", _PACKET, ("manifest",), never_empty=True),
    SUPERSEDED: _Kind(PACKET, "", _PACKET, ("manifest",), never_empty=True),
    LEFT_ASIDE: _Kind(EVENT, "", _REASON, ("reason",)),
}  # fmt: skip
#: The fields of each kind.
FIELDS: Final[Mapping[str, frozenset[str]]] = {name: frozenset(kind.fields) for name, kind in _KINDS.items()}
#: Areas whose keys name a subject.
_WITH_SUBJECT: Final = frozenset({"tool", "finding", "control", "source", "note", "view", EVENT, ASSIGNMENT})


def fault_of(event: Event) -> Fault | None:
    """Return why an event is not understood; None for one that can be folded, shown and exported as it is."""
    if event.fault:
        return Fault(event.fault, newer=event.fault == NEWER_FORM)
    if not event.actor.strip():
        return Fault("it names no actor")
    if not is_time(event.at):
        return Fault("its time is not a time")
    kind = _KINDS.get(event.kind)
    if kind is None:
        return Fault(f"its kind {event.kind[:60]!r} is not known to this version", newer=True)
    return _fault_of_register(event, kind) or _fault_of_data(event, kind)


def _fault_of_register(event: Event, kind: _Kind) -> Fault | None:
    whole = kind.ends and event.key.startswith(kind.begins) and event.key.endswith(kind.ends)
    if whole and len(event.key) > len(kind.begins) + len(kind.ends):
        return None  # as nearly all: `tool/SUBJECT/decision`, taken apart it is the same
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
