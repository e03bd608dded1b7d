"""Confidential content by what other languages call it, found anywhere in a name or a text of another language."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from analysis.assess.effects.other_languages import folded
from analysis.words import has_letter_of, split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from analysis.assess.effects.other_languages import ForeignReader
    from analysis.assess.sensitivity.confidential_lists import ConfidentialLists, ContentKind

_MAX_TEXT: Final = 300  # characters
_WORD: Final = re.compile(r"\w+")
#: Lengths of the beginnings by which words are looked for before their patterns.
_BEGINNINGS: Final = (3, 4, 5)
_LETTERS: Final = re.compile(rf"\w{{1,{max(_BEGINNINGS)}}}(?![?*{{])")
#: Scripts that write no blanks between words.
_UNSPACED: Final = ("\u3040\u30ff", "\u3400\u9fff", "\uac00\ud7af")


class ForeignContent:
    """Finder of confidential content in other languages than English. Caches texts, which tools share."""

    def __init__(self, lists: ConfidentialLists, reader: ForeignReader) -> None:
        self._words = [_OtherLanguages(kind, stems) for kind, stems in lists.foreign]
        self._beginnings = frozenset().union(*(each.beginnings for each in self._words))
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
        beginnings = self._beginnings.intersection([word[:length] for word in words for length in _BEGINNINGS])
        if of_ascii and not beginnings:
            return
        for each in self._words:
            hit = None if of_ascii and each.beginnings.isdisjoint(beginnings) else each.pattern.search(head)
            if hit:
                yield each.kind, each.spelled(hit.group())


class _OtherLanguages:
    """What other languages call a kind of content. An ASCII text can match if a word begins with one of `beginnings`."""

    def __init__(self, kind: ContentKind, stems: Sequence[str]) -> None:
        self.kind = kind
        self._spaced = [stem for stem in stems if not has_letter_of(stem, _UNSPACED)]
        # Folded as the texts are, which takes letters apart that are written as one.
        self._anywhere = {folded(stem): stem for stem in stems if has_letter_of(stem, _UNSPACED)}
        self.beginnings = frozenset(map(_fixed_letters, self._spaced))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The beginnings of words; of scripts without blanks, anywhere. Compiled when a text first needs it."""
        parts = ([rf"\b(?:{'|'.join(self._spaced)})"] if self._spaced else []) + [*self._anywhere]
        return re.compile("|".join(parts))

    def spelled(self, found: str) -> str:
        """Return what was found as people spell it."""
        return self._anywhere.get(found, found)


def _fixed_letters(stem: str) -> str:
    """Return the letters that all words begin with which a pattern matches: `akt[a-z]* osobow` -> akt."""
    found = _LETTERS.match(stem)
    letters = found.group() if found else ""
    assert len(letters) in _BEGINNINGS, stem
    return letters
