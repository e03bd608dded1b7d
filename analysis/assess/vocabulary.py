"""The word lists of the assessment: shipped as YAML, and extended by an organisation's own words.

Every group of words carries a reason and an example, so that a list can be argued with. `extended` adds words and
refuses what it cannot place, with the place named.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import InputRefused
from analysis.words import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: A word of several kinds counts as the first of these.
DANGER: Final = ("destroy", "money", "soft-destroy", "unclear", "write", "asking", "read")

_REMEDY: Final = "write each group as `words`, `reason` and `example`"
_FILES: Final = ("nouns.yaml", "flow.yaml", "prose.yaml", "undo.yaml")


@dataclass(frozen=True, slots=True)
class WordGroup:
    """Some words of one list, why they stand there, and a name or sentence that shows it."""

    kind: str  # of a verb: one of DANGER; of anything else: the list itself
    words: frozenset[str]
    reason: str
    example: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which words say what: `verbs` gives each verb its kind, `lists` each list its words."""

    groups: tuple[WordGroup, ...]
    verbs: Mapping[str, str]
    lists: Mapping[str, frozenset[str]]
    known: frozenset[str]  # every word that stands anywhere: no other one can say anything


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary that ships with the product."""
    groups = [group for kind, listed in _stated("verbs.yaml").items() for group in _groups(kind, listed)]
    lists = {}
    for file in _FILES:
        for kind, listed in _stated(file).items():
            lists[kind] = _groups(kind, listed)
            groups += lists[kind]
    return Vocabulary(
        groups=tuple(groups),
        verbs=_by_danger(group for group in groups if group.kind in DANGER),
        lists={kind: frozenset().union(*(group.words for group in listed)) for kind, listed in lists.items()},
        known=_words(groups),
    )


def extended(base: Vocabulary, own: Mapping[str, Any]) -> Vocabulary:
    """Return a vocabulary with an organisation's own groups: `{kind: [{words, reason, example}]}`, as in the files.

    A verb of one's own counts as what one says it is, whatever it counted as before.
    Raises `InputRefused` for a kind that does not exist, and for a group without words, reason or example.
    """
    groups = [group for kind, listed in own.items() for group in _groups(_known(kind, base), listed)]
    verbs = _by_danger(group for group in groups if group.kind in DANGER)
    lists = dict(base.lists)
    for group in groups:
        if group.kind in lists:
            lists[group.kind] |= group.words
    known = base.known | _words(groups)
    return replace(base, groups=(*base.groups, *groups), verbs={**base.verbs, **verbs}, lists=lists, known=known)


def _stated(file: str) -> dict[str, Any]:
    import yaml  # noqa: PLC0415 - only an import or an inspection needs it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = resources.files("analysis.assess").joinpath(file).read_text("utf-8")
    stated: dict[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader, the fast one where there is one
    return stated


def _known(kind: str, base: Vocabulary) -> str:
    known = [*DANGER, *base.lists]
    if kind not in known:
        near = nearest(kind, known)
        meant = f"did you mean `{near}`?" if near else f"use one of {', '.join(known)}"
        raise InputRefused(f"there is no word list `{kind}`", place="vocabulary", remedy=meant)
    return kind


def _groups(kind: str, listed: Any) -> list[WordGroup]:
    if not isinstance(listed, list):
        raise InputRefused("a word list is a list of groups", place=f"vocabulary: {kind}", remedy=_REMEDY)
    return [_group(kind, stated, f"vocabulary: {kind}, group {at}") for at, stated in enumerate(listed, 1)]


def _group(kind: str, stated: Any, place: str) -> WordGroup:
    if not isinstance(stated, dict) or set(stated) != {"words", "reason", "example"}:
        raise InputRefused("a group has words, a reason and an example, and nothing else", place=place, remedy=_REMEDY)
    words, reason, example = stated["words"], stated["reason"], stated["example"]
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
        raise InputRefused("`words` is a list of words", place=place, remedy="quote what YAML takes for a value: 'on'")
    if not all(isinstance(text, str) and text.strip() for text in (reason, example)):
        raise InputRefused("`reason` and `example` are texts", place=place, remedy=_REMEDY)
    odd = next((word for word in words if word != word.lower()), None)
    if odd is not None:
        raise InputRefused(f"`{odd}` is not in lower case, as names are compared", place=place, remedy=odd.lower())
    return WordGroup(kind, frozenset(words), reason, example)


def _words(groups: Iterable[WordGroup]) -> frozenset[str]:
    return frozenset(word for group in groups for phrase in group.words for word in phrase.split())


def _by_danger(groups: Iterable[WordGroup]) -> dict[str, str]:
    """Return each verb with its kind, the most dangerous where there are several."""
    found: dict[str, str] = {}
    for group in sorted(groups, key=lambda group: DANGER.index(group.kind), reverse=True):
        found.update(dict.fromkeys(group.words, group.kind))
    return found
