"""The rule engine: what a rule is, the registry, and the run that no faulty rule can silence.

A rule carries its own title, reasons, remedy, standards and examples, so its tests and its manual page are
made from it. There are three kinds, by what a rule has to know:

* ``definition`` looks at one tool's definition and assessment; its hits change only when a source does,
* ``state`` looks at one tool with what people decided,
* ``set`` looks at all live tools together.

Triggers are monotone: adding a tool may only add findings. No ratios, no medians.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from analysis.model import Finding, FindingId, RuleNotRun, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from analysis.model import Assessment, Passage, Passages, SourceId, Tool, ToolId, ToolState

#: Changes with every change of a rule's trigger or weight; scores of different packs are not comparable.
RULE_PACK = "1"

Kind = Literal["definition", "state", "set"]


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
        if test not in self._found:
            hits = {label: texts.matching(test, whole=whole) for label, texts in self._passages.items()}
            self._found[test] = {label: texts for label, texts in hits.items() if texts}
        found = self._found[test]
        return [passage for label in labels for passage in found.get(label, ())] if found else []


@dataclass(frozen=True, slots=True)
class Definition:
    """What a `definition` rule sees: one tool, its assessment, and the texts it shares with others."""

    tool: Tool
    assessment: Assessment
    shared: SharedTexts = field(default_factory=SharedTexts)


@dataclass(frozen=True, slots=True)
class Hit:
    """One occurrence. `key` tells two hits of a rule on one tool apart; it must survive a re-import."""

    matched: str
    pointer: str = ""
    key: str = ""
    why: str = ""
    severity: Severity | None = None
    ceiling: int | None = None
    tool: ToolId | None = None  # set rules only: the tool it is about
    source: SourceId | None = None  # set rules only: the source it is about


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with everything that is to be said of it."""

    id: str
    title: str
    kind: Kind
    severity: Severity
    confidence: str
    why: str
    remedy: str
    false_positives: str
    standards: tuple[str, ...]
    hits: tuple[Any, ...]
    clean: tuple[Any, ...]
    gathers: bool
    check: Callable[[Any], Iterator[Hit]]
    # Set rules: whether it looks at more than which tools are live, their risk and type; and, if only tools of one
    # group can matter to each other, what tells their group.
    decisions: bool = True
    group: Callable[[ToolState], object] | None = None


_REGISTRY: dict[str, Rule] = {}


def rule(  # noqa: PLR0913 - a rule says everything about itself
    *,
    id: str,
    title: str,
    kind: Kind,
    severity: Severity,
    remedy: str,
    standards: Sequence[str],
    hits: Sequence[Any],
    clean: Sequence[Any],
    confidence: str = "high",
    false_positives: str = "None known.",
    gathers: bool = False,
    decisions: bool = True,
    group: Callable[[ToolState], object] | None = None,
) -> Callable[[Callable[[Any], Iterator[Hit]]], Callable[[Any], Iterator[Hit]]]:
    """Register a check as a rule; its docstring is the reason shown to people.

    `gathers`: the rule hits so many tools of an ordinary API that its findings are shown as one, with a count.
    """

    def register(check: Callable[[Any], Iterator[Hit]]) -> Callable[[Any], Iterator[Hit]]:
        if id in _REGISTRY:
            raise ValueError(f"two rules are called {id}")
        why = " ".join((check.__doc__ or "").split())
        _REGISTRY[id] = Rule(
            id, title, kind, severity, confidence, why, remedy, false_positives,
            tuple(standards), tuple(hits), tuple(clean), gathers, check, decisions, group,
        )  # fmt: skip
        return check

    return register


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules, by id. Every module of this folder may hold some."""
    package = import_module("analysis.rules")
    for module in pkgutil.iter_modules(package.__path__):
        import_module(f"analysis.rules.{module.name}")
    return tuple(_REGISTRY[key] for key in sorted(_REGISTRY))


def run_definitions(cases: Iterable[Definition]) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run every `definition` rule on every tool."""
    listed = list(cases)
    findings: list[Finding] = []
    not_run: list[RuleNotRun] = []
    for each in rules():
        if each.kind == "definition":
            found, failure = _collect(each, listed)
            findings.extend(_finding(each, hit, case.tool.id, case.tool.pointer, case.tool.line) for case, hit in found)
            not_run.extend(failure)
    return findings, not_run


def run_states(states: Sequence[ToolState]) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run every `state` and `set` rule on the live tools."""
    single, failed = run_each(states)
    together, also = run_together(states)
    return single + together, failed + also


def run_each(states: Iterable[ToolState]) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run every `state` rule on each live tool."""
    live = [state for state in states if state.live]
    findings: list[Finding] = []
    not_run: list[RuleNotRun] = []
    for each in rules():
        if each.kind == "state":
            found, failure = _collect(each, live)
            findings.extend(_finding(each, hit, s.row.id, s.row.pointer, s.row.line) for s, hit in found)
            not_run.extend(failure)
    return findings, not_run


def run_together(states: Iterable[ToolState]) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run every `set` rule on all live tools."""
    live = [state for state in states if state.live]
    findings: list[Finding] = []
    not_run: list[RuleNotRun] = []
    for each in set_rules():
        found, failure = run_set(each, live)
        findings.extend(found)
        not_run.extend(failure)
    return findings, not_run


def set_rules() -> list[Rule]:
    """Return the rules that look at all live tools together."""
    return [each for each in rules() if each.kind == "set"]


def run_set(each: Rule, live: Sequence[ToolState]) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run one `set` rule on live tools: all of them, or those of one group."""
    whole, failure = _collect(each, [live])
    return [_finding(each, hit, hit.tool, "", None) for _, hit in whole], failure


def _collect(each: Rule, cases: Iterable[Any]) -> tuple[list[tuple[Any, Hit]], list[RuleNotRun]]:
    """Return a rule's hits; a rule that fails yields none and is reported as not run."""
    found: list[tuple[Any, Hit]] = []
    for case in cases:
        try:
            found.extend((case, hit) for hit in each.check(case))
        except Exception as error:  # noqa: BLE001 - whatever a rule does, the review goes on and says so
            return [], [RuleNotRun(each.id, f"the rule failed: {type(error).__name__}: {error}")]
    return found, []


def _finding(each: Rule, hit: Hit, tool: ToolId | None, pointer: str, line: int | None) -> Finding:
    subject = tool or hit.source or "review"
    return Finding(
        id=FindingId(f"{each.id}|{subject}|{hit.key}"),
        rule=each.id,
        title=each.title,
        severity=hit.severity or each.severity,
        confidence=each.confidence,
        why=hit.why or each.why,
        remedy=each.remedy,
        tool=tool,
        pointer=hit.pointer or pointer,
        line=line,
        matched=hit.matched,
        ceiling=hit.ceiling,
    )
