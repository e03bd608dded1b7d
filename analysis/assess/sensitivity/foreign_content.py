"""Confidential content by what other languages call it, found anywhere in a name or a text of another language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.assess.effects.other_languages import folded
from analysis.assess.sensitivity.confidential_lists import BEGINNINGS
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.assess.effects.other_languages import ForeignReader
    from analysis.assess.sensitivity.confidential_lists import ConfidentialLists, ContentKind

_MAX_TEXT: Final = 300  # characters
_WORD: Final = re.compile(r"\w+")


class ForeignContent:
    """Finder of confidential content in other languages than English. Caches texts, which tools share."""

    def __init__(self, lists: ConfidentialLists, reader: ForeignReader) -> None:
        self._words = lists.foreign
        self._beginnings = frozenset().union(*(each.beginnings for each in lists.foreign))
        self._reader = reader
        self._found: dict[str, tuple[ContentKind, str] | None] = {"": None}

    def of(self, name: str, texts: Iterable[str], *, spoken: bool) -> tuple[ContentKind, str] | None:
        """Return the kind and the words that show it, or None. `spoken`: a name counts without a foreign text as well."""
        foreign = [text for text in texts if self._reader.is_foreign(text)]
        if not foreign and not spoken:
            return None
        named = (" ".join(split_words(name)), name) if spoken or foreign else ()
        return next(filter(None, map(self._in, (*foreign, *named, *(texts if spoken else ())))), None)

    def _in(self, text: str) -> tuple[ContentKind, str] | None:
        if text not in self._found:
            self._found[text] = next(self._hits(folded(text[:_MAX_TEXT])), None)
        return self._found[text]

    def _hits(self, head: str) -> Iterator[tuple[ContentKind, str]]:
        """Yield what patterns match. Those of which no word has a beginning are not asked: there are many."""
        words, of_ascii = _WORD.findall(head), head.isascii()
        beginnings = self._beginnings.intersection([word[:length] for word in words for length in BEGINNINGS])
        if of_ascii and not beginnings:
            return
        for each in self._words:
            hit = None if of_ascii and each.beginnings.isdisjoint(beginnings) else each.pattern.search(head)
            if hit:
                yield each.kind, hit.group()
