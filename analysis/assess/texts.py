"""What a text says a call does: the verb with which its first sentence begins, and what it adds to it.

Whoever writes a text may flatter. So a text can take a read away, or confirm what a name says; alone it makes a read of
nothing but a tool of a list whose name is a thing.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.assess.names import WEIGHT

if TYPE_CHECKING:
    from analysis.assess.vocabulary import Vocabulary

_WORD: Final = re.compile(r"[a-z][a-z'-]*")
_SENTENCE_END: Final = re.compile(r"[.!?;]\s|\n\s*\n|:\s")
_MARKUP: Final = re.compile(r"<[^>]{0,200}>|\*\*[^*]{0,120}\*\*[:.]?|[*_`#]+|\([^)]{0,60}\)|\[[^\]]{0,40}\](?!\()")
_MARKED: Final = re.compile(r"[<*_`#(\[]")  # what any markup begins with
_READ_AHEAD: Final = 250  # characters: a first sentence is seldom longer
_PROGRAM_AHEAD: Final = 400  # characters: what a statement may do is often said in the second sentence
_LONGEST: Final = 6  # words of a lead-in
_PERMISSION_AHEAD: Final = 9  # words
_SHARE: Final = 0.7  # of what the same verb weighs in first place of a name
_ACTING: Final = frozenset({"write", "destroy", "soft-destroy", "money"})
_NOT_A_PREDICATE: Final = ("ed", "ing")
_ADDED: Final = -6.0  # the first sentence goes on with an acting verb: `lists the jobs and removes them`
_ENDINGS: Final = (("", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"))


class TextSignal(NamedTuple):
    """What a text says: the word it begins with, its kind, what follows `and`, and the weight of it all."""

    word: str
    kind: str
    weight: float
    added: str = ""


SILENT: Final = TextSignal("", "", 0.0)


class Texts:
    """Reads the first sentence of texts by one vocabulary. Remembers texts and words, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._lists = vocabulary.lists
        self._lead_ins = vocabulary.lists["lead-ins"]
        self._leading = frozenset(lead_in.partition(" ")[0] for lead_in in self._lead_ins)
        self._voices: dict[str, TextSignal] = {"": SILENT}
        self._kinds: dict[str, tuple[str, str]] = {}

    def signal(self, text: str) -> TextSignal:
        """Return what the first sentence of a text says."""
        found = self._voices.get(text)
        if found is None:
            found = self._voices[text] = self._read(_first_sentence(text))
        return found

    def _read(self, words: list[str]) -> TextSignal:
        start = self._behind_lead_ins(words)
        stem, kind = self._kind(words[start]) if start < len(words) else ("", "")
        if not kind:
            return SILENT
        kind = _of_object(stem, kind, words[start + 1 :], self._vocabulary)
        weight = WEIGHT[kind] * _SHARE
        if weight > 0:
            added = self._added(words[start + 1 :], words[start])
            if added:
                return TextSignal(stem, kind, weight + _ADDED, added)
        return TextSignal(stem, kind, weight)

    def _behind_lead_ins(self, words: list[str]) -> int:
        """Return where the verb is expected: `Grants permission to list buckets` -> 3."""
        at = _behind_permission(words, self._lists["permitting"])
        while at < len(words):
            length = self._lead_in(words, at)
            if not length or at + length >= len(words):
                return at
            at += length
        return at

    def _lead_in(self, words: list[str], at: int) -> int:
        """Return how many words the longest lead-in at a place has, none being 0."""
        if words[at] not in self._leading:
            return 0
        return next((n for n in range(_LONGEST, 0, -1) if " ".join(words[at : at + n]) in self._lead_ins), 0)

    def _kind(self, word: str) -> tuple[str, str]:
        found = self._kinds.get(word)
        if found is None:
            found = self._kinds[word] = _kind(word, self._vocabulary)
        return found

    def _added(self, words: list[str], first: str) -> str:
        """Return the acting verb that the sentence adds in the form of its first one: `lists the jobs and removes them`."""
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
    """Return the language a text names in which a statement can do anything, unless it says that it may only ask."""
    words = set(text[:_PROGRAM_AHEAD].lower().split())
    found = words & vocabulary.lists["code-nouns"]
    return min(found) if found and not words & vocabulary.lists["reassuring"] else ""


def _first_sentence(text: str) -> list[str]:
    """Return the words of the first sentence that is more than a mark such as `Deprecated.`."""
    head = text[:_READ_AHEAD]
    rest = (_MARKUP.sub(" ", head) if _MARKED.search(head) else head).strip().lower()
    while rest:
        end = _SENTENCE_END.search(rest)
        words = _WORD.findall(rest, 0, end.start() if end else len(rest))
        if len(words) > 1 or (words and words[0] != "deprecated"):
            return words
        rest = rest[end.end() :] if end else ""
    return []


def _behind_permission(words: list[str], permitting: frozenset[str]) -> int:
    """Return where a sentence begins to say what is permitted: `Allows task runners to report` -> 4."""
    if not words or words[0] not in permitting:
        return 0
    head = words[:_PERMISSION_AHEAD]
    ends = (at + 1 for at, word in enumerate(head) if at and word == "to" and head[at - 1] != "access")
    return next(ends, 0)


def _kind(word: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """Return (stem, kind) of a word in any of its forms: `creates` -> create, write."""
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
    """Return the kind of a verb beside its object: what asks acts when it is given a program to run."""
    lists = vocabulary.lists
    if stem + " " + "".join(words[:1]) in lists["phrasal-acts"]:
        return "write"
    if kind == "unclear" and lists["clauses"].intersection(words[:1]):
        return "read"
    free = vocabulary.verbs.get(stem) in {"asking", "unclear"} and lists["code-nouns"].intersection(words)
    return "unclear" if free and not lists["reassuring"].intersection(words) else kind
