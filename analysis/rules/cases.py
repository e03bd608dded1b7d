"""What rules look at: one definition, one source, or one review, each with the facts that several rules ask for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from analysis.rules.inputs import tags
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from analysis.model import (
        Assessment,
        Disposition,
        Finding,
        Parameter,
        Passage,
        Passages,
        Problem,
        SourceId,
        Tool,
        ToolId,
        ToolRow,
        ToolState,
    )

_NO_PARAMETERS: Final[tuple[Parameter, ...]] = ()


class SharedTexts:
    """What tools of one source share: their names, and texts by label. Each text is tested once for all tools."""

    def __init__(self, passages: Mapping[str, Passages] | None = None, names: Iterable[str] = ()) -> None:
        self.names = frozenset(names)
        self._twins: dict[str, list[str]] | None = None
        self._passages = passages or {}
        self._found: dict[Callable[[str], object], dict[str, list[Passage]]] = {}

    def twins(self, name: str, fold: Callable[[str], str]) -> list[str]:
        """Return the tools whose names fold to the same as `name`, in order; there is one way of folding."""
        if self._twins is None:
            self._twins = {}
            for each in sorted(self.names):
                self._twins.setdefault(fold(each), []).append(each)
        return self._twins.get(fold(name), []) if self._twins else []

    def matching(self, test: Callable[[str], object], labels: Iterable[str], *, whole: bool = False) -> list[Passage]:
        """Return the passages under `labels` whose text the test finds; `whole` as in `Passages.matching`."""
        found = self.by_label(test, whole=whole)
        return [passage for label in labels for passage in found.get(label, ())] if found else []

    def by_label(self, test: Callable[[str], object], *, whole: bool = False) -> dict[str, list[Passage]]:
        """Return the passages the test finds, under the labels they are shared by."""
        if test not in self._found:
            hits = {label: texts.matching(test, whole=whole) for label, texts in self._passages.items()}
            self._found[test] = {label: texts for label, texts in hits.items() if texts}
        return self._found[test]


@lru_cache(maxsize=65_536)
def words_of(name: str) -> frozenset[str]:
    """Return the words of a name as a set."""
    return frozenset(split_words(name))


@dataclass(frozen=True)
class Definition:
    """What a `definition` rule sees: one tool, its assessment, and the texts it shares with others."""

    tool: Tool
    assessment: Assessment
    shared: SharedTexts = field(default_factory=SharedTexts)

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
        return self._tagged.get(tag, _NO_PARAMETERS)


@dataclass(frozen=True, slots=True)
class Source:
    """What a `source` rule sees: all definitions of one source, and what its reading told."""

    id: SourceId
    cases: Sequence[Definition]
    shared: SharedTexts
    problems: Sequence[Problem] = ()


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """What a `review` rule sees: live tools, who asked for them, what was made of findings, and what was signed."""

    tools: Sequence[ToolState] = ()
    requesters: frozenset[str] = frozenset()
    today: str = ""  # ISO date
    owned: bool = False  # the question who owns the tools is answered, with proof
    disposed: Sequence[tuple[Finding, Disposition]] = ()
    baseline: Mapping[ToolId, ToolRow] | None = None  # the tools of the last signed packet
    signed: str | None = None  # the digest that was signed
    content: str = ""  # the digest of what would be signed now
