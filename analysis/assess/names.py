"""What a name says a call does: every verb in it, weighed by the place where it stands.

Names come in three orders: `getUser`, `users.get`, `files_list_folder`. The first word speaks loudest, then the last, then
the ones between; a word that is mostly a thing (`count`, `report`, `test`) speaks where it stands first and nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.assess.vocabulary import Vocabulary

_SEPARATORS: Final = re.compile(r"[/.:]")
_READS: Final = frozenset({"read", "asking"})

#: How much a verb says, positive for asking, negative for acting. Set by hand: an acting word outweighs an asking one,
#: because taking a change for a read is the costlier mistake.
WEIGHT: Final = {
    "read": 4.0, "asking": 2.0, "unclear": -2.0, "write": -5.0, "soft-destroy": -5.0, "destroy": -6.0, "money": -6.0,
}  # fmt: skip
_PLACE: Final = {"first": 1.0, "last": 0.8, "middle": 0.6, "joined": 1.2}
_AS_A_THING: Final = 0.5  # a word that is mostly a thing, where it stands first
_SURELY_A_THING: Final = 0.3  # any word that acts, where the last one can only be a verb: `deploy_logs_get`
_LISTING: Final = frozenset({"list", "search"})  # behind two nouns these ask: `transfer_events_list`
_READING: Final = 1.5  # a name without a verb that ends in something one looks at

#: Words as the vocabulary knows them: the others are empty, so that names with the same pattern are the same.
Pattern = tuple[str, ...]


_GRAMMAR: Final = (
    "nouns-when-last", "never-nouns", "closing-verbs", "code-nouns", "statement-engines", "computed", "states", "linked", "skipped", "trailing", "readings",
)  # fmt: skip


class Verb(NamedTuple):
    """A verb of a name: the word, its kind, where it stands (first, last, middle, joined), how much it says."""

    word: str
    kind: str
    place: str
    weight: float


#: What words say together: their verbs, the sum of the weights, and the word one looks at where there is no verb.
Heard = tuple[tuple[Verb, ...], float, str]


@dataclass(frozen=True, slots=True, eq=False)
class NameSignal:
    """What a name says: its pattern, its verbs (the one that speaks first), and the sum of their weights.

    There is one for each pattern, so it is compared and hashed by identity.
    """

    words: Pattern
    verbs: tuple[Verb, ...]
    weight: float
    reading: str = ""  # the last word, where no verb is there and it is something one looks at
    nouns: frozenset[str] = frozenset()  # all words of the name that the vocabulary knows

    @property
    def kind(self) -> str:
        """The kind of the verb that speaks, or an empty string."""
        return self.verbs[0].kind if self.verbs else ""


SILENT: Final = NameSignal((), (), 0.0)


class Names:
    """Reads names by one vocabulary. Remembers what each pattern says; names share patterns."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known = vocabulary.known
        self._grammar = _grammar(vocabulary)
        self._of: dict[str, NameSignal] = {}
        self._voices: dict[Pattern, NameSignal] = {}
        self._heard: dict[Pattern, Heard] = {}
        self._muted: dict[Pattern, NameSignal] = {}

    def signal(self, name: str) -> NameSignal:
        """Return what a name says; of `pets/list-owners` and `users.list`, the last part that has a verb speaks."""
        if name.isidentifier():
            return self._of_part(name)
        signal = SILENT
        for part in reversed(_parts(name)):
            found = self._of_part(part)
            if found.verbs and found.kind != "unclear":
                return found
            signal = found if signal is SILENT or (found.verbs and not signal.verbs) else signal
        return signal

    def ignored(self, signal: NameSignal) -> NameSignal:
        """Return a name of the same words that says nothing."""
        if signal.words not in self._muted:
            self._muted[signal.words] = NameSignal(signal.words, (), 0.0, nouns=signal.nouns)
        return self._muted[signal.words]

    def nouns(self, name: str, signal: NameSignal) -> frozenset[str]:
        """Return the words of a whole name that the vocabulary knows."""
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
        signal = self._voices.get(pattern)
        if signal is None:
            verbs, weight, reading = self._hear(tuple([word if word in self._grammar else "" for word in pattern]))
            nouns = frozenset(pattern) - {""}
            signal = self._voices[pattern] = NameSignal(pattern, verbs, weight, reading, nouns)
        return signal

    def _hear(self, pattern: Pattern) -> Heard:
        heard = self._heard.get(pattern)
        if heard is None:
            heard = self._heard[pattern] = parsed_verbs(pattern, self._vocabulary)
        return heard


def last_part(name: str) -> str:
    """Return the last part of a name that is divided: `pets/list-owners` -> list-owners."""
    return next(reversed(_parts(name)), "")


def _parts(name: str) -> list[str]:
    return [part for part in _SEPARATORS.split(name) if part]


def _grammar(vocabulary: Vocabulary) -> frozenset[str]:
    """Return the words that decide which verb speaks."""
    phrases = vocabulary.lists["phrasal-acts"]
    listed = (vocabulary.lists[name] for name in _GRAMMAR)
    return frozenset(vocabulary.verbs).union(*listed, *(phrase.split() for phrase in phrases))


