"""The filter language, one grammar for the desk, saved views, bulk decisions and `--where`.

A query is `every { "OR" every }` or empty; `every` is terms side by side; a term is `-term`, `( query )`, `word`,
`"two words"`, `field:value` (`field:a,b` any of these, `field:*` any at all) or `findings` with `: < <= > >=` a number.

A bulk decision acts on whatever a query selects, so nothing is guessed: what cannot be understood is an
error under its column, never a word that happens to match nothing (or, negated, everything).
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from analysis.errors import UsageError
from analysis.model import Effect, Exposure, Reversibility, Risk, Severity, ToolType
from analysis.text import visible
from analysis.words import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

#: Words of `is:` besides the decisions; callers put those that hold into `Subject.flags`.
FLAGS: Final = ("mine", "stale", "marked", "conflict", "unclear", "deprecated", "noted", "seen")
MAX_DEPTH: Final = 50  # of parentheses and negations: far above any use, far below the interpreter's limit


@dataclass(frozen=True, slots=True)
class Subject:
    """What a query can ask of one tool. `text` is searched as it is: fill it in lower case."""

    name: str = ""
    method: str = ""
    path: str = ""
    text: str = ""
    effect: str = ""
    type: str = ""
    types: tuple[str, ...] = ()
    risk: str = ""
    reversibility: str = ""
    status: str = "undecided"
    flags: frozenset[str] = frozenset()
    data: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    findings: int = 0
    source: str = ""
    scopes: tuple[str, ...] = ()
    notes: str = ""


#: Where each field looks.
_SEEN: Final[Mapping[str, Callable[[Subject], Iterable[str]]]] = {
    "risk": lambda row: (row.risk,),
    "is": lambda row: (row.status, *row.flags),
    "class": lambda row: (row.type, *row.types),
    "effect": lambda row: (row.effect,),
    "undo": lambda row: (row.reversibility,),
    "data": lambda row: row.data,
    "severity": lambda row: row.severities,
    "method": lambda row: (row.method,),
    "path": lambda row: (row.path,),
    "name": lambda row: (row.name,),
    "tag": lambda row: row.tags,
    "rule": lambda row: row.rules,
    "source": lambda row: (row.source,),
    "scope": lambda row: row.scopes,
    "note": lambda row: (row.notes,),
    "findings": lambda row: (str(row.findings),) if row.findings else (),
}
#: Fields whose values are known beforehand; anything else is refused, because a typing error would match nothing.
CLOSED: Final[Mapping[str, tuple[str, ...]]] = {
    "risk": tuple(Risk),
    "is": ("undecided", *Exposure, *FLAGS),
    "class": tuple(ToolType),
    "effect": tuple(Effect),
    "undo": tuple(Reversibility),
    "data": ("personal", "financial", "card", "secret", "health", "location"),
    "severity": tuple(Severity),
}
FIELDS: Final = tuple(_SEEN)
_NO_FIELD: Final = f'fields are {", ".join(FIELDS)}; a text that holds : < > or = stands in "quotes"'
_ALIASES: Final = {"type": "class", "status": "is", "reversibility": "undo"}
_PARTIAL: Final = frozenset({"name", "path", "scope", "note"})  # long or composed values: a part is enough
_SHAPES: Final = {"findings": "[0-9]{1,9}", "path": r"\^?[^^].*"}
_COMPARE: Final = {":": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@dataclass(frozen=True, slots=True)
class Term:
    """A field with any of some values, in lower case; no values: any at all; no field: a part of the text."""

    field: str
    values: tuple[str, ...] = ()
    sign: str = ":"

    def matches(self, row: Subject) -> bool:
        """Whether a row has one of the values."""
        if not self.field:
            return self.values[0] in row.text
        if self.field == "findings" and self.values:
            return any(_COMPARE[self.sign](row.findings, int(value)) for value in self.values)
        seen = [text.lower() for text in _SEEN[self.field](row) if text]
        return any(self._fits(value, text) for value in self.values for text in seen) if self.values else bool(seen)

    def _fits(self, value: str, text: str) -> bool:
        if self.field == "rule" or (self.field == "path" and value.startswith("^")):
            return text.startswith(value.removeprefix("^"))
        return value in text if self.field in _PARTIAL else value == text

    def __str__(self) -> str:
        values = ",".join(map(_quoted, self.values)) or "*"
        return f"{self.field}{self.sign}{values}" if self.field else values


@dataclass(frozen=True, slots=True)
class Group:
    """Terms under one word: all of them (no terms: everything), any of them, or none."""

    word: Literal["all", "any", "none"]
    parts: tuple[Term | Group, ...]

    def matches(self, row: Subject) -> bool:
        """Whether a row fits all, any or none of the parts."""
        hits = (part.matches(row) for part in self.parts)
        return all(hits) if self.word == "all" else any(hits) is (self.word == "any")

    def __str__(self) -> str:
        inner = [f"({part})" if isinstance(part, Group) and part.word != "none" else str(part) for part in self.parts]
        return f"-{inner[0]}" if self.word == "none" else (" OR " if self.word == "any" else " ").join(inner)


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed filter. `text` is what was typed; `str()` gives the canonical text, which parses to an equal query."""

    node: Term | Group
    text: str = field(default="", compare=False)

    def matches(self, row: Subject) -> bool:
        """Whether a row is selected."""
        return self.node.matches(row)

    def __str__(self) -> str:
        return str(self.node)


