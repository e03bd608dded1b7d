"""Compares two packets: capabilities, definitions, decisions, findings, answers, score and verdict. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import InputRefused
from analysis.model import ConditionKind, iso_date
from analysis.output.allowlist.canonical import ALLOW, ALLOWLIST, BLOCK, CONDITIONAL, entries, stated_conditions
from analysis.output.packet.document.review_document import REVIEW_JSON
from analysis.output.packet.file_check import check_manifest, read_manifest
from analysis.output.packet.folder import MAX_BYTES, Snapshot, Unreadable
from analysis.output.packet.signing.statement import SignedManifest
from analysis.output.packet.strict_json import strict_json
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_ORDER: Final = (BLOCK, CONDITIONAL, ALLOW)
#: Facts of a manifest that are compared, with their names in words.
_FACTS: Final = {
    "workspace": "workspace",
    "status": "status", "verdict": "verdict", "score": "score", "profile": "profile", "reviewBy": "earliest expiry",
}  # fmt: skip


class Direction(StrEnum):
    """The direction of a change: whether the agent may do more, or less. A mixed change is neither; it needs a look."""

    LOOSENED = "loosened"
    TIGHTENED = "tightened"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class PacketChange:
    """One difference. `part` is review, capability, definition, decision, finding or answer; `subject` its id or fact."""

    part: str
    subject: str
    before: str
    after: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class PacketComparison:
    """The differences of two packets. `supersedes`: the manifest of the new one names the old one."""

    changes: tuple[PacketChange, ...]
    supersedes: bool

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        return not self.changes

    @property
    def sentence(self) -> str:
        """The comparison in a line."""
        named = "names" if self.supersedes else "does not name"
        counts = {each: sum(1 for change in self.changes if change.direction is each) for each in Direction}
        words = ", ".join(f"{count:,} {each}" for each, count in counts.items() if count)
        found = (
            f"{len(self.changes):,} difference{'s' * (len(self.changes) != 1)}: {words}" if words else "no difference"
        )
        return f"{found}; the new packet {named} the old one as superseded"


@dataclass(frozen=True, slots=True)
class _Packet:
    """What is compared of a packet."""

    sha256: str
    predicate: Mapping[str, Any]
    capabilities: Mapping[str, Mapping[str, Any]]
    findings: Mapping[str, str]
    answers: Mapping[str, str]


def compare(old: Path, new: Path) -> PacketComparison:
    """Compare two packets, whose files have to be those of their manifests; signatures are not checked.

    Raises `InputRefused` for a folder that is no whole packet.
    """
    before, after = _read(old), _read(new)
    changes = [
        *_facts(before, after),
        *_capabilities(before, after),
        *_texts("finding", before.findings, after.findings),
        *_texts("answer", before.answers, after.answers),
    ]
    return PacketComparison(tuple(changes), after.predicate.get("supersedes") == before.sha256)


def _read(folder: Path) -> _Packet:
    try:
        packet = Snapshot.of(folder)
        why = next(iter(check_manifest(packet)), "")
        found = None if why else _parsed(packet)
    except Unreadable as error:
        found, why = None, str(error)
    except (KeyError, TypeError, AttributeError) as error:
        found, why = None, f"a file lacks what is compared: {visible(str(error), 80)}"
    if found is None:
        raise InputRefused("the packet cannot be compared", place=str(folder), why=why, remedy="fetch the original")
    return found


def _parsed(packet: Snapshot) -> _Packet:
    listed, review = (strict_json(packet.read(name), MAX_BYTES) for name in (ALLOWLIST, REVIEW_JSON))
    decided = entries(listed)
    if any(_decision(entry)[0] not in _ORDER for entry in decided):
        raise Unreadable(f"{ALLOWLIST}: has a decision that is none")
    predicate = read_manifest(packet)["predicate"]
    return _Packet(
        SignedManifest.of(packet).sha256,
        {**predicate, "workspace": predicate["workspace"]["id"]},
        {str(each["id"]): each for each in decided},
        {str(each["id"]): f"{each['severity']} {each['status']}: {each['title']}" for each in review["findings"]},
        {str(each["id"]): _answer(each) for each in review["controls"]},
    )


def _answer(control: Mapping[str, Any]) -> str:
    evidence = "; ".join(f"{each['level']} {each['title']}" for each in control["evidence"])
    return " ".join(
        part for part in (f"{control['state']}:", control["text"], f"[{evidence}]" if evidence else "") if part
    )


def _facts(before: _Packet, after: _Packet) -> Iterator[PacketChange]:
    for name, words in _FACTS.items():
        was, now = before.predicate.get(name), after.predicate.get(name)
        if was != now:
            yield PacketChange("review", words, _shown(was), _shown(now), Direction.CHANGED)


def _shown(value: object) -> str:
    return "none" if value is None else str(value)


def _capabilities(before: _Packet, after: _Packet) -> Iterator[PacketChange]:
    """Yield what differs of capabilities, their definitions and their decisions, as decided: a draft allows none yet."""
    for identity in sorted({*before.capabilities, *after.capabilities}):
        was, now = before.capabilities.get(identity), after.capabilities.get(identity)
        if was is None or now is None:
            old, new = (_words(each) if each else "" for each in (was, now))
            allowed = _decision(was or now)[0] != BLOCK
            direction = (Direction.LOOSENED if was is None else Direction.TIGHTENED) if allowed else Direction.CHANGED
            yield PacketChange("capability", identity, old, new, direction)
            continue
        if was.get("digest") != now.get("digest"):
            yield PacketChange(
                "definition", identity, _shown(was.get("digest")), _shown(now.get("digest")), Direction.CHANGED
            )
        if _decision(was) != _decision(now):
            yield PacketChange(
                "decision", identity, _words(was), _words(now), _direction(_decision(was), _decision(now))
            )


def _decision(entry: Any) -> tuple[str, frozenset[tuple[str, str]]]:
    return str(entry.get("as_decided", entry["decision"])), frozenset(stated_conditions(entry))


def _words(entry: Mapping[str, Any]) -> str:
    decision, conditions = _decision(entry)
    return (
        f"{decision} ({', '.join(f'{kind}={value}' for kind, value in sorted(conditions))})" if conditions else decision
    )


def _direction(was: tuple[str, frozenset[tuple[str, str]]], now: tuple[str, frozenset[tuple[str, str]]]) -> Direction:
    """Return the direction of a decision that differs. Conditions are compared as sets, end dates by their order."""
    if was[0] != now[0]:
        return Direction.LOOSENED if _ORDER.index(now[0]) > _ORDER.index(was[0]) else Direction.TIGHTENED
    gone, come = was[1] - now[1], now[1] - was[1]
    if not gone or not come:
        return Direction.LOOSENED if gone else Direction.TIGHTENED
    if len(gone) == len(come) == 1:
        (kind, old), (other, new) = next(iter(gone)), next(iter(come))
        if kind == other == ConditionKind.EXPIRES and iso_date(old) and iso_date(new):
            return Direction.LOOSENED if iso_date(new) > iso_date(old) else Direction.TIGHTENED
    return Direction.CHANGED


def _texts(part: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[PacketChange]:
    for subject in sorted({*before, *after}):
        was, now = before.get(subject, ""), after.get(subject, "")
        if was != now:
            yield PacketChange(part, subject, was, now, Direction.CHANGED)
