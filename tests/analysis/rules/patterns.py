"""Patterns taken apart: which of them can run for ever, and what every text has that they match."""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from random import Random
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

from analysis.rules.scan.word_pieces import is_mark

#: Stands for whatever a pattern leaves open, and for the edge of a word.
OPEN, EDGE = "\x00", "\x01"
_REPEATS = {_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT}
_LOOKS = {_constants.ASSERT, _constants.ASSERT_NOT}


def unbounded(parsed: Any) -> Iterator[Any]:
    """Yield the repeats of a parsed pattern that have no end."""
    for kind, value in parsed:
        if kind in _REPEATS:
            if value[1] == _constants.MAXREPEAT:
                yield value
            yield from unbounded(value[2])
        elif kind is _constants.BRANCH:
            for branch in value[1]:
                yield from unbounded(branch)
        elif kind is _constants.SUBPATTERN or kind in _LOOKS:
            yield from unbounded(value[-1])


#: What is to be remembered of the end of a text for the search to go on, or None where it has found something.
Search = Callable[[str], str | None]


def lacking(pattern: str, search: Search) -> set[str]:
    """Return the ends of texts that a pattern matches and in which nothing need stand that a search finds.

    Where it is empty, a test for what is searched hides no text from the pattern. All ways through the pattern are
    gone, and each is left where it has shown what is looked for; what stands before an open part is forgotten.
    """
    return _through(_parser.parse(pattern), {OPEN}, search)


def any_of(words: Iterable[str], strings: Iterable[str] = ()) -> Search:
    """Return the search for one of some words, with nothing of a word on either side, or strings, wherever they stand.

    It is content with a letter that is not ASCII: texts that hold one are asked in another way.
    """
    listed, among = tuple(strings), "|".join(sorted(words))
    word = re.compile(rf"(?<![a-z0-9{OPEN}])(?:{among})[^a-z0-9{OPEN}]" if among else "(?!)")
    last = re.compile(r"[^a-z0-9]?[a-z0-9]*\Z")
    longest = max(map(len, listed), default=0)

    def search(end: str) -> str | None:
        if word.search(end) or not end.isascii() or any(string in end for string in listed):
            return None
        return max(str(last.findall(end)[0]), end[-longest:] if longest else "", key=len)

    return search


def one_of(pieces: Iterable[str]) -> Search:
    """Return the search for one of some pieces, as `analysis/rules/scan/word_pieces.py` takes them.

    It is content with a letter that is not ASCII, as `any_of`.
    """
    before, behind = f"(?<![a-z0-9{OPEN}])", f"(?=[^a-z0-9{OPEN}])"
    listed = sorted(pieces)
    parts = [
        (re.escape(piece.strip("*")), piece.startswith("*") or is_mark(piece), piece.endswith("*") or is_mark(piece))
        for piece in listed
    ]
    shown = "|".join(f"{'' if starts else before}{text}{'' if ends else behind}" for text, starts, ends in parts)
    piece = re.compile(shown or "(?!)")
    last = re.compile(r"[^a-z0-9]?[a-z0-9]*\Z")
    longest = max((len(text) for text in listed if is_mark(text)), default=0)

    def search(end: str) -> str | None:
        if piece.search(end) or not end.isascii():
            return None
        return max(str(last.findall(end)[0]), end[-longest:] if longest else "", key=len)

    return search


def _through(parsed: Any, ends: set[str], search: Search) -> set[str]:
    for kind, value in parsed:
        found = itertools.chain.from_iterable(_step(kind, value, end, search) for end in ends)
        ends = {kept for end in found if (kept := search(end)) is not None}
    return ends


def _step(kind: Any, value: Any, end: str, search: Search) -> set[str]:
    if kind is _constants.LITERAL:
        return {end + chr(value)}
    if kind is _constants.AT:
        return {end + EDGE}
    if kind is _constants.BRANCH:
        return set().union(*(_through(branch, {end}, search) for branch in value[1]))
    if kind is _constants.SUBPATTERN:
        return _through(value[-1], {end}, search)
    if kind in _REPEATS:
        return _repeated(value, end, search)
    if kind is _constants.IN and all(one is _constants.LITERAL for one, _ in value):
        return {end + chr(code) for _, code in value}
    return {end} if kind in _LOOKS else {end + OPEN}


def _repeated(value: Any, end: str, search: Search) -> set[str]:
    """Of a repeat only the first time and the last count: whatever stands between them is open."""
    least, most, inner = value
    once = _through(inner, {end}, search)
    more = _through(inner, {OPEN}, search) if most > 1 and (once or not least) else set[str]()
    return once | more | (set() if least else {end})


def made_from(pattern: str, source: Random) -> str:
    """Return a text that a pattern probably matches: its looks around are ignored."""
    return _made(_parser.parse(pattern), source)


def _made(parsed: Any, source: Random) -> str:
    return "".join(_made_part(kind, value, source) for kind, value in parsed)


def _made_part(kind: Any, value: Any, source: Random) -> str:
    if kind is _constants.LITERAL:
        return chr(value)
    if kind is _constants.BRANCH:
        return _made(source.choice(value[1]), source)
    if kind is _constants.SUBPATTERN:
        return _made(value[-1], source)
    if kind in _REPEATS:
        least, most, inner = value
        times = source.choice((least, least, min(most, least + source.randrange(4))))
        return "".join(_made(inner, source) for _ in range(times))
    if kind is _constants.IN:
        allowed = [chr(code) for one, code in value if one is _constants.LITERAL]
        negated = value[0][0] is _constants.NEGATE
        return (
            source.choice([c for c in "az_" if c not in allowed]) if negated or not allowed else source.choice(allowed)
        )
    return source.choice("ab") if kind in {_constants.ANY, _constants.NOT_LITERAL} else ""
