"""What is about no person although nothing describes it: goods, what is still to be had, a catalogue, names of containers.

`GET /lamps`, `List vacant pitches`, `Search the catalogue of plugins` and `list_tables` hand out nothing that is kept of
anyone. A person in the name or the text, or a resource above it that may belong to one, leaves the question open.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from analysis.words import path_segments, singular, split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.assess.sensitivity.confidential_lists import ConfidentialLists

_MAX_TEXT: Final = 300  # characters
_WORD: Final = re.compile(r"[a-z][a-z-]*")
#: End of the phrase that a text begins with.
_PHRASE_END: Final = re.compile(
    r"[.;:,(\n]|\b(?:of|for|in|on|at|with|by|from|near|that|which|who|when|where|one|how|to|is|are|per|and|or|using|based|matching)\b"
)
#: Last segments of a path that say how the thing before them is found: /trees/similar.
_WAYS: Final = frozenset(
    {"search", "query", "lookup", "find", "list", "all", "similar", "related", "recent", "latest", "filter", "filtered"}
)
_AVAILABLE: Final = "available"
_LISTING: Final = frozenset({"list", "show"})
#: After `free`, which then says nothing of who has it: `free text`.
_UNLIMITED: Final = frozenset({"text", "form", "format", "trial", "tier"})
_ARTICLES: Final = frozenset({"the", "a", "an", "all", "our"})
_BARE: Final = 2  # words of a verb and its object


class OpenThings:
    """Finder of things that are about no person. Caches names with their paths, and texts, which tools share."""

    def __init__(self, lists: ConfidentialLists) -> None:
        self._lists = lists
        self._people = lists.subjects | lists.owners | lists.named_by | {"user", "owner"}
        self._named: dict[tuple[str, str, bool], bool | None] = {}
        self._peopled: dict[str, bool] = {}
        self._told: dict[tuple[str, bool], bool] = {}

    def holds(self, name: str, path: str, texts: Iterable[str], *, silent: bool) -> bool:
        """Whether a name, a path or the phrase a text begins with says that what is read is about no person.

        `silent`: it has no fields. Fields that are not known say more of a thing than its name, unless it is still to be had.
        """
        key = (name, path, silent)
        if key not in self._named:
            self._named[key] = self._of_name(name, path, silent=silent)
        named, texts = self._named[key], list(texts)
        if named is False or any(map(self._is_of_people, texts)):
            return False
        if named:
            return True
        nameless = silent and not path and not self._own(split_words(name))
        return any(self._of_text(text, nameless=nameless) for text in texts)

    def _of_name(self, name: str, path: str, *, silent: bool) -> bool | None:
        """Whether a name or path is about no person; None where it may be and a text can tell."""
        words, segments = split_words(name), path_segments(path)
        if self._has_people(word for each in (words, *map(split_words, segments)) for word in each):
            return False
        back = 0
        untaken: tuple[str, ...] = ()
        while segments and not set(split_words(segments[-1])) - _WAYS - self._lists.untaken - {_AVAILABLE}:
            back, untaken = back + 1, split_words(segments.pop())
        thing = (*untaken[-1:], *split_words(segments[-1])) if path and segments else words
        if self._is_untaken(thing):
            return True
        own = self._own(thing)
        if not own or not silent:
            return None
        if words and words[0] in _LISTING and all(singular(word) in self._lists.containers for word in own):
            return True
        head = singular(own[-1])
        known = head in self._lists.goods or (back > 0 and head in self._lists.open_heads)
        return True if known and not self._belongs(path) else None

    def _belongs(self, path: str) -> bool:
        """Whether the thing at the end of a path lies in one thing that is not open itself: /orders/{id}/lamps."""
        above = (before for before, after in itertools.pairwise(path.split("/")) if after.startswith("{"))
        last = path_segments(path)[-1:]
        heads = (singular((split_words(each) or ("",))[-1]) for each in above if each not in last)
        return any(head not in self._lists.open_heads and head not in self._lists.goods for head in heads)

    def _of_text(self, text: str, *, nameless: bool) -> bool:
        key = (text, nameless)
        found = self._told.get(key)
        if found is None:
            words = _WORD.findall(_PHRASE_END.split(text[:_MAX_TEXT].lower(), maxsplit=1)[0])
            found = self._is_untaken(words) or (nameless and self._is_short(words) and self._is_open(words[-1]))
            self._told[key] = found
        return found

    def _is_of_people(self, text: str) -> bool:
        found = self._peopled.get(text)
        if found is None:
            found = self._peopled[text] = self._has_people(_WORD.findall(text[:_MAX_TEXT].lower()))
        return found

    def _is_short(self, words: Sequence[str]) -> bool:
        """Whether a phrase is a verb and its object, so that its last word is surely the object."""
        return len(words) == _BARE or (_BARE < len(words) <= _BARE + 2 and words[1] in _ARTICLES)

    def _is_open(self, word: str) -> bool:
        one = singular(word)
        return one in self._lists.open_heads or one in self._lists.goods

    def _is_untaken(self, words: Sequence[str]) -> bool:
        """Whether the words say that a thing is still to be had. `available` says it of what is booked only."""
        for word, thing in itertools.pairwise(words):
            if word in self._lists.untaken and thing not in _UNLIMITED:
                return True
            if word == _AVAILABLE and singular(thing) in self._lists.bookable:
                return True
        return False

    def _own(self, words: Sequence[str]) -> list[str]:
        return [word for word in words if word not in self._lists.neutral]

    def _has_people(self, words: Iterable[str]) -> bool:
        return any(singular(word) in self._people for word in words)
