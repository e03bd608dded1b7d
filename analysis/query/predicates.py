"""Parsed queries: terms and groups that match single rows and select from many."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from analysis.query.row import FIELD_VALUES, NUMBERS, QueryRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

COMPARE: Final = {":": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_PARTIAL: Final = frozenset(
    {"name", "path", "scope", "note", "by", "assigned"}
)  # long or composite values: matched by substring
#: Fields with one lower-case word, compared without a call per row.
_WORDS: Final[Mapping[str, Callable[[QueryRow], str]]] = {
    "kind": operator.attrgetter("kind"),
    "risk": operator.attrgetter("risk"),
    "effect": operator.attrgetter("effect"),
    "undo": operator.attrgetter("reversibility"),
}
_TEXTS: Final[Mapping[str, Callable[[QueryRow], str]]] = {
    "name": operator.attrgetter("name"),
    "path": operator.attrgetter("path"),
}


#: What `fields` says of a query that tests for any flag.
EVERY_FLAG: Final = "is:*"


@dataclass(frozen=True, slots=True)
class Term:
    """A field with any of some lower-case values; without values: any value; without a field: a substring of the text."""

    field: str
    values: tuple[str, ...] = ()
    sign: str = ":"

    def matches(self, row: QueryRow) -> bool:
        """Whether a row has one of the values."""
        if not self.field:
            return self.values[0] in row.text
        if self.field in NUMBERS and self.values:
            return any(COMPARE[self.sign](NUMBERS[self.field](row), int(value)) for value in self.values)
        seen = [text.lower() for text in FIELD_VALUES[self.field](row) if text]
        return any(self._fits(value, text) for value in self.values for text in seen) if self.values else bool(seen)

    def _fits(self, value: str, text: str) -> bool:
        if self.field == "since":
            return text >= value
        if self.field == "rule" or (self.field == "path" and value.startswith("^")):
            return text.startswith(value.removeprefix("^"))
        return value in text if self.field in _PARTIAL else value == text

    def select(self, rows: Sequence[QueryRow]) -> list[QueryRow]:
        """Return the matching rows, in order; same result as `matches`, but faster."""
        wanted = self.values
        if not self.field:
            return [row for row in rows if wanted[0] in row.text]
        if wanted and self.field in _WORDS:
            get = _WORDS[self.field]
            return [row for row in rows if get(row) in wanted]
        if wanted and self.field == "is":
            flags = frozenset(wanted)
            return [row for row in rows if row.status in flags or not flags.isdisjoint(row.flags)]
        if wanted and self.field in _TEXTS and not any(value.startswith("^") for value in wanted):
            get = _TEXTS[self.field]
            return [row for row in rows if any(value in get(row).lower() for value in wanted)]
        return [row for row in rows if self.matches(row)]

    def __str__(self) -> str:
        values = ",".join(map(_quoted, self.values)) or "*"
        return f"{self.field}{self.sign}{values}" if self.field else values


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Terms combined by all (without terms: everything), any or none."""

    word: Literal["all", "any", "none"]
    parts: tuple[Term | TermGroup, ...]

    def matches(self, row: QueryRow) -> bool:
        """Whether a row matches all, any or none of the parts."""
        hits = (part.matches(row) for part in self.parts)
        return all(hits) if self.word == "all" else any(hits) is (self.word == "any")

    def select(self, rows: Sequence[QueryRow]) -> list[QueryRow]:
        """Return the matching rows, in order."""
        if self.word == "all":
            for part in self.parts:
                rows = part.select(rows)
            return list(rows)
        hits = {id(row) for part in self.parts for row in part.select(rows)}
        return [row for row in rows if (id(row) in hits) is (self.word == "any")]

    def __str__(self) -> str:
        inner = [
            f"({part})" if isinstance(part, TermGroup) and part.word != "none" else str(part) for part in self.parts
        ]
        return f"-{inner[0]}" if self.word == "none" else (" OR " if self.word == "any" else " ").join(inner)


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed filter. `text` is the input; `str()` is the canonical text, which parses to an equal query."""

    node: Term | TermGroup
    text: str = field(default="", compare=False)

    def matches(self, row: QueryRow) -> bool:
        """Whether a row is selected."""
        return self.node.matches(row)

    def select(self, rows: Sequence[QueryRow]) -> list[QueryRow]:
        """Return the selected rows, in order."""
        return self.node.select(rows)

    def narrows(self, other: Query) -> bool:
        """Whether this query selects a subset of another one, whose result can then be searched instead of all rows."""
        own, others = _conjuncts(self.node), _conjuncts(other.node)
        return len(own) >= len(others) and all(_implies(one, other) for one, other in zip(own, others, strict=False))

    def fields(self) -> frozenset[str]:
        """Return the fields, and the words of `is:`, that the query depends on; `*` where any value will do."""
        return frozenset(_fields_of(self.node))

    def __str__(self) -> str:
        return str(self.node)


def _conjuncts(node: Term | TermGroup) -> tuple[Term | TermGroup, ...]:
    return node.parts if isinstance(node, TermGroup) and node.word == "all" else (node,)


def _implies(mine: Term | TermGroup, theirs: Term | TermGroup) -> bool:
    if isinstance(mine, Term) and isinstance(theirs, Term) and not mine.field and not theirs.field:
        return theirs.values[0] in mine.values[0]
    return mine == theirs


def _fields_of(node: Term | TermGroup) -> set[str]:
    if isinstance(node, Term):
        if not node.values:
            return {node.field, "*"} | ({EVERY_FLAG} if node.field == "is" else set())
        return {node.field, *(node.values if node.field == "is" else ())}
    return {name for part in node.parts for name in _fields_of(part)}


def _quoted(text: str) -> str:
    if re.fullmatch(r'[^\s()":<>=!,*-][^\s()":<>=!,]*', text):
        return text
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
