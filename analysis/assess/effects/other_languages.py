"""Verbs of texts in other languages than English, found by the beginnings of words.

The list of languages is short and their grammar is not read. So a text decides less surely than an English one, and a
text without a known verb only says that it was not understood.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from analysis.words import has_letter_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.assess.vocabulary import Vocabulary

#: Letters that English does not use; general punctuation such as dashes and quotation marks is not among them.
_LETTERS: Final = ("\u00c0\u024f", "\u0370\u1fff", "\u3040\u318f", "\u31f0\ud7af", "\uf900\uffdc")
#: Scripts that write no blanks between words, or hardly any.
_UNSPACED: Final = ("\u0e00\u0e7f", "\u3040\u30ff", "\u3400\u9fff", "\uac00\ud7af")
#: Scripts of languages that put the verb last.
_VERB_LAST: Final = ("\u3040\u30ff", "\uac00\ud7af")
_SENTENCE_END: Final = re.compile("[.!?;\n\u3002\uff01\uff1f\uff1b]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_MAX_TEXT: Final = 120  # characters
_MAX_WORDS: Final = 4  # first words of a sentence among which the verb is expected
_KINDS: Final = ("destroy", "money", "soft-destroy", "write", "read")


class ForeignReader:
    """Reader of texts in other languages by one vocabulary. Caches whether a text is one, which several readers ask."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        lists = vocabulary.lists
        self._found: dict[str, bool] = {}
        self._particles = lists["foreign-particles"]
        self._joins = lists["foreign-joins"]
        self._stems = _stems(lists)
        self._starts = {kind: tuple(sorted(lists[f"{kind}-stems"])) for kind in _KINDS}

    def is_foreign(self, text: str) -> bool:
        """Whether a text has letters or small words of another language."""
        found = self._found.get(text)
        if found is None:
            head = text[:_MAX_TEXT]
            foreign = has_letter_of(head, _LETTERS) or not self._particles.isdisjoint(head.lower().split())
            found = self._found[text] = bool(foreign)
        return found

    def verb(self, text: str) -> tuple[str, str]:
        """Return (word, kind) of the deciding verb of the first sentence, or empty strings."""
        head = _SENTENCE_END.split(text.strip(), maxsplit=1)[0][:_MAX_TEXT]
        if has_letter_of(head, _UNSPACED):
            return self._unspaced(head)
        words = [folded(word) for word in _WORD.findall(head)]
        found = [hit for word in words[:_MAX_WORDS] if (hit := self._of_word(word))[1]][:1]
        found = found or [hit for word in words[-1:] if (hit := self._of_word(word))[1]]
        joined = (after for before, after in itertools.pairwise(words) if before in self._joins)
        return _gravest([*found, *(self._of_word(word) for word in joined)] if found else [])

    def _of_word(self, word: str) -> tuple[str, str]:
        kind = next((kind for kind in _KINDS if word.startswith(self._starts[kind])), "")
        return word, kind

    def _unspaced(self, text: str) -> tuple[str, str]:
        places = sorted((text.find(stem), stem, kind) for stem, kind in self._stems.items() if stem in text)
        verbs = [(stem, kind) for _, stem, kind in places]
        if not verbs:
            return "", ""
        if has_letter_of(text, _VERB_LAST):
            return verbs[-1]
        joined = any(word in text for word in self._joins if not word.isascii())
        reads = [verb for verb in verbs if verb[1] == "read"]
        if reads and not joined and (verbs[0][1] == "read" or (text.endswith(verbs[-1][0]) and verbs[-1][1] == "read")):
            return reads[0]
        return _gravest(verbs)


def folded(word: str) -> str:
    """Return a word in lower case without accents: `Löscht` -> loscht."""
    if word.isascii():
        return word.lower()
    spread = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def _gravest(verbs: Iterable[tuple[str, str]]) -> tuple[str, str]:
    known = [verb for verb in verbs if verb[1]]
    return min(known, key=lambda verb: _KINDS.index(verb[1]), default=("", ""))


def _stems(lists: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Return the stems of unspaced scripts with their kind."""
    return {
        stem: kind for kind in reversed(_KINDS) for stem in lists[f"{kind}-stems"] if has_letter_of(stem, _UNSPACED)
    }
