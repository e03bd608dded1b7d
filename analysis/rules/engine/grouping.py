"""Findings of rules that hit nearly everywhere, shown as one with a count. What counts stays the single finding.

Grave findings are gathered only where many have the same cause: the same evidence in the same source. People dispose of
the single findings, so that a tool that is new is open again; score and verdict count the single ones, too.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Final

from analysis.model import FindingId, GroupedFinding, Severity
from analysis.rules.engine.engine import rules

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from analysis.model import Finding, SourceId, ToolId


_GRAVE: Final = frozenset({Severity.CRITICAL, Severity.HIGH})
#: So many grave findings of one cause are still read one by one.
_READ_SINGLY: Final = 5


def grouped(findings: Iterable[Finding], source_of: Mapping[ToolId, SourceId]) -> list[Finding]:
    """Return findings in which those of gathering rules are one per source, severity and status, in order.

    Grave ones are gathered by cause: they stay apart where the rule has seen different things, and where they are few.
    """
    grouped_when = {rule.id for rule in rules() if rule.grouped_when}
    groups: dict[Hashable, list[Finding]] = {}
    for finding in findings:
        if finding.tool is None or finding.rule not in grouped_when:
            groups[finding.id] = [finding]
        else:
            groups.setdefault(_key(finding, source_of), []).append(finding)
    return [shown for key, group in groups.items() for shown in _shown(key, group)]


def _key(finding: Finding, source_of: Mapping[ToolId, SourceId]) -> tuple[str, ...]:
    """Return what findings share that are shown as one."""
    source = source_of.get(finding.tool, "") if finding.tool is not None else ""
    key = (finding.rule, source, finding.severity.value, finding.status.value)
    return (*key, finding.matched) if finding.severity in _GRAVE else key


def _shown(key: Hashable, group: list[Finding]) -> list[Finding]:
    first = group[0]
    few = _READ_SINGLY if first.severity in _GRAVE else 1
    return [_one(key, group)] if isinstance(key, tuple) and len(group) > few else group


def _one(key: tuple[str, ...], group: list[Finding]) -> Finding:
    """Return the finding that stands for a group; it is about no single tool."""
    first = group[0]
    shared = {field.name: getattr(first, field.name) for field in fields(first)} | {
        "id": FindingId("|".join(("*", *key))),
        "tool": None,
        "line": None,
        "pointer": "",
        "matched": key[-1] if first.severity in _GRAVE else "",
        "points": len(group) * first.severity.points,
    }
    return GroupedFinding(**shared, singles=tuple(group))
