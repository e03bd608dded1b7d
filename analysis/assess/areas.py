"""Areas of a tool, reads included: administration (access rights) and billing (money)."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from analysis.model import Area
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.assess.signals import ToolSignals
    from analysis.assess.vocabulary import Vocabulary


class AreaClassifier:
    """Classifier of areas by one vocabulary. Caches tags and texts, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lists = vocabulary.lists
        self._views = _pairs(vocabulary.lists["administration-views"])
        self._pairs = _pairs(vocabulary.lists["administration-pairs"]) | self._views
        self._phrases = tuple(sorted(vocabulary.lists["administration-phrases"]))
        self._needles = _needles(self._phrases)
        self._texts: dict[str, bool] = {"": False}
        self._tags: dict[str, bool] = {}

    def of_signals(self, signals: ToolSignals, *, reads: bool) -> tuple[Area, ...]:
        """Return the areas that name and path show. Reading a role is not administration; changing one is."""
        lists = self._lists
        administered = not signals.nouns.isdisjoint(lists["administration-marks"])
        if not administered:
            pairs = self._views if reads else self._pairs
            administered = any(pair in pairs for pair in _neighbours(signals))
        if not administered and not reads:
            administered = self._controls_access(signals)
        billed = not signals.nouns.isdisjoint(lists["billing"])
        return tuple(itertools.compress((Area.ACCESS_CONTROL, Area.BILLING), (administered, billed)))

    def administered(self, tags: Iterable[str], *texts: str) -> bool:
        """Whether a tag or a text restricts the tool to administrators."""
        return any(map(self._tag_restricted, tags)) or any(map(self._text_restricted, filter(None, texts)))

    def _controls_access(self, signals: ToolSignals) -> bool:
        """Whether a noun of access control is present; `policy` in `scaling policy` is not one."""
        found = signals.nouns & self._lists["administration"]
        return bool(found and found - signals.words_after(self._lists["tame"]))

    def _text_restricted(self, text: str) -> bool:
        if text not in self._texts:
            lowered = text.lower()
            self._texts[text] = _any_in(lowered, self._needles) and _any_in(lowered, self._phrases)
        return self._texts[text]

    def _tag_restricted(self, tag: str) -> bool:
        if tag not in self._tags:
            self._tags[tag] = not self._lists["administration-marks"].isdisjoint(split_words(tag))
        return self._tags[tag]


def _neighbours(signals: ToolSignals) -> Iterator[tuple[str, str]]:
    """Return the pairs of adjacent words in name and path."""
    return itertools.chain(itertools.pairwise(signals.name.words), itertools.pairwise(signals.path.words))


def _pairs(phrases: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split(" ")) for phrase in phrases)


def _any_in(text: str, parts: tuple[str, ...]) -> bool:
    for part in parts:  # noqa: SIM110 - a generator is slower
        if part in text:
            return True
    return False


def _needles(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Return a small set of words that covers every phrase, as a fast pre-check of texts."""
    left, found = set(phrases), []
    while left:
        words = sorted(
            {part for phrase in left for part in (*phrase.split(), phrase) if len(part) > 3 or part == phrase}
        )
        best = max(words, key=lambda word: sum(word in phrase for phrase in left))
        found.append(best)
        left = {phrase for phrase in left if best not in phrase}
    return tuple(found)
