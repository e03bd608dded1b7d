"""The inputs of rules: one tool, one source or one review, with facts that several rules share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from analysis.model import Risk
from analysis.rules.detect.parameter_names import parameter_tags
from analysis.rules.engine.text_cache import TextCache
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from analysis.model import (
        Assessment,
        Disposition,
        Finding,
        Parameter,
        Problem,
        SignedPacket,
        SourceId,
        TextSpan,
        TextSpans,
        Tool,
        ToolState,
    )
    from analysis.rules.engine.text_cache import Test

T = TypeVar("T")
_NO_PARAMETERS: Final[tuple[Parameter, ...]] = ()
#: A compound identifier, which no ordinary word is: `get_order`, `getOrder`.
_NAME: Final = re.compile(r"\b(?:[a-z0-9]+(?:[_-][a-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+)\b")
_PUNCTUATION: Final = str.maketrans("`,.'\"", "     ")


def _separator_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern of the separators in names; a text without a match mentions none of them."""
    named = filter(_NAME.fullmatch, names)
    separators = {"_" if "_" in name else "-" if "-" in name else "[a-z0-9][A-Z]" for name in named}
    return re.compile("|".join(sorted(separators))) if separators else None


class SharedTexts:
    """Names and labelled texts that the tools of one source share. Each text is tested once."""

    def __init__(self, text_spans: Mapping[str, TextSpans] | None = None, names: Iterable[str] = ()) -> None:
        self.names = frozenset(names)
        self.own = TextCache()
        self._separators = _separator_pattern(self.names)
        self._folded: dict[str, str] = {}
        self._by_folded: dict[str, list[str]] = {}
        self._text_spans = text_spans or {}
        self.labelled = TextCache(self._text_spans.values())
        self._by_label: dict[Test, dict[str, list[TextSpan]]] = {}
        self._once: dict[Callable[[SharedTexts], Any], Any] = {}

    @cached_property
    def lower_names(self) -> frozenset[str]:
        """The names of the tools in lower case."""
        return frozenset(name.lower() for name in self.names)

    def once(self, function: Callable[[SharedTexts], T]) -> T:
        """Return what a function says of these texts, computed when it is first asked for."""
        if function not in self._once:
            self._once[function] = function(self)
        found: T = self._once[function]
        return found

    def mentioned(self, text: str) -> list[str]:
        """Return the tools that a text mentions. Only compound names count, because a single word may be ordinary text."""
        if self._separators is None or not self._separators.search(text):
            return []
        if self.names.isdisjoint(text.translate(_PUNCTUATION).split()):
            return []
        return [name for name in _NAME.findall(text) if name in self.names]

    def confusable_names(self, name: str, fold: Callable[[str], str]) -> list[str]:
        """Return the tools whose names fold to the same as `name`, sorted. Every call must pass the same `fold`."""
        if not self._folded:
            self._folded = {each: fold(each) for each in sorted(self.names)}
            for each, folded in self._folded.items():
                self._by_folded.setdefault(folded, []).append(each)
        return self._by_folded.get(self._folded.get(name) or fold(name), [])

    def matching(self, test: Test, labels: Iterable[str], among: Test | int | None = None) -> list[TextSpan]:
        """Return the text spans under `labels` that match a test; `among` as in `TextCache.matching_texts`."""
        found = self.by_label(test, among)
        if not found or found.keys().isdisjoint(labels):
            return []
        return [text_span for label in labels for text_span in found.get(label, ())]

    def by_label(self, test: Test, among: Test | int | None = None) -> dict[str, list[TextSpan]]:
        """Return the text spans that match a test, by label."""
        found = self._by_label.get(test)
        if found is None:
            texts = self.labelled.matching_texts(test, among)
            hits = {label: text_spans.among(texts) for label, text_spans in self._text_spans.items()} if texts else {}
            found = self._by_label[test] = {label: text_spans for label, text_spans in hits.items() if text_spans}
        return found


@dataclass(frozen=True)
class ToolContext:
    """Input of a `definition` rule: one tool, its assessment, and the texts it shares with others."""

    tool: Tool
    assessment: Assessment
    shared: SharedTexts = field(default_factory=SharedTexts)

    def __post_init__(self) -> None:
        self.shared.own.add(self.tool.text_spans)

    def matching(self, test: Test, among: Test | int | None = None) -> list[TextSpan]:
        """Return the text spans of the tool itself that match a test; `among` as in `TextCache.matching_texts`."""
        found = self.shared.own.matching_texts(test, among)
        return self.tool.text_spans.among(found) if found else []

    def matching_texts(self, test: Test, among: Test | int | None = None) -> list[str]:
        """Return the distinct texts of the tool itself that match a test, without looking for their places."""
        found = self.shared.own.matching_texts(test, among)
        return [text for text in self.tool.text_spans.strings if text in found] if found else []

    def once(self, function: Callable[[ToolContext], T]) -> T:
        """Return what a function says of this tool, computed when it is first asked for: for rules on one matter."""
        if function not in self._once:
            self._once[function] = function(self)
        found: T = self._once[function]
        return found

    @cached_property
    def _once(self) -> dict[Callable[[ToolContext], Any], Any]:
        return {}

    @cached_property
    def name_words(self) -> tuple[str, ...]:
        """The words of the operation id or tool name; of the path where there is none."""
        tool = self.tool
        return split_words(tool.operation_id or (tool.path if tool.method else tool.name))

    @cached_property
    def _tagged(self) -> Mapping[str, tuple[Parameter, ...]]:
        found: dict[str, tuple[Parameter, ...]] = {}
        for parameter in self.tool.parameters:
            for tag in parameter_tags(parameter.name):
                found[tag] = (*found.get(tag, ()), parameter)
        return found

    def parameters_tagged(self, tag: str) -> tuple[Parameter, ...]:
        """Return the parameters with a tag of `parameter_names.TAGS`."""
        return self._tagged.get(tag, _NO_PARAMETERS) if self.tool.parameters else _NO_PARAMETERS


@dataclass(frozen=True, slots=True)
class SourceContext:
    """Input of a `source` rule: all tools of one source, and the problems found while reading it."""

    id: SourceId
    tools: Sequence[ToolContext]
    shared: SharedTexts
    problems: Sequence[Problem] = ()


def is_granted_high_risk(tool: ToolState) -> bool:
    """Whether a high-risk tool is allowed."""
    return tool.risk is Risk.HIGH and tool.decision_state.allowed


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """Input of a `review` rule: live tools, requesters, dispositions, and the signed packet known last."""

    tools: Sequence[ToolState] = ()
    requesters: frozenset[str] = frozenset()
    today: str = ""  # ISO date
    owned: bool = False  # the ownership question is answered with evidence
    disposed: Sequence[tuple[Finding, Disposition]] = ()
    granted: Sequence[ToolState] | None = None  # precomputed `granted_high_risk`
    signed: SignedPacket | None = None  # the signed packet that the review knows last
    since_signed: int = 0  # registers that differ from it

    @property
    def granted_high_risk(self) -> Sequence[ToolState]:
        """The high-risk tools that are allowed."""
        return self.granted if self.granted is not None else [tool for tool in self.tools if is_granted_high_risk(tool)]
