"""What method, name, path and texts of a tool say, each by itself, before anybody weighs them against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.assess.names import SILENT, NameVoice, name_voice
from analysis.assess.prose import ProseVoice, prose_voice
from analysis.words import path_segments, split_words

if TYPE_CHECKING:
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Tool

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "QUERY"})


@dataclass(frozen=True, slots=True)
class PathVoice:
    """What a path says: its last fixed words, the verb among them, a segment that opens a session, every word."""

    words: tuple[str, ...]
    voice: NameVoice
    session: str
    every: frozenset[str]
    on_item: bool  # ends in a parameter: one member, not the collection


@dataclass(frozen=True, slots=True)
class Signals:
    """Everything the verdict is made from."""

    method: str
    name: NameVoice
    path: PathVoice
    summary: ProseVoice
    description: ProseVoice
    nouns: frozenset[str]
    texts: tuple[str, str]

    @property
    def safe_method(self) -> bool:
        """Whether HTTP says that nothing changes."""
        return self.method in SAFE_METHODS


class Reader:
    """Reads the signals of tools by one vocabulary. Remembers names, path endings and texts, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._names: dict[str, tuple[NameVoice, frozenset[str]]] = {}
        self._paths: dict[str, PathVoice] = {}
        self._segments: dict[str, NameVoice] = {}
        self._texts: dict[str, ProseVoice] = {}

    def read(self, tool: Tool) -> Signals:
        """Return the signals of one tool."""
        name, words = self._name(tool.operation_id or ("" if tool.path else tool.name))
        path = self._path(tool.path)
        if tool.operation_id[:4].lower() == "post" and _generated(name.words, tool):
            name = NameVoice(name.words, (), 0.0)
        return Signals(
            tool.method.upper(),
            name,
            path,
            self._text(tool.summary),
            self._text(tool.description),
            words | path.every,
            (tool.summary, tool.description),
        )

    def _name(self, name: str) -> tuple[NameVoice, frozenset[str]]:
        if name not in self._names:
            self._names[name] = name_voice(name, self._vocabulary), frozenset(split_words(name))
        return self._names[name]

    def _path(self, path: str) -> PathVoice:
        if path not in self._paths:
            self._paths[path] = path_voice(path, self._vocabulary, self._segments)
        return self._paths[path]

    def _text(self, text: str) -> ProseVoice:
        if text not in self._texts:
            self._texts[text] = prose_voice(text, self._vocabulary)
        return self._texts[text]


def _generated(words: tuple[str, ...], tool: Tool) -> bool:
    """Whether a name is only method and path, as tools write it where nobody has: `post_people_id_names`."""
    return tool.method.upper() == "POST" and set(words[1:]) <= set(split_words(tool.path))


_NO_PATH: Final = PathVoice((), SILENT, "", frozenset(), on_item=False)


def path_voice(path: str, vocabulary: Vocabulary, known: dict[str, NameVoice] | None = None) -> PathVoice:
    """Return what a path says; `POST /users/{id}:delete` says delete, `/files/list_folder/continue` says list.

    `known` remembers what segments say, which paths share.
    """
    known = {} if known is None else known
    if not path:
        return _NO_PATH
    segments = [_plain(segment) for segment in path_segments(path)]
    _, _, end = path.rpartition("/")
    on_item = end.startswith("{")
    if on_item and "}:" in end:  # what stands behind the parameter is the action
        segments.append(end.rpartition("}:")[2])
    spoken = SILENT
    for segment in reversed(segments[-2:]):
        voice = known.get(segment) or known.setdefault(segment, name_voice(segment, vocabulary))
        if voice.verbs and (voice.kind != "unclear" or not spoken.verbs):
            spoken = voice
            if voice.kind != "unclear":
                break
        elif not spoken.verbs and voice.reading and segment == segments[-1]:
            spoken = voice
    sessions = vocabulary.lists["session-paths"]
    session = next((segment for segment in segments[1:] if segment.lower() in sessions), "")
    tail = tuple(word for segment in segments[-2:] for word in split_words(segment))
    return PathVoice(tail, spoken, session, frozenset(tail), on_item)


def _plain(segment: str) -> str:
    """Return a segment without arguments and resource: `f(id={id})` -> f, `users:search` -> search."""
    return segment.partition("(")[0].rpartition(":")[2]
