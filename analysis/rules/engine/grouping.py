"""Grouped findings: many findings of one rule shown as one row with a count.

Critical and high findings are grouped only by cause: the same evidence in the same source. Dispositions, score and
verdict apply to the single findings, so a finding on a new tool is open.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from typing import TYPE_CHECKING, Final

from analysis.model import FindingId, GroupedFinding, Severity
from analysis.rules.engine.engine import rules

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from analysis.model import Finding, SourceId, ToolId


_SEVERE: Final = frozenset({Severity.CRITICAL, Severity.HIGH})
#: Maximum number of severe findings with one cause that are listed singly.
_MAX_SINGLE: Final = 5
#: How the ids of grouped findings begin.
_GROUPED: Final = "*|"
#: Evidence of a group whose only cause is that its tools are undecided.
_UNDECIDED: Final = "undecided"


def grouped(
    findings: Iterable[Finding], source_of: Mapping[ToolId, SourceId], *, mostly_undecided: bool = False
) -> list[Finding]:
    """Return findings with those of grouping rules merged per source, severity and status, in order.

    Severe findings are also split by evidence, and stay single where they are few. While most of a review is undecided,
    all findings of a rule that tools are undecided have that one cause, and are one row.
    """
    grouping = {rule.id for rule in rules() if rule.groups_findings}
    one_cause = {rule.id for rule in rules() if rule.undecided == "finding"} if mostly_undecided else set()
    groups: dict[Hashable, list[Finding]] = {}
    for finding in findings:
        if finding.tool is None or finding.rule not in grouping:
            groups[finding.id] = [finding]
        elif finding.rule in one_cause:
            groups.setdefault((finding.rule, finding.severity.value, finding.status.value, _UNDECIDED), []).append(
                finding
            )
        else:
            groups.setdefault(_key(finding, source_of), []).append(finding)
    return [row for key, group in groups.items() for row in _rows(key, group)]


def queue_rows(findings: Iterable[Finding]) -> list[GroupedFinding]:
    """Return findings of queue rules as one row for each rule and severity."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in sorted(findings, key=lambda each: each.id):
        groups.setdefault((finding.rule, finding.severity.value, _UNDECIDED), []).append(finding)
    return [_merged(key, group) for key, group in sorted(groups.items())]


def _key(finding: Finding, source_of: Mapping[ToolId, SourceId]) -> tuple[str, ...]:
    """Return the key shared by findings of one group."""
    source = source_of.get(finding.tool, "") if finding.tool is not None else ""
    key = (finding.rule, source, finding.severity.value, finding.status.value)
    return (*key, finding.matched) if finding.severity in _SEVERE else key


def cause_of(finding: Finding, source_of: Mapping[ToolId, SourceId]) -> tuple[str, ...]:
    """Return the cause of a finding, whatever its status: rule, source, and evidence where it is severe.

    Grouped findings and those that they represent have the same one. Where all that are undecided have one cause, it is
    the rule alone.
    """
    if finding.id.startswith(_GROUPED):
        return cause_in(finding.id)
    source = source_of.get(finding.tool, "") if finding.tool is not None else ""
    return finding.rule, source, finding.matched if finding.severity in _SEVERE else ""


def cause_in(identity: str) -> tuple[str, ...]:
    """Return the cause that the id of a grouped finding names, in whatever status it was; empty for another id."""
    if not identity.startswith(_GROUPED):
        return ()
    _, rule, *rest = identity.split("|", 5)
    if len(rest) < 3 or (len(rest) == 3 and rest[2] == _UNDECIDED):
        return (rule,)
    return rule, rest[0], rest[3] if len(rest) > 3 else ""


def _rows(key: Hashable, group: list[Finding]) -> list[Finding]:
    first = group[0]
    few = _MAX_SINGLE if first.severity in _SEVERE else 1
    if isinstance(key, tuple) and key[-1] == _UNDECIDED:
        few = 1
    return [_merged(key, group)] if isinstance(key, tuple) and len(group) > few else group


def _merged(key: tuple[str, ...], group: list[Finding]) -> GroupedFinding:
    """Return the finding that represents a group; it has no single tool."""
    first = group[0]
    shared = {field.name: getattr(first, field.name) for field in fields(first)} | {
        "id": FindingId("|".join(("*", *key))),
        "tool": None,
        "line": None,
        "pointer": "",
        "matched": _tally(group) if key[-1] == _UNDECIDED else key[-1] if first.severity in _SEVERE else "",
        "points": len(group) * first.severity.points,
    }
    return GroupedFinding(**shared, singles=tuple(group))


def _tally(group: list[Finding]) -> str:
    """Return the number of findings by the first part of their evidence, most first."""
    counts = Counter(finding.matched.partition(",")[0] for finding in group)
    return ", ".join(
        f"{count:,} {what}" for what, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    )
