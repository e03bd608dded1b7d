"""Whether a call can be taken back, as far as the other tools of its source tell; by itself no tool can.

What this finds is told to people and decides nothing else: effect, type and risk of a tool must not get better because
another tool stands beside it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from analysis.model import Effect, Reason, Reversibility, ToolType
from analysis.words import path_segments, split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Assessment, SourceId, Tool

_PARAMETER: Final = re.compile(r"\{[^}]*\}")
_CREATES: Final = frozenset({"create", "add", "new", "make", "insert", "register"})
_UPDATES: Final = frozenset({"PUT", "PATCH"})
_WHERE: Final = "other tools"
_NOTHING: Final = Reason(_WHERE, "none", "nothing shows how a call is taken back")


def with_undo(tools: Sequence[Tool], said: Sequence[Assessment], vocabulary: Vocabulary) -> list[Assessment]:
    """Return assessments whose reversibility is told by what the other tools of the same source can do."""
    beside = _Beside(tools, said, vocabulary)
    return [beside.told(tool, each) for tool, each in zip(tools, said, strict=True)]


class _Beside:
    """What the tools of some sources do to which things, by name and by path."""

    def __init__(self, tools: Sequence[Tool], said: Sequence[Assessment], vocabulary: Vocabulary) -> None:
        lists = vocabulary.lists
        self._toggles = _pairs(lists["toggles"], both=True)
        self._undone = _pairs(lists["undone-by"])
        self._updating = frozenset(verb for verb, back in self._undone.items() if "get" in back)
        self._words = frozenset().union(*(phrase.split() for phrase in lists["toggles"] | lists["undone-by"]))
        self._known: dict[tuple[str, str, str], tuple[str, tuple[str, ...]]] = {}
        self._named: dict[tuple[SourceId, tuple[str, ...], str], str] = {}
        self._called: dict[tuple[SourceId, str, str], Tool] = {}
        in_order = sorted(zip(tools, said, strict=True), key=lambda pair: pair[0].name, reverse=True)
        for tool, each in in_order:  # of several, the one whose name comes first is named, in whatever order they stand
            verb, thing = self._act(tool)
            if each.effect is not Effect.READ or verb not in self._toggles:  # looking at a star gives none
                self._named[tool.source, thing, verb] = tool.name
            if tool.method and not each.unclear:
                self._called[tool.source, tool.method.upper(), _shape(tool.path)] = tool

    def told(self, tool: Tool, said: Assessment) -> Assessment:
        """Return an assessment with what takes a call back; where nothing does, it is not known whether it can be."""
        if said.effect is Effect.READ or ToolType.BILLING in said.types:
            return said
        if said.reversibility is Reversibility.REVERSIBLE:
            back = next(self._back(tool), "")
            reversibility = Reversibility.REVERSIBLE if back else Reversibility.UNKNOWN
        elif said.reversibility is Reversibility.IRREVERSIBLE:
            back = next(self._switched_back(tool), "")
            if not back:
                return said
            reversibility = Reversibility.REVERSIBLE
        else:
            return said
        reason = Reason(_WHERE, back, "with it a call can be taken back") if back else _NOTHING
        return replace(said, reversibility=reversibility, reasons=(*said.reasons, reason))

    def _back(self, tool: Tool) -> Iterator[str]:
        """Yield the tools with which a call can be taken back."""
        verb, _ = self._act(tool)
        yield from self._by_name(tool, (*self._switching(verb), *self._undone.get(verb, ())))
        if not tool.method:
            return
        path, method = _shape(tool.path), tool.method.upper()
        member, many = path.endswith("}"), path.endswith("s")
        if verb in self._updating or (not verb and not many and (method in _UPDATES or (member and _unnamed(tool)))):
            yield from self._at(tool, "GET", path)
        if method == "PUT" or (method == "POST" and not (member or many)):
            yield from self._at(tool, "DELETE", path)
        if method == "POST" and (not verb or verb in _CREATES):
            yield from self._at(tool, "DELETE", f"{path}/{{}}")

    def _switched_back(self, tool: Tool) -> Iterator[str]:
        """Yield the tools that put back what a removal has taken, where nothing but a state is lost."""
        verb, _ = self._act(tool)
        yield from self._by_name(tool, self._switching(verb))
        if tool.method.upper() == "DELETE":
            putting = self._called.get((tool.source, "PUT", _shape(tool.path)))
            if putting is not None and self._only_switches(putting):
                yield putting.name

    def _only_switches(self, putting: Tool) -> bool:
        """Whether a PUT says nothing but that something is to be so: what carries a body says what is to stand there."""
        verb, _ = self._act(putting)
        return (verb in _CREATES or verb in self._toggles) and not any(p.place == "body" for p in putting.parameters)

    def _by_name(self, tool: Tool, verbs: Iterable[str]) -> Iterator[str]:
        _, thing = self._act(tool)
        found = (self._named.get((tool.source, thing, verb), "") for verb in verbs if thing)
        return (name for name in found if name and name != tool.name)

    def _at(self, tool: Tool, method: str, path: str) -> Iterator[str]:
        found = self._called.get((tool.source, method, path))
        if found is not None:
            yield found.name

    def _switching(self, verb: str) -> tuple[str, ...]:
        if not verb:
            return ()
        return (*self._toggles.get(verb, ()), f"un{verb}", *([verb[2:]] if verb.startswith("un") else ()))

    def _act(self, tool: Tool) -> tuple[str, tuple[str, ...]]:
        """Return the verb of a tool and the thing it is done to, in words without number: `lockThreads` -> lock, thread."""
        key = (tool.operation_id, tool.path, tool.name)
        if key not in self._known:
            self._known[key] = self._heard(tool)
        return self._known[key]

    def _heard(self, tool: Tool) -> tuple[str, tuple[str, ...]]:
        words = split_words(tool.operation_id or ("" if tool.path else tool.name))
        if not self._verbs_in(words):
            words = tuple(word for segment in path_segments(tool.path) for word in split_words(segment))
        at = next(iter(self._verbs_in(words)), None)
        if at is None:
            return "", ()
        return words[at], tuple(word.rstrip("s") for n, word in enumerate(words) if n != at)

    def _verbs_in(self, words: tuple[str, ...]) -> list[int]:
        known = self._words
        return [at for at, word in enumerate(words) if word in known or (word[:2] == "un" and word[2:] in known)]


def _pairs(phrases: Iterable[str], *, both: bool = False) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for phrase in sorted(phrases):
        one, other = phrase.split(" ")
        found[one] = (*found.get(one, ()), other)
        if both:
            found[other] = (*found.get(other, ()), one)
    return found


def _unnamed(tool: Tool) -> bool:
    """Whether only method and path name a tool."""
    return split_words(tool.operation_id)[:1] in {(), ("post",)}


def _shape(path: str) -> str:
    """Return a path in which parameters have no names."""
    return _PARAMETER.sub("{}", path.partition("?")[0]).rstrip("/")
