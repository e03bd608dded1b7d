"""What could stand in place of the word that is being typed, and how many rows it would show."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from analysis.query.row import ALIASES, CLOSED, FIELDS, NUMBERS, SEEN, QueryRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Fields whose values are texts of their own each time: nothing to choose from.
_UNIQUE: Final = frozenset({"name", "path", "note", "since", *NUMBERS})


def completions(text: str, seen: Sequence[str] = ()) -> list[str]:
    """Return what could stand in place of the last word (all after the last blank), sign and bracket included.

    `seen` are the values to offer for a field whose values are not known beforehand.
    """
    head, typed, colon, rest = _last(text)
    if not colon:
        return [f"{head}{name}:" for name in FIELDS if name.startswith(typed)]
    before, comma, begun = rest.rpartition(",")
    values = CLOSED.get(ALIASES.get(typed, typed), seen)
    fits = [value for value in values if value.startswith(begun) and value not in {begun, *before.split(",")}]
    return [f"{head}{typed}:{before}{comma}{value}" for value in fits]


def completed_field(text: str) -> str:
    """Return the field whose value is being typed; empty while it is a word or the name of a field."""
    _, typed, colon, _ = _last(text)
    name = ALIASES.get(typed, typed)
    return name if colon and name in SEEN and name not in _UNIQUE else ""


def tally(field: str, rows: Iterable[QueryRow]) -> Counter[str]:
    """Return how many rows have each value of a field, in lower case."""
    look = SEEN[field]
    return Counter(value.lower() for row in rows for value in set(look(row)) if value)


def _last(text: str) -> tuple[str, str, str, str]:
    last = text.rsplit(maxsplit=1)[-1] if text.strip() and not text[-1].isspace() else ""
    parts = re.fullmatch(r"([-(]*)([^:]*)(:?)(.*)", last.lower(), re.DOTALL)
    head, typed, colon, rest = parts.groups() if parts else ("", "", "", "")
    return head, typed, colon, rest
