"""The rule engine: what a rule is, the registry, and the run that no faulty rule can silence.

A rule carries its own title, reasons, remedy, standards and examples, so its tests and its manual page are
made from it. There are five kinds, by what a rule has to know (`cases.py`):

* ``definition`` looks at one tool's definition and assessment; its hits change only when a source does,
* ``source`` looks at all definitions of one source, for what tools share,
* ``state`` looks at one tool with what people decided,
* ``set`` looks at all live tools together,
* ``review`` looks at live tools with who asked for them and what was made of findings.

Triggers are monotone: adding a tool may only add findings. No ratios, no medians. A rule without its input says so
(`lacks`), and is never counted as passed.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from analysis.model import Finding, FindingId, RuleNotRun, Severity
from analysis.rules.cases import ReviewFacts, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from analysis.model import Problem, SourceId, ToolId, ToolState
    from analysis.rules.cases import Definition

#: Changes with every change of a rule's trigger or weight; scores of different packs are not comparable.
RULE_PACK = "2"

Kind = Literal["definition", "source", "state", "set", "review"]
#: What the rules that look at one decided tool said of it, kept until the tool changes. Owned by whoever runs them.
Memory = dict[str, tuple["ToolState", tuple[Finding, ...], tuple[RuleNotRun, ...]]]


@dataclass(frozen=True, slots=True)
class Hit:
    """One occurrence. `key` tells two hits of a rule on one tool apart; it must survive a re-import."""

    matched: str
    pointer: str = ""
    key: str = ""
    why: str = ""
    severity: Severity | None = None
    ceiling: int | None = None
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
    gathers: bool
    lacks: Callable[[Any], str]
    check: Callable[[Any], Iterator[Hit]]


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
    gathers: bool = False,
    lacks: Callable[[Any], str] = _nothing,
) -> Callable[[Callable[[Any], Iterator[Hit]]], Callable[[Any], Iterator[Hit]]]:
    """Register a check as a rule; its docstring is the reason shown to people.

    `gathers`: the rule hits so many tools of an ordinary API that its findings are shown as one, with a count.
    `lacks` says of a case which input the rule misses in it; nothing where it has all it needs.
    """

    def register(check: Callable[[Any], Iterator[Hit]]) -> Callable[[Any], Iterator[Hit]]:
        if id in _REGISTRY:
            raise ValueError(f"two rules are called {id}")
        why = " ".join((check.__doc__ or "").split())
        _REGISTRY[id] = Rule(
            id, title, kind, severity, confidence, why, remedy, false_positives,
            tuple(standards), tuple(hits), tuple(clean), gathers, lacks, check,
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


def _of_kind(kind: Kind) -> tuple[Rule, ...]:
    return tuple(each for each in rules() if each.kind == kind)


def run_definitions(
    cases: Iterable[Definition], problems: Sequence[Problem] = ()
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
        source = Source(listed[0].tool.source, listed, listed[0].shared, problems)
        places = {case.tool.id: (case.tool.pointer, case.tool.line) for case in listed}
        for each in _of_kind("source"):
            whole, failure = _collect(each, [source])
            findings.extend(_placed(each, hit, places) for _, hit in whole)
            not_run.extend(failure)
    return findings, not_run


def run_states(states: Sequence[ToolState], memory: Memory | None = None) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run every `state` and `set` rule on the live tools. With a memory, only tools that changed are looked at anew."""
    live = [state for state in states if state.live]
    findings: list[Finding] = []
    failed: dict[str, RuleNotRun] = {}
    kept: Memory = {} if memory is None else memory
    own = _of_kind("state")
    for state in live:
        found, failures = _of_state(state, own, kept)
        findings.extend(found)
        failed.update((failure.rule, failure) for failure in failures)
    if failed:  # half a result is none
        findings = [finding for finding in findings if finding.rule not in failed]
    more, silent = run_set("set", live, live)
    return findings + more, [*failed.values(), *silent]


def run_review(facts: ReviewFacts) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run every `review` rule; those without their input are returned as not run."""
    return run_set("review", facts, facts.tools)


def run_set(kind: Kind, case: Any, live: Sequence[ToolState]) -> tuple[list[Finding], list[RuleNotRun]]:
    """Run every rule of a kind that looks at all live tools together."""
    findings: list[Finding] = []
    not_run: list[RuleNotRun] = []
    places: dict[str, tuple[str, int | None]] = {}
    for each in _of_kind(kind):
        whole, failure = _collect(each, [case])
        not_run.extend(failure)
        if whole and not places:
            places = {state.row.id: (state.row.pointer, state.row.line) for state in live}
        findings.extend(_placed(each, hit, places) for _, hit in whole)
    return findings, not_run


def _of_state(
    state: ToolState, own: Sequence[Rule], memory: Memory
) -> tuple[tuple[Finding, ...], tuple[RuleNotRun, ...]]:
    known = memory.get(state.row.id)
    if known is not None and known[0] is state:
        return known[1], known[2]
    findings: list[Finding] = []
    failures: list[RuleNotRun] = []
    for each in own:
        found, failure = _collect(each, [state])
        findings.extend(_finding(each, hit, state.row.id, state.row.pointer, state.row.line) for _, hit in found)
        failures.extend(failure)
    memory[state.row.id] = (state, tuple(findings), tuple(failures))
    return tuple(findings), tuple(failures)


def _collect(each: Rule, cases: Iterable[Any]) -> tuple[list[tuple[Any, Hit]], list[RuleNotRun]]:
    """Return a rule's hits; a rule that fails or lacks its input yields none and is reported as not run."""
    found: list[tuple[Any, Hit]] = []
    for case in cases:
        try:
            if missing := each.lacks(case) if each.lacks is not _nothing else "":
                return [], [RuleNotRun(each.id, missing)]
            found.extend((case, hit) for hit in each.check(case))
        except Exception as error:  # noqa: BLE001 - whatever a rule does, the review goes on and says so
            return [], [RuleNotRun(each.id, f"the rule failed: {type(error).__name__}: {error}")]
    return found, []


def _placed(each: Rule, hit: Hit, places: Mapping[Any, tuple[str, int | None]]) -> Finding:
    pointer, line = places.get(hit.tool, ("", None)) if hit.tool else ("", None)
    return _finding(each, hit, hit.tool, pointer, line)


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
        line=hit.line if hit.line is not None else line,
        matched=hit.matched,
        ceiling=hit.ceiling,
    )
