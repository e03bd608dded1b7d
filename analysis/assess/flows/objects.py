"""The object of a call, out of the words of its name or path: the last noun, before any preposition.

`list_issue_labels` is about labels, `get_issue_by_number` and `GET /issues/{n}` about an issue.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from analysis.assess.flows.phrases import first_clause

if TYPE_CHECKING:
    from analysis.assess.signals import ToolSignals
    from analysis.assess.vocabulary import Vocabulary

Words = tuple[str, ...]
#: Relations of a text that a part has to its whole: the whole is the object of `details of a message` alone.
_PARTS: Final = frozenset({"of", "for"})
#: Number of last words searched for a pair.
_TAIL: Final = 3
#: Lists of words after which the object may still follow, read from the end: `get_issue_details`, `messages_search`.
_PASSED: Final = ("readings", "trailing", "file-reading", "states", "skipped", "passed-words")


class ObjectFinder:
    """Finder of objects by one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        lists = vocabulary.lists
        self._relations = lists["relations"]
        self._about = lists["about-content"]
        self._kept: dict[Words, Words] = {}
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
        kept = self._of_clause(first_clause(text))
        if self._tells_about(kept, objects):
            return ""
        return self._object(kept, objects, strict=False)

    def about_in_text(self, text: str, objects: frozenset[str]) -> bool:
        """Whether a text says that a call is about something other than the object: `Changes the labels of a mail`."""
        return self._tells_about(self._of_clause(first_clause(text)), objects)

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
            end = next((at for at, word in enumerate(words) if at and word in self._relations), len(words))
            kept = self._kept[words] = words[:end]
        return kept
