"""Words and pairs of words that a text uses, out of a set of phrases; and the words of its first clause."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Maximum length of the text searched, characters: its beginning says what a tool does.
_MAX_TEXT: Final = 300
_WORD: Final = re.compile(r"[a-z][a-z0-9]*")
_NONE: Final[frozenset[str]] = frozenset()


class PhraseFinder:
    """Finder of phrases of one or two words. Caches texts, which tools share."""

    def __init__(self, phrases: Iterable[str]) -> None:
        listed = list(phrases)
        self._words = frozenset(phrase for phrase in listed if " " not in phrase)
        self._pairs = frozenset(tuple(phrase.split(" ")) for phrase in listed if " " in phrase)
        self._first = frozenset(pair[0] for pair in self._pairs)
        self._found: dict[str, frozenset[str]] = {"": _NONE}
        self._shared: dict[frozenset[str], frozenset[str]] = {_NONE: _NONE}

    def find(self, *texts: str) -> frozenset[str]:
        """Return the phrases at the beginning of any of the texts."""
        first, *others = [self._of_text(text) for text in texts]
        for other in others:
            first = first | other if other else first
        return first

    def _of_text(self, text: str) -> frozenset[str]:
        found = self._found.get(text)
        if found is None:
            words = _WORD.findall(text[:_MAX_TEXT].lower())
            present = self._words.intersection(words)
            if not self._first.isdisjoint(words):
                present |= {" ".join(pair) for pair in self._pairs.intersection(pairwise(words))}
            found = self._found[text] = self._shared.setdefault(present, present)
        return found


#: Words between a verb and its object.
_FILLERS: Final = frozenset({"the", "a", "an", "all", "any", "some", "this", "that", "its", "your", "their", "tool"})
_CLAUSE_END: Final = re.compile(r"[.;:(]|\bor\b|\band\b|,")
_MAX_CLAUSE: Final = 160


def first_clause(text: str) -> tuple[str, ...]:
    """Return the words of the first clause of a text, without articles: `Lists the notes of a file.` -> lists, notes, of, file."""
    head = text[:_MAX_CLAUSE].lower()
    end = _CLAUSE_END.search(head)
    words = _WORD.findall(head[: end.start()] if end else head)
    return tuple(word for word in words if word not in _FILLERS)
