"""Signals of a tool: method, name, path and texts, each read by itself, before they are weighted."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.assess.effects.generated_ids import own_name
from analysis.assess.effects.noun_readers import NounReaders
from analysis.assess.names import NO_NAME_SIGNAL, NameReader, NameSignal, last_part
from analysis.assess.texts import TextReader, TextSignal, program_of
from analysis.words import path_segments, split_words

if TYPE_CHECKING:
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Tool

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "QUERY"})
_MAX_CONTEXT: Final = 200  # characters of a description that tell what a noun means
_NO_WORDS: Final[frozenset[str]] = frozenset()
#: Verbs of a path that repeat a safe method, so that a name that says the same is no second opinion.
_SAFE_WORDS: Final = frozenset({"get", "list", "read", "show", "view", "index"})


@dataclass(frozen=True, slots=True, eq=False)
class PathSignal:
    """Signal of a path: its last fixed words, the verb among them, a segment that opens a session.

    One instance per pattern, so instances are compared and hashed by identity.
    """

    words: tuple[str, ...]
    signal: NameSignal
    session: str
    nouns: frozenset[str]
    act: str = ""  # the last segment, where it is nothing but a verb that acts: `/users/{id}/deactivate`


@dataclass(frozen=True, slots=True, eq=False)
class ToolSignals:
    """All signals of a tool. Tools with the same signals share one instance, hashed by identity."""

    method: str
    name: NameSignal
    path: PathSignal
    summary: TextSignal
    description: TextSignal
    nouns: frozenset[str]
    collection: str  # last word of the path of a POST without a verb, where it is a plural
    program: str  # language of a statement with any effect, where the texts name one
    thing: str = ""  # what a tool without a verb is named for, where everything else agrees that it only looks it up

    @property
    def safe_method(self) -> bool:
        """Whether HTTP defines the method as safe."""
        return self.method in SAFE_METHODS

    @property
    def verb_signal(self) -> NameSignal:
        """The name, or the path where the name has no verb."""
        return self.name if self.name.verbs else self.path.signal

    def words_after(self, words: frozenset[str]) -> frozenset[str]:
        """Return the words directly after one of `words`, which is not a verb of the name: `updateRole`."""
        qualifying = words.difference([verb.word for verb in self.name.verbs])
        pairs = itertools.chain(itertools.pairwise(self.name.words), itertools.pairwise(self.path.words))
        return frozenset(after for before, after in pairs if before in qualifying)


class _Segment(NamedTuple):
    """A fixed segment of a path: its signal, and its pattern."""

    signal: NameSignal
    pattern: tuple[str, ...]


class SignalReader:
    """Reader of signals by one vocabulary. Caches names, paths and texts, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._known = vocabulary.known
        self._sessions = vocabulary.lists["session-paths"]
        self._reads = frozenset(verb for verb, kind in vocabulary.verbs.items() if kind in {"read", "asking"})
        self._names = NameReader(vocabulary)
        self._texts = TextReader(vocabulary)
        self._noun_readers = NounReaders(vocabulary, self._texts)
        self._vocabulary = vocabulary
        self._segments: dict[str, _Segment] = {}
        self._paths: dict[tuple[object, ...], PathSignal] = {}
        self._sessionless: dict[PathSignal, PathSignal] = {}
        self._signals: dict[tuple[object, ...], ToolSignals] = {}

    def read(self, tool: Tool, services: frozenset[str] = _NO_WORDS) -> ToolSignals:
        """Return the signals of one tool. `services` are first words of names that are no verbs in this source."""
        method = tool.method.upper()
        given_name = self._own_name(tool, method, services)
        name = self._names.signal(given_name) if given_name else NO_NAME_SIGNAL
        nouns = self._names.nouns(given_name, name) if given_name else _NO_WORDS
        if method == "POST" and "post" in nouns and "post" not in tool.path.lower():
            nouns -= {"post"}  # `PostCustomers`, `droplets_post`: the HTTP method, not a publication
        path = self._path(tool.path) if tool.path else _NO_PATH
        if path.session and self._only_writes(path.session, tool):
            path = self._sessionless.setdefault(path, replace(path, session=""))
        if method == "POST" and given_name[:4].lower() == "post" and _generated(given_name, tool.path):
            name = self._names.ignored(name)
        if name.unsettled and tool.path:
            name = self._names.settled(name, path.words[::-1])
        summary, description = self._texts.signal(tool.summary), self._texts.signal(tool.description)
        if description.settles and not method and _adds_nothing(summary, description, name):
            summary = description
        if name.unsettled:
            name = self._with_meaning_of(name, summary, description)
        silent = method == "POST" and not name.verbs and not path.signal.verbs
        collection = _collection(tool.path) if silent else ""
        if "charge" in nouns or "charge" in path.nouns:
            path, nouns = self._without_charge(tool, path, nouns)
        thing = self._noun_readers.thing_of(tool, given_name, name, summary, description)
        key = (method, name, nouns, path, summary, description, collection, self._program(tool, name, path), thing)
        found = self._signals.get(key)
        if found is None:
            found = self._signals[key] = ToolSignals(
                method, name, path, summary, description, nouns | path.nouns, collection, key[-2], thing
            )
        return found

    def _with_meaning_of(self, name: NameSignal, *texts: TextSignal) -> NameSignal:
        """Return a name with the meaning that a text gives to its verb, where the text says it with an object."""
        said = next((text for text in texts if text.kind and not text.added), None)
        same = said is not None and said.word == name.verbs[0].word
        if said is None or not (same or said.word in self._vocabulary.lists["results"]) or said.kind == "unclear":
            return name
        return self._names.settled_as(name, said.kind)

    def _without_charge(self, tool: Tool, path: PathSignal, nouns: frozenset[str]) -> tuple[PathSignal, frozenset[str]]:
        """Return path and nouns without `charge` where a battery is charged: no bill is meant."""
        words = frozenset(split_words(f"{tool.name} {tool.summary} {tool.description[:_MAX_CONTEXT]}"))
        if words.isdisjoint(self._vocabulary.lists["charge write"]):
            return path, nouns
        free = replace(path, nouns=path.nouns - {"charge"})
        return self._sessionless.setdefault(path, free) if path.nouns else path, nouns - {"charge"}

    def _own_name(self, tool: Tool, method: str, services: frozenset[str]) -> str:
        """Return the name of a tool without its service, and without what a framework put into it."""
        name = tool.operation_id or ("" if tool.path else tool.name)
        if name and tool.path:
            name = own_name(name, method, tool.path, self._acts)
        words = split_words(name)
        if not tool.path and len(words) > 1:
            at = 1 if words[0] == "api" else 0  # `API-post-search`: the method of an operation behind a tool
            if words[at] == "post" and words[at + 1 : at + 2] and words[at + 1] in self._reads:
                words = words[at + 1 :]
                name = "_".join(words)
        named = (
            words[0] in services or (method in SAFE_METHODS and _names_resource(words[0], tool.path))
            if words
            else False
        )
        return "_".join(words[1:]) if named and len(words) > 1 else name

    def _acts(self, segment: str) -> bool:
        """Whether a segment has a verb of its own, and is no noun for itself."""
        signal = self._names.signal(segment)
        if not signal.verbs or signal.verbs[0].word in _SAFE_WORDS:
            return False
        return len(signal.words) > 1 or signal.verbs[0].word not in self._vocabulary.lists["path-things"]

    def _only_writes(self, word: str, tool: Tool) -> bool:
        """Whether a session word is a writing verb for a request body: streams have none."""
        word = word.lower()
        writes = self._vocabulary.verbs.get(word) == "write" and word not in self._vocabulary.lists["session-verbs"]
        return writes and tool.method.upper() == "POST" and any(each.place == "body" for each in tool.parameters)

    def _program(self, tool: Tool, name: NameSignal, path: PathSignal) -> str:
        """Return the language of the statement that a query tool takes, or an empty string."""
        verbs = name.verbs or path.signal.verbs
        if not verbs or verbs[0].word != "query":
            return ""
        found = (program_of(text, self._vocabulary) for text in (tool.summary, tool.description))
        return next(filter(None, found), "")

    def _path(self, path: str) -> PathSignal:
        """Return the signal of a path: delete for `POST /users/{id}:delete`, list for `/files/list_folder/continue`."""
        segments = _action_segments(path)
        last = [self._segment(segment) for segment in segments[-2:]]
        session = next((segment for segment in segments[1:] if segment.lower() in self._sessions), "")
        key = (session, *last)
        found = self._paths.get(key)
        if found is None:
            words = tuple(word for segment in last for word in segment.pattern)
            nouns = frozenset(words) - {""}
            deciding = _deciding_segment(last)
            if deciding.unsettled:
                deciding = self._names.settled(deciding, words[::-1])
            act = self._names.act(last[-1].signal, deciding) if last else ""
            found = self._paths[key] = PathSignal(words, deciding, session, nouns, act)
        return found

    def _segment(self, text: str) -> _Segment:
        found = self._segments.get(text)
        if found is None:
            pattern = tuple([word if word in self._known else "" for word in split_words(text)])
            found = self._segments[text] = _Segment(self._names.signal(text), pattern)
        return found


