"""Score model v1: from findings to a number, a verdict and a ledger that explains every point.

The number is made of deductions only, so nothing that is added can raise it. Per rule family the open points
count in full up to a threshold and ever less above it, until a cap; the caps add up to 100. Ceilings hold the
number down while something grave is open. The verdict comes from gates and never from the number.

Weights, thresholds and caps are judgement, laid down in the score model of the reviewers' reference. They were
chosen so that an API with two open critical findings, no audit log and undocumented credentials scores 85.
All sums are whole numbers, half points (an accepted risk counts half) and tenths (deductions), so they are exact.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from analysis.model import Finding, LedgerLine, Score, Severity, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

#: Family -> (points that count in full, cap). Exposure weighs most; quality can never cost more than 4.
FAMILIES: Final[Mapping[str, tuple[int, int]]] = {
    "EXP": (10, 30),
    "GOV": (25, 25),
    "CRD": (6, 12),
    "INJ": (5, 8),
    "FLO": (4, 8),
    "DAT": (3, 7),
    "EFF": (3, 4),
    "QLT": (2, 4),
    "CHG": (2, 2),
    "ACC": (0, 0),  # accountability costs nothing: it blocks the verdict
}
#: Tool quality alone: the same threshold, the whole scale as cap.
_QUALITY: Final = (2, 100)
#: Open points of this many times the threshold reach the cap.
_SATURATION: Final = 200
_CEILING_OPEN_CRITICAL: Final = 89
_CEILING_UNSETTLED: Final = 94  # a tool undecided, or a critical risk accepted
_BLOCKING_CEILING: Final = 79
_OPEN: Final = (Status.OPEN, Status.FIXING)
_COUNTED: Final = (*_OPEN, Status.ACCEPTED)


def score(
    findings: Sequence[Finding], *, live_tools: int, undecided: int, unanswered: int, unmet_conditions: int = 0
) -> Score:
    """Return the score of a review from the findings on its live tools, its controls and itself.

    `undecided` counts tools, `unanswered` scored controls, `unmet_conditions` conditions without proof. With
    no live tool there is no number and no ledger, and the verdict is never better than "not reviewed".
    """
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        alike.setdefault(likeness(finding), []).append(finding)
    counted = [(members[0], len(members)) for members in alike.values()]
    result = figures(
        counted,
        live_tools=live_tools,
        undecided=undecided,
        unanswered=unanswered,
        unmet_conditions=unmet_conditions,
    )
    return replace(result, ledger=_ledger(_Tally.of(counted, undecided), findings)) if live_tools else result


def likeness(finding: Finding) -> tuple[object, ...]:
    """Return what the number depends on: findings of one likeness weigh the same and set the same ceilings."""
    named = finding.rule if finding.ceiling is not None else finding.family
    return (
        named,
        finding.severity,
        finding.status,
        finding.points,
        finding.ceiling,
        finding.claimed,
        len(finding.members),
    )


def figures(
    counted: Iterable[tuple[Finding, int]],
    *,
    live_tools: int,
    undecided: int,
    unanswered: int,
    unmet_conditions: int = 0,
) -> Score:
    """Return the score without its ledger, from one finding of each likeness and how many there are of it."""
    counted = list(counted)
    tally = _Tally.of(counted, undecided)
    verdict, because = _verdict(tally, live_tools, undecided, unanswered, unmet_conditions)
    ceilings = tuple((height, why) for height in sorted(tally.ceilings) for why in tally.reasons[height])
    if not live_tools:
        return Score(None, None, None, verdict, because, ceilings, ())
    strict = _Tally.of(counted, undecided, accepting=False)
    quality = (1000 - _deduction(tally.halves["QLT"], *_QUALITY)) // 10
    return Score(tally.value(), strict.value(), quality, verdict, because, ceilings, ())


def _stands_for(finding: Finding) -> int:
    """Return the number of single findings it counts as."""
    return len(finding.members)


def _halves(finding: Finding, *, accepting: bool = True) -> int:
    """Return the weight of a finding in half points: whole while open, half if accepted or claimed, else none."""
    if finding.status not in _COUNTED or finding.family == "ACC":
        return 0
    weight = finding.severity.points if finding.points is None else finding.points
    return weight if finding.claimed or (accepting and finding.status is Status.ACCEPTED) else 2 * weight


def _caps(finding: Finding, *, accepting: bool = True) -> list[tuple[int, str]]:
    """Return the ceilings that a finding sets, each with its reason (counted later, hence without a number)."""
    critical = finding.severity is Severity.CRITICAL
    if finding.status is Status.ACCEPTED and accepting:
        return [(_CEILING_UNSETTLED, "accepted critical finding")] if critical else []
    if finding.status not in _COUNTED:
        return []
    general = [(_CEILING_OPEN_CRITICAL, "open critical finding")] if critical else []
    if finding.ceiling is None or (critical and finding.ceiling >= _CEILING_OPEN_CRITICAL):
        return general
    return [(finding.ceiling, f"open {finding.rule} finding"), *general]


@lru_cache(maxsize=4096)
def _deduction(halves: int, full: int, cap: int) -> int:
    """Return what a family costs, in tenths of a point."""
    if halves <= 2 * full:
        return 5 * halves
    damped = full + (cap - full) * math.log(halves / 2 / full) / math.log(_SATURATION)
    return min(10 * cap, round(10 * damped))


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


@dataclass(frozen=True, slots=True)
class _Tally:
    """Findings added up once, so that leaving one out again costs no second pass."""

    counted: Sequence[tuple[Finding, int]]  # one of each likeness, and how many
    halves: Counter[str]  # by family
    ceilings: Counter[int]  # by height: how many causes hold it
    reasons: dict[int, list[str]]
    cost: int  # all families, in tenths

    @classmethod
    def of(cls, counted: Sequence[tuple[Finding, int]], undecided: int, *, accepting: bool = True) -> _Tally:
        """Add up the findings; not `accepting` counts accepted risks as open."""
        halves: Counter[str] = Counter()
        causes: Counter[tuple[int, str]] = Counter()
        for finding, count in counted:
            halves[finding.family] += count * _halves(finding, accepting=accepting)
            for cause in _caps(finding, accepting=accepting):
                causes[cause] += count * _stands_for(finding)
        if undecided:
            causes[_CEILING_UNSETTLED, "undecided tool"] = undecided
        ceilings: Counter[int] = Counter()
        reasons: dict[int, list[str]] = {}
        for (height, thing), count in sorted(causes.items()):
            ceilings[height] += count
            reasons.setdefault(height, []).append(_many(count, thing))
        cost = sum(_deduction(points, *FAMILIES[family]) for family, points in halves.items())
        return cls(counted, halves, ceilings, reasons, cost)

    def value(self, *, without: Finding | None = None) -> int:
        """Return the score, or what it would be if one finding were fixed and all else stayed."""
        cost, ceilings = self.cost, self.ceilings
        if without is not None:
            family, total = without.family, self.halves[without.family]
            rest = _deduction(total - _halves(without), *FAMILIES[family])
            cost += rest - _deduction(total, *FAMILIES[family])
            ceilings = ceilings - Counter([height for height, _ in _caps(without)] * _stands_for(without))
        return min([(1000 - cost) // 10, *ceilings])

    def open(self, severity: Severity) -> int:
        """Count the open findings of a severity."""
        return self.count(lambda f: f.severity is severity and f.status in _OPEN)

    def count(self, holds: Callable[[Finding], bool]) -> int:
        """Count the single findings of which something holds that findings of one likeness share."""
        return sum(count * _stands_for(finding) for finding, count in self.counted if holds(finding))


def _verdict(
    tally: _Tally, live_tools: int, undecided: int, unanswered: int, unmet_conditions: int
) -> tuple[str, tuple[str, ...]]:
    """Return the first verdict that has a reason, with its reasons."""
    accountability = tally.count(lambda f: f.family == "ACC" and f.status in _OPEN)
    accepted = tally.count(lambda f: f.status is Status.ACCEPTED)
    low = [height for height in sorted(tally.ceilings) if height <= _BLOCKING_CEILING]
    gates: dict[str, list[tuple[int, str]]] = {
        "blocked": [
            (tally.open(Severity.CRITICAL), "open critical finding"),
            (accountability, "open accountability finding"),
        ],
        "not reviewed": [(undecided, "undecided tool"), (unanswered, "unanswered question")],
        "approvable with conditions": [
            (tally.open(Severity.HIGH), "open high finding"),
            (unmet_conditions, "unmet condition"),
            (accepted, "accepted risk"),
        ],
    }
    because = {verdict: [_many(*gate) for gate in found if gate[0]] for verdict, found in gates.items()}
    because["blocked"] += [f"ceiling {height}: {', '.join(tally.reasons[height])}" for height in low]
    because["not reviewed"] += [] if live_tools else ["no tool is live"]
    for verdict, reasons in because.items():
        if reasons:
            return verdict, tuple(reasons)
    return "approvable", ()


def _ledger(tally: _Tally, findings: Sequence[Finding]) -> tuple[LedgerLine, ...]:
    """Return the lines that explain 100 - score: findings by gain, then what rounding takes."""
    value = tally.value()
    memo: dict[tuple[str, Severity, Status, int, int | None], int] = {}
    lines: list[LedgerLine] = []
    for finding, halves, tenths in _shares(tally, findings):
        alike = (finding.family, finding.severity, finding.status, halves, finding.ceiling)
        if alike not in memo:
            memo[alike] = tally.value(without=finding) - value
        label = f"{finding.title} · {finding.tool or finding.control}".removesuffix(" · ")
        lines.append(LedgerLine(finding.id, label, finding.rule, halves / 2, tenths / 10, memo[alike]))
    plain = (1000 - tally.cost) // 10
    left = 1000 - tally.cost - 10 * value
    rest: list[LedgerLine] = []
    if value < plain:
        next_height = min([plain, *(height for height in tally.ceilings if height > value)])
        why = f"Ceiling {value}: {', '.join(tally.reasons[value])}"
        lines.append(LedgerLine(None, why, "ceiling", left / 10, left / 10, next_height - value))
    elif left:
        rest = [LedgerLine(None, "Rounded down to whole points", "rounding", left / 10, left / 10, 0)]
    lines.sort(key=lambda line: (-line.wins, -line.counted, line.label, line.rule, line.finding or ""))
    return (*lines, *rest)


def _shares(tally: _Tally, findings: Sequence[Finding]) -> Iterable[tuple[Finding, int, int]]:
    """Yield findings that cost, their half points and their share of the family's cost in tenths, nothing left over."""
    duplicate_groups: dict[str, list[tuple[Finding, int]]] = {}
    for finding in findings:
        if halves := _halves(finding):
            duplicate_groups.setdefault(finding.family, []).append((finding, halves))
    for family, members in duplicate_groups.items():
        total = tally.halves[family]
        cost = _deduction(total, *FAMILIES[family])
        # Largest remainder; of equal ones the smaller id, so that the order of the input does not matter.
        members.sort(key=lambda member: (-(cost * member[1] % total), member[0].id))
        short = cost - sum(cost * halves // total for _, halves in members)
        for place, (finding, halves) in enumerate(members):
            yield finding, halves, cost * halves // total + (place < short)
