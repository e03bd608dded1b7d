"""The rule engine: what a rule is, the registry, and the run that no faulty rule can silence.

A rule carries its title, rationale, remedy, standards and examples; its tests and manual page are generated from it.
The kind of a rule says what it receives (`rule_context`):

* ``definition`` looks at one tool's definition and assessment; its hits change only when a source does,
* ``source`` looks at all definitions of one source; with `every_kind` both look at all capabilities, not at tools only,
* ``state`` looks at one tool with its decision,
* ``set`` looks at all live tools together,
* ``review`` looks at live tools with requesters and dispositions.

Triggers are monotone: adding a tool may only add findings. No ratios, no medians. A rule that fails is
listed as not run, and is never counted as passed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, Literal

from analysis.model import CapabilityKind, Finding, RuleNotRun, Severity, finding_id
from analysis.rules.engine.index import partition
from analysis.rules.engine.modules import load_family, load_review_modules
from analysis.rules.engine.rule_context import ReviewFacts, SourceContext
from analysis.rules.pack import FAMILY_MODULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from analysis.model import Problem, SourceId, Tool, ToolId, ToolState
    from analysis.rules.engine.index import IndexedTools, IndexKey
    from analysis.rules.engine.rule_context import ToolContext
    from analysis.rules.engine.text_cache import TextTest

#: Version of triggers and weights; scores of different versions are not comparable.
RULE_PACK = "4"

#: Number of tools between two reports of progress.
_PROGRESS_INTERVAL: Final = 250

RuleKind = Literal["definition", "source", "state", "set", "review"]
_ON_DEFINITIONS: Final = frozenset({"definition", "source"})
#: What an undecided tool is to a rule about it: a finding, or work to be done, which is shown as the queue.
Undecided = Literal["finding", "queue"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One occurrence. `key` identifies it among the hits of a rule on one tool, and is stable across imports."""

    matched: str
    pointer: str = ""
    key: str = ""
    why: str = ""
    severity: Severity | None = None
    cap: int | None = None
    line: int | None = None
    tool: ToolId | None = None  # of rules that look at several tools
    source: SourceId | None = None  # likewise


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: trigger, texts and examples."""

    id: str
    title: str
    kind: RuleKind
    severity: Severity
    confidence: str
    why: str
    remedy: str
    false_positives: str
    standards: tuple[str, ...]
    hits: tuple[Any, ...]
    clean: tuple[Any, ...]
    groups_findings: bool
    every_kind: bool
    check: Callable[[Any], Iterator[Hit]]
    # Incremental set rules: either the index keys of a tool, with the check on the index; or, where only tools of one
    # partition affect each other, the partition of a tool, which no decision may change.
    index_key: IndexKey | None = None
    check_indexed: Callable[[IndexedTools], Iterator[Hit]] | None = None
    partition_key: Callable[[ToolState], object] | None = None
    undecided: Undecided | None = None  # of rules that match while a tool is undecided
    # The tests of texts that the check asks for most, of what a tool holds: they need no assessment.
    text_tests: Callable[[Tool], Iterable[TextTest]] | None = None


_REGISTRY: dict[str, Rule] = {}


def rule(  # noqa: PLR0913 - all keyword arguments are declarations
    *,
    id: str,
    title: str,
    kind: RuleKind,
    severity: Severity,
    remedy: str,
    standards: Sequence[str],
    hits: Sequence[Any],
    clean: Sequence[Any],
    confidence: str = "high",
    false_positives: str = "None known.",
    groups_findings: bool = False,
    every_kind: bool = False,
    index_key: IndexKey | None = None,
    partition_key: Callable[[ToolState], object] | None = None,
    undecided: Undecided | None = None,
    text_tests: Callable[[Tool], Iterable[TextTest]] | None = None,
) -> Callable[[Callable[[Any], Iterator[Hit]]], Callable[[Any], Iterator[Hit]]]:
    """Register a check as a rule; its docstring is the rationale shown to users.

    `groups_findings`: findings are shown as one row with a count, because an ordinary API has many of them.
    `every_kind`: a `definition` or `source` rule that also looks at resources, prompts and texts of servers.
    `index_key`: the check receives tools by key (`index.IndexedTools`) instead of a list.
    `partition_key`: only tools with an equal key affect each other; a finding of no tool belongs to that of its source.
    `undecided`: a "queue" rule counts in the score, but its hits are decisions to make and never listed as findings.
    `text_tests`: costly tests of texts that the check asks for, which can be made while tools are assessed.
    """

    def register(check: Callable[[Any], Iterator[Hit]]) -> Callable[[Any], Iterator[Hit]]:
        if id in _REGISTRY:
            raise ValueError(f"duplicate rule id {id}")
        why = " ".join((check.__doc__ or "").split())
        whole = check if index_key is None else lambda tools: check(partition(tools, index_key))
        _REGISTRY[id] = Rule(
            id, title, kind, severity, confidence, why, remedy, false_positives,
            tuple(standards), tuple(hits), tuple(clean), groups_findings, every_kind, whole, index_key,
            check if index_key else None, partition_key, undecided, text_tests,
        )  # fmt: skip
        return check

    return register


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules of the rule pack, by id."""
    for family in FAMILY_MODULES:
        load_family(family)
    return tuple(_REGISTRY[key] for key in sorted(_REGISTRY))