def _adds_nothing(title: TextSignal, description: TextSignal, name: NameSignal) -> bool:
    """Whether a title is no more than an ambiguous verb, of which the description says what is meant."""
    return title.kind == "unclear" and (title.word == description.settles or not name.verbs)


_NO_PATH: Final = PathSignal((), NO_NAME_SIGNAL, "", _NO_WORDS)


def _names_resource(word: str, path: str) -> bool:
    """Whether a word is the singular of a collection in the path: `invite` of /invites/{code}."""
    return f"/{word}s/" in f"{path}/"


def words_of(tool: Tool) -> tuple[str, ...]:
    """Return the words of the tool's name, or the last words of its path where it has none."""
    given_name = tool.operation_id or ("" if tool.path else tool.name)
    return split_words(last_part(given_name)) or _tail(tool.path)


def _tail(path: str) -> tuple[str, ...]:
    return tuple(word for segment in _action_segments(path)[-2:] for word in split_words(segment))


def _generated(name: str, path: str) -> bool:
    """Whether a generator made the name from method and path: `post_people_id_names`."""
    return set(split_words(name)[1:]) <= set(split_words(path))


def _collection(path: str) -> str:
    """Return the last word of a path that ends in a collection, not in one of its members."""
    words = () if path.rpartition("/")[2].startswith("{") else _tail(path)
    return words[-1] if words and words[-1].endswith("s") else ""


def _action_segments(path: str) -> list[str]:
    """Return the fixed segments of a path as actions: `f(id={id})` -> f, `users:search` -> search."""
    segments = path_segments(path)
    if ":" in path or "(" in path:
        segments = [segment.partition("(")[0].rpartition(":")[2] for segment in segments]
        _, _, end = path.rpartition("/")
        if end.startswith("{") and "}:" in end:  # the action follows the parameter
            segments.append(end.rpartition("}:")[2])
    return segments


def _deciding_segment(segments: list[_Segment]) -> NameSignal:
    """Return the signal of the last segment with a verb; an ambiguous one only where no other is clear."""
    chosen = NO_NAME_SIGNAL
    for at, segment in enumerate(reversed(segments)):
        signal = segment.signal
        if signal.verbs and (signal.kind != "unclear" or not chosen.verbs):
            chosen = signal
            if signal.kind != "unclear":
                break
        elif not chosen.verbs and signal.reading and at == 0:
            chosen = signal
    return chosen
