"""Signal of a text: the first verb of its first sentence, and a writing verb that the sentence adds.

The author of a text may mislead. So a text can contradict a read or confirm the name; alone it makes a read only of an
MCP tool whose name is a noun or may be a read.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.assess.effects.later_sentences import hands_over, only_looks
from analysis.assess.effects.name_verbs import VERB_WEIGHTS
from analysis.assess.effects.other_languages import ForeignReader
from analysis.assess.effects.senses import sense_of

if TYPE_CHECKING:
    from analysis.assess.vocabulary import Vocabulary

_WORD: Final = re.compile(r"[a-z][a-z'-]*|,")
_SENTENCE_END: Final = re.compile(r"[.!?;|]\s|\n\s*\n|:\s|\s[-\u2013\u2014]+\s")
_MARKUP: Final = re.compile(
    r"<[^>]{0,200}>|\*\*[^*]{0,120}\*\*[:.]?|[*_`#]+|\([^)]{0,60}\)|\[[^\]]{0,40}\](?!\()|\u3010[^\u3011]{0,40}\u3011"
)
_MARKED: Final = re.compile(r"[<*_`#(\[\u3010]")  # first character of any markup
_MAX_SENTENCE: Final = 250  # characters; a first sentence is seldom longer
_MAX_PROGRAM_TEXT: Final = 400  # characters; the second sentence often limits what a statement may do
_MAX_LEAD_IN: Final = 8  # words
_MAX_LABEL: Final = 4  # words of a label before the sentence: `START HERE:`, `Admin only.`
_MAX_PERMISSION: Final = 9  # words
_MAX_OBJECT: Final = 7  # words after a verb among which its object is expected
_SHARE: Final = 0.7  # of the weight of the same verb in a name
_ACTING: Final = frozenset({"write", "destroy", "soft-destroy", "money"})
_NOT_A_PREDICATE: Final = ("ed", "ing")
_ADDED: Final = -6.0  # the first sentence adds a writing verb: `lists the jobs and removes them`
_ENDINGS: Final = (
    ("", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"), ("d", ""),
)  # fmt: skip
_DOUBLED: Final = re.compile(r"([b-df-hj-np-tv-z])\1(?:ing|ed)$")  # `getting`, `dropped`


class TextSignal(NamedTuple):
    """Signal of a text: its first verb, the kind, the total weight, and the writing verb it adds."""

    word: str
    kind: str
    weight: float
    added: str = ""
    foreign: bool = False  # in another language than English
    settles: str = ""  # the ambiguous verb that the rest of the text settles


_NO_TEXT_SIGNAL: Final = TextSignal("", "", 0.0)
_NOT_UNDERSTOOD: Final = TextSignal("", "", 0.0, foreign=True)


class TextReader:
    """Reader of texts by one vocabulary. Caches texts and words, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._lists = vocabulary.lists
        self._lead_ins = vocabulary.lists["lead-ins"]
        self._leading = frozenset(lead_in.partition(" ")[0] for lead_in in self._lead_ins)
        self._foreign = ForeignReader(vocabulary)
        self._signals: dict[str, TextSignal] = {"": _NO_TEXT_SIGNAL}
        self._kinds: dict[str, tuple[str, str]] = {}

    def signal(self, text: str) -> TextSignal:
        """Return the signal of the first sentence of a text."""
        found = self._signals.get(text)
        if found is None:
            found = self._signals[text] = self._of_text(text)
        return found

    def kind_of(self, word: str) -> str:
        """Return the kind of an inflected verb, or an empty string: `creates` -> write."""
        return self._kind(word)[1]

    def stem_and_kind(self, word: str) -> tuple[str, str]:
        """Return the base form of an inflected verb and its kind; the word itself and an empty string for any other."""
        return self._kind(word)

    def _of_text(self, text: str) -> TextSignal:
        if self._foreign.is_foreign(text):
            word, kind = self._foreign.verb(text)
            if kind:
                return TextSignal(word, kind, VERB_WEIGHTS[kind] * _SHARE, foreign=True)
            english = self._with_rest(text, self._read(self._first_sentence(text)))
            return english if english.kind else _NOT_UNDERSTOOD
        return self._with_rest(text, self._read(self._first_sentence(text)))

    def _with_rest(self, text: str, signal: TextSignal) -> TextSignal:
        """Return the signal with what the rest of the text says where the first verb leaves it open."""
        if signal.added or signal.kind not in {"read", "unclear", "write"}:
            return signal
        if signal.kind == "read":
            if signal.word not in self._lists["making"] or not hands_over(text):
                return signal
            return TextSignal("return", "read", VERB_WEIGHTS["read"] * _SHARE, settles=signal.word)
        if signal.word in self._lists["runs"] and only_looks(text):
            return TextSignal(signal.word, "asking", VERB_WEIGHTS["asking"] * _SHARE)
        if signal.word in self._lists["trying"]:
            words = [word for word in self._first_sentence(text) if word != ","]
            stem, kind = self._joined_read(words)
            if kind and not self._acts_besides(words, signal.word):
                return TextSignal(stem, kind, VERB_WEIGHTS[kind] * _SHARE, settles=signal.word)
        return signal

    def _acts_besides(self, words: list[str], verb: str) -> bool:
        """Whether a sentence has a verb that acts, next to the one it begins with."""
        kinds = (self._kind(word) for word in words[1:])
        return any(kind in _ACTING and stem != verb and stem not in self._lists["things"] for stem, kind in kinds)

    def _read(self, tokens: list[str]) -> TextSignal:
        words = [word for word in tokens if word != ","]
        if len(words) == 1 and self._is_noun(words[0]):
            return _NO_TEXT_SIGNAL  # `Pods: Logs`: a title that ends in a noun
        start = self._after_lead_ins(words)
        stem, kind = self._kind(words[start]) if start < len(words) else ("", "")
        if start < len(words) and not kind:
            kind = _settled(stem, words[start + 1 :], self._vocabulary)
        if not kind:
            stem, kind = self._joined_read(words[start:])
        if not kind and start and words[start - 1] in self._lists["requesting"]:
            start -= 1
            stem, kind = self._kind(words[start])
        if not kind:
            return _NO_TEXT_SIGNAL
        kind = _of_object(stem, kind, words[start + 1 :], self._vocabulary)
        if not kind:
            stem, kind = self._joined_read(words[start:])
            if not kind:
                return _NO_TEXT_SIGNAL
        weight = VERB_WEIGHTS[kind] * _SHARE
        if weight > 0:
            added = self._added(tokens[tokens.index(words[start]) :])
            if added and not (kind == "asking" and added in self._lists["analysing"]):
                return TextSignal(stem, kind, weight + _ADDED, added)
        return TextSignal(stem, kind, weight)

    def _is_noun(self, word: str) -> bool:
        """Whether a word by itself names a thing, not an act or a look at one."""
        single = word.removesuffix("s")
        return single in self._lists["nouns-when-last"] and self._vocabulary.verbs.get(single) not in {"read", "asking"}

    def _first_sentence(self, text: str) -> list[str]:
        """Return the words of the first sentence, after labels such as `Deprecated.` and `START HERE:`."""
        head = text[:_MAX_SENTENCE]
        rest = (_MARKUP.sub(" ", head) if _MARKED.search(head) else head).strip().lower()
        first: list[str] = []
        while rest:
            end = _SENTENCE_END.search(rest)
            words = _WORD.findall(rest, 0, end.start() if end else len(rest))
            first = first or words
            if words and (len(words) > _MAX_LABEL or self._has_verb(words)):
                return words
            rest = rest[end.end() :] if end else ""
        return first

    def _has_verb(self, words: list[str]) -> bool:
        """Whether a short sentence has a verb, so that it is more than a label."""
        words = [word for word in words if word != ","]
        start = self._after_lead_ins(words)
        if start >= len(words) or words[0] in self._lists["labels"]:
            return False
        stem, kind = self._kind(words[start])
        return bool(kind) or stem in self._vocabulary.senses

    def _after_lead_ins(self, words: list[str]) -> int:
        """Return the position of the verb: `Grants permission to list buckets` -> 3."""
        at = _after_permission(words, self._lists["permitting"])
        while at < len(words):
            length = self._lead_in(words, at)
            if not length or at + length >= len(words):
                return at
            at += length
        return at

    def _lead_in(self, words: list[str], at: int) -> int:
        """Return the number of words of the longest lead-in at a position, or 0; an adverb is one."""
        word = words[at]
        if word in self._leading:
            found = next((n for n in range(_MAX_LEAD_IN, 0, -1) if " ".join(words[at : at + n]) in self._lead_ins), 0)
            if found:
                return found
        return int(word.endswith("ly") and not self._kind(word)[1])

    def _kind(self, word: str) -> tuple[str, str]:
        found = self._kinds.get(word)
        if found is None:
            found = self._kinds[word] = _kind(word, self._vocabulary)
        return found

    def _joined_read(self, words: list[str]) -> tuple[str, str]:
        """Return the read after a first verb that may be one: `Opens a file and returns its lines`."""
        joins = self._lists["linked"]
        for before, word in itertools.pairwise(words):
            if before in joins:
                stem, kind = self._kind(word)
                if kind == "read" and not self._lists["results"].isdisjoint((stem, stem.removesuffix("s"))):
                    return stem.removesuffix("s"), kind
        return "", ""

    def _added(self, tokens: list[str]) -> str:
        """Return the writing verb added in the form of the first one: `lists the jobs and removes them`."""
        joins, first = self._lists["linked"], tokens[0]
        for at, word in enumerate(tokens[1:], 1):
            before, after = tokens[at - 1], tokens[at + 1] if at + 1 < len(tokens) else ""
            listed = before == "," and tokens[1] == ","  # `list, create, close or select`: all are verbs
            if not (listed or before in joins) or word.endswith("s") != first.endswith("s"):
                continue
            stem, kind = self._kind(word)
            if word.endswith(_NOT_A_PREDICATE) or (kind not in _ACTING and stem not in self._lists["runs"]):
                continue
            if after in self._lists["object-starters"] or (kind in _ACTING and stem not in self._lists["things"]):
                return stem
        return ""


