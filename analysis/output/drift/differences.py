"""One difference between two definitions, before it is known of which tool; and the values that it shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from analysis.output.drift.records import ChangeDirection, ChangeGroup
from analysis.text import visible_lines

#: Maximum number of characters of a text, and of a whole value, that a difference shows.
_MAX_TEXT: Final = 4_000
_MAX_VALUE: Final = 6_000


#: The field of a difference that is one of order alone, where order means nothing.
ORDER: Final = "order"
#: Lists that are sets: of names, of parameters, of alternative requirements, of schemes needed together, of scopes.
_SETS: Final = frozenset({"required", "parameters", "shared", "security", "arguments"})


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A difference at a place of a definition, with the values as they are. None: there is nothing."""

    field: str
    before: Any
    after: Any
    group: ChangeGroup = ChangeGroup.CONTRACT
    direction: ChangeDirection = ChangeDirection.NONE
    why: str = ""


def canonical_text(value: Any) -> str:
    """Return a value as one text that is equal for equal values; `1` and `True` stay apart."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same; 1 and 1.0 are, 1 and true are not."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def in_one_order(value: Any, key: str = "") -> Any:
    """Return a value whose lists are sorted where their order means nothing."""
    if isinstance(value, dict):
        return {name: in_one_order(each, name) for name, each in value.items()}
    if isinstance(value, list):
        listed = [in_one_order(each, "security" if key == "security" else "") for each in value]
        return sorted(listed, key=canonical_text) if key in _SETS else listed
    return value


def shown(value: Any) -> Any:
    """Return a value for display: every text escaped and bounded, a large value as the beginning of its text."""
    escaped = _escaped(value)
    if isinstance(escaped, dict | list):
        text = json.dumps(escaped, sort_keys=True, ensure_ascii=False)
        return escaped if len(text) <= _MAX_VALUE else f"{text[:_MAX_VALUE]}…+{len(text) - _MAX_VALUE:,}"
    return escaped


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return visible_lines(value, _MAX_TEXT)
    if isinstance(value, list):
        return [_escaped(each) for each in value]
    if isinstance(value, dict):
        return {visible_lines(str(key), _MAX_TEXT): _escaped(each) for key, each in value.items()}
    return value
