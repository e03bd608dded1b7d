"""The rule pack as a manual, and the number of findings by rule and disposition in a review."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import UsageError
from analysis.governance.controls import controls
from analysis.model import Status, ToolState
from analysis.review.record.history import OVERRIDE_NAMES
from analysis.rules import RULE_PACK, ReviewFacts, Rule, SourceContext, ToolContext, rules
from analysis.words import nearest
from analysis.workspace.keys import parse_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.review.session import Review

__all__ = ["RULE_PACK", "known_rule", "manual", "signal_statistics", "statistics"]

_LOOKS_AT: Final = {
    "definition": "one definition",
    "source": "all definitions of a source",
    "state": "one tool and its decision",
    "set": "all live tools together",
    "review": "the review and its record",
}
#: Maximum number of tools shown of an example.
_MAX_TOOLS: Final = 4


def manual() -> list[dict[str, Any]]:
    """Return every rule as a page of plain data, made from its own declaration."""
    return [_page(rule) for rule in rules()]


def known_rule(named: str, among: Iterable[str] = ()) -> str:
    """Return the id of a rule in any case: one of those given, by default of all rules and questions.

    Raises `UsageError` with the most similar id for any other.
    """
    every = list(among) or [*(rule.id for rule in rules()), *(f"GOV-{control.id}" for control in controls())]
    ids = {each.upper(): each for each in every}
    if named.upper() not in ids:
        near = nearest(named.upper(), list(ids))
        remedy = f"did you mean {ids[near]}?" if near else "list them: clearance rules"
        raise UsageError(f"no rule is called {named!r}", remedy=remedy)
    return ids[named.upper()]


def _page(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity.value,
        "confidence": rule.confidence,
        "looks_at": _LOOKS_AT[rule.kind],
        "grouped": rule.groups_findings,
        "why": rule.why,
        "remedy": rule.remedy,
        "false_positives": rule.false_positives,
        "standards": list(rule.standards),
        "hits": _example(rule.hits[0], rule),
        "clean": _example(rule.clean[0], rule),
    }


def _example(example: Any, rule: Rule) -> str:
    """Return an example in words: its tools, and what the rule matches."""
    tools = _tools(example)
    more = f" and {len(tools) - _MAX_TOOLS} more" if len(tools) > _MAX_TOOLS else ""
    named = "; ".join(tools[:_MAX_TOOLS]) + more or "a finding that reviewers closed"
    matched = next((hit.matched for hit in rule.check(example)), "")
    return f"{named} → {matched}" if matched else named


def _tools(example: Any) -> list[str]:
    if isinstance(example, ToolContext):
        return [_definition(example)]
    if isinstance(example, SourceContext):
        return [_definition(case) for case in example.tools]
    if isinstance(example, ToolState):
        return [_state(example)]
    states: Sequence[ToolState] = example.tools if isinstance(example, ReviewFacts) else example
    return [_state(state) for state in states]


def _definition(case: ToolContext) -> str:
    tool = case.tool
    inputs = f"({', '.join(parameter.name for parameter in tool.parameters)})"
    texts = " ".join(dict.fromkeys(text_span.text for text_span in tool.text_spans if text_span.text))
    return f"{tool.method or 'tool'} {tool.name}{inputs}: “{texts}”"


def _state(state: ToolState) -> str:
    conditions = state.decision.conditions if state.decision else ()
    listed = "".join(f", {c.kind.value} {c.value}{'' if c.evidence else ' (no evidence)'}" for c in conditions)
    return f"{state.row.name}, {state.type.value}, {state.decision_state.value}{listed}"


def statistics(review: Review) -> dict[str, dict[str, Any]]:
    """Return the number of single findings of a review by rule and disposition; of false positives also by code."""
    summary = review.summary()
    counts: dict[str, Counter[str]] = {}
    codes: dict[str, Counter[str]] = {}
    single = [f for found in summary.by_tool.values() for f in found]
    single += [f for f in summary.findings if f.tool is None and not f.tools]
    for finding in single:
        counts.setdefault(finding.rule, Counter())[finding.status.value] += 1
        disposition = review.record.disposition(finding.id)
        if finding.status is Status.FALSE_POSITIVE and disposition is not None:
            codes.setdefault(finding.rule, Counter())[disposition.code or "none"] += 1
    return {
        rule: {
            "findings": found.total(),
            "open": found[Status.OPEN.value] + found[Status.FIXING.value],
            "false_positive": found[Status.FALSE_POSITIVE.value],
            "accepted": found[Status.ACCEPTED.value],
            "false_positive_codes": dict(sorted(codes.get(rule, Counter()).items())),
        }
        for rule, found in sorted(counts.items())
    }


def signal_statistics(review: Review) -> list[dict[str, Any]]:
    """Return the signals that reviewers called wrong, each with the number of tools and the labels given instead."""
    registers = review.record.registers
    tools: dict[tuple[str, ...], set[str]] = {}
    labels: dict[tuple[str, ...], Counter[str]] = {}
    for key in registers.keys("tool"):
        for head in registers.heads(key):
            wrong = head.data.get("signal")
            if wrong is None or not head.data.get("value"):
                continue
            signal = (wrong["where"], wrong["matched"], wrong["says"])
            register = parse_key(key)
            tools.setdefault(signal, set()).add(register.subject)
            name = OVERRIDE_NAMES.get(register.name, register.name)
            labels.setdefault(signal, Counter())[f"{name} {head.data['value']}"] += 1
    return [
        {"where": where, "matched": matched, "says": says, "tools": len(tools[signal]), "labels": dict(labels[signal])}
        for signal in sorted(tools, key=lambda each: (-len(tools[each]), each))
        for where, matched, says in [signal]
    ]
