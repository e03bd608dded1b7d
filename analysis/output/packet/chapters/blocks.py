"""The blocks of a page, free of any markup: Markdown and HTML render the same blocks.

A plain `str` is text from outside, which the renderer escapes. Only `SafeText`, a word of this product, is written
unchanged; a test proves that it is made from literals and by the functions below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from analysis.model import (
    AnswerState,
    CapabilityKind,
    ConditionKind,
    DecisionState,
    Effect,
    FlowRole,
    Level,
    PathState,
    Reversibility,
    Risk,
    Severity,
    SourceKind,
    Status,
    ToolType,
    kinds_in_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class SafeText:
    """Text of this product, inert in every format."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """An identifier from outside: a tool, a path, a digest, a rule."""

    text: str
    limit: int = 200


@dataclass(frozen=True, slots=True)
class Badge:
    """A state or grade. `tone` picks a colour where there is one; the word says the same without it."""

    word: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A time or date in the short form, kept on one line."""

    text: str


Inline: TypeAlias = str | SafeText | Code | Badge | Timestamp
Cell: TypeAlias = Inline | tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; those of level 2 make the table of contents."""

    level: int
    text: Cell
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; `kind` is empty, "lead", "note" or "draft"."""

    text: Cell
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short lines."""

    items: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class FactList:
    """Names and values, one below the other."""

    rows: tuple[tuple[SafeText, Cell], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `numeric` names the columns that hold figures."""

    caption: SafeText
    head: tuple[str, ...]  # text of this product, always literals
    rows: tuple[tuple[Cell, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The key figures of the first page: (value, label)."""

    items: tuple[tuple[SafeText, SafeText], ...]


@dataclass(frozen=True, slots=True)
class StackedBar:
    """Shares of a whole: (word, count, tone). A bar where one can be drawn, always with the numbers."""

    caption: SafeText
    parts: tuple[tuple[SafeText, int, str], ...]


@dataclass(frozen=True, slots=True)
class Commands:
    """Lines for a shell, as text."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableOfContents:
    """The place of the table of contents, in formats that do not generate one."""


Block: TypeAlias = Heading | Para | Bullets | FactList | Table | KeyFigures | StackedBar | Commands | TableOfContents

NONE: Final = SafeText("—")
COMMA: Final = SafeText(", ")
_TONES: Final = {
    "approved": "good",
    "conditional": "part",
    "blocked": "off",
    "undecided": "warn",
    "stale": "warn",
    "conflicting": "warn",
    "expired": "warn",
    "awaiting-second": "warn",
    "critical": "bad",
    "high": "warn",
    "medium": "part",
    "low": "off",
    "open": "warn",
    "fixing": "part",
    "accepted": "warn",
    "fixed": "good",
    "unanswered": "warn",
    "claimed": "part",
    "evidenced": "good",
    "error": "warn",
    "refused": "bad",
    "not reviewed": "warn",
    "approvable with conditions": "part",
    "approvable": "good",
    "present": "bad",
    "absent": "good",
    "not known": "warn",
    "broken by condition": "part",
}
_ENUMS: Final = (
    AnswerState,
    ConditionKind,
    DecisionState,
    Effect,
    FlowRole,
    Level,
    PathState,
    Reversibility,
    Risk,
    Severity,
    SourceKind,
    Status,
    ToolType,
)
_VOCABULARY: Final = frozenset(member.value for enum in _ENUMS for member in enum) | frozenset(_TONES)
_CONDITIONS: Final = {
    "approval": SafeText("run-time approval"),
    "group": SafeText("audience"),
    "env": SafeText("environment"),
    "param_allow": SafeText("parameter limits"),
    "rate": SafeText("rate"),
    "audit": SafeText("audit event"),
    "expires": SafeText("expires"),
    "note": SafeText("note"),
}
_MOMENT: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(?::\d{2}(?:\.\d{1,6})?)?(?:Z|\+00:00))?", re.ASCII)


def word(value: str) -> Inline:
    """Return a word of the vocabulary as safe text; any other text stays text from outside."""
    return SafeText(value) if value in _VOCABULARY else value


def condition(kind: str) -> Inline:
    """Return the name of a kind of condition."""
    return _CONDITIONS.get(kind, kind)


def badge(value: str) -> Inline:
    """Return a state or grade with its tone."""
    return Badge(value, _TONES.get(value, "")) if value in _VOCABULARY else value


def number(value: int | None) -> SafeText:
    """Return a figure; None is a dash, never a zero."""
    return NONE if value is None else SafeText(f"{value:,}")


def population(kinds: dict[str, int]) -> SafeText:
    """Return how many capabilities there are of each kind: `48 tools, 2 resources`."""
    return SafeText(kinds_in_words({CapabilityKind(kind): count for kind, count in kinds.items()}))


def kind_label(kind: str) -> SafeText:
    """Return the name of a kind of capability."""
    return SafeText(CapabilityKind(kind).label)


def by_inventory(counts: dict[str, Any], tools: SafeText, capabilities: SafeText) -> SafeText:
    """Return the text for an inventory of tools only, or the one for an inventory with other kinds too."""
    return tools if counts["tools"] == counts["capabilities"] else capabilities


def of_hundred(value: int | None) -> SafeText:
    """Return a score with what it is out of."""
    return SafeText(f"{number(value).text} / 100")


def timestamp(value: str) -> Inline:
    """Return an ISO time in the short form."""
    found = _MOMENT.fullmatch(value)
    if not found:
        return value
    date, time = found.groups()
    return Timestamp(f"{date} {time} UTC" if time else date)


def decimal(value: str) -> Inline:
    """Return points with one decimal, as in the ledger."""
    return SafeText(value) if re.fullmatch(r"-?\d{1,6}\.\d", value, re.ASCII) else value


def codes(values: list[str], most: int = 8) -> tuple[Inline, ...]:
    """Return the first `most` identifiers with commas between, and the number of the others."""
    out: list[Inline] = []
    for value in values[:most]:
        out += [COMMA, Code(value)] if out else [Code(value)]
    if len(values) > most:
        out += [SafeText(" and "), number(len(values) - most), SafeText(" more")]
    return tuple(out)


def joined(values: Iterable[Inline], separator: SafeText = COMMA) -> tuple[Inline, ...]:
    """Return pieces with a separator between; empty ones are left out."""
    out: list[Inline] = []
    for value in values:
        if value == "":
            continue
        if out:
            out.append(separator)
        out.append(value)
    return tuple(out)


def cell(value: Cell) -> tuple[Inline, ...]:
    """Return the pieces of a cell; a dash if it is empty."""
    pieces = value if isinstance(value, tuple) else (value,)
    shown = tuple(p for p in pieces if p if p not in {"", Code(""), SafeText("")})
    return shown or (NONE,)


def table_or_none(caption: SafeText, head: tuple[str, ...], rows: Sequence[tuple[Cell, ...]]) -> Iterator[Block]:
    """Yield a titled table, or the statement that there is nothing to list."""
    yield Heading(3, caption)
    yield Table(caption, head, tuple(rows)) if rows else Para(SafeText("None."))
