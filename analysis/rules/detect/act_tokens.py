"""The words of a text with their classes, before it is parsed; what a token shows by itself is cached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import pairwise
from operator import or_
from typing import Final

from analysis.rules.detect.act_kin import relate
from analysis.rules.detect.act_words import act_words
from analysis.rules.scan.token_bits import token_bits

_BREAKS: Final = re.compile(r"\n[ \t]*(?:\n|[-*•]|\d{1,2}[.)]|(?=[A-Z]))")
#: What `_BREAKS` takes away at the beginning of a token, so that its rest is read alone.
_BULLET: Final = re.compile(r"[-*•]|\d{1,2}[.)]")
_FOREIGN_STOPS: Final = re.compile(r"[。！？]")
_JOINED: Final = re.compile(r"\.(?=[A-Z][a-z])")
_ABBREVIATIONS: Final = frozenset(("e.g", "i.e", "etc", "vs", "approx", "z.b", "p.ex", "no", "cf"))
_MAX_CACHED: Final = 60_000
_MAX_CACHED_TOKEN: Final = 400


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text with their bits, and all bits of it together."""

    words: list[str]
    bits: list[int]
    every: int


class _Words(dict[str, str]):
    """The plain words of tokens, found when they are first asked for."""

    def __missing__(self, raw: str) -> str:
        word, bits = token_bits(raw, act_words())
        if len(_BITS) < _MAX_CACHED and len(raw) < _MAX_CACHED_TOKEN:
            _BITS[raw], self[raw] = bits, word
        return word


class _Bits(dict[str, int]):
    """The bits of tokens, likewise; their words are kept too."""

    def __missing__(self, raw: str) -> int:
        word, bits = token_bits(raw, act_words())
        if len(self) < _MAX_CACHED and len(raw) < _MAX_CACHED_TOKEN:
            self[raw], _WORDS[raw] = bits, word
        return bits


_WORDS: Final = _Words()
_BITS: Final = _Bits()


def _raw(text: str) -> list[str]:
    """Return the runs without blanks, with a full stop of its own where a line ends a sentence."""
    if "\n" in text:
        text = _BREAKS.sub(" . ", text)
    if not text.isascii():
        text = _FOREIGN_STOPS.sub(" . ", text)
    return _JOINED.sub(". ", text).split()


def classes_of_token(token: str) -> tuple[int, int, int]:
    """Return the bits that the words in a run without blanks have, wherever it is in a text.

    And those of phrases: of which it may be the anchor, and of which it may be the word next to the anchor.
    """
    known, bullet = act_words(), None if token.isalpha() else _BULLET.match(token)
    found = anchored = adjacent = 0
    for part in (token, token[bullet.end() :]) if bullet else (token,):
        for raw in _JOINED.sub(". ", part).split() if "." in part or not part else (part,):
            found |= _BITS[raw]
            word = _WORDS[raw]
            anchored |= known.anchored.get(word, 0)
            adjacent |= known.next_to_anchors.get(word, 0)
    return found, anchored, adjacent


def word_of_token(token: str) -> str:
    """Return the word that a token is read as."""
    return _WORDS[token]


@lru_cache(maxsize=256)
def tokens(text: str) -> Tokens:
    """Return the tokens of a text with their classes, also those of the phrases that they are part of."""
    known = act_words()
    raws = _raw(text)
    bits = [*map(_BITS.__getitem__, raws)]
    words = [*map(_WORDS.__getitem__, raws)]
    phrases = known.phrases
    for at, pair in [(at, pair) for at, pair in enumerate(pairwise(words)) if pair in phrases]:
        for first, anchor, whole, more in phrases[pair]:
            start = at - first
            if start >= 0 and tuple(words[start : start + len(whole)]) == whole:
                bits[start + anchor] |= more
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
