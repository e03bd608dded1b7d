"""Signal of a text: the first verb of its first sentence, and a writing verb that the sentence adds.

The author of a text may mislead. So a text can contradict a read or confirm the name; alone it makes a read only of an
MCP tool whose name is a noun.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.assess.names import VERB_WEIGHTS

if TYPE_CHECKING:
    from analysis.assess.vocabulary import Vocabulary

_WORD: Final = re.compile(r"[a-z][a-z'-]*")
_SENTENCE_END: Final = re.compile(r"[.!?;]\s|\n\s*\n|:\s")
_MARKUP: Final = re.compile(r"<[^>]{0,200}>|\*\*[^*]{0,120}\*\*[:.]?|[*_`#]+|\([^)]{0,60}\)|\[[^\]]{0,40}\](?!\()")
_MARKED: Final = re.compile(r"[<*_`#(\[]")  # first character of any markup
_MAX_SENTENCE: Final = 250  # characters; a first sentence is seldom longer
_MAX_PROGRAM_TEXT: Final = 400  # characters; the second sentence often limits what a statement may do
_MAX_LEAD_IN: Final = 6  # words
_MAX_PERMISSION: Final = 9  # words
_SHARE: Final = 0.7  # of the weight of the same verb in a name
_ACTING: Final = frozenset({"write", "destroy", "soft-destroy", "money"})
_NOT_A_PREDICATE: Final = ("ed", "ing")
_ADDED: Final = -6.0  # the first sentence adds a writing verb: `lists the jobs and removes them`
_ENDINGS: Final = (("", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"))


class TextSignal(NamedTuple):
    """Signal of a text: its first verb, the kind, the total weight, and the writing verb it adds."""

    word: str
    kind: str
    weight: float
    added: str = ""


_NO_TEXT_SIGNAL: Final = TextSignal("", "", 0.0)


class TextReader:
    """Reader of texts by one vocabulary. Caches texts and words, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._lists = vocabulary.lists
        self._lead_ins = vocabulary.lists["lead-ins"]
        self._leading = frozenset(lead_in.partition(" ")[0] for lead_in in self._lead_ins)
        self._signals: dict[str, TextSignal] = {"": _NO_TEXT_SIGNAL}
        self._kinds: dict[str, tuple[str, str]] = {}

    def signal(self, text: str) -> TextSignal:
        """Return the signal of the first sentence of a text."""
        found = self._signals.get(text)
        if found is None:
            found = self._signals[text] = self._read(_first_sentence(text))
        return found

    def _read(self, words: list[str]) -> TextSignal:
        start = self._after_lead_ins(words)
        stem, kind = self._kind(words[start]) if start < len(words) else ("", "")
        if not kind:
            return _NO_TEXT_SIGNAL
        kind = _of_object(stem, kind, words[start + 1 :], self._vocabulary)
        weight = VERB_WEIGHTS[kind] * _SHARE
        if weight > 0:
            added = self._added(words[start + 1 :], words[start])
            if added:
                return TextSignal(stem, kind, weight + _ADDED, added)
        return TextSignal(stem, kind, weight)

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
        """Return the number of words of the longest lead-in at a position, or 0."""
        if words[at] not in self._leading:
            return 0
        return next((n for n in range(_MAX_LEAD_IN, 0, -1) if " ".join(words[at : at + n]) in self._lead_ins), 0)

    def _kind(self, word: str) -> tuple[str, str]:
        found = self._kinds.get(word)
        if found is None:
            found = self._kinds[word] = _kind(word, self._vocabulary)
        return found

    def _added(self, words: list[str], first: str) -> str:
        """Return the writing verb added in the form of the first one: `lists the jobs and removes them`."""
        joins, things = self._lists["linked"], self._lists["nouns-when-last"]
        if joins.isdisjoint(words):
            return ""
        for before, word in itertools.pairwise(words):
            if before in joins and word.endswith("s") == first.endswith("s") and not word.endswith(_NOT_A_PREDICATE):
                stem, kind = self._kind(word)
                if kind in _ACTING and stem not in things:
                    return stem
        return ""


def program_of(text: str, vocabulary: Vocabulary) -> str:
    """Return the language of a statement with any effect, unless the text says that it is read-only."""
    words = set(text[:_MAX_PROGRAM_TEXT].lower().split())
    found = words & vocabulary.lists["code-nouns"]
    return min(found) if found and not words & vocabulary.lists["reassuring"] else ""


def _first_sentence(text: str) -> list[str]:
    """Return the words of the first sentence, after a mark such as `Deprecated.`."""
    head = text[:_MAX_SENTENCE]
    rest = (_MARKUP.sub(" ", head) if _MARKED.search(head) else head).strip().lower()
    while rest:
        end = _SENTENCE_END.search(rest)
        words = _WORD.findall(rest, 0, end.start() if end else len(rest))
        if len(words) > 1 or (words and words[0] != "deprecated"):
            return words
        rest = rest[end.end() :] if end else ""
    return []


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
    for ending, instead in _ENDINGS:
        if word.endswith(ending):
            stem = word[: len(word) - len(ending)] + instead
            if stem in silent:
                return stem, ""
            if stem in acts:
                return stem, "write"
            if stem in reads:
                return stem, "read"
            if stem in vocabulary.verbs:
                return stem, vocabulary.verbs[stem]
    return word, ""


def _of_object(stem: str, kind: str, words: list[str], vocabulary: Vocabulary) -> str:
    """Return the kind of a verb with its object: `query` with a statement is unclear."""
    lists = vocabulary.lists
    if stem + " " + "".join(words[:1]) in lists["phrasal-acts"]:
        return "write"
    if kind == "unclear" and lists["clauses"].intersection(words[:1]):
        return "read"
    free = vocabulary.verbs.get(stem) in {"asking", "unclear"} and lists["code-nouns"].intersection(words)
    return "unclear" if free and not lists["reassuring"].intersection(words) else kind
