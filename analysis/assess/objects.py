"""The object of a call: the last noun of a name, a path or a clause, before any preposition.

`list_issue_labels` is about labels, `get_issue_by_number`, `GET /issues/{n}` and `POST /issues/{n}/close` about an issue. Two
readers share what a phrase is: `ActObjects` returns the words themselves, for the lists of what acts are about;
`ObjectFinder` looks for one of given objects in words of the vocabulary, and past words that say nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from analysis.assess.flows.phrases import first_clause
from analysis.words import path_segments, singular, split_words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from analysis.assess.signals import ToolSignals
    from analysis.assess.vocabulary import Vocabulary

Words = tuple[str, ...]
#: A version in a name: `deletePolicyV1Budget` of `/apis/policy/v1/budgets` is about a budget, and of the group `policy`.
_VERSION: Final = re.compile(r"v\d")
_MAX_WORDS: Final = 4  # words of the longest name of a resource
#: Relations of a text that a part has to its whole: the whole is the object of `details of a message` alone.
_PARTS: Final = frozenset({"of", "for"})
#: Number of last words searched for a pair.
_TAIL: Final = 3
#: Lists of words after which the object may still follow, read from the end: `get_issue_details`, `messages_search`.
_PASSED: Final = ("readings", "trailing", "file-reading", "states", "skipped", "passed-words")


def before_relation(words: Words, relations: Collection[str], start: int = 0) -> Words:
    """Return the words from `start` on, up to a preposition that is not the first of them."""
    end = next((at for at in range(start + 1, len(words)) if words[at] in relations), len(words))
    return words[start:end]


def ending_in(words: tuple[str, ...], known: Collection[str]) -> str:
    """Return the longest known ending of a phrase, in the singular, or an empty string."""
    if not words:
        return ""
    single = singular(words[-1])
    for length in range(min(_MAX_WORDS, len(words)), 0, -1):
        for last in dict.fromkeys((single, words[-1])):
            name = " ".join((*words[len(words) - length : -1], last))
            if name in known:
                return name
    return ""


class ActObjects:
    """Objects of acts by one vocabulary. Caches names and paths, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._verbs: Mapping[str, str] = vocabulary.verbs
        self._relations = vocabulary.lists["relations"]
        self._nouns = vocabulary.lists["nouns-when-last"]
        self._acts = vocabulary.lists["record-acts"]
        self.of_name = lru_cache(maxsize=65_536)(self._of_name)
        self.of_path = lru_cache(maxsize=65_536)(self._of_path)

    def _of_name(self, name: str, path: str) -> tuple[str, ...]:
        """Return the words of a name without its verb, its path parameters and what follows a preposition."""
        words = own_words(name, path)
        start = 1 if len(words) > 1 and words[0] in self._verbs else 0
        found = before_relation(words, self._relations, start)
        while len(found) > 1 and found[-1] in self._verbs and found[-1] not in self._nouns:
            found = found[:-1]
        return found

    def _of_path(self, path: str) -> tuple[tuple[str, ...], str]:
        """Return the words of the last resource of a path, and the act after it: `/bills/{id}/pay` -> bills, pay."""
        segments = path_segments(path)
        _, _, act = path.rpartition("}:")
        act = act.lower() if act != path and "/" not in act else ""
        while segments:
            last = segments.pop()
            resource, _, method = last.partition(":")
            if method:
                act, last = method.lower(), resource
            words = split_words(last)
            if (
                words
                and segments
                and not act
                and not words[-1].endswith("s")
                and (words[0] in self._verbs or words[0] in self._acts)
            ):
                act = " ".join(words)
                continue
            if words:
                above = split_words(segments[-1]) if segments and f"/{segments[-1]}/{last}" in path else ()
                return (*above, *words), act
        return (), act


@lru_cache(maxsize=65_536)
def own_words(name: str, path: str) -> tuple[str, ...]:
    """Return the words of a name without what a generator puts into it: path parameters at its end, and the group of an API."""
    words = split_words(name)
    if path.endswith("}"):
        given = split_words(path[path.rfind("{") :])
        if given and len(words) > len(given) + 1 and words[-len(given) :] == given:
            words = words[: -len(given)]
    version = next((at for at, word in enumerate(words[:-1]) if at > 1 and _VERSION.match(word)), 0)
    if version and f"/{words[version - 1]}/{words[version]}" in path:
        return (*words[: version - 1], *words[version + 1 :])
    return words


