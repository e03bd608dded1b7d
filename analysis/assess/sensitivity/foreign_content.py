"""Confidential content by what other languages call it, found anywhere in a name or a text of another language."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from analysis.assess.effects.other_languages import folded
from analysis.words import has_letter_of, split_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.assess.effects.other_languages import ForeignReader
    from analysis.assess.sensitivity.confidential_lists import ConfidentialLists, ContentKind

_MAX_TEXT: Final = 300  # characters
_UNSPACED: Final = ("\u3040\u30ff", "\u3400\u9fff", "\uac00\ud7af")


class ForeignContent:
    """Finder of confidential content in other languages than English. Caches texts, which tools share."""

    def __init__(self, lists: ConfidentialLists, reader: ForeignReader) -> None:
        self._stems = lists.foreign
        self._reader = reader
        self._found: dict[str, tuple[ContentKind, str] | None] = {"": None}

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], ContentKind], ...]:
        """Compiled when a text first needs them: documents in English have none."""
        return tuple((_beginning(stems), kind) for kind, stems in self._stems)

    def of(self, name: str, texts: Iterable[str], *, spoken: bool) -> tuple[ContentKind, str] | None:
        """Return the kind and the words that show it, or None. `spoken`: a name counts without a foreign text as well."""
        foreign = [text for text in texts if self._reader.is_foreign(text)]
        if not foreign and not spoken:
            return None
        named = (" ".join(split_words(name)), name) if spoken or foreign else ()
        return next(filter(None, map(self._in, (*foreign, *named, *(texts if spoken else ())))), None)

    def _in(self, text: str) -> tuple[ContentKind, str] | None:
        if text not in self._found:
            head = folded(text[:_MAX_TEXT])
            hits = ((kind, hit.group()) for pattern, kind in self._patterns if (hit := pattern.search(head)))
            self._found[text] = next(hits, None)
        return self._found[text]


def _beginning(stems: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of beginnings of words; of scripts without blanks, of any place."""
    spaced = [stem for stem in stems if not has_letter_of(stem, _UNSPACED)]
    anywhere = [stem for stem in stems if has_letter_of(stem, _UNSPACED)]
    parts = ([rf"\b(?:{'|'.join(spaced)})"] if spaced else []) + anywhere
    return re.compile("|".join(parts))