def groups_findings(rule_id: str) -> bool:
    """Whether the findings of a rule are shown as one row; loads the family of the rule alone."""
    if rule_id not in _REGISTRY and rule_id[:3] in FAMILY_MODULES:
        load_family(rule_id[:3])
    return rule_id in _REGISTRY and _REGISTRY[rule_id].groups_findings


def review_rules() -> tuple[Rule, ...]:
    """Return the rules of the kinds `state`, `set` and `review`, by id.

    They read no texts. Those that do take a tenth of a command on a small review to load, and are not loaded for them.
    """
    load_review_modules()
    return tuple(_REGISTRY[key] for key in sorted(_REGISTRY) if _REGISTRY[key].kind not in _ON_DEFINITIONS)


def _of_kind(kind: RuleKind) -> tuple[Rule, ...]:
    return tuple(each for each in (rules() if kind in _ON_DEFINITIONS else review_rules()) if each.kind == kind)


def run_definitions(
    contexts: Iterable[ToolContext],
    problems: Sequence[Problem] = (),
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run every `definition` rule on every tool of a source, and every `source` rule on all of them.

    `progress` is called with (step, done, total) at intervals; an exception it raises ends the work.
    """
    listed = list(contexts)
    tools = [context for context in listed if context.tool.kind is CapabilityKind.TOOL]
    findings: list[Finding] = []
    not_run: list[RuleNotRun] = []
    rules = [*_of_kind("definition")]
    for number, each in enumerate(rules):
        report = None if progress is None else partial(progress, "rules", number, len(rules))
        found, failure = _collect(each, listed if each.every_kind else tools, report)
        findings.extend(
            _finding(each, hit, context.tool.id, context.tool.pointer, context.tool.line) for context, hit in found
        )
        not_run.extend(failure)
    if listed:
        whole_source = SourceContext(listed[0].tool.source, listed, listed[0].shared, problems)
        places = {context.tool.id: (context.tool.pointer, context.tool.line) for context in listed}
        for each in _of_kind("source"):
            source = whole_source if each.every_kind else replace(whole_source, tools=tools)
            if progress is not None:
                progress("rules on the whole source", 0, 1)
            whole, failure = _collect(each, [source])
            findings.extend(_placed(each, hit, places) for _, hit in whole)
            not_run.extend(failure)
    return findings, not_run


def run_states(states: Sequence[ToolState]) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run every `state` and `set` rule on the live tools."""
    live = [state for state in states if state.live]
    findings, not_run = run_each(live)
    for each in set_rules():
        found, failure = run_set(each, live)
        findings += found
        not_run += failure
    return findings, not_run


def run_each(states: Iterable[ToolState], family: str = "") -> tuple[list[Finding], list[RuleNotRun]]:
    """Run every `state` rule on each live tool; of one family alone if it is named."""
    live = [state for state in states if state.live]
    findings: list[Finding] = []
    not_run: list[RuleNotRun] = []
    for each in _of_kind("state"):
        if not each.id.startswith(family):
            continue
        found, failure = _collect(each, live)
        findings.extend(_finding(each, hit, s.row.id, s.row.pointer, s.row.line) for s, hit in found)
        not_run.extend(failure)
    return findings, not_run


def set_rules() -> tuple[Rule, ...]:
    """Return the rules that look at all live tools together."""
    return _of_kind("set")


def run_set(each: Rule, live: Sequence[ToolState]) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run one `set` rule on live tools: all of them, or those of one partition."""
    return _run_whole(each, live, live)


def run_indexed(each: Rule, groups: IndexedTools) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run a `set` rule that has an index key on all live tools."""
    assert each.check_indexed is not None, "only rules with an index key"
    return _run_whole(replace(each, check=each.check_indexed), groups, ())


def run_review(facts: ReviewFacts) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run every `review` rule; those that failed are returned as not run."""
    results = [_run_whole(each, facts, facts.tools) for each in _of_kind("review")]
    return [f for found, _ in results for f in found], [entry for _, failure in results for entry in failure]


def _run_whole(each: Rule, context: Any, live: Sequence[ToolState]) -> tuple[list[Finding], list[RuleNotRun]]:
    whole, failure = _collect(each, [context])
    named = {hit.tool for _, hit in whole if hit.tool}
    places = {s.row.id: (s.row.pointer, s.row.line) for s in live if s.row.id in named} if named else {}
    return [_placed(each, hit, places) for _, hit in whole], failure


def _collect(
    each: Rule, contexts: Iterable[Any], report: Callable[[], None] | None = None
) -> tuple[list[tuple[Any, Hit]], list[RuleNotRun]]:
    """Return the hits of a rule, and why it did not run where the check raised. `report` is called at intervals.

    An exception on one tool keeps the hits on the others, and is reported: a failure never counts as clean.
    """
    found: list[tuple[Any, Hit]] = []
    failures: list[str] = []
    for number, context in enumerate(contexts):
        if report is not None and number % _PROGRESS_INTERVAL == 0:
            report()
        try:
            if hits := [*each.check(context)]:
                found.extend([(context, hit) for hit in hits])
        except Exception as error:  # noqa: BLE001 - a faulty rule is reported and must not stop the review
            failures.append(f"{type(error).__name__}: {error}")
    if failures:
        times = f" {len(failures):,} times" if len(failures) > 1 else ""
        return found, [RuleNotRun(each.id, f"the rule failed{times}: {failures[0]}")]
    return found, []


def _placed(each: Rule, hit: Hit, places: Mapping[Any, tuple[str, int | None]]) -> Finding:
    pointer, line = places.get(hit.tool, ("", None)) if hit.tool else ("", None)
    return _finding(each, hit, hit.tool, pointer, line)


def _finding(each: Rule, hit: Hit, tool: ToolId | None, pointer: str, line: int | None) -> Finding:
    subject = tool or hit.source or "review"
    return Finding(
        id=finding_id(each.id, subject, hit.key),
        rule=each.id,
        title=each.title,
        severity=hit.severity or each.severity,
        confidence=each.confidence,
        why=hit.why or each.why,
        remedy=each.remedy,
        tool=tool,
        pointer=hit.pointer or pointer,
        line=hit.line if hit.line is not None else line,
        matched=hit.matched,
        cap=hit.cap,
    )
