"""Signal of a name: every verb in it, weighted by its position.

Names come in three orders: `getUser`, `users.get`, `files_list_folder`. The first word has the highest weight, then the
last, then those between. A word that is usually a noun (`count`, `report`, `test`) counts as a verb only in first place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.assess.effects.name_verbs import ACTING, PLACES, VERB_WEIGHTS, parsed_verbs
from analysis.assess.effects.senses import sense_of
from analysis.words import split_words

if TYPE_CHECKING:
    from analysis.assess.effects.name_verbs import ParsedName, Pattern, Verb
    from analysis.assess.vocabulary import Vocabulary

_SEPARATORS: Final = re.compile(r"[/.:#]")
_GRAMMAR: Final = (
    "nouns-when-last", "never-nouns", "two-meanings", "modifiers", "kinds", "making", "closing-verbs", "code-nouns", "statement-engines", "states", "linked", "skipped", "trailing", "readings", "relations",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class NameSignal:
    """Signal of a name: its pattern, its verbs (the deciding one first), and the sum of their weights.

    One instance per pattern, so instances are compared and hashed by identity.
    """

    words: Pattern
    verbs: tuple[Verb, ...]
    weight: float
    reading: str = ""  # the last word, where there is no verb and it is a noun for information
    nouns: frozenset[str] = frozenset()  # all words of the name in the vocabulary

    unsettled: bool = False  # the deciding verb has two meanings, and no word of the name settles it

    settled: bool = False  # the deciding verb has two meanings, and its object settles which one it has

    @property
    def doubtful(self) -> bool:
        """Whether the deciding verb sometimes means something else."""
        return self.settled or self.kind == "asking"

    @property
    def kind(self) -> str:
        """The kind of the deciding verb, or an empty string."""
        return self.verbs[0].kind if self.verbs else ""


NO_NAME_SIGNAL: Final = NameSignal((), (), 0.0)


class NameReader:
    """Reader of names by one vocabulary. Caches results by pattern, which names share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known = vocabulary.known
        self._grammar = _grammar(vocabulary)
        self._senses = frozenset(vocabulary.senses)
        self._objects = self._grammar.union(*vocabulary.senses.values())  # matter only to a verb that they settle
        self._of: dict[str, NameSignal] = {}
        self._signals: dict[Pattern, NameSignal] = {}
        self._parsed: dict[Pattern, ParsedName] = {}
        self._ignored: dict[Pattern, NameSignal] = {}

    def signal(self, name: str) -> NameSignal:
        """Return the signal of a name; in `pets/list-owners` and `users.list`, that of the last part with a verb."""
        if name.isidentifier():
            return self._of_part(name)
        signal = NO_NAME_SIGNAL
        for part in reversed(_parts(name)):
            found = self._of_part(part)
            if found.verbs and found.kind != "unclear":
                return found
            signal = found if signal is NO_NAME_SIGNAL or (found.verbs and not signal.verbs) else signal
        return signal

    def ignored(self, signal: NameSignal) -> NameSignal:
        """Return the signal of the same words without verbs and weight."""
        if signal.words not in self._ignored:
            self._ignored[signal.words] = NameSignal(signal.words, (), 0.0, nouns=signal.nouns)
        return self._ignored[signal.words]

    def settled(self, signal: NameSignal, objects: Pattern) -> NameSignal:
        """Return the signal with the meaning that words outside the name give to its deciding verb."""
        kind = sense_of(signal.verbs[0].word, objects, self._vocabulary)
        return self.settled_as(signal, kind) if kind else signal

    def settled_as(self, signal: NameSignal, kind: str) -> NameSignal:
        """Return the signal with a kind of its deciding verb."""
        verb, *others = signal.verbs
        key = (*signal.words, "", verb.word, kind)
        if key not in self._signals:
            weight = VERB_WEIGHTS[kind] * PLACES[verb.place]
            verbs = (verb._replace(kind=kind, weight=weight), *others)
            total = sum(each.weight for each in verbs)
            self._signals[key] = NameSignal(signal.words, verbs, total, signal.reading, signal.nouns, settled=True)
        return self._signals[key]

    def act(self, segment: NameSignal, deciding: NameSignal) -> str:
        """Return the verb of a segment that is nothing but a verb that acts, and names no thing."""
        if len(segment.words) != 1 or not deciding.verbs or deciding.verbs[0].word not in segment.words:
            return ""
        word, kind = deciding.verbs[0].word, deciding.kind
        things = self._vocabulary.lists["nouns-when-last"] | self._vocabulary.lists["path-things"]
        return "" if kind not in ACTING or word in things else word

    def nouns(self, name: str, signal: NameSignal) -> frozenset[str]:
        """Return the words of a whole name that are in the vocabulary."""
        if name.isidentifier():
            return signal.nouns
        return frozenset().union(*[self._of_part(part).nouns for part in _parts(name)])

    def _of_part(self, part: str) -> NameSignal:
        signal = self._of.get(part)
        if signal is None:
            signal = self._of[part] = self._of_words(split_words(part))
        return signal

    def _of_words(self, words: tuple[str, ...]) -> NameSignal:
        known = self._known
        pattern = tuple([word if word in known else "" for word in words])
        signal = self._signals.get(pattern)
        if signal is None:
            grammar = self._grammar if self._senses.isdisjoint(pattern) else self._objects
            verbs, weight, reading = self._parse(tuple([word if word in grammar else "" for word in pattern]))
            nouns = frozenset(pattern) - {""}
            open_, settled = self._meaning(verbs)
            signal = NameSignal(pattern, verbs, weight, reading, nouns, unsettled=open_, settled=settled)
            self._signals[pattern] = signal
        return signal

    def _meaning(self, verbs: tuple[Verb, ...]) -> tuple[bool, bool]:
        """Return whether a verb of two meanings is open, and whether its object has settled it."""
        if not verbs:
            return False, False
        verb, vocabulary = verbs[0], self._vocabulary
        if verb.word in vocabulary.lists["two-meanings"]:
            return verb.kind == "unclear", verb.kind != "unclear"
        return False, verb.kind == "read" and vocabulary.verbs.get(verb.word) != "read"

    def _parse(self, pattern: Pattern) -> ParsedName:
        parsed = self._parsed.get(pattern)
        if parsed is None:
            parsed = self._parsed[pattern] = parsed_verbs(pattern, self._vocabulary)
        return parsed


def last_part(name: str) -> str:
    """Return the last part of a composed name: `pets/list-owners` -> list-owners."""
    return next(reversed(_parts(name)), "")


def _parts(name: str) -> list[str]:
    return [part for part in _SEPARATORS.split(name) if part]


def _grammar(vocabulary: Vocabulary) -> frozenset[str]:
    """Return the words that can change the result of a name."""
    phrases = vocabulary.lists["phrasal-acts"]
    listed = (vocabulary.lists[name] for name in _GRAMMAR)
    return frozenset(vocabulary.verbs).union(*listed, *(phrase.split() for phrase in phrases))
