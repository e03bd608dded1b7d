"""What a person has to see to settle a conflict: each side with its author, time, reason, conditions and proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.model import ToolId
from analysis.review.record.conflicts import conflicts
from analysis.review.record.history import event_sentence
from analysis.workspace.keys import parse_key

if TYPE_CHECKING:
    from analysis.review.session import Review
    from analysis.workspace import Event


@dataclass(frozen=True, slots=True)
class ConflictSide:
    """One side: the event, who recorded it when and why, its value in a word, and whether a signature proves it."""

    event: str
    person: str
    at: str
    value: str
    reason: str
    conditions: tuple[str, ...]
    current: bool  # it was decided on the definition that is served now
    key: str  # fingerprint of the key that proves it; empty for a claim


@dataclass(frozen=True, slots=True)
class ContestedPoint:
    """A register on which reviewers differ, in words, with its sides, oldest first. `tool` is empty for other subjects."""

    what: str
    tool: str
    sides: tuple[ConflictSide, ...]


def contested_points(review: Review) -> tuple[ContestedPoint, ...]:
    """Return every point on which reviewers differ. Names are not escaped."""
    names: dict[str, str] = {tool.row.id: tool.row.name for tool in review.table.states}
    review.record.proofs.bind(review.record.events)
    found = []
    for each in conflicts(review.record.registers):
        key = parse_key(each.key)
        subject = names.get(key.subject, key.subject) or key.area
        sides = tuple(_side(review, side) for side in each.sides)
        found.append(
            ContestedPoint(f"{key.name} of {subject}" if key.name else subject, key.subject if key.tool else "", sides)
        )
    return tuple(found)


def _side(review: Review, event: Event) -> ConflictSide:
    data = event.data
    tool = review.table.get(ToolId(parse_key(event.key).subject)) if event.kind == "tool.decided" else None
    value = str(data.get("exposure") or "cleared") if event.kind == "tool.decided" else event_sentence(event)
    return ConflictSide(
        event.id,
        event.actor,
        event.at,
        value,
        str(data.get("reason") or data.get("text") or ""),
        tuple(f"{each['kind']} {each['value']}" for each in data.get("conditions", ())),
        tool is None or data.get("definition", tool.row.digest) == tool.row.digest,
        review.record.proofs.key_of(event),
    )
