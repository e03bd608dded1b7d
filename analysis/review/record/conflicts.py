"""Where reviewers differ: the live events of one register that do not agree, each with person, time and reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.review.record.state import agree, decision_in_effect, override_values
from analysis.workspace.keys import INTAKE, POLICY, PROFILE, parse_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from analysis.workspace import Event, Registers


@dataclass(frozen=True, slots=True)
class Conflict:
    """One register on which reviewers differ. `sides` are its live events, in order of time."""

    key: str
    sides: tuple[Event, ...]


def conflicts(registers: Registers) -> tuple[Conflict, ...]:
    """Return every register on which reviewers differ, by key. Until a person settles it, nothing is allowed by it.

    Sources are not among them: of two imports, the valid one is imported again.
    """
    found = [Conflict(key, tuple(sorted(heads, key=_when))) for key, heads in _contested(registers)]
    return tuple(sorted(found, key=lambda each: each.key))


def _contested(registers: Registers) -> Iterator[tuple[str, list[Event]]]:
    for area in ("tool", "finding", "control", PROFILE, POLICY, INTAKE):
        for key in registers.keys(area):
            heads = registers.heads(key)
            if len(heads) > 1 and not _rule(key)(heads):
                yield key, heads


def _rule(key: str) -> Callable[[Sequence[Event]], bool]:
    """Return what decides whether the live events of a register agree."""
    parsed = parse_key(key)
    if parsed.area == "tool":
        return _same_decision if parsed.name == "decision" else _same_value
    return lambda heads: agree(heads, but="text" if parsed.area == "control" else "reason")


def _same_decision(heads: Sequence[Event]) -> bool:
    return not decision_in_effect(heads)[1]


def _same_value(heads: Sequence[Event]) -> bool:
    return len(override_values(heads)) == 1


def _when(event: Event) -> tuple[str, str]:
    return event.at, event.id