class ObjectFinder:
    """Finder of objects by one vocabulary. Caches words and texts, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        lists = vocabulary.lists
        self._relations = lists["relations"]
        self._about = lists["about-content"]
        self._kept: dict[Words, Words] = {}
        self._clauses: dict[str, Words] = {}
        # By list of objects: the words of which a name must have one to have an object of it.
        self._needed: dict[frozenset[str], frozenset[str]] = {}
        self._plain = lists["plain-content"]
        self._pairs = lists["untrusted-pairs"]
        self._whole = lists["parts-of-content"]
        self._passed = frozenset(vocabulary.verbs).union(*(lists[name] for name in _PASSED))

    def among(self, signals: ToolSignals, objects: frozenset[str]) -> str:
        """Return the object of the name or of the path, where it is one of `objects`; else an empty string."""
        strict, found = bool(signals.method), ""
        needed = self._needed.get(objects)
        if needed is None:
            needed = self._needed[objects] = frozenset(word.partition(" ")[0] for word in objects)
        if needed.isdisjoint(signals.path.words) and needed.isdisjoint(signals.name.words):
            return ""  # the usual case
        for words in (signals.path.words, signals.name.words):
            kept = self._before_relation(words)
            if self._tells_about(kept, objects):
                return ""
            found = found or self._object(kept, objects, strict=strict)
        return found

    def is_about_another(self, signals: ToolSignals, objects: frozenset[str]) -> bool:
        """Whether the name or the path says that a call is about something other than an object."""
        words = (signals.path.words, signals.name.words)
        return any(self._tells_about(self._before_relation(each), objects) for each in words)

    def is_plain(self, signals: ToolSignals) -> bool:
        """Whether the name has two words for business or technical data: `find_postal_code`."""
        return not self._plain.isdisjoint(map(" ".join, pairwise(signals.name.words)))

    def in_text(self, text: str, objects: frozenset[str]) -> str:
        """Return the object of the first clause of a text, where it is one of `objects`; else an empty string."""
        kept = self._clause_of(text)
        if self._tells_about(kept, objects):
            return ""
        return self._object(kept, objects, strict=False)

    def about_in_text(self, text: str, objects: frozenset[str]) -> bool:
        """Whether a text says that a call is about something other than the object: `Changes the labels of a mail`."""
        return self._tells_about(self._clause_of(text), objects)

    def tail(self, words: Words) -> Words:
        """Return the last words before a preposition, three at most."""
        return self._before_relation(words)[-_TAIL:]

    def _tells_about(self, kept: Words, objects: frozenset[str]) -> bool:
        """Whether the last noun says something about another one: `list_issue_labels`."""
        for word in reversed(kept):
            if word in objects:
                return False
            if word in self._about:
                return True
            if word and word not in self._passed:
                return False
        return False

    def _object(self, kept: Words, objects: frozenset[str], *, strict: bool) -> str:
        """Return the object; `strict` is whether an unknown word after it names another one."""
        couples = {f"{one} {other}" for one, other in pairwise(kept)}
        written = couples & self._pairs & objects
        if objects.isdisjoint(kept) and not written:
            return ""
        pairs = couples & self._plain
        for before, word in zip((*reversed(kept[:-1]), ""), reversed(kept), strict=True):
            if f"{before} {word}" in written:
                return f"{before} {word}"
            if word in objects and not any(word in pair.split(" ") for pair in pairs):
                return word
            if (strict if not word else word not in self._passed) or word in self._about:
                return ""
        return ""

    def _clause_of(self, text: str) -> Words:
        found = self._clauses.get(text)
        if found is None:
            found = self._clauses[text] = self._of_clause(first_clause(text))
        return found

    def _of_clause(self, words: Words) -> Words:
        """Return the words of a clause up to its object: `details of a message`, but `watchers` in `watchers of an issue`."""
        kept: list[str] = []
        for word in words:
            if word in _PARTS:
                before = kept[-1] if kept else ""
                if before and not self._leads_on(before):
                    break
            elif kept and word in self._relations:
                break
            else:
                kept.append(word)
        return tuple(kept)

    def _leads_on(self, word: str) -> bool:
        """Whether a word before `of` or `for` is a verb or a part of the object: `searches for`, `content of`."""
        forms = {word, word.removesuffix("s"), word.removesuffix("es")}
        return word in self._whole or not self._passed.isdisjoint(forms)

    def _before_relation(self, words: Words) -> Words:
        kept = self._kept.get(words)
        if kept is None:
            kept = self._kept[words] = before_relation(words, self._relations)
        return kept
