"""Findings of rules that hit nearly everywhere, shown as one with a count. What counts stays the single finding.

Grave findings are never gathered. People dispose of the single findings, so that a tool that is new is open again; the score adds up their weights.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from analysis.model import FindingId, Severity
from analysis.rules.engine import rules

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from analysis.model import Finding, SourceId, ToolId


_GRAVE: Final = frozenset({Severity.CRITICAL, Severity.HIGH})


def gathered(findings: Iterable[Finding], source_of: Mapping[ToolId, SourceId]) -> list[Finding]:
    """Return findings in which those of gathering rules are one per source, severity and status, in order."""
    gathers = {rule.id for rule in rules() if rule.gathers}
    groups: dict[Hashable, list[Finding]] = {}
    for finding in findings:
        tool = finding.tool
        if tool is None or finding.rule not in gathers or finding.severity in _GRAVE:
            groups[finding.id] = [finding]
        else:
            key = (finding.rule, source_of.get(tool, ""), finding.severity, finding.status)
            groups.setdefault(key, []).append(finding)
    return [_one(group, source_of) if len(group) > 1 else group[0] for group in groups.values()]


def _one(group: list[Finding], source_of: Mapping[ToolId, SourceId]) -> Finding:
    """Return the finding that stands for a group; it is about no single tool."""
    first = group[0]
    source = source_of.get(first.tool, "") if first.tool is not None else ""
    key = (first.rule, source, first.severity.value, first.status.value)
    return replace(
        first,
        id=FindingId("|".join(("*", *key))),
        title=f"{first.title} · {len(group):,} tools",
        tool=None,
        line=None,
        pointer="",
        matched="",
        points=len(group) * first.severity.points,
        members=tuple(f.id for f in group),
        tools=tuple(f.tool for f in group if f.tool is not None),
    )
