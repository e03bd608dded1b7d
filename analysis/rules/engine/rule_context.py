"""What rules look at: one definition, one source, or one review, each with the facts that several rules ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from analysis.model import Risk
from analysis.rules.detect.parameter_names import tags
from analysis.rules.engine.text_cache import Texts
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from analysis.model import (
        Assessment,
        Disposition,
        Finding,
        Parameter,
        Problem,
        SourceId,
        TextSpan,
        TextSpans,
        Tool,
        ToolState,
    )
    from analysis.rules.engine.text_cache import Test

_NO_PARAMETERS: Final[tuple[Parameter, ...]] = ()
#: A name that no plain word is: several words, joined or run together.
_NAME: Final = re.compile(r"\b(?:[a-z0-9]+(?:[_-][a-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+)\b")
_MARKS: Final = str.maketrans("`,.'\"", "     ")


def _joint_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern of what joins the words of names; a text without it calls none of them."""
    named = filter(_NAME.fullmatch, names)
    joints = {"_" if "_" in name else "-" if "-" in name else "[a-z0-9][A-Z]" for name in named}
    return re.compile("|".join(sorted(joints))) if joints else None


class SharedTexts:
    """What tools of one source share: their names, and texts by label. Each text is tested once for all tools."""

    def __init__(self, text_spans: Mapping[str, TextSpans] | None = None, names: Iterable[str] = ()) -> None:
        self.names = frozenset(names)
        self.own = Texts()
        self._joint = _joint_of(self.names)
        self._folded: dict[str, str] = {}
        self._twins: dict[str, list[str]] = {}
        self._text_spans = text_spans or {}
        self._texts = Texts(self._text_spans.values())
        self._by_label: dict[Test, dict[str, list[TextSpan]]] = {}

    def mentioned(self, text: str) -> list[str]:
        """Return the tools that a text calls by name. Only names that are no common words count."""
        if self._joint is None or not self._joint.search(text):
            return []
        if self.names.isdisjoint(text.translate(_MARKS).split()):
            return []
        return [name for name in _NAME.findall(text) if name in self.names]

    def near_duplicates(self, name: str, fold: Callable[[str], str]) -> list[str]:
        """Return the tools whose names fold to the same as `name`, in order; there is one way of folding."""
        if not self._folded:
            self._folded = {each: fold(each) for each in sorted(self.names)}
            for each, folded in self._folded.items():
                self._twins.setdefault(folded, []).append(each)
        return self._twins.get(self._folded.get(name) or fold(name), [])

    def matching(self, test: Test, labels: Iterable[str], among: Test | None = None) -> list[TextSpan]:
        """Return the passages under `labels` in which the test finds something; `among` as in `Texts.holding`."""
        found = self.by_label(test, among)
        return [text_span for label in labels for text_span in found.get(label, ())] if found else []

    def by_label(self, test: Test, among: Test | None = None) -> dict[str, list[TextSpan]]:
        """Return the passages in which the test finds something, under the labels they are shared by."""
        found = self._by_label.get(test)
        if found is None:
            texts = self._texts.holding(test, among)
            hits = {label: text_spans.among(texts) for label, text_spans in self._text_spans.items()} if texts else {}
            found = self._by_label[test] = {label: text_spans for label, text_spans in hits.items() if text_spans}
        return found


@lru_cache(maxsize=65_536)
def words_of(name: str) -> frozenset[str]:
    """Return the words of a name as a set."""
    return frozenset(split_words(name))


@dataclass(frozen=True)
class ToolContext:
    """What a `definition` rule sees: one tool, its assessment, and the texts it shares with others."""

    tool: Tool
    assessment: Assessment
    shared: SharedTexts = field(default_factory=SharedTexts)

    def __post_init__(self) -> None:
        self.shared.own.add(self.tool.text_spans)

    def matching(self, test: Test, among: Test | None = None) -> list[TextSpan]:
        """Return the tool's own passages in which the test finds something; `among` as in `Texts.holding`."""
        found = self.shared.own.holding(test, among)
        return self.tool.text_spans.among(found) if found else []

    @cached_property
    def spoken(self) -> tuple[str, ...]:
        """The words of the tool's own name; of its path where it has no name of its own."""
        tool = self.tool
        return split_words(tool.operation_id or (tool.path if tool.method else tool.name))

    @cached_property
    def _tagged(self) -> Mapping[str, tuple[Parameter, ...]]:
        found: dict[str, tuple[Parameter, ...]] = {}
        for parameter in self.tool.parameters:
            for tag in tags(parameter.name):
                found[tag] = (*found.get(tag, ()), parameter)
        return found

    def inputs(self, tag: str) -> tuple[Parameter, ...]:
        """Return the inputs that carry a certain thing, by the tags of `inputs.TAGS`."""
        return self._tagged.get(tag, _NO_PARAMETERS) if self.tool.parameters else _NO_PARAMETERS


@dataclass(frozen=True, slots=True)
class SourceContext:
    """What a `source` rule sees: all definitions of one source, and what its reading told."""

    id: SourceId
    cases: Sequence[ToolContext]
    shared: SharedTexts
    problems: Sequence[Problem] = ()


def is_granted_high_risk(tool: ToolState) -> bool:
    """Whether a tool of high risk is allowed."""
    return tool.risk is Risk.HIGH and tool.decision_state.allowed


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """What a `review` rule sees: live tools, who asked for them, and what was decided on findings."""

    tools: Sequence[ToolState] = ()
    requesters: frozenset[str] = frozenset()
    today: str = ""  # ISO date
    owned: bool = False  # the question who owns the tools is answered, with proof
    disposed: Sequence[tuple[Finding, Disposition]] = ()
    granted: Sequence[ToolState] | None = None  # what `granted_high_risk` returns, where somebody has it at hand

    @property
    def granted_high_risk(self) -> Sequence[ToolState]:
        """The tools of high risk that are allowed."""
        return self.granted if self.granted is not None else [tool for tool in self.tools if is_granted_high_risk(tool)]
