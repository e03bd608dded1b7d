"""The object of a name or a path: `invoices` for `listInvoices`, and for `POST /invoices/{invoice}/pay`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from analysis.words import path_segments, singular, split_words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from analysis.assess.vocabulary import Vocabulary

#: A version in a name: `deletePolicyV1Budget` of `/apis/policy/v1/budgets` is about a budget, and of the group `policy`.
_VERSION: Final = re.compile(r"v\d")
_MAX_WORDS: Final = 4  # words of the longest name of a resource


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
        cut = next((at for at in range(start + 1, len(words)) if words[at] in self._relations), len(words))
        while cut > start + 1 and words[cut - 1] in self._verbs and words[cut - 1] not in self._nouns:
            cut -= 1
        return words[start:cut]

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
