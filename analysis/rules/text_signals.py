"""What a text brings in besides a description: a destination, an instruction, a reference to another tool, a concealment.

Unlike a finding this is no accusation: it says what a person has to see before an earlier decision holds for a new text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from analysis.rules.detect.injection import emphasis_word, injection_signals
from analysis.rules.detect.steering import steering
from analysis.text import hidden_counts, unusual, visible
from analysis.text_folded import encoded, has_run

if TYPE_CHECKING:
    from collections.abc import Iterable

_ADDRESS: Final = re.compile(r"\b(?:https?|wss?|ftp|file|data|javascript)://([^\s/?#\"'<>`)\]]+)", re.IGNORECASE)
#: The name of a dialect of JSON Schema, which looks like an address.
_DIALECT: Final = re.compile(r"https?://json-schema\.org/draft[-/][\w./-]+/schema#?")
_MAIL: Final = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[a-z]{2,})", re.IGNORECASE)
_NUMBERS: Final = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
#: A host without a scheme: labels ending in a domain that names no file.
_HOST: Final = re.compile(
    r"(?<![\w@./-])((?:[a-z0-9-]{2,}\.)+(?:com|net|org|io|dev|ai|app|cloud|xyz|site|online|example))\b", re.IGNORECASE
)
_TOKEN: Final = re.compile(r"[A-Za-z0-9]+(?:[_.-][A-Za-z0-9]+)*")
_QUOTED: Final = re.compile(r"[`'\"“‘]([^`'\"“”‘’\s]{2,80})[`'\"”’]")
_TOOL: Final = re.compile(r"\b([A-Za-z][\w-]*) (?:tool|function|operation)\b")
#: A name that no ordinary word is.
_COMPOUND: Final = re.compile(r".*(?:[_-]|[a-z0-9][A-Z])")
_MARKUP: Final = re.compile(
    r"<!--|<(?:script|iframe|img|object|embed|style|link)\b|\bdata:[a-z]+/|\bjavascript:|\x1b", re.IGNORECASE
)
_MIN_ENCODED: Final = 40
_MAX_WORDS: Final = 60
_MIN_WEIGHT: Final = 2


class TextSignals:
    """The signals of texts, among tools with these names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {name.lower(): name for name in names if name}
        self._compound = {lower for lower, name in self._names.items() if _COMPOUND.match(name)}
        self._lower = frozenset(self._names)
        self._of = cache(self._found)

    def __call__(self, text: str, own: str) -> frozenset[str]:
        """Return what a text brings in, each in a few words; `own` is the name of the tool that it describes."""
        found = self._of(text)
        return found - {f"refers to {own}"} if found else found

    def _found(self, text: str) -> frozenset[str]:
        said = {f"destination {visible(host.lower(), _MAX_WORDS)}" for host in _destinations(text)}
        said |= {f"refers to {name}" for name in self._mentioned(text)}
        for match in injection_signals(text):
            if match.signal.weight >= _MIN_WEIGHT:
                said.add(f"{match.signal.says}: “{visible(match.matched, _MAX_WORDS)}”")
        said |= {f"{f.says}: “{visible(words, _MAX_WORDS)}”" for f, words in steering(text, "", self._lower).found}
        if unusual(text):
            said |= {f"hidden character U+{code:04X}" for code in hidden_counts(text)}
        said |= {f"markup {visible(found.group(), _MAX_WORDS)}" for found in _MARKUP.finditer(text)}
        if len(text) >= _MIN_ENCODED and has_run(text):
            said |= {f"encoded text {visible(run, 20)}" for run, _ in encoded(text) if len(run) >= _MIN_ENCODED}
        if word := emphasis_word(text):
            said.add(f"emphasis {word}")
        return frozenset(said)

    def _mentioned(self, text: str) -> set[str]:
        """Return the tools that a text names: compound names anywhere, single words where they are marked as names."""
        words = {token.lower() for token in _TOKEN.findall(text)}
        named = self._compound & words
        marked = {found.lower().rstrip("(),.:;") for found in (*_QUOTED.findall(text), *_TOOL.findall(text))}
        # A single word before "tool" may be an ordinary one: it counts only where a tool has this very name.
        return {self._names[lower] for lower in named | (marked & self._lower)}


def _destinations(text: str) -> set[str]:
    if _DIALECT.fullmatch(text):
        return set()
    found = {host.rpartition("@")[2] for host in _ADDRESS.findall(text)} if "://" in text else set()
    if "@" in text:
        found |= set(_MAIL.findall(text))
    if "." in text:
        found |= set(_NUMBERS.findall(text)) | set(_HOST.findall(text))
    return {host.rstrip(".,;:") for host in found}
