"""Pieces of words that patterns need, as bits: what a token shows of them.

A piece is a whole word (`tell`), the beginning (`giv*`), end (`*told`) or middle (`*config*`) of one, or a run of marks and
letters without blanks (`[system`, `<|`). Words are runs of ASCII letters and digits in lower case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_GRAM: Final = 3


def is_mark(piece: str) -> bool:
    """Whether a piece is a run of marks, which may be anywhere in a token, and not a part of a word."""
    letters = piece.strip("*")
    return not letters.strip("_") or not letters.replace("_", "a").isalnum()


class Pieces:
    """Pieces with their bits; what a token shows is the union over the pieces in it."""

    def __init__(self, bits_of: Mapping[str, int]) -> None:
        self._whole: dict[str, int] = {}
        self._grams: dict[str, list[tuple[str, bool, bool, int]]] = {}  # (letters, at the start, at the end, bits)
        self._marks: dict[str, list[tuple[str, int]]] = {}  # by one of its signs
        for piece, bits in bits_of.items():
            letters = piece.strip("*")
            if is_mark(piece):
                sign = next(sign for sign in letters if not sign.isalnum())
                self._marks.setdefault(sign, []).append((letters, bits))
            elif letters == piece:
                self._whole[letters] = bits
            else:
                entry = (letters, not piece.startswith("*"), not piece.endswith("*"), bits)
                self._grams.setdefault(letters[:_GRAM], []).append(entry)

    def of_word(self, word: str) -> int:
        """Return the bits of the pieces in a word: ASCII letters in lower case, and digits."""
        found, grams = self._whole.get(word, 0), self._grams
        for at in range(len(word) - _GRAM + 1):
            if (gram := word[at : at + _GRAM]) in grams:
                for letters, starts, ends, bits in grams[gram]:
                    if not (starts and at) and word.startswith(letters, at):
                        found |= 0 if ends and at + len(letters) < len(word) else bits
        return found

    def of_marks(self, token: str) -> int:
        """Return the bits of the marks in a token, a run without blanks in lower case."""
        bits = 0
        for sign in self._marks.keys() & set(token):
            for mark, more in self._marks[sign]:
                if mark in token:
                    bits |= more
        return bits


class Needs:
    """What several patterns need: each some groups of pieces, and one piece of each group.

    All are tested at once: one integer has a field per group, with one bit per pattern. A token contributes the bits
    of the groups it meets; a pattern is possible where its bit is set in every field.
    """

    def __init__(self, groups: Iterable[Iterable[Iterable[str]]]) -> None:
        listed = [[frozenset(group) for group in pattern] for pattern in groups]
        self._width, self._count = len(listed), max(map(len, listed), default=1)
        self._unneeded = 0
        bits: dict[str, int] = {}
        for at, pattern in enumerate(listed):
            for field in range(self._count):
                place = 1 << (field * self._width + at)
                if field >= len(pattern):
                    self._unneeded |= place
                    continue
                for piece in pattern[field]:
                    bits[piece] = bits.get(piece, 0) | place
        self._every = (1 << self._width) - 1
        self.size = self._width * self._count  # in bits
        self._all = (1 << self.size) - 1
        self.pieces = Pieces(bits)

    def possible(self, bits: int) -> int:
        """Return the patterns, as bits, that a text can match whose tokens have these bits together."""
        met = bits & self._all | self._unneeded
        found = met
        for _ in range(self._count - 1):
            met >>= self._width
            found &= met
        return found & self._every
