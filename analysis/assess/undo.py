"""Reversibility of calls, from the other tools of the same source that can undo them.

The result is shown to reviewers and decides nothing else: effect, type and risk of a tool must not improve because of
another tool.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from analysis.model import CapabilityKind, Effect, Reason, Reversibility, ToolType
from analysis.words import path_segments, split_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Assessment, SourceId, Tool, ToolId

_PARAMETER: Final = re.compile(r"\{[^}]*\}")
_CREATES: Final = frozenset({"create", "add", "new", "make", "insert", "register"})
_UPDATES: Final = frozenset({"PUT", "PATCH"})
_WHERE: Final = "other tools"
_NOTHING: Final = Reason(_WHERE, "none", "no other tool undoes a call")


def with_undo(tools: Sequence[Tool], assessments: Sequence[Assessment], vocabulary: Vocabulary) -> list[Assessment]:
    """Return assessments with reversibility derived from the other tools of the same source."""
    index = _UndoIndex(tools, assessments, vocabulary)
    return [index.with_reversibility(tool, each) for tool, each in zip(tools, assessments, strict=True)]


def may_undo(tools: Sequence[Tool], wanted: Collection[ToolId], vocabulary: Vocabulary) -> list[Tool]:
    """Return the wanted ones of the tools with all others on which their reversibility can depend, in order."""
    return list(_UndoIndex((), (), vocabulary).related(tools, wanted))


class _UndoIndex:
    """Index of tools by object and verb, and by method and path."""

    def __init__(self, tools: Sequence[Tool], assessments: Sequence[Assessment], vocabulary: Vocabulary) -> None:
        lists = vocabulary.lists
        self._toggles = _pairs(lists["toggles"], both=True)
        self._undone = _pairs(lists["undone-by"])
        self._updating = frozenset(verb for verb, back in self._undone.items() if "get" in back)
        self._words = frozenset().union(*(phrase.split() for phrase in lists["toggles"] | lists["undone-by"]))
        self._known: dict[tuple[str, str, str], tuple[str, tuple[str, ...]]] = {}
        self._named: dict[tuple[SourceId, tuple[str, ...], str], str] = {}
        self._called: dict[tuple[SourceId, str, str], Tool] = {}
        in_order = sorted(zip(tools, assessments, strict=True), key=lambda pair: pair[0].name, reverse=True)
        for tool, each in in_order:  # the first name counts, independent of the order of tools
            if tool.kind is not CapabilityKind.TOOL:
                continue
            verb, thing = self._act(tool)
            if each.effect is not Effect.READ or verb not in self._toggles:  # reading a star does not star
                self._named[tool.source, thing, verb] = tool.name
            if tool.method and not each.unclear:
                self._called[tool.source, tool.method.upper(), _shape(tool.path)] = tool

    def with_reversibility(self, tool: Tool, assessment: Assessment) -> Assessment:
        """Return an assessment with the tool that undoes a call, or with unknown reversibility."""
        if assessment.effect is Effect.READ or ToolType.BILLING in assessment.types:
            return assessment
        if assessment.reversibility is Reversibility.REVERSIBLE:
            back = next(self._back(tool), "")
            reversibility = Reversibility.REVERSIBLE if back else Reversibility.UNKNOWN
        elif assessment.reversibility is Reversibility.IRREVERSIBLE:
            back = next(self._switched_back(tool), "")
            if not back:
                return assessment
            reversibility = Reversibility.REVERSIBLE
        else:
            return assessment
        reason = Reason(_WHERE, back, "undoes a call") if back else _NOTHING
        return replace(assessment, reversibility=reversibility, reasons=(*assessment.reasons, reason))

    def related(self, tools: Sequence[Tool], wanted: Collection[ToolId]) -> Iterator[Tool]:
        """Yield the wanted tools, and those of the same object, or at the same path or one below it."""
        some = [tool for tool in tools if tool.id in wanted]
        things = {(tool.source, thing) for tool in some if (thing := self._act(tool)[1])}
        paths = {
            (tool.source, path)
            for tool in some
            if tool.method
            for path in (_shape(tool.path), f"{_shape(tool.path)}/{{}}")
        }
        for tool in tools:
            same_thing = (tool.source, self._act(tool)[1]) in things
            if tool.id in wanted or same_thing or (tool.method and (tool.source, _shape(tool.path)) in paths):
                yield tool

    def _back(self, tool: Tool) -> Iterator[str]:
        """Yield the names of the tools that undo a call."""
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
        """Yield the names of the tools that undo a removal of a mere state."""
        verb, _ = self._act(tool)
        yield from self._by_name(tool, self._switching(verb))
        if tool.method.upper() == "DELETE":
            putting = self._called.get((tool.source, "PUT", _shape(tool.path)))
            if putting is not None and self._only_switches(putting):
                yield putting.name

    def _only_switches(self, putting: Tool) -> bool:
        """Whether a PUT only sets a state: with a body it would replace content."""
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
        """Return the verb of a tool and its object in the singular: `lockThreads` -> lock, thread."""
        key = (tool.operation_id, tool.path, tool.name)
        if key not in self._known:
            self._known[key] = self._parse(tool)
        return self._known[key]

    def _parse(self, tool: Tool) -> tuple[str, tuple[str, ...]]:
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
    """Whether a tool has no name of its own beyond method and path."""
    return split_words(tool.operation_id)[:1] in {(), ("post",)}


def _shape(path: str) -> str:
    """Return a path without parameter names."""
    return _PARAMETER.sub("{}", path.partition("?")[0]).rstrip("/")
