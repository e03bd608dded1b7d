"""Recursive-descent parser of the filter language.

A query is `every { "OR" every }` or empty; `every` is a sequence of terms; a term is `-term`, `( query )`, `word`,
`"two words"`, `field:value` (`field:a,b` any of these, `field:*` any at all), `since:DATE`, or `findings` or `tokens`
with `: < <= > >=` a number.

A bulk decision applies to every selected tool, so nothing is guessed: invalid input is an error with its column,
never a word that matches nothing (or, negated, everything).
"""

from __future__ import annotations

import re
from typing import Final

from analysis.errors import UsageError
from analysis.query.predicates import COMPARE, Query, Term, TermGroup
from analysis.query.row import ALIASES, FIELDS, FIXED_VALUES, NUMBERS
from analysis.text import visible
from analysis.words import nearest

MAX_DEPTH: Final = 50  # parentheses and negations; far below the recursion limit of the interpreter
_NO_FIELD: Final = f'fields are {", ".join(FIELDS)}; a text with : < > or = needs "quotes"'
_SHAPES: Final = {
    "findings": "[0-9]{1,9}", "tokens": "[0-9]{1,9}", "path": r"\^?[^^].*", "since": r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?",
}  # fmt: skip
_TAKES: Final = {"findings": "a number", "tokens": "a number", "since": "a date as YYYY-MM-DD"}
_INSTEAD: Final = {"OR": "put a term on both sides", "AND": "write terms without a word between", "NOT": "write -term"}
_OR: Final = re.compile(r'OR(?=[\s()"]|\Z)')
_FIELD: Final = re.compile(r'([^\s()":<>=!]*)(:|<=|>=|!=|<|>|=)')
_WORD: Final = re.compile(r'[^\s()"]+')
_VALUE: Final = re.compile(r'[^\s()",]+')
_QUOTED: Final = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)


def parse(text: str) -> Query:
    """Return the parsed query; an empty text selects everything. Raises only `UsageError`."""
    reader = _Parser(text)
    node = reader.either() if reader.next() else TermGroup("all", ())
    if reader.next():
        raise reader.error("no parenthesis is open here", reader.at, "remove it, or open one before")
    return Query(node, text)


class _Parser:
    """Parser of one text; `at` is the column of the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def either(self) -> Term | TermGroup:
        parts = [self._every()]
        while self._take(_OR):
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else TermGroup("any", tuple(parts))

    def _every(self) -> Term | TermGroup:
        parts: list[Term | TermGroup] = []
        while self.next() not in {"", ")"} and not _OR.match(self.text, self.at):
            parts.append(self._term())
        if not parts:
            raise self.error("a term is missing here", self.at, 'write a word, field:value or a "quoted text"')
        return parts[0] if len(parts) == 1 else TermGroup("all", tuple(parts))

    def _term(self) -> Term | TermGroup:
        start = self.at
        if self.text[start] in "-(":
            return self._nested(start)
        node = self._field(head) if (head := _FIELD.match(self.text, start)) else self._text()
        if self.text[self.at : self.at + 1].strip() not in {"", "(", ")"}:
            raise self.error("a blank is missing here", self.at, "separate the terms, or quote the text as a whole")
        return node

    def _nested(self, start: int) -> Term | TermGroup:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"nested deeper than {MAX_DEPTH} levels", start, "remove parentheses or negations")
        self.at += 1
        if self.text[start] == "(":
            node = self.either()
            if self.next() != ")":
                raise self.error("this parenthesis is not closed", start, 'write ")" where the group ends')
            self.at += 1
        elif self.text[self.at : self.at + 1].strip() in {"", ")"}:
            raise self.error("nothing to negate here", start, "write -term without a blank between")
        else:
            node = TermGroup("none", (self._term(),))
        self.depth -= 1
        return node

    def _text(self) -> Term:
        start = self.at
        if self.text[start] == '"':
            return Term("", (self._string(),))
        word = self._take(_WORD) or ""
        if word in _INSTEAD:
            raise self.error(f"{word} is not valid here", start, f'{_INSTEAD[word]}; to find the word, write "{word}"')
        return Term("", (word.lower(),))

    def _string(self) -> str:
        found = _QUOTED.match(self.text, self.at)
        if found is None:
            raise self.error("this quote is not closed", self.at, "write a second one where the text ends")
        if not found[1]:
            raise self.error("the quoted text is empty", self.at, "write something between the quotes")
        self.at = found.end()
        return re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL).lower()

    def _field(self, head: re.Match[str]) -> Term | TermGroup:
        start, typed, sign = head.start(), head[1].lower(), head[2]
        name = ALIASES.get(typed, typed)
        if name not in FIELDS:
            raise self.error(f'unknown field "{visible(head[1], 40)}"', start, _near(typed, FIELDS, _NO_FIELD))
        if sign not in COMPARE or (sign != ":" and name not in NUMBERS):
            raise self.error(f"{name} does not take {sign}", head.start(2), f"write {name}:value, or -{name}:value")
        self.at = head.end()
        values = [self._value(name, sign)]
        while self.text[self.at : self.at + 1] == "," and sign == ":":
            self.at += 1
            values.append(self._value(name, sign))
        return Term(name, () if "" in values else tuple(dict.fromkeys(values)), sign)  # "" matches any value

    def _value(self, name: str, sign: str) -> str:
        """Return one validated value; an empty string means `*`."""
        start = self.at
        quoted = self.text[start : start + 1] == '"'
        value = self._string() if quoted else (self._take(_VALUE) or "").lower()
        if value == "*" and sign == ":" and not quoted:
            return ""
        known = FIXED_VALUES.get(name, (value,))
        if not value or value not in known or not re.fullmatch(_SHAPES.get(name, ".*"), value, re.DOTALL):
            what = f'{name} has no value "{visible(value, 40)}"' if value else "a value is missing here"
            takes = ", ".join(FIXED_VALUES.get(name, (_TAKES.get(name, "a text"),)))
            otherwise = f"{name}: takes {takes}; {name}:* is any value"
            raise self.error(what, start, _near(value, FIXED_VALUES.get(name, ()), otherwise))
        return str(int(value)) if name in NUMBERS else value

    def next(self) -> str:
        """Skip blanks and return the next character, or an empty string at the end."""
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1
        return self.text[self.at : self.at + 1]

    def _take(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else None

    def error(self, what: str, at: int, remedy: str) -> UsageError:
        first = max(0, at - 60)  # a long query is shown around the error
        shown = "".join(c if c.isprintable() else " " if c.isspace() else "·" for c in self.text[first : at + 40])
        return UsageError(f"filter: {what}", place=f"{shown}\n{' ' * (at - first)}^", remedy=remedy)


def _near(word: str, choices: tuple[str, ...], otherwise: str) -> str:
    near = nearest(word, list(choices))
    return f"did you mean {near}?" if near else otherwise