def program_of(text: str, vocabulary: Vocabulary) -> str:
    """Return the language of a statement with any effect, unless the text says that it is read-only."""
    words = set(text[:_MAX_PROGRAM_TEXT].lower().split())
    found = words & vocabulary.lists["code-nouns"]
    return min(found) if found and not words & vocabulary.lists["reassuring"] else ""


def _after_permission(words: list[str], permitting: frozenset[str]) -> int:
    """Return the position of what is permitted: `Allows task runners to report` -> 4."""
    if not words or words[0] not in permitting:
        return 0
    head = words[:_MAX_PERMISSION]
    ends = (at + 1 for at, word in enumerate(head) if at and word == "to" and head[at - 1] != "access")
    return next(ends, 0)


def _kind(word: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """Return (stem, kind) of an inflected word: `creates` -> create, write."""
    lists = vocabulary.lists
    reads, acts, silent = lists["prose-reads"], lists["prose-acts"], lists["prose-silent"]
    stems = [word[: len(word) - len(ending)] + instead for ending, instead in _ENDINGS if word.endswith(ending)]
    doubled = _DOUBLED.search(word)
    if doubled:
        stems.append(word[: doubled.start() + 1])
    for stem in stems:
        if stem in silent:
            return stem, ""
        if stem in acts:
            return stem, "write"
        if stem in reads:
            return stem, "read"
        if stem in vocabulary.verbs:
            return stem, vocabulary.verbs[stem]
    return word, ""


def _settled(stem: str, words: list[str], vocabulary: Vocabulary) -> str:
    """Return the kind of a verb that its object settles, or an empty string."""
    return sense_of(stem, words[:_MAX_OBJECT], vocabulary)


def _of_object(stem: str, kind: str, words: list[str], vocabulary: Vocabulary) -> str:
    """Return the kind of a verb with its object: `query` with a statement is unclear."""
    lists = vocabulary.lists
    if stem + " " + "".join(words[:1]) in lists["phrasal-acts"]:
        return "write"
    if kind == "unclear" and lists["clauses"].intersection(words[:1]):
        return "read"
    settled = _settled(stem, words, vocabulary)
    if settled:
        return settled
    free = vocabulary.verbs.get(stem) in {"asking", "unclear"} and lists["code-nouns"].intersection(words)
    if free and not lists["reassuring"].intersection(words):
        return "unclear"
    return "" if stem in vocabulary.senses and kind == "unclear" and stem in lists["two-meanings"] else kind
