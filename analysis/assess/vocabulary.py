"""The word lists of the assessment: built in as YAML, extensible with an organisation's own words.

Every group of words has a reason and an example, so that a reviewer can challenge it. `extended` adds groups and
rejects invalid ones with their place.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from analysis.assess.effects.senses import sense_words, senses_of
from analysis.errors import InputRefused
from analysis.words import nearest
from analysis.yaml_tables import load_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Kinds of verb, most dangerous first; a word of several kinds counts as the first of them.
VERB_KINDS: Final = ("destroy", "money", "soft-destroy", "unclear", "write", "asking", "read")

_REMEDY: Final = "write each group as `words`, `reason` and `example`"
_FILES: Final = (
    "nouns.yaml",
    "flow.yaml",
    "prose.yaml",
    "undo.yaml",
    "executors.yaml",
    "administration.yaml",
    "money.yaml",
    "senses.yaml",
    "languages.yaml",
)


@dataclass(frozen=True, slots=True)
class WordGroup:
    """Some words of one list, with the reason and an example."""

    kind: str  # one of VERB_KINDS, or the name of the list
    words: frozenset[str]
    reason: str
    example: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All word lists: `verbs` maps a verb to its kind, `lists` a list to its words."""

    groups: tuple[WordGroup, ...]
    verbs: Mapping[str, str]
    lists: Mapping[str, frozenset[str]]
    known: frozenset[str]  # union of all word lists
    #: Verb to object to kind, for verbs that their object settles; objects in singular and plural.
    senses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@cache
def built_in_vocabulary() -> Vocabulary:
    """Return the built-in vocabulary."""
    groups = [group for kind, listed in _load("verbs.yaml").items() for group in _groups(kind, listed)]
    lists = {}
    for file in _FILES:
        for kind, listed in _load(file).items():
            lists[kind] = _groups(kind, listed)
            groups += lists[kind]
    senses = senses_of(groups)
    return Vocabulary(
        groups=tuple(groups),
        verbs=_most_dangerous(group for group in groups if group.kind in VERB_KINDS),
        lists={kind: frozenset().union(*(group.words for group in listed)) for kind, listed in lists.items()},
        known=_words(groups) | sense_words(senses),
        senses=senses,
    )


def extended(base: Vocabulary, own: Mapping[str, Any]) -> Vocabulary:
    """Return a vocabulary with added groups: `{kind: [{words, reason, example}]}`, as in the files.

    An added verb replaces the built-in kind of the same word.
    Raises `InputRefused` for an unknown kind, and for a group without words, reason or example.
    """
    groups = [group for kind, listed in own.items() for group in _groups(_known(kind, base), listed)]
    verbs = _most_dangerous(group for group in groups if group.kind in VERB_KINDS)
    lists = dict(base.lists)
    for group in groups:
        if group.kind in lists:
            lists[group.kind] |= group.words
    every = (*base.groups, *groups)
    senses = {verb: objects for verb, objects in senses_of(every).items() if verb not in verbs}
    known = base.known | _words(groups) | sense_words(senses)
    return replace(base, groups=every, verbs={**base.verbs, **verbs}, lists=lists, known=known, senses=senses)


def _load(file: str) -> dict[str, Any]:
    loaded: dict[str, Any] = load_table("analysis.assess", file)
    return loaded


def _known(kind: str, base: Vocabulary) -> str:
    known = [*VERB_KINDS, *base.lists]
    if kind not in known:
        near = nearest(kind, known)
        meant = f"did you mean `{near}`?" if near else f"use one of {', '.join(known)}"
        raise InputRefused(f"there is no word list `{kind}`", place="vocabulary", remedy=meant)
    return kind


def _groups(kind: str, listed: Any) -> list[WordGroup]:
    if not isinstance(listed, list):
        raise InputRefused("a word list must be a list of groups", place=f"vocabulary: {kind}", remedy=_REMEDY)
    return [_group(kind, loaded, f"vocabulary: {kind}, group {at}") for at, loaded in enumerate(listed, 1)]


def _group(kind: str, loaded: Any, place: str) -> WordGroup:
    if not isinstance(loaded, dict) or set(loaded) != {"words", "reason", "example"}:
        raise InputRefused("a group must have exactly `words`, `reason` and `example`", place=place, remedy=_REMEDY)
    words, reason, example = loaded["words"], loaded["reason"], loaded["example"]
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
        raise InputRefused(
            "`words` must be a list of words", place=place, remedy="quote words that YAML reads as values, such as 'on'"
        )
    if not all(isinstance(text, str) and text.strip() for text in (reason, example)):
        raise InputRefused("`reason` and `example` must be texts", place=place, remedy=_REMEDY)
    odd = next((word for word in words if word != word.lower()), None)
    if odd is not None:
        raise InputRefused(f"`{odd}` is not in lower case", place=place, remedy=odd.lower())
    return WordGroup(kind, frozenset(words), reason, example)


def _words(groups: Iterable[WordGroup]) -> frozenset[str]:
    return frozenset(word for group in groups for phrase in group.words for word in phrase.split())


def _most_dangerous(groups: Iterable[WordGroup]) -> dict[str, str]:
    """Return each verb with its most dangerous kind."""
    found: dict[str, str] = {}
    for group in sorted(groups, key=lambda group: VERB_KINDS.index(group.kind), reverse=True):
        found.update(dict.fromkeys(group.words, group.kind))
    return found
