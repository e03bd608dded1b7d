"""Duplicate tools, which an agent cannot tell apart: versions, synonyms, and near-identical tools under two names.

Groups are found from names, methods and inputs alone, in one pass per kind of similarity.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from analysis.model import CapabilityKind, Effect
from analysis.rules.detect.opposites import say_different_things
from analysis.rules.detect.parameter_names import snake_name
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from analysis.model import ToolRow

Similarity = Literal["version", "synonym", "near-identical"]

_VARIANT: Final = re.compile(r"^(v\d+|legacy|alpha|beta|deprecated)$")
#: Variants that a number may follow, as in `v1beta2`.
_NUMBERED: Final = frozenset({"alpha", "beta"})
_PATH_VERSION: Final = re.compile(r"v?\d+(?:[.-]\d+)*(?:(?:alpha|beta|rc)\d*)?\Z", re.IGNORECASE)
#: Words that make a variant at the end of a name only: elsewhere they are a state, as in `list new orders`.
_LAST_VARIANT: Final = frozenset({"old", "new", "copy"})
_AGE: Final = {"legacy": -2, "old": -2, "deprecated": -2, "copy": -1, "alpha": -3, "beta": -1, "new": 2}
_SYNONYMS: Final = {
    word: group[0]
    for group in (
        ("get", "fetch", "retrieve", "read", "show"),
        ("list", "enumerate"),
        ("create", "add", "insert", "make"),
        ("update", "edit", "modify", "change"),
        ("delete", "remove"),
        ("search", "find", "query", "lookup"),
    )
    for word in group
}
#: Nouns that name the same thing.
_SAME_NOUN: Final = {
    word: group[0]
    for group in (
        ("organization", "organisation", "org"),
        ("repository", "repo"),
        ("message", "msg"),
        ("customer", "client"),
        ("document", "doc"),
        ("application", "app"),
        ("configuration", "config"),
        ("information", "info", "details", "detail"),
    )
    for word in group
}
#: Minimum number of inputs; tools with fewer match by chance.
_MIN_INPUTS: Final = 3


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Tools of one source that an agent cannot tell apart; `suggested` is the one to expose, for `reason`."""

    similarity: Similarity
    members: tuple[ToolRow, ...]
    suggested: ToolRow
    reason: str
    differing_inputs: tuple[str, ...]  # inputs that only some members have

    @property
    def others(self) -> tuple[ToolRow, ...]:
        """The members to block."""
        return tuple(row for row in self.members if row is not self.suggested)


def name_duplicates(tools: Iterable[ToolRow]) -> list[DuplicateGroup]:
    """Return the groups that names alone show: versions and synonyms. A tool may be in both."""
    rows = list(tools)
    found = [_group("version", group) for group in _groups(rows, _version_key) if _has_variant(group)]
    found += [
        _group("synonym", part)
        for group in _groups(rows, _synonym_key)
        for part in _parts(group, _same_act)
        if len(set(map(_stem_of, part))) > 1
    ]
    return found


def duplicate_key(row: ToolRow) -> Hashable:
    """Return the key shared by all tools that `name_duplicates` could group; different keys never group."""
    stem = _stem_of(row)
    return (row.source, _SYNONYMS.get(stem[0], stem[0]), *stem[1:]) if stem else row.id


def duplicate_groups(tools: Iterable[ToolRow]) -> tuple[DuplicateGroup, ...]:
    """Return the duplicate groups by first member: by name, then near-identical tools among the rest."""
    rows = sorted(tools, key=lambda row: (row.source, row.position, row.id))
    found = name_duplicates(rows)
    grouped = {row.id for group in found for row in group.members}
    rest = [row for row in rows if row.id not in grouped]
    found += [
        _group("near-identical", part)
        for group in _groups(rest, _near_identical_key)
        for part in _parts(group, _same_thing)
    ]
    first = {row.id: at for at, row in enumerate(rows)}
    return tuple(sorted(found, key=lambda group: first[group.members[0].id]))


@lru_cache(maxsize=65_536)
def _stem(name: str, *, acts: bool) -> tuple[str, ...]:
    """Return the words of a name without those that make a variant; of an acting tool, `copy` is an act."""
    words = split_words(name)
    while len(words) > 1 and (_VARIANT.match(words[-1]) or words[-1] in _LAST_VARIANT):
        if acts and words[-1] == "copy":
            break
        words = words[:-1]
    return tuple(
        word
        for at, word in enumerate(words)
        if at == 0 or not (_VARIANT.match(word) or (word.isdigit() and words[at - 1] in _NUMBERED))
    )


