"""What method, name, path and texts of a tool say, each by itself, before anybody weighs them against each other."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.assess.names import SILENT, Names, NameSignal, last_part
from analysis.assess.texts import Texts, TextSignal, program_of
from analysis.words import path_segments, split_words

if TYPE_CHECKING:
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Tool

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "QUERY"})
_NO_WORDS: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class PathSignal:
    """What a path says: its last fixed words, the verb among them, a segment that opens a session.

    There is one for each pattern, so it is compared and hashed by identity.
    """

    words: tuple[str, ...]
    signal: NameSignal
    session: str
    nouns: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """Everything the verdict is made from. Tools that say the same in the same words share one: hashed by identity."""

    method: str
    name: NameSignal
    path: PathSignal
    summary: TextSignal
    description: TextSignal
    nouns: frozenset[str]
    collection: str  # the word on which a POST ends that names no action, where it is a plural
    program: str  # the language in which a query can do anything, if the texts speak of one

    @property
    def safe_method(self) -> bool:
        """Whether HTTP says that nothing changes."""
        return self.method in SAFE_METHODS

    @property
    def tool_words(self) -> NameSignal:
        """The name, or the path where the name has no verb."""
        return self.name if self.name.verbs else self.path.signal

    def remaining_words(self, words: frozenset[str]) -> frozenset[str]:
        """Return what stands right behind one of some words; a verb of the name is none: `updateRole`."""
        qualifying = words.difference([verb.word for verb in self.name.verbs])
        pairs = itertools.chain(itertools.pairwise(self.name.words), itertools.pairwise(self.path.words))
        return frozenset(after for before, after in pairs if before in qualifying)


class _Segment(NamedTuple):
    """A fixed segment of a path: what it says, and its words as the vocabulary knows them."""

    signal: NameSignal
    pattern: tuple[str, ...]


class Reader:
    """Reads the signals of tools by one vocabulary. Remembers what tools share: patterns of names and paths, and texts."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._known = vocabulary.known
        self._sessions = vocabulary.lists["session-paths"]
        self._names = Names(vocabulary)
        self._prose = Texts(vocabulary)
        self._vocabulary = vocabulary
        self._segments: dict[str, _Segment] = {}
        self._paths: dict[tuple[object, ...], PathSignal] = {}
        self._sessionless: dict[PathSignal, PathSignal] = {}
        self._signals: dict[tuple[object, ...], Signals] = {}

    def read(self, tool: Tool) -> Signals:
        """Return the signals of one tool."""
        called = tool.operation_id or ("" if tool.path else tool.name)
        method = tool.method.upper()
        name = self._names.signal(called) if called else SILENT
        nouns = self._names.nouns(called, name) if called else _NO_WORDS
        if method == "POST" and "post" in nouns and "post" not in tool.path.lower():
            nouns -= {"post"}  # `PostCustomers`, `droplets_post`: the method, and nothing that is published
        path = self._path(tool.path) if tool.path else _NO_PATH
        if path.session and self._only_writes(path.session, tool):
            path = self._sessionless.setdefault(path, replace(path, session=""))
        if method == "POST" and called[:4].lower() == "post" and _generated(called, tool.path):
            name = self._names.ignored(name)
        summary, description = self._prose.signal(tool.summary), self._prose.signal(tool.description)
        silent = method == "POST" and not name.verbs and not path.signal.verbs
        collection = _collection(tool.path) if silent else ""
        key = (method, name, nouns, path, summary, description, collection, self._program(tool, name, path))
        found = self._signals.get(key)
        if found is None:
            found = self._signals[key] = Signals(
                method, name, path, summary, description, nouns | path.nouns, collection, key[-1]
            )
        return found

    def _only_writes(self, word: str, tool: Tool) -> bool:
        """Whether a word that can open a session says what is done with a body: streams carry none."""
        word = word.lower()
        writes = self._vocabulary.verbs.get(word) == "write" and word not in self._vocabulary.lists["session-verbs"]
        return writes and tool.method.upper() == "POST" and any(each.place == "body" for each in tool.parameters)

    def _program(self, tool: Tool, name: NameSignal, path: PathSignal) -> str:
        """Return the language a query is written in, where the name is that of a query."""
        verbs = name.verbs or path.signal.verbs
        if not verbs or verbs[0].word != "query":
            return ""
        found = (program_of(text, self._vocabulary) for text in (tool.summary, tool.description))
        return next(filter(None, found), "")

    def _path(self, path: str) -> PathSignal:
        """Return what a path says; `POST /users/{id}:delete` says delete, `/files/list_folder/continue` says list."""
        segments = _spoken_segments(path)
        last = [self._segment(segment) for segment in segments[-2:]]
        session = next((segment for segment in segments[1:] if segment.lower() in self._sessions), "")
        key = (session, *last)
        found = self._paths.get(key)
        if found is None:
            words = tuple(word for segment in last for word in segment.pattern)
            nouns = frozenset(words) - {""}
            found = self._paths[key] = PathSignal(words, _loudest(last), session, nouns)
        return found

    def _segment(self, text: str) -> _Segment:
        found = self._segments.get(text)
        if found is None:
            pattern = tuple([word if word in self._known else "" for word in split_words(text)])
            found = self._segments[text] = _Segment(self._names.signal(text), pattern)
        return found


_NO_PATH: Final = PathSignal((), SILENT, "", _NO_WORDS)


def words_of(tool: Tool) -> tuple[str, ...]:
    """Return the words of a tool's name as they are spelled, or the last ones of its path where it has no name."""
    called = tool.operation_id or ("" if tool.path else tool.name)
    return split_words(last_part(called)) or _tail(tool.path)


def _tail(path: str) -> tuple[str, ...]:
    return tuple(word for segment in _spoken_segments(path)[-2:] for word in split_words(segment))


def _generated(name: str, path: str) -> bool:
    """Whether a name is only method and path, as tools write it where nobody has: `post_people_id_names`."""
    return set(split_words(name)[1:]) <= set(split_words(path))


def _collection(path: str) -> str:
    """Return the last word of a path that ends on a collection and not on a member of it."""
    words = () if path.rpartition("/")[2].startswith("{") else _tail(path)
    return words[-1] if words and words[-1].endswith("s") else ""


def _spoken_segments(path: str) -> list[str]:
    """Return the fixed segments of a path, without arguments and resource: `f(id={id})` -> f, `users:search` -> search."""
    segments = path_segments(path)
    if ":" in path or "(" in path:
        segments = [segment.partition("(")[0].rpartition(":")[2] for segment in segments]
        _, _, end = path.rpartition("/")
        if end.startswith("{") and "}:" in end:  # what stands behind the parameter is the action
            segments.append(end.rpartition("}:")[2])
    return segments


def _loudest(segments: list[_Segment]) -> NameSignal:
    """Return the last segment that has a verb; one that can mean either gives way to one that is clear."""
    tool_words = SILENT
    for at, segment in enumerate(reversed(segments)):
        signal = segment.signal
        if signal.verbs and (signal.kind != "unclear" or not tool_words.verbs):
            tool_words = signal
            if signal.kind != "unclear":
                break
        elif not tool_words.verbs and signal.reading and at == 0:
            tool_words = signal
    return tool_words