def _quoted(text: str) -> str:
    if re.fullmatch(r'[^\s()":<>=!,*-][^\s()":<>=!,]*', text):
        return text
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


_INSTEAD: Final = {"OR": "put a term on both sides", "AND": "write terms side by side", "NOT": "write -term"}
_OR: Final = re.compile(r'OR(?=[\s()"]|\Z)')
_FIELD: Final = re.compile(r'([^\s()":<>=!]*)(:|<=|>=|!=|<|>|=)')
_WORD: Final = re.compile(r'[^\s()"]+')
_VALUE: Final = re.compile(r'[^\s()",]+')
_QUOTED: Final = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)


def parse(text: str) -> Query:
    """Return the query that a text means; an empty text selects everything. Raises only `UsageError`."""
    reader = _Parser(text)
    node = reader.either() if reader.next() else Group("all", ())
    if reader.next():
        raise reader.fault("no parenthesis is open here", reader.at, "remove it, or open one before")
    return Query(node, text)


class _Parser:
    """A reader of one text by recursive descent; `at` is the column of the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def either(self) -> Term | Group:
        parts = [self._every()]
        while self._take(_OR):
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else Group("any", tuple(parts))

    def _every(self) -> Term | Group:
        parts: list[Term | Group] = []
        while self.next() not in {"", ")"} and not _OR.match(self.text, self.at):
            parts.append(self._term())
        if not parts:
            raise self.fault("a term is missing here", self.at, 'write a word, field:value or a "quoted text"')
        return parts[0] if len(parts) == 1 else Group("all", tuple(parts))

    def _term(self) -> Term | Group:
        start = self.at
        if self.text[start] in "-(":
            return self._nested(start)
        node = self._field(head) if (head := _FIELD.match(self.text, start)) else self._text()
        if self.text[self.at : self.at + 1].strip() not in {"", "(", ")"}:
            raise self.fault("a blank is missing here", self.at, "separate the terms, or quote the text as a whole")
        return node

    def _nested(self, start: int) -> Term | Group:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fault(f"nested deeper than {MAX_DEPTH} levels", start, "remove parentheses or negations")
        self.at += 1
        if self.text[start] == "(":
            node = self.either()
            if self.next() != ")":
                raise self.fault("this parenthesis is not closed", start, 'write ")" where the group ends')
            self.at += 1
        elif self.text[self.at : self.at + 1].strip() in {"", ")"}:
            raise self.fault("nothing to negate here", start, "write -term without a blank between")
        else:
            node = Group("none", (self._term(),))
        self.depth -= 1
        return node

    def _text(self) -> Term:
        start = self.at
        if self.text[start] == '"':
            return Term("", (self._string(),))
        word = self._take(_WORD) or ""
        if word in _INSTEAD:
            raise self.fault(f"{word} cannot stand here", start, f'{_INSTEAD[word]}; to find the word, write "{word}"')
        return Term("", (word.lower(),))

    def _string(self) -> str:
        found = _QUOTED.match(self.text, self.at)
        if found is None:
            raise self.fault("this quote is not closed", self.at, "write a second one where the text ends")
        if not found[1]:
            raise self.fault("the quoted text is empty", self.at, "write something between the quotes")
        self.at = found.end()
        return re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL).lower()

    def _field(self, head: re.Match[str]) -> Term | Group:
        start, typed, sign = head.start(), head[1].lower(), head[2]
        name = _ALIASES.get(typed, typed)
        if name not in FIELDS:
            raise self.fault(f'unknown field "{visible(head[1], 40)}"', start, _near(typed, FIELDS, _NO_FIELD))
        if sign not in _COMPARE or (sign != ":" and name != "findings"):
            raise self.fault(f"{name} does not take {sign}", head.start(2), f"write {name}:value, or -{name}:value")
        self.at = head.end()
        values = [self._value(name, sign)]
        while self.text[self.at : self.at + 1] == "," and sign == ":":
            self.at += 1
            values.append(self._value(name, sign))
        return Term(name, () if "" in values else tuple(dict.fromkeys(values)), sign)  # "" is any, others included

    def _value(self, name: str, sign: str) -> str:
        """Return one value, checked; an empty string stands for `*`."""
        start = self.at
        quoted = self.text[start : start + 1] == '"'
        value = self._string() if quoted else (self._take(_VALUE) or "").lower()
        if value == "*" and sign == ":" and not quoted:
            return ""
        known = CLOSED.get(name, (value,))
        if not value or value not in known or not re.fullmatch(_SHAPES.get(name, ".*"), value, re.DOTALL):
            what = f'{name} has no value "{visible(value, 40)}"' if value else "a value is missing here"
            otherwise = f"{name}: takes {', '.join(CLOSED.get(name, ('a text',)))}; {name}:* is any value"
            raise self.fault(what, start, _near(value, CLOSED.get(name, ()), otherwise))
        return str(int(value)) if name == "findings" else value

    def next(self) -> str:
        """Pass over blanks and return the next character, or an empty string at the end."""
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1
        return self.text[self.at : self.at + 1]

    def _take(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else None

    def fault(self, what: str, at: int, remedy: str) -> UsageError:
        first = max(0, at - 60)  # a long query is shown around the fault
        shown = "".join(c if c.isprintable() else " " if c.isspace() else "·" for c in self.text[first : at + 40])
        return UsageError(f"filter: {what}", place=f"{shown}\n{' ' * (at - first)}^", remedy=remedy)


def _near(word: str, choices: tuple[str, ...], otherwise: str) -> str:
    near = nearest(word, list(choices))
    return f"did you mean {near}?" if near else otherwise


def completions(text: str) -> list[str]:
    """Return what could stand in place of the last word (all after the last blank), sign and bracket included."""
    last = text.rsplit(maxsplit=1)[-1] if text.strip() and not text[-1].isspace() else ""
    parts = re.fullmatch(r"([-(]*)([^:]*)(:?)(.*)", last.lower(), re.DOTALL)
    head, typed, colon, rest = parts.groups() if parts else ("", "", "", "")
    if not colon:
        return [f"{head}{name}:" for name in FIELDS if name.startswith(typed)]
    before, comma, begun = rest.rpartition(",")
    values = CLOSED.get(_ALIASES.get(typed, typed), ())
    fits = [value for value in values if value.startswith(begun) and value not in {begun, *before.split(",")}]
    return [f"{head}{typed}:{before}{comma}{value}" for value in fits]
