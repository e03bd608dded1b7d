"""Confidential content by what other languages call it, found anywhere in a name or a text of another language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.assess.effects.other_languages import folded
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.assess.effects.other_languages import ForeignReader
    from analysis.assess.sensitivity.confidential_lists import ConfidentialLists, ContentKind

_MAX_TEXT: Final = 300  # characters


class ForeignContent:
    """Finder of confidential content in other languages than English. Caches texts, which tools share."""

    def __init__(self, lists: ConfidentialLists, reader: ForeignReader) -> None:
        self._patterns = lists.foreign
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
            head = folded(text[:_MAX_TEXT])
            hits = ((kind, hit.group()) for pattern, kind in self._patterns if (hit := pattern.search(head)))
            self._found[text] = next(hits, None)
        return self._found[text]
