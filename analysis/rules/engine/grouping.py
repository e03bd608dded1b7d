"""Grouped findings: many findings of one rule shown as one row with a count.

Critical and high findings are grouped only by cause: the same evidence in the same source. Dispositions, score and
verdict apply to the single findings, so a finding on a new tool is open.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from dataclasses import fields
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from analysis.model import FindingId, GroupedFinding, Severity, Status
from analysis.rules.engine.engine import groups_findings, review_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from analysis.model import Finding, SourceId, ToolId


_RANK: Final = {severity: rank for rank, severity in enumerate(Severity)}
_OPEN: Final = frozenset({Status.OPEN, Status.FIXING})
_SEVERE: Final = frozenset({Severity.CRITICAL, Severity.HIGH})
#: Maximum number of severe findings with one cause that are listed singly.
_MAX_SINGLE: Final = 5
#: How the ids of grouped findings begin.
_GROUPED: Final = "*|"
#: Evidence of a group whose only cause is that its tools are undecided.
_UNDECIDED: Final = "undecided"


def worst_first(finding: Finding) -> tuple[int, bool, str, str, str]:
    """Return the sort key of a finding: severity, open before closed, rule, tool, id."""
    closed = finding.status not in _OPEN
    return (_RANK[finding.severity], closed, finding.rule, finding.tool or "", finding.id)


def grouped(
    findings: Iterable[Finding], source_of: Mapping[ToolId, SourceId], *, mostly_undecided: bool = False
) -> list[Finding]:
    """Return findings, worst first, with those of grouping rules merged per source, severity and status.

    Severe findings are also split by evidence, and stay single where they are few. While most of a review is undecided,
    all findings of a rule that tools are undecided have that one cause, and are one row.
    """
    return FindingRows(source_of, findings).findings(mostly_undecided=mostly_undecided)


def queue_rows(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings of queue rules as one row for each rule and severity."""
    return FindingRows({}, (), findings).queue()


class FindingRows:
    """The rows of many findings, kept while single ones come and go: a change costs its own groups, not all findings.

    `waiting` are findings of queue rules, of which `queue` consists.
    """

    def __init__(
        self, source_of: Mapping[ToolId, SourceId], findings: Iterable[Finding], waiting: Iterable[Finding] = ()
    ) -> None:
        self._source_of = source_of
        self._one_cause = frozenset(
            rule.id for rule in review_rules() if rule.undecided == "finding" and rule.groups_findings
        )
        single: list[Finding] = []
        undecided: list[Finding] = []
        for finding in findings:
            (undecided if self._is_undecided(finding) else single).append(finding)
        self._others = _Groups(self._key, worst_first, _rows, single)
        self._undecided = _Groups(self._key, worst_first, _rows, undecided)
        self._undecided_as_one = _Groups(_undecided_key, worst_first, _rows, undecided)
        self._waiting = _Groups(_waiting_key, _waiting_order, _waiting_row, waiting)
        self._more: tuple[Finding, ...] = ()

    def replace(self, before: Iterable[Finding], after: Iterable[Finding]) -> None:
        """Take some findings out, each of which is there, and others in."""
        for finding in before:
            for groups in self._groups_of(finding):
                groups.remove(finding)
        for finding in after:
            for groups in self._groups_of(finding):
                groups.add(finding)

    def replace_waiting(self, before: Iterable[Finding], after: Iterable[Finding]) -> None:
        """Take some findings of queue rules out, each of which is there, and others in."""
        for finding in before:
            self._waiting.remove(finding)
        for finding in after:
            self._waiting.add(finding)

    def findings(self, *, mostly_undecided: bool, more: Sequence[Finding] = ()) -> list[Finding]:
        """Return the rows of all findings, and of `more`, which may differ each time; otherwise as `grouped`."""
        if self._more != (now := tuple(more)):
            self.replace(self._more, now)
            self._more = now
        undecided = self._undecided_as_one if mostly_undecided else self._undecided
        groups = sorted((*self._others.made(), *undecided.made()), key=_first)
        return [row for _, rows in groups for row in rows]

    def queue(self) -> list[Finding]:
        """Return the rows of the queue, as `queue_rows`."""
        return [row for _, rows in sorted(self._waiting.made(), key=_first) for row in rows]

    def _is_undecided(self, finding: Finding) -> bool:
        return finding.tool is not None and finding.rule in self._one_cause

    def _groups_of(self, finding: Finding) -> tuple[_Groups, ...]:
        return (self._undecided, self._undecided_as_one) if self._is_undecided(finding) else (self._others,)

    def _key(self, finding: Finding) -> Hashable:
        """Return the key shared by findings of one group: the id where a finding is a row of its own."""
        if finding.tool is None or not groups_findings(finding.rule):
            return finding.id
        return _key(finding, self._source_of)


class _Groups:
    """Findings by a key, each group in an order, with its rows; those of a group that did not change are kept."""

    def __init__(
        self,
        key: Callable[[Finding], Hashable],
        order: Callable[[Finding], tuple[Any, ...]],
        rows: Callable[[Any, list[Finding]], list[Finding]],
        findings: Iterable[Finding],
    ) -> None:
        self._key, self._order, self._make = key, order, rows
        self._members: dict[Hashable, list[Finding]] = {}
        for finding in findings:
            self._members.setdefault(key(finding), []).append(finding)
        for members in self._members.values():
            members.sort(key=order)
        self._made: dict[Hashable, tuple[tuple[Any, ...], list[Finding]]] = {}  # order of the first, and the rows

    def add(self, finding: Finding) -> None:
        key = self._key(finding)
        insort(self._members.setdefault(key, []), finding, key=self._order)
        self._made.pop(key, None)

    def remove(self, finding: Finding) -> None:
        key = self._key(finding)
        members = self._members[key]
        del members[members.index(finding, bisect_left(members, self._order(finding), key=self._order))]
        if not members:
            del self._members[key]
        self._made.pop(key, None)

    def made(self) -> Iterable[tuple[tuple[Any, ...], list[Finding]]]:
        """Return the rows of every group behind the order of its first finding."""
        for key in self._members.keys() - self._made.keys():
            members = self._members[key]
            self._made[key] = self._order(members[0]), self._make(key, members)
        return self._made.values()


_first = itemgetter(0)


def _undecided_key(finding: Finding) -> tuple[str, ...]:
    """Return the key shared by findings on undecided tools where all of a rule are one."""
    return finding.rule, finding.severity.value, finding.status.value, _UNDECIDED


def _waiting_key(finding: Finding) -> tuple[str, ...]:
    return finding.rule, finding.severity.value, _UNDECIDED


def _waiting_order(finding: Finding) -> tuple[str, ...]:
    return (*_waiting_key(finding), finding.id)


def _waiting_row(key: tuple[str, ...], group: list[Finding]) -> list[Finding]:
    return [_merged(key, group)]


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
    """Return the rows of a group: one where it is merged, else each finding; the key of a row of its own is no tuple."""
    if not isinstance(key, tuple):
        return group[-1:]
    few = _MAX_SINGLE if group[0].severity in _SEVERE and key[-1] != _UNDECIDED else 1
    return [_merged(key, group)] if len(group) > few else group


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
