"""What a tool is about, reads included: who may do what (administration), and money (billing)."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from analysis.model import Area
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.assess.signals import Signals
    from analysis.assess.vocabulary import Vocabulary


class Areas:
    """Finds the areas of tools by one vocabulary. Remembers tags and texts, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lists = vocabulary.lists
        self._views = _pairs(vocabulary.lists["administration-views"])
        self._pairs = _pairs(vocabulary.lists["administration-pairs"]) | self._views
        self._phrases = tuple(sorted(vocabulary.lists["administration-phrases"]))
        self._needles = _needles(self._phrases)
        self._said: dict[str, bool] = {"": False}
        self._tags: dict[str, bool] = {}

    def of_signals(self, signals: Signals, *, reads: bool) -> tuple[Area, ...]:
        """Return the areas that name and path show. Looking at a role is no administration; changing one is."""
        lists = self._lists
        administered = not signals.nouns.isdisjoint(lists["administration-marks"])
        if not administered:
            pairs = self._views if reads else self._pairs
            administered = any(pair in pairs for pair in _neighbours(signals))
        if not administered and not reads:
            administered = self._controls_access(signals)
        billed = not signals.nouns.isdisjoint(lists["billing"])
        return tuple(itertools.compress((Area.ADMINISTRATION, Area.BILLING), (administered, billed)))

    def administered(self, tags: Iterable[str], *texts: str) -> bool:
        """Whether a tag or a text says that only administrators call."""
        return any(map(self._marked, tags)) or any(map(self._says, filter(None, texts)))

    def _controls_access(self, signals: Signals) -> bool:
        """Whether a noun of access control is there; a scaling policy is none."""
        found = signals.nouns & self._lists["administration"]
        return bool(found and found - signals.remaining_words(self._lists["tame"]))

    def _says(self, text: str) -> bool:
        if text not in self._said:
            lowered = text.lower()
            self._said[text] = _any_in(lowered, self._needles) and _any_in(lowered, self._phrases)
        return self._said[text]

    def _marked(self, tag: str) -> bool:
        if tag not in self._tags:
            self._tags[tag] = not self._lists["administration-marks"].isdisjoint(split_words(tag))
        return self._tags[tag]


def _neighbours(signals: Signals) -> Iterator[tuple[str, str]]:
    """Return the words that stand side by side in a name or a path."""
    return itertools.chain(itertools.pairwise(signals.name.words), itertools.pairwise(signals.path.words))


def _pairs(phrases: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split(" ")) for phrase in phrases)


def _any_in(text: str, parts: tuple[str, ...]) -> bool:
    for part in parts:  # noqa: SIM110 - a generator costs more than the search
        if part in text:
            return True
    return False


def _needles(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Return few words, one of which is part of every phrase: a text without them need not be searched for phrases."""
    left, found = set(phrases), []
    while left:
        words = sorted(
            {part for phrase in left for part in (*phrase.split(), phrase) if len(part) > 3 or part == phrase}
        )
        best = max(words, key=lambda word: sum(word in phrase for phrase in left))
        found.append(best)
        left = {phrase for phrase in left if best not in phrase}
    return tuple(found)
