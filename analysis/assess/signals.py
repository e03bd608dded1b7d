"""What a tool's method, name, path, scopes and hints say, before anybody weighs it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.words import path_segments, split_words

if TYPE_CHECKING:
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Tool

_SEPARATORS: Final = re.compile(r"[/.:]")
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "QUERY"})
#: When a word can be several kinds of verb, the most dangerous reading is taken first.
_ORDER: Final = ("destroy", "money", "soft-destroy", "unclear", "write", "read")


@dataclass(frozen=True, slots=True)
class Verb:
    """The verb of a name: the word, what kind it is, and where it stands (first, last, middle, path)."""

    word: str
    kind: str
    place: str


@dataclass(frozen=True, slots=True)
class Signals:
    """Everything the verdict is made from."""

    method: str
    safe_method: bool
    verb: Verb | None
    name_words: tuple[str, ...]
    noun_words: frozenset[str]
    path_words: tuple[str, ...]
    session_path: str
    scopes: tuple[str, ...]
    hints: dict[str, bool]


def read_signals(tool: Tool, vocabulary: Vocabulary) -> Signals:
    """Return the signals of one tool."""
    name_words = _action_words(tool)
    segments = path_segments(tool.path)
    custom = tool.path.rpartition("/")[2].rpartition("}:")[2] if "}:" in tool.path.rpartition("/")[2] else ""
    if custom:  # `POST /users/{id}:delete`: what stands behind the parameter is the action
        segments = [*segments, custom]
    path_words = tuple(word for segment in segments[-2:] for word in split_words(segment))
    session = next((s for s in segments[1:] if s.lower() in vocabulary.session_paths), "")
    scopes = tuple(sorted({s for uses in tool.security or () for use in uses for s in use.scopes}))
    return Signals(
        method=tool.method.upper(),
        safe_method=tool.method.upper() in _SAFE_METHODS,
        verb=_find_verb(name_words, segments, vocabulary),
        name_words=name_words,
        noun_words=frozenset(split_words(tool.operation_id or ("" if tool.path else tool.name)))
        | frozenset(path_words),
        path_words=path_words,
        session_path=session,
        scopes=scopes,
        hints=dict(tool.hints),
    )


def _action_words(tool: Tool) -> tuple[str, ...]:
    """Return the words of the part of a name that acts: `issues/list-labels` -> list, labels."""
    name = tool.operation_id or ("" if tool.path else tool.name)
    parts = [part for part in _SEPARATORS.split(name) if part]
    return split_words(parts[-1]) if parts else ()


def _find_verb(words: tuple[str, ...], segments: list[str], vocabulary: Vocabulary) -> Verb | None:
    """Return the verb that speaks: first in the name, then last, then the end of the path, then the middle."""
    joined = _joined(words, vocabulary)
    if joined is not None:
        return joined
    if words:
        first = _verb(words[0], "first", vocabulary)
        if first is not None and not (len(words) == 1 and words[0] in vocabulary.nouns_when_last):
            return first
        if words[-1] not in vocabulary.nouns_when_last:
            last = _verb(words[-1], "last", vocabulary)
            if last is not None:
                return last
    tail = split_words(segments[-1].rpartition(":")[2].rpartition(".")[2]) if segments else ()
    if tail and tail[0] not in vocabulary.nouns_when_last:
        found = _verb(tail[0], "path", vocabulary)
        if found is not None:
            return found
    for word in words[1:-1]:
        if word not in vocabulary.nouns_when_last:
            found = _verb(word, "middle", vocabulary)
            if found is not None:
                return found
    return None


def _joined(words: tuple[str, ...], vocabulary: Vocabulary) -> Verb | None:
    """Return what `or` and `and` add to a name: `getOrCreateUser` creates."""
    added = [words[at + 1] for at, word in enumerate(words[:-1]) if at and word in {"or", "and"}]
    found = [verb for word in added if (verb := _verb(word, "middle", vocabulary)) is not None]
    acting = [verb for verb in found if verb.kind != "read"]
    return min(acting, key=lambda verb: _ORDER.index(verb.kind), default=None)


def _verb(word: str, place: str, vocabulary: Vocabulary) -> Verb | None:
    kinds = vocabulary.kinds(word)
    kind = next((kind for kind in _ORDER if kind in kinds), None)
    return Verb(word, kind, place) if kind is not None else None
