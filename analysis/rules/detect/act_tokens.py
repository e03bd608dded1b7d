"""The words of a text with their classes, before it is parsed; what a token shows by itself is cached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import TYPE_CHECKING, Final

from analysis.rules.detect.act_kin import relate
from analysis.rules.detect.act_words import act_words, token_bits

if TYPE_CHECKING:
    from analysis.rules.detect.act_words import Phrase

_BREAKS: Final = re.compile(r"\n[ \t]*(?:\n|[-*•]|\d{1,2}[.)]|(?=[A-Z]))")
#: What `_BREAKS` takes away at the beginning of a token, so that its rest is read alone.
_BULLET: Final = re.compile(r"[-*•]|\d{1,2}[.)]")
_FOREIGN_STOPS: Final = re.compile(r"[。！？]")
_JOINED: Final = re.compile(r"\.(?=[A-Z][a-z])")
_ABBREVIATIONS: Final = frozenset(("e.g", "i.e", "etc", "vs", "approx", "z.b", "p.ex", "no", "cf"))
_NO_PHRASES: Final[tuple[Phrase, ...]] = ()
_MAX_CACHED: Final = 60_000
_MAX_CACHED_TOKEN: Final = 40


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text with their bits, and all bits of it together."""

    words: list[str]
    bits: list[int]
    every: int


_bits: dict[str, int] = {}
_word: dict[str, str] = {}
#: Bits of a token and of all phrases it may be the anchor of.
_most: dict[str, int] = {}


def _raw(text: str) -> list[str]:
    """Return the runs without blanks, with a full stop of its own where a line ends a sentence."""
    if "\n" in text:
        text = _BREAKS.sub(" . ", text)
    if not text.isascii():
        text = _FOREIGN_STOPS.sub(" . ", text)
    return _JOINED.sub(". ", text).split()


def classes_of_token(token: str) -> int:
    """Return the bits that the words in a run without blanks have, or may have in phrases, wherever it is in a text."""
    bullet = _BULLET.match(token)
    found = 0
    for part in (token, token[bullet.end() :]) if bullet else (token,):
        for raw in _JOINED.sub(". ", part).split():
            found |= _classified(raw)[1]
    return found


def _classified(raw: str) -> tuple[int, int]:
    """Return the bits of a token, and those it may have in phrases too."""
    found = _bits.get(raw)
    if found is not None:
        return found, _most[raw]
    known = act_words()
    word, found = token_bits(raw, known)
    most = found | known.anchored.get(word, 0)
    if len(_bits) < _MAX_CACHED and len(raw) < _MAX_CACHED_TOKEN:
        _bits[raw], _word[raw], _most[raw] = found, word, most
    return found, most


def tokens(text: str) -> Tokens:
    """Return the tokens of a text with their classes, also those of the phrases that they are part of."""
    known = act_words()
    raws = _raw(text)
    found = [*map(_bits.get, raws)]
    bits: list[int] = [_classified(raw)[0] for raw in raws] if None in found else found  # type: ignore[assignment]
    words: list[str] = [*map(_word.get, raws)]  # type: ignore[list-item]  # likewise, after the next line
    if None in words:
        words = [_word.get(raw) or token_bits(raw, known)[0] for raw in raws]
    phrase = known.bit["PHRASE"]
    last = len(words) - 1
    for at in [at for at, each in enumerate(bits) if each & phrase]:
        before, after = known.beside[words[at]]
        near = before.get(words[at - 1], _NO_PHRASES) if at else _NO_PHRASES
        if at < last:
            near = (*near, *after.get(words[at + 1], _NO_PHRASES))
        for place, whole, more in near:
            start = at - place
            if start >= 0 and tuple(words[start : start + len(whole)]) == whole:
                bits[at] |= more
    return Tokens(words, bits, reduce(or_, bits, 0))


def related(read: Tokens, own: str = "", siblings: frozenset[str] = frozenset()) -> Tokens:
    """Return the tokens with the tools among them told apart.

    `own` is the name of the tool the text is about: it is no other tool. A tool of the same server (`siblings`, in lower
    case), or one on the same thing by its name, is kin: honest texts name those.
    """
    known = act_words()
    words, bits = read.words, [*read.bits]
    if own:
        own = own.lower()
        for at, word in enumerate(words):
            if word == own:
                bits[at] = bits[at] & ~(known.bit["TOOL_NAME"] | known.bit["CODE"]) | known.bit["OWN"]
    relate(words, bits, known, own, siblings)
    return Tokens(words, bits, reduce(or_, bits, 0))


def spans(read: Tokens) -> list[tuple[int, int, int]]:
    """Return (start, end, bits) of each sentence."""
    end = act_words().bit["ENDS_SENTENCE"]
    ends = [at + 1 for at, each in enumerate(read.bits) if each & end and read.words[at] not in _ABBREVIATIONS]
    if not ends or ends[-1] < len(read.words):
        ends.append(len(read.words))
    return [(start, stop, reduce(or_, read.bits[start:stop], 0)) for start, stop in pairwise((0, *ends))]
