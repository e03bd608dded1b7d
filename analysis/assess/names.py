"""Signal of a name: every verb in it, weighted by its position.

Names come in three orders: `getUser`, `users.get`, `files_list_folder`. The first word has the highest weight, then the
last, then those between. A word that is usually a noun (`count`, `report`, `test`) counts as a verb only in first place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.assess.effects.senses import sense_of
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.assess.vocabulary import Vocabulary

_SEPARATORS: Final = re.compile(r"[/.:#]")
_READS: Final = frozenset({"read", "asking"})
#: Kinds of verb that change something.
ACTING: Final = frozenset({"write", "destroy", "soft-destroy", "money"})

#: Weight of a kind of verb: positive for read, negative for write. Set by hand: a write outweighs a read, because taking
#: a write for a read is the costlier error.
VERB_WEIGHTS: Final = {
    "read": 4.0, "asking": 2.0, "unclear": -2.0, "write": -5.0, "soft-destroy": -5.0, "destroy": -6.0, "money": -6.0,
}  # fmt: skip
_PLACE: Final = {"first": 1.0, "last": 1.0, "middle": 0.6, "joined": 1.2}
_NOUN_FACTOR: Final = 0.5  # a word that is usually a noun, in first place
_CERTAIN_NOUN_FACTOR: Final = 0.3  # a writing verb before a last word that can only be a verb: `deploy_logs_get`
_LISTING: Final = frozenset({"list", "search"})  # a read after two nouns: `transfer_events_list`
_READING: Final = 1.5  # weight of a name without a verb that ends in a noun for information

#: Words of a name; unknown words are empty, so that names with one pattern share a result.
Pattern = tuple[str, ...]


_GRAMMAR: Final = (
    "nouns-when-last", "never-nouns", "two-meanings", "modifiers", "kinds", "closing-verbs", "code-nouns", "statement-engines", "computed", "states", "linked", "skipped", "trailing", "readings",
)  # fmt: skip


class Verb(NamedTuple):
    """A verb of a name: the word, its kind, its place (first, last, middle, joined) and its weight."""

    word: str
    kind: str
    place: str
    weight: float


#: Result for a pattern: its verbs, the sum of their weights, and the noun for information where there is no verb.
ParsedName = tuple[tuple[Verb, ...], float, str]


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
            weight = VERB_WEIGHTS[kind] * _PLACE[verb.place]
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
            verbs, weight, reading = self._parse(tuple([word if word in self._grammar else "" for word in pattern]))
            nouns = frozenset(pattern) - {""}
            open_, settled = self._meaning(verbs)
            signal = NameSignal(pattern, verbs, weight, reading, nouns, unsettled=open_, settled=settled)
            self._signals[pattern] = signal
        return signal

    def _meaning(self, verbs: tuple[Verb, ...]) -> tuple[bool, bool]:
        """Return whether a verb of two meanings is open, and whether its object has settled it."""
        if not verbs or verbs[0].word not in self._vocabulary.lists["two-meanings"]:
            return False, False
        return verbs[0].kind == "unclear", verbs[0].kind != "unclear"

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
    settling = vocabulary.senses.values()
    return frozenset(vocabulary.verbs).union(*listed, *settling, *(phrase.split() for phrase in phrases))


def parsed_verbs(words: Pattern, vocabulary: Vocabulary) -> ParsedName:
    """Return the verbs, weight and noun for information of one name."""
    kept = _without_modifiers(words, vocabulary)
    verbs = [] if not kept else _verbs(kept, vocabulary)
    weight = sum(verb.weight for verb in verbs)
    if not verbs and kept and kept[-1] in vocabulary.lists["readings"]:
        return (), _READING, kept[-1]
    if kept and kept[-1] in vocabulary.lists["states"]:
        verbs = [_before_state(verb) for verb in verbs]
        weight = sum(verb.weight for verb in verbs)
    side = [verb for verb in verbs if (verb.weight > 0) == (weight > 0)]
    deciding = max(side or verbs, key=lambda verb: abs(verb.weight), default=None)
    ordered = () if deciding is None else (deciding, *(verb for verb in verbs if verb is not deciding))
    return ordered, weight, ""


def _before_state(verb: Verb) -> Verb:
    """Return a verb before a state as a read: `checkJobStatus` is one, whatever else `check` means."""
    if verb.kind != "asking":
        return verb
    return verb._replace(kind="read", weight=verb.weight * VERB_WEIGHTS["read"] / VERB_WEIGHTS["asking"])


def _without_modifiers(words: Pattern, vocabulary: Vocabulary) -> Pattern:
    """Return the words without modifiers of manner and number: `batchGetItemsV2` -> get, items."""
    skipped, trailing = vocabulary.lists["skipped"], vocabulary.lists["trailing"]
    at, end = 0, len(words)
    while at < end - 1 and words[at] in skipped:
        at += 1
    while end > at + 1 and words[end - 1] in trailing:
        end -= 1
    kept = words[at:end]
    return kept if any(word in vocabulary.verbs for word in kept) else words


def _verbs(words: Pattern, vocabulary: Vocabulary) -> list[Verb]:
    """Return the verbs of a name: those after `or` and `and`, the first word, the last, else the first one between."""
    nouns = vocabulary.lists["nouns-when-last"]
    found = _joined(words, vocabulary)
    first = _first(words, vocabulary)
    is_verb = first is not None and words[0] not in nouns
    last = _last(words, first, vocabulary, is_verb=is_verb)
    found += [verb for verb in (first, last) if verb is not None]
    if last is None and not is_verb:
        places = (at for at in range(1, len(words) - 1) if words[at] not in nouns)
        between = (_verb(words, at, "middle", vocabulary) for at in places)
        found += [verb for verb in between if verb is not None][:1]
    return found


def _first(words: Pattern, vocabulary: Vocabulary) -> Verb | None:
    lists = vocabulary.lists
    if " ".join(words[:2]) in lists["phrasal-acts"]:
        return Verb(" ".join(words[:2]), "write", "first", VERB_WEIGHTS["write"])
    kind = vocabulary.verbs.get(words[0], "")
    if kind == "asking" and _takes_statement(words, lists):
        return Verb(words[0], "unclear", "first", VERB_WEIGHTS["unclear"])
    if words[0] == "generate" and words[-1] in lists["computed"]:
        return Verb("generate", "read", "first", VERB_WEIGHTS["read"] * _NOUN_FACTOR)
    alone = words[0] not in lists["closing-verbs"] and lists["linked"].isdisjoint(words)
    if kind not in _READS and alone and len(words) > 1 and words[-1] in lists["never-nouns"]:
        nouns = words[0] in lists["nouns-when-last"]
        return None if nouns else _verb(words, 0, "first", vocabulary, _CERTAIN_NOUN_FACTOR)
    if words[0] in lists["modifiers"] and len(words) > 1 and words[-1] in lists["readings"] | lists["kinds"]:
        return _verb(words, 0, "first", vocabulary, _NOUN_FACTOR)
    if words[0] not in lists["nouns-when-last"]:
        return _verb(words, 0, "first", vocabulary)
    is_noun = kind not in _READS and alone and len(words) > 2 and words[-1] in _LISTING
    if is_noun:
        return None
    settled = sense_of(words[0], words[1:], vocabulary)
    return _verb(words, 0, "first", vocabulary, 1.0 if settled else _NOUN_FACTOR)


def _takes_statement(words: Pattern, lists: Mapping[str, frozenset[str]]) -> bool:
    """Whether the object is a program or a statement: `evaluateScript`, `queryPostgres`."""
    return not lists["code-nouns"].isdisjoint(words) or (
        words[0] == "query" and not lists["statement-engines"].isdisjoint(words)
    )


def _last(words: Pattern, first: Verb | None, vocabulary: Vocabulary, *, is_verb: bool) -> Verb | None:
    """Return the last word where it is a second verb: `create` in `index_create`, not `read` in `mark_all_read`."""
    lists, last = vocabulary.lists, words[-1]
    closes = last in lists["closing-verbs"] and not is_verb
    if len(words) == 1 or (last in lists["nouns-when-last"] and not closes):
        return None
    if not is_verb and last not in lists["closing-verbs"] and not lists["never-nouns"].isdisjoint(words[1:-1]):
        return None
    if first is not None and is_verb:
        reads = first.kind in _READS
        closing = lists["closing-verbs"] if reads and words[0] not in lists["never-nouns"] else lists["never-nouns"]
        if last not in closing or (reads and words[0] in lists["never-nouns"]):
            return None
    return _verb(words, len(words) - 1, "last", vocabulary)


def _joined(words: Pattern, vocabulary: Vocabulary) -> list[Verb]:
    """Return the writing verbs after `or` and `and`: `create` in `getOrCreateUser`."""
    joins = vocabulary.lists["linked"]
    if joins.isdisjoint(words):
        return []
    added = [at + 1 for at, word in enumerate(words[:-1]) if at and word in joins]
    found = (_verb(words, at, "joined", vocabulary) for at in added)
    return [verb for verb in found if verb is not None and verb.weight < 0]


def _verb(words: Pattern, at: int, place: str, vocabulary: Vocabulary, factor: float = 1.0) -> Verb | None:
    word = words[at]
    kind = sense_of(word, (*words[at + 1 :], *words[:at]), vocabulary) or vocabulary.verbs.get(word)
    return Verb(word, kind, place, VERB_WEIGHTS[kind] * _PLACE[place] * factor) if kind else None
