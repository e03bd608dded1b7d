"""Findings of rules that hit nearly everywhere, shown as one with a count. What counts stays the single finding.

Grave findings are never gathered. People dispose of the single findings, so that a tool that is new is open again; the score adds up their weights.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from analysis.model import FindingId, Severity
from analysis.rules.engine import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.model import Finding, SourceId, ToolId


_GRAVE: Final = frozenset({Severity.CRITICAL, Severity.HIGH})


def gathered(findings: Iterable[Finding], source_of: Mapping[ToolId, SourceId]) -> list[Finding]:
    """Return findings in which those of gathering rules are one per source, severity and status, in order."""
    gathers = {rule.id for rule in rules() if rule.gathers}
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        key: tuple[str, ...] = (finding.id,)
        if finding.rule in gathers and finding.tool is not None and finding.severity not in _GRAVE:
            key = (finding.rule, source_of.get(finding.tool, ""), finding.severity.value, finding.status.value)
        groups.setdefault(key, []).append(finding)
    return [_one(key, group) if len(group) > 1 else group[0] for key, group in groups.items()]


def _one(key: tuple[str, ...], group: list[Finding]) -> Finding:
    """Return the finding that stands for a group; it is about no single tool."""
    first = group[0]
    return replace(
        first,
        id=FindingId("|".join(("*", *key))),
        title=f"{first.title} · {len(group):,} tools",
        tool=None,
        line=None,
        pointer="",
        matched="",
        points=sum(f.severity.points if f.points is None else f.points for f in group),
        members=tuple(f.id for f in group),
        tools=tuple(f.tool for f in group if f.tool is not None),
    )