def parsed_verbs(words: Pattern, vocabulary: Vocabulary) -> Heard:
    """Return what the words of one name say together."""
    tool_words = _without_manner(words, vocabulary)
    verbs = [] if not tool_words else _verbs(tool_words, vocabulary)
    weight = sum(verb.weight for verb in verbs)
    if not verbs and tool_words and tool_words[-1] in vocabulary.lists["readings"]:
        return (), _READING, tool_words[-1]
    if tool_words and tool_words[-1] in vocabulary.lists["states"]:
        verbs = [_looking_up(verb) for verb in verbs]
        weight = sum(verb.weight for verb in verbs)
    side = [verb for verb in verbs if (verb.weight > 0) == (weight > 0)]
    speaking = max(side or verbs, key=lambda verb: abs(verb.weight), default=None)
    ordered = () if speaking is None else (speaking, *(verb for verb in verbs if verb is not speaking))
    return ordered, weight, ""


def _looking_up(verb: Verb) -> Verb:
    """Return a verb that stands before a state: `checkJobStatus` asks, whatever else one checks."""
    if verb.kind != "asking":
        return verb
    return verb._replace(kind="read", weight=verb.weight * WEIGHT["read"] / WEIGHT["asking"])


def _without_manner(words: Pattern, vocabulary: Vocabulary) -> Pattern:
    """Return the words without those that only say how or how many: `batchGetItemsV2` -> get, items."""
    skipped, trailing = vocabulary.lists["skipped"], vocabulary.lists["trailing"]
    at, end = 0, len(words)
    while at < end - 1 and words[at] in skipped:
        at += 1
    while end > at + 1 and words[end - 1] in trailing:
        end -= 1
    tool_words = words[at:end]
    return tool_words if any(word in vocabulary.verbs for word in tool_words) else words


def _verbs(words: Pattern, vocabulary: Vocabulary) -> list[Verb]:
    """Return the verbs that count: those added by `or`, `and`; the first word; the last; else the first one between."""
    things = vocabulary.lists["nouns-when-last"]
    found = _joined(words, vocabulary)
    first = _first(words, vocabulary)
    firm = first is not None and words[0] not in things
    last = _last(words, first, vocabulary, firm=firm)
    found += [verb for verb in (first, last) if verb is not None]
    if last is None and not firm:
        between = (_verb(word, "middle", vocabulary) for word in words[1:-1] if word not in things)
        found += [verb for verb in between if verb is not None][:1]
    return found


def _first(words: Pattern, vocabulary: Vocabulary) -> Verb | None:
    lists = vocabulary.lists
    if " ".join(words[:2]) in lists["phrasal-acts"]:
        return Verb(" ".join(words[:2]), "write", "first", WEIGHT["write"])
    kind = vocabulary.verbs.get(words[0], "")
    if kind == "asking" and _takes_statement(words, lists):
        return Verb(words[0], "unclear", "first", WEIGHT["unclear"])
    if words[0] == "generate" and words[-1] in lists["computed"]:
        return _verb("calculate", "first", vocabulary, _AS_A_THING)
    alone = words[0] not in lists["closing-verbs"] and lists["linked"].isdisjoint(words)
    if kind not in _READS and alone and len(words) > 1 and words[-1] in lists["never-nouns"]:
        things = words[0] in lists["nouns-when-last"]
        return None if things else _verb(words[0], "first", vocabulary, _SURELY_A_THING)
    if words[0] not in lists["nouns-when-last"]:
        return _verb(words[0], "first", vocabulary)
    called = kind not in _READS and alone and len(words) > 2 and words[-1] in _LISTING
    return None if called else _verb(words[0], "first", vocabulary, _AS_A_THING)


def _takes_statement(words: Pattern, lists: Mapping[str, frozenset[str]]) -> bool:
    """Whether what is asked is a program or a statement: `evaluateScript`, `queryPostgres`."""
    return not lists["code-nouns"].isdisjoint(words) or (
        words[0] == "query" and not lists["statement-engines"].isdisjoint(words)
    )


def _last(words: Pattern, first: Verb | None, vocabulary: Vocabulary, *, firm: bool) -> Verb | None:
    """Return the last word where it speaks beside the first: `index_create` does, the `read` of `mark_all_read` does not."""
    lists, last = vocabulary.lists, words[-1]
    if len(words) == 1 or last in lists["nouns-when-last"]:
        return None
    if first is not None and firm:
        asks = first.kind in _READS
        closing = lists["closing-verbs"] if asks and words[0] not in lists["never-nouns"] else lists["never-nouns"]
        if last not in closing or (asks and words[0] in lists["never-nouns"]):
            return None
    return _verb(last, "last", vocabulary)


def _joined(words: Pattern, vocabulary: Vocabulary) -> list[Verb]:
    """Return the acting verbs that `or` and `and` add to a name: `getOrCreateUser` creates."""
    joins = vocabulary.lists["linked"]
    if joins.isdisjoint(words):
        return []
    added = [words[at + 1] for at, word in enumerate(words[:-1]) if at and word in joins]
    found = (_verb(word, "joined", vocabulary) for word in added)
    return [verb for verb in found if verb is not None and verb.weight < 0]


def _verb(word: str, place: str, vocabulary: Vocabulary, factor: float = 1.0) -> Verb | None:
    kind = vocabulary.verbs.get(word)
    return Verb(word, kind, place, WEIGHT[kind] * _PLACE[place] * factor) if kind else None
