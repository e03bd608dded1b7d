"""Pieces of words that patterns need, as bits: what a token shows of them.

A piece is a whole word (`tell`), the beginning (`giv*`), end (`*told`) or middle (`*config*`) of one, or a run of marks and
letters without blanks (`[system`, `<|`). Words are runs of ASCII letters and digits in lower case.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Letters by which the beginnings of words are looked up; no piece has fewer.
_GRAM: Final = 3


def is_mark(piece: str) -> bool:
    """Whether a piece is a run of marks, which may be anywhere in a token, and not a part of a word."""
    letters = piece.strip("*")
    return not letters.strip("_") or not letters.replace("_", "a").isalnum()


def _any_of(texts: Iterable[str]) -> str:
    """Return a pattern of some texts: those with one first letter are one branch, which is left at once."""
    by_first = groupby(sorted(texts), lambda text: text[:1])
    return "|".join(f"{first}(?:{'|'.join(text[1:] for text in same)})" for first, same in by_first) or r"\Z.\A"


class Pieces:
    """Pieces with their bits; what a token shows is the union over the pieces in it."""

    def __init__(self, bits_of: Mapping[str, int]) -> None:
        self._whole: dict[str, int] = {}
        self._begin: dict[str, list[tuple[str, int]]] = {}  # by the first letters
        self._inner: list[tuple[str, bool, int]] = []  # (letters, at the end, bits)
        self._marks: dict[str, list[tuple[str, int]]] = {}  # by one of its signs
        for piece, bits in bits_of.items():
            letters = piece.strip("*")
            if is_mark(piece):
                sign = next(sign for sign in letters if not sign.isalnum())
                self._marks.setdefault(sign, []).append((letters, bits))
            elif letters == piece:
                self._whole[letters] = bits
            elif piece.startswith("*"):
                self._inner.append((letters, not piece.endswith("*"), bits))
            else:
                self._begin.setdefault(letters[:_GRAM], []).append((letters, bits))
        self._has_inner = re.compile(_any_of(letters for letters, _, _ in self._inner)).search

    def of_word(self, word: str) -> int:
        """Return the bits of the pieces in a word: ASCII letters in lower case, and digits."""
        found = self._whole.get(word, 0)
        for letters, bits in self._begin.get(word[:_GRAM], ()):
            if word.startswith(letters):
                found |= bits
        if self._has_inner(word):
            for letters, ends, bits in self._inner:
                if word.endswith(letters) if ends else letters in word:
                    found |= bits
        return found

    def of_marks(self, token: str, signs: Iterable[str]) -> int:
        """Return the bits of the marks in a token, a run without blanks in lower case; `signs`: the signs in it."""
        bits = 0
        for sign in signs:
            for mark, more in self._marks.get(sign, ()):
                if mark in token:
                    bits |= more
        return bits


class Needs:
    """What several patterns need: each some groups of pieces, and one piece of each group.

    All are tested at once: one integer has a field per group, with one bit per pattern. A token contributes the bits
    of the groups it meets; a pattern is possible where its bit is set in every field. Below the fields are `first` bits
    for other facts of tokens.
    """

    def __init__(self, groups: Iterable[Iterable[Iterable[str]]], first: int = 0) -> None:
        listed = [[frozenset(group) for group in pattern] for pattern in groups]
        self._width, self._count = len(listed), max(map(len, listed), default=1)
        self._first, self._unneeded = first, 0
        bits: dict[str, int] = {}
        for at, pattern in enumerate(listed):
            for field in range(self._count):
                place = 1 << (field * self._width + at)
                if field >= len(pattern):
                    self._unneeded |= place
                    continue
                for piece in pattern[field]:
                    bits[piece] = bits.get(piece, 0) | place << first
        self._every = (1 << self._width) - 1
        self.end = first + self._width * self._count  # the place above the fields
        self._all = (1 << self.end) - 1
        self.pieces = Pieces(bits)

    def possible(self, bits: int) -> int:
        """Return the patterns, as bits, that a text can match whose tokens have these bits together."""
        met = (bits & self._all) >> self._first | self._unneeded
        found = met
        for _ in range(self._count - 1):
            met >>= self._width
            found &= met
        return found & self._every
