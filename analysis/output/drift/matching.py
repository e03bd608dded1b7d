"""Renames and moves: capabilities that are gone and new ones with the same definition, or nearly the same.

A rename is recognised by the definition, whatever the names, so that a tool cannot leave its decision behind.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from analysis.output.drift.differences import canonical_text
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.model import Tool

#: Keys that name a capability or say where it is; the rest is its definition.
IDENTITY: Final = frozenset({"name", "uri", "uriTemplate", "uri_template", "operationId", "path", "servers"})
#: Minimum share of common words and fields of two definitions that are nearly equal.
_MIN_COMMON: Final = 0.6
#: Minimum number of different words and fields of a definition that can be recognised at all.
_MIN_TOKENS: Final = 6
#: Minimum similarity of two names whose definitions say nothing.
_MIN_NAME: Final = 0.6
#: Maximum number of pairs that are compared word by word.
_MAX_PAIRS: Final = 250_000
_WORD: Final = re.compile(r"[^\W_]{2,}")


def renamed_pairs(
    removed: Sequence[tuple[Tool, Mapping[str, Any]]], added: Sequence[tuple[Tool, Mapping[str, Any]]]
) -> list[tuple[Tool, Tool]]:
    """Return pairs (gone, new) of the same kind and method with equal definitions, then with nearly equal ones.

    Each capability is in one pair at most. Both sides are capabilities with their definitions as trees.
    """
    found = _equal(removed, added)
    taken = {id(tool) for pair in found for tool in pair}
    rest = ([each for each in side if id(each[0]) not in taken] for side in (removed, added))
    return [*found, *_near(*rest)]


def definition_key(tool: Tool, tree: Mapping[str, Any]) -> str:
    """Return what a definition says apart from its name and place: equal for equal ones."""
    rest = {key: value for key, value in tree.items() if key not in IDENTITY}
    return canonical_text([tool.kind.value, tool.method, rest])


def _equal(
    removed: Iterable[tuple[Tool, Mapping[str, Any]]], added: Iterable[tuple[Tool, Mapping[str, Any]]]
) -> list[tuple[Tool, Tool]]:
    gone: dict[str, list[Tool]] = defaultdict(list)
    for tool, tree in removed:
        gone[definition_key(tool, tree)].append(tool)
    found = []
    for tool, tree in added:
        candidates = gone.get(definition_key(tool, tree), [])
        telling = len(_tokens(tree)) >= _MIN_TOKENS
        best = max(candidates, key=lambda each: _likeness(each, tool), default=None)
        if best is not None and (_likeness(best, tool) >= _MIN_NAME or (telling and len(candidates) == 1)):
            candidates.remove(best)
            found.append((best, tool))
    return found


def _near(
    removed: list[tuple[Tool, Mapping[str, Any]]], added: list[tuple[Tool, Mapping[str, Any]]]
) -> list[tuple[Tool, Tool]]:
    """Return pairs of nearly equal definitions, the most similar first."""
    if len(removed) * len(added) > _MAX_PAIRS:
        return []
    gone = [(tool, _tokens(tree)) for tool, tree in removed]
    new = [(tool, _tokens(tree)) for tool, tree in added]
    scored = []
    for at, (tool, tokens) in enumerate(gone):
        for to, (other, others) in enumerate(new):
            if (tool.kind, tool.method) == (other.kind, other.method) and min(len(tokens), len(others)) >= _MIN_TOKENS:
                common = (tokens & others).total() / max((tokens | others).total(), 1)
                if common >= _MIN_COMMON:
                    scored.append((common + _likeness(tool, other) / 10, at, to))
    found, used_gone, used_new = [], set(), set()
    for _, at, to in sorted(scored, key=lambda each: (-each[0], each[1], each[2])):
        if at not in used_gone and to not in used_new:
            used_gone.add(at)
            used_new.add(to)
            found.append((gone[at][0], new[to][0]))
    return found


def _likeness(one: Tool, other: Tool) -> float:
    """Return how similar two names and places are, 0 to 1."""
    first, second = (" ".join(split_words(tool.path or tool.name)) for tool in (one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _tokens(tree: Mapping[str, Any]) -> Counter[str]:
    """Return the words of the texts and the names of the fields of a definition, counted."""
    found: Counter[str] = Counter()
    waiting: list[Any] = [value for key, value in tree.items() if key not in IDENTITY]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            found.update(_WORD.findall(node.lower()))
        elif isinstance(node, dict):
            found.update(f".{key}" for key in node)
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return found
