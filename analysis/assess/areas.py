"""What a tool is about, reads included: who may do what (administration), and money (billing)."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from analysis.model import Area
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.assess.signals import Signals
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Tool


class Areas:
    """Finds the areas of tools by one vocabulary. Remembers tags and texts, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lists = vocabulary.lists
        self._pairs = frozenset(tuple(pair.split(" ")) for pair in vocabulary.lists["administration-pairs"])
        self._phrases = tuple(sorted(vocabulary.lists["administration-phrases"]))
        self._needles = frozenset(max(phrase.split(), key=len) for phrase in self._phrases)
        self._said: dict[str, str] = {}
        self._tags: dict[str, frozenset[str]] = {}

    def of_tool(self, tool: Tool, signals: Signals, *, reads: bool) -> tuple[tuple[Area, str], ...]:
        """Return the areas of a tool, each with the word that shows it."""
        administered = self._administered(tool, signals, reads=reads)
        billed = min(signals.nouns & self._lists["billing"], default="")
        found = ((Area.ADMINISTRATION, administered), (Area.BILLING, billed))
        return tuple((area, word) for area, word in found if word)

    def _administered(self, tool: Tool, signals: Signals, *, reads: bool) -> str:
        """Return the word that says administration. Looking at a role is no administration; changing one is."""
        marks = signals.nouns | frozenset().union(*map(self._words_of, tool.tags))
        found = min(marks & self._lists["administration-marks"], default="")
        if not found and not reads:
            found = self._access_noun(signals) or self._paired(signals)
        return found or self._phrase(tool.summary) or self._phrase(tool.description)

    def _access_noun(self, signals: Signals) -> str:
        """Return the noun of access control; a scaling policy is none."""
        tame = self._lists["tame"]
        found = signals.nouns & self._lists["administration"]
        tamed = {
            after for words in (signals.name.words, signals.path.words) for word, after in _pairs(words) if word in tame
        }
        return min(found - tamed, default="")

    def _paired(self, signals: Signals) -> str:
        pairs = (pair for words in (signals.name.words, signals.path.words) for pair in _pairs(words))
        return " ".join(next((pair for pair in pairs if pair in self._pairs), ()))

    def _phrase(self, text: str) -> str:
        if text not in self._said:
            lowered = text.lower()
            near = any(needle in lowered for needle in self._needles)
            self._said[text] = next((phrase for phrase in self._phrases if phrase in lowered), "") if near else ""
        return self._said[text]

    def _words_of(self, tag: str) -> frozenset[str]:
        if tag not in self._tags:
            self._tags[tag] = frozenset(split_words(tag))
        return self._tags[tag]


def _pairs(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    return itertools.pairwise(words)
