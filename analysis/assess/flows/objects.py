"""The object of a call, out of the words of its name or path: the last noun, before any preposition.

`list_issue_labels` is about labels, `get_issue_by_number` and `GET /issues/{n}` about an issue.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.assess.signals import ToolSignals
    from analysis.assess.vocabulary import Vocabulary

Words = tuple[str, ...]
#: Lists of words after which the object may still stand further ahead: `get_issue_details`, `messages_search`.
_PASSED: Final = ("readings", "trailing", "file-reading", "states", "skipped")


class ObjectFinder:
    """Finder of objects by one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        lists = vocabulary.lists
        self._relations = lists["relations"]
        self._about = lists["about-content"]
        self._plain = lists["plain-content"]
        self._passed = frozenset(vocabulary.verbs).union(*(lists[name] for name in _PASSED))

    def among(self, signals: ToolSignals, objects: frozenset[str]) -> str:
        """Return the object of the name or of the path, where it is one of `objects`; else an empty string."""
        if objects.isdisjoint(signals.nouns):
            return ""
        return next(filter(None, (self._object(words, objects) for words in _sequences(signals))), "")

    def _object(self, words: Words, objects: frozenset[str]) -> str:
        if objects.isdisjoint(words):
            return ""
        kept = self._before_relation(words)
        pairs = {f"{one} {other}" for one, other in pairwise(kept)} & self._plain
        for word in reversed(kept):
            if word in objects and not any(word in pair.split(" ") for pair in pairs):
                return word
            if word in self._about or (word and word not in self._passed):
                return ""
        return ""

    def _before_relation(self, words: Words) -> Words:
        end = next((at for at, word in enumerate(words) if at and word in self._relations), len(words))
        return words[:end]


def _sequences(signals: ToolSignals) -> Iterator[Words]:
    """Yield the words of the name and those of the path: the path tells the object where the name is not clear."""
    yield signals.path.words
    yield signals.name.words
