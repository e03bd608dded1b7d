"""The rule engine: what a rule is, the registry, and the run that no faulty rule can silence.

A rule carries its own title, reasons, remedy, standards and examples, so its tests and its manual page are
made from it. There are five kinds, by what a rule has to know (`cases.py`):

* ``definition`` looks at one tool's definition and assessment; its hits change only when a source does,
* ``source`` looks at all definitions of one source, for what tools share,
* ``state`` looks at one tool with what people decided,
* ``set`` looks at all live tools together,
* ``review`` looks at live tools with who asked for them and what was made of findings.

Triggers are monotone: adding a tool may only add findings. No ratios, no medians. A rule without its input says so
(`missing_input`), and is never counted as passed.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from analysis.model import Finding, RuleNotRun, Severity, finding_id
from analysis.rules.engine.index import partition
from analysis.rules.engine.rule_context import ReviewFacts, SourceContext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from analysis.model import Problem, SourceId, ToolId, ToolState
    from analysis.rules.engine.index import Groups, Under
    from analysis.rules.engine.rule_context import ToolContext

#: Changes with every change of a rule's trigger or weight; scores of different packs are not comparable.
RULE_PACK = "3"

Kind = Literal["definition", "source", "state", "set", "review"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One occurrence. `key` tells two hits of a rule on one tool apart; it must survive a re-import."""

    matched: str
    pointer: str = ""
    key: str = ""
    why: str = ""
    severity: Severity | None = None
    cap: int | None = None
    line: int | None = None
    tool: ToolId | None = None  # rules that look at several tools: the one it is about
    source: SourceId | None = None  # the same: the source it is about


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
    grouped_when: bool
    missing_input: Callable[[Any], str]
    check: Callable[[Any], Iterator[Hit]]
    # Set rules that need not look at everything anew: what a tool counts under, and the check on tools by that; or, if
    # only tools of one group can matter to each other, what tells the group, which no decision may change.
    index_key: Under | None = None
    counts: Callable[[Groups], Iterator[Hit]] | None = None
    group: Callable[[ToolState], object] | None = None


_REGISTRY: dict[str, Rule] = {}


def _nothing(_: Any) -> str:
    return ""


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
    grouped_when: bool = False,
    missing_input: Callable[[Any], str] = _nothing,
    index_key: Under | None = None,
    group: Callable[[ToolState], object] | None = None,
) -> Callable[[Callable[[Any], Iterator[Hit]]], Callable[[Any], Iterator[Hit]]]:
    """Register a check as a rule; its docstring is the reason shown to people.

    `grouped_when`: the rule hits so many tools of an ordinary API that its findings are shown as one, with a count.
    `missing_input` says of a case which input the rule misses in it; nothing where it has all it needs.
    `index_key`: the check is given tools by what they count under (`index.Groups`), instead of a list.
    """

    def register(check: Callable[[Any], Iterator[Hit]]) -> Callable[[Any], Iterator[Hit]]:
        if id in _REGISTRY:
            raise ValueError(f"two rules are called {id}")
        why = " ".join((check.__doc__ or "").split())
        whole = check if index_key is None else lambda tools: check(partition(tools, index_key))
        _REGISTRY[id] = Rule(
            id, title, kind, severity, confidence, why, remedy, false_positives,
            tuple(standards), tuple(hits), tuple(clean), grouped_when, missing_input, whole, index_key, check if index_key else None, group,
        )  # fmt: skip
        return check

    return register


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules, by id. Every module of the rule pack may hold some."""
    package = import_module("analysis.rules.pack")
    for module in pkgutil.walk_packages(package.__path__, "analysis.rules.pack."):
        import_module(module.name)
    return tuple(_REGISTRY[key] for key in sorted(_REGISTRY))


def _of_kind(kind: Kind) -> tuple[Rule, ...]:
    return tuple(each for each in rules() if each.kind == kind)


def run_definitions(
    cases: Iterable[ToolContext], problems: Sequence[Problem] = ()
) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run every `definition` rule on every tool of a source, and every `source` rule on all of them."""
    listed = list(cases)
    findings: list[Finding] = []
    not_run: list[RuleNotRun] = []
    for each in _of_kind("definition"):
        found, failure = _collect(each, listed)
        findings.extend(_finding(each, hit, case.tool.id, case.tool.pointer, case.tool.line) for case, hit in found)
        not_run.extend(failure)
    if listed:
        source = SourceContext(listed[0].tool.source, listed, listed[0].shared, problems)
        places = {case.tool.id: (case.tool.pointer, case.tool.line) for case in listed}
        for each in _of_kind("source"):
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


def run_each(states: Iterable[ToolState]) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run every `state` rule on each live tool."""
    live = [state for state in states if state.live]
    findings: list[Finding] = []
    not_run: list[RuleNotRun] = []
    for each in _of_kind("state"):
        found, failure = _collect(each, live)
        findings.extend(_finding(each, hit, s.row.id, s.row.pointer, s.row.line) for s, hit in found)
        not_run.extend(failure)
    return findings, not_run


def set_rules() -> tuple[Rule, ...]:
    """Return the rules that look at all live tools together."""
    return _of_kind("set")


def run_set(each: Rule, live: Sequence[ToolState]) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run one `set` rule on live tools: all of them, or those of one group."""
    return _run_whole(each, live, live)


def run_counted(each: Rule, groups: Groups) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run a `set` rule that counts on all live tools, by what they count under."""
    assert each.counts is not None, "only rules that say what they count"
    return _run_whole(replace(each, check=each.counts), groups, ())


def run_review(facts: ReviewFacts) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run every `review` rule; those without their input are returned as not run."""
    results = [_run_whole(each, facts, facts.tools) for each in _of_kind("review")]
    return [f for found, _ in results for f in found], [entry for _, failure in results for entry in failure]


def _run_whole(each: Rule, case: Any, live: Sequence[ToolState]) -> tuple[list[Finding], list[RuleNotRun]]:
    whole, failure = _collect(each, [case])
    named = {hit.tool for _, hit in whole if hit.tool}
    places = {s.row.id: (s.row.pointer, s.row.line) for s in live if s.row.id in named} if named else {}
    return [_placed(each, hit, places) for _, hit in whole], failure


def _collect(each: Rule, cases: Iterable[Any]) -> tuple[list[tuple[Any, Hit]], list[RuleNotRun]]:
    """Return a rule's hits. One that lacks its input yields none; where it fails, what it found elsewhere counts.

    Both are returned as not run: no tool can silence a rule for the others, and no failure passes for clean.
    """
    found: list[tuple[Any, Hit]] = []
    failures: list[str] = []
    check, asks = each.check, each.missing_input is not _nothing
    for case in cases:
        try:
            if asks and (missing := each.missing_input(case)):
                return [], [RuleNotRun(each.id, missing)]
            if hits := [*check(case)]:
                found.extend([(case, hit) for hit in hits])
        except Exception as error:  # noqa: BLE001 - whatever a rule does, the review goes on and says so
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