def _name(row: ToolRow) -> str:
    """Return the name to compare; only tools can be duplicates of each other."""
    if row.kind is not CapabilityKind.TOOL:
        return ""
    return row.operation_id or ("" if row.path else row.name)


def _stem_of(row: ToolRow) -> tuple[str, ...]:
    return _stem(_name(row), acts=row.effect is not Effect.READ)


def _has_variant(group: list[ToolRow]) -> bool:
    return any(_stem_of(row) != split_words(_name(row)) for row in group)


def _version_key(row: ToolRow) -> Hashable:
    stem = _stem_of(row)
    return (row.source, stem) if stem else None


def _synonym_key(row: ToolRow) -> Hashable:
    stem = _stem_of(row)
    if len(stem) < 2 or stem[0] not in _SYNONYMS:
        return None
    return (row.source, row.method, row.effect, _inputs(row), _SYNONYMS[stem[0]], *stem[1:])


@lru_cache(maxsize=65_536)
def _resource(path: str) -> tuple[str, ...]:
    """Return the parts of a path that name a resource; operations on different resources are never similar."""
    parts = (part for part in path.split("/") if part and not _PATH_VERSION.match(part))
    return tuple("{}" if part[0] == "{" else part for part in parts)


def _near_identical_key(row: ToolRow) -> Hashable:
    stem = _stem_of(row)
    if len(row.inputs) < _MIN_INPUTS or not stem or not row.fields:
        return None
    return (
        row.source,
        row.method,
        row.effect,
        _SYNONYMS.get(stem[0], stem[0]),
        stem[-1],
        _resource(row.path),
        row.fields,
        _inputs(row),
    )


def _same_act(one: ToolRow, other: ToolRow) -> bool:
    return not say_different_things(_stem_of(one), _stem_of(other))


def _same_thing(one: ToolRow, other: ToolRow) -> bool:
    """Whether two names may be names of one thing: they differ only by words that one of them adds."""
    words, others = (Counter(_SAME_NOUN.get(word, word) for word in _stem_of(row)[1:]) for row in (one, other))
    return (not words - others or not others - words) and _same_act(one, other)


def _parts(group: list[ToolRow], similar: Callable[[ToolRow, ToolRow], bool]) -> Iterator[list[ToolRow]]:
    """Yield the parts of a group in which all are similar to all others; a member of no part is no duplicate."""
    parts: list[list[ToolRow]] = []
    for row in group:
        for part in parts:
            if all(similar(row, each) for each in part):
                part.append(row)
                break
        else:
            parts.append([row])
    return (part for part in parts if len(part) > 1)


@lru_cache(maxsize=16_384)
def _plain(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(snake_name, names))


def _inputs(row: ToolRow) -> frozenset[str]:
    return _plain(row.inputs)


def _groups(rows: list[ToolRow], key: Callable[[ToolRow], Hashable]) -> Iterator[list[ToolRow]]:
    groups: dict[Hashable, list[ToolRow]] = {}
    for row in rows:
        index_key = key(row)
        if index_key is not None:
            groups.setdefault(index_key, []).append(row)
    return (group for group in groups.values() if len(group) > 1)


def _rank(row: ToolRow) -> tuple[bool, int, int, str]:
    """Return the sort key of a member: not deprecated, newest, longest description, then id."""
    words = split_words(_name(row))[1:]
    age = max((_AGE.get(word, int(word[1:]) if re.fullmatch(r"v\d{1,6}", word) else 0) for word in words), default=0)
    age = min((_AGE[word] for word in words if _AGE.get(word, 0) < 0), default=age)
    return (not row.deprecated, age, row.description_length, row.id)


def _group(similarity: Similarity, members: list[ToolRow]) -> DuplicateGroup:
    ranked = sorted(members, key=_rank, reverse=True)
    suggested, second = ranked[0], ranked[1]
    best, next_best = _rank(suggested), _rank(second)
    reasons = ("the others are deprecated", "newest version", "best described", "no preference")
    reason = next(reason for reason, one, other in zip(reasons, best, next_best, strict=True) if one != other)
    common = frozenset.intersection(*map(_inputs, members))
    every = frozenset.union(*map(_inputs, members))
    return DuplicateGroup(similarity, tuple(members), suggested, reason, tuple(sorted(every - common)))
