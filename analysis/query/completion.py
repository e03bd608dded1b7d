"""Completions of a filter while it is typed, and the number of rows per value."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from analysis.query.row import ALIASES, FIELD_VALUES, FIELDS, FIXED_VALUES, NUMBERS, QueryRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Fields with free values, which are not completed.
_UNIQUE: Final = frozenset({"name", "path", "note", "since", "group", *NUMBERS})


def completions(text: str, seen: Sequence[str] = ()) -> list[str]:
    """Return the completions of the last word (after the last blank), with its sign and parenthesis.

    `seen` are the values offered for a field without a fixed set of values.
    """
    head, typed, colon, rest = _last(text)
    if not colon:
        return [f"{head}{name}:" for name in FIELDS if name.startswith(typed)]
    before, comma, begun = rest.rpartition(",")
    values = FIXED_VALUES.get(ALIASES.get(typed, typed), seen)
    fits = [value for value in values if value.startswith(begun) and value not in {begun, *before.split(",")}]
    return [f"{head}{typed}:{before}{comma}{value}" for value in fits]


def completed_field(text: str) -> str:
    """Return the field whose value is being typed, or an empty string."""
    _, typed, colon, _ = _last(text)
    name = ALIASES.get(typed, typed)
    return name if colon and name in FIELD_VALUES and name not in _UNIQUE else ""


def tally(field: str, rows: Iterable[QueryRow]) -> Counter[str]:
    """Return how many rows have each value of a field, in lower case."""
    look = FIELD_VALUES[field]
    return Counter(value.lower() for row in rows for value in set(look(row)) if value)


def _last(text: str) -> tuple[str, str, str, str]:
    last = text.rsplit(maxsplit=1)[-1] if text.strip() and not text[-1].isspace() else ""
    parts = re.fullmatch(r"([-(]*)([^:]*)(:?)(.*)", last.lower(), re.DOTALL)
    head, typed, colon, rest = parts.groups() if parts else ("", "", "", "")
    return head, typed, colon, rest
