"""The score model: from findings to a number, a verdict and a ledger that explains every point.

The number is made of deductions only, so nothing that is added can raise it. Per rule family the open points
count in full up to a threshold and ever less above it, until the family's share of 100 is used up. Caps are upper
bounds of the number while something critical is open. The verdict comes from gates and never from the number.

Weights, thresholds, shares and caps are judgement, not measurement. They were chosen so that an API with two open
critical findings, no audit log and undocumented credentials scores 85; with any of them, `SCORE_MODEL` is raised.
All sums are whole numbers, half points (an accepted risk counts half) and tenths (deductions), so they are exact.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from analysis.model import Finding, LedgerLine, Score, Severity, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

#: Family -> (points that count in full, largest deduction). Exposure weighs most; quality can never cost more than 4.
#: The largest deductions add up to 100: another share for one family is taken from the others.
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
#: Tool quality alone: the same threshold, the whole scale as largest deduction.
_QUALITY: Final = (2, 100)
#: Multiple of the threshold at which the open points reach the largest deduction.
_SATURATION: Final = 200
_CAP_OPEN_CRITICAL: Final = 89
_CAP_UNDECIDED: Final = 94  # a tool undecided, or a critical risk accepted
#: Highest cap that makes the verdict "blocked".
_MAX_BLOCKING_CAP: Final = 79
_OPEN: Final = (Status.OPEN, Status.FIXING)
_COUNTED: Final = (*_OPEN, Status.ACCEPTED)


def score(
    findings: Sequence[Finding],
    *,
    live_tools: int,
    undecided: int,
    unanswered: int,
    unmet_conditions: int = 0,
    queue: Sequence[Finding] = (),
) -> Score:
    """Return the score of a review from the findings on its live tools, its controls and itself.

    `queue` is the work that undecided tools are: it deducts points like findings, so that deciding gains them, and the
    lines of the ledger about it name no finding. `undecided` counts tools, `unanswered` scored controls, `unmet_conditions` conditions without proof. With
    no live tool there is no number and no ledger, and the verdict is never better than "not reviewed".
    """
    by_key: dict[tuple[object, ...], list[Finding]] = {}
    every = (*findings, *queue)
    for finding in every:
        by_key.setdefault(score_key(finding), []).append(finding)
    counted = [(members[0], len(members)) for members in by_key.values()]
    result = score_without_ledger(
        counted,
        live_tools=live_tools,
        undecided=undecided,
        unanswered=unanswered,
        unmet_conditions=unmet_conditions,
    )
    return replace(result, ledger=_ledger(_Tally.of(counted, undecided), every, queue)) if live_tools else result


def score_key(finding: Finding) -> tuple[object, ...]:
    """Return all that the score depends on: findings with the same key weigh the same and set the same caps."""
    return (
        finding.family if finding.cap is None else finding.rule,
        finding.severity,
        finding.status,
        finding.points,
        finding.cap,
        finding.claimed,
        finding.count,
    )


def score_without_ledger(
    counted: Iterable[tuple[Finding, int]],
    *,
    live_tools: int,
    undecided: int,
    unanswered: int,
    unmet_conditions: int = 0,
) -> Score:
    """Return the score without its ledger, from one finding of each score key and the number of findings with it."""
    counted = list(counted)
    tally = _Tally.of(counted, undecided)
    verdict, because = _verdict(tally, live_tools, undecided, unanswered, unmet_conditions)
    caps = tuple((cap, why) for cap in sorted(tally.caps) for why in tally.reasons[cap])
    if not live_tools:
        return Score(None, None, None, verdict, because, caps, ())
    strict = _Tally.of(counted, undecided, accepting=False)
    quality = (1000 - _deduction(tally.half_points["QLT"], *_QUALITY)) // 10
    return Score(tally.value(), strict.value(), quality, verdict, because, caps, ())


def _half_points(finding: Finding, *, accepting: bool = True) -> int:
    """Return the weight of a finding in half points: whole while open, half if accepted or claimed, else none."""
    if finding.status not in _COUNTED or finding.family == "ACC":
        return 0
    weight = finding.severity.points if finding.points is None else finding.points
    return weight if finding.claimed or (accepting and finding.status is Status.ACCEPTED) else 2 * weight


def _caps(finding: Finding, *, accepting: bool = True) -> list[tuple[int, str]]:
    """Return the caps that a finding sets, each with its reason (counted later, hence without a number)."""
    critical = finding.severity is Severity.CRITICAL
    if finding.status is Status.ACCEPTED and accepting:
        return [(_CAP_UNDECIDED, "accepted critical finding")] if critical else []
    if finding.status not in _COUNTED:
        return []
    general = [(_CAP_OPEN_CRITICAL, "open critical finding")] if critical else []
    if finding.cap is None or (critical and finding.cap >= _CAP_OPEN_CRITICAL):
        return general
    return [(finding.cap, f"open {finding.rule} finding"), *general]


@lru_cache(maxsize=4096)
def _deduction(half_points: int, full: int, largest: int) -> int:
    """Return the deduction of a family, in tenths of a point."""
    if half_points <= 2 * full:
        return 5 * half_points
    damped = full + (largest - full) * math.log(half_points / 2 / full) / math.log(_SATURATION)
    return min(10 * largest, round(10 * damped))


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


@dataclass(frozen=True, slots=True)
class _Tally:
    """Findings added up once, so that leaving one out again needs no second pass."""

    counted: Sequence[tuple[Finding, int]]  # one finding of each score key, and the number with that key
    half_points: Counter[str]  # by family
    caps: Counter[int]  # cap -> number of causes
    reasons: dict[int, list[str]]  # cap -> its causes in words
    deduction: int  # all families, in tenths

    @classmethod
    def of(cls, counted: Sequence[tuple[Finding, int]], undecided: int, *, accepting: bool = True) -> _Tally:
        """Add up the findings; not `accepting` counts accepted risks as open."""
        half_points: Counter[str] = Counter()
        causes: Counter[tuple[int, str]] = Counter()
        for finding, count in counted:
            half_points[finding.family] += count * _half_points(finding, accepting=accepting)
            for cause in _caps(finding, accepting=accepting):
                causes[cause] += count * finding.count
        if undecided:
            causes[_CAP_UNDECIDED, "undecided tool"] = undecided
        caps: Counter[int] = Counter()
        reasons: dict[int, list[str]] = {}
        for (cap, thing), count in sorted(causes.items()):
            caps[cap] += count
            reasons.setdefault(cap, []).append(_many(count, thing))
        deduction = sum(_deduction(points, *FAMILIES[family]) for family, points in half_points.items())
        return cls(counted, half_points, caps, reasons, deduction)

    def value(self, *, without: Finding | None = None) -> int:
        """Return the score, or what it would be if one finding were fixed and all else stayed."""
        deduction, caps = self.deduction, self.caps
        if without is not None:
            family, total = without.family, self.half_points[without.family]
            rest = _deduction(total - _half_points(without), *FAMILIES[family])
            deduction += rest - _deduction(total, *FAMILIES[family])
            caps = caps - Counter([cap for cap, _ in _caps(without)] * without.count)
        return min([(1000 - deduction) // 10, *caps])

    def open(self, severity: Severity) -> int:
        """Count the open findings of a severity."""
        return self.count(lambda f: f.severity is severity and f.status in _OPEN)

    def count(self, holds: Callable[[Finding], bool]) -> int:
        """Count the single findings that satisfy a predicate on what their score key covers."""
        return sum(count * finding.count for finding, count in self.counted if holds(finding))


def _verdict(
    tally: _Tally, live_tools: int, undecided: int, unanswered: int, unmet_conditions: int
) -> tuple[Verdict, tuple[str, ...]]:
    """Return the first verdict that has a reason, with its reasons."""
    accountability = tally.count(lambda f: f.family == "ACC" and f.status in _OPEN)
    accepted = tally.count(lambda f: f.status is Status.ACCEPTED)
    blocking = [cap for cap in sorted(tally.caps) if cap <= _MAX_BLOCKING_CAP]
    causes: dict[Verdict, list[tuple[int, str]]] = {
        Verdict.BLOCKED: [
            (tally.open(Severity.CRITICAL), "open critical finding"),
            (accountability, "open accountability finding"),
        ],
        Verdict.NOT_REVIEWED: [(undecided, "undecided tool"), (unanswered, "unanswered question")],
        Verdict.CONDITIONS: [
            (tally.open(Severity.HIGH), "open high finding"),
            (unmet_conditions, "unmet condition"),
            (accepted, "accepted risk"),
        ],
    }
    because = {verdict: [_many(*cause) for cause in found if cause[0]] for verdict, found in causes.items()}
    because[Verdict.BLOCKED] += [f"score capped at {cap}: {', '.join(tally.reasons[cap])}" for cap in blocking]
    because[Verdict.NOT_REVIEWED] += [] if live_tools else ["no tool is live"]
    for verdict, reasons in because.items():
        if reasons:
            return verdict, tuple(reasons)
    return Verdict.APPROVABLE, ()


def _ledger(tally: _Tally, findings: Sequence[Finding], queue: Sequence[Finding]) -> tuple[LedgerLine, ...]:
    """Return the lines that explain 100 - score: findings by gain, then what rounding takes."""
    value = tally.value()
    gains: dict[tuple[str, Severity, Status, int, int | None], int] = {}
    lines: list[LedgerLine] = []
    work = {finding.id for finding in queue}
    for finding, half_points, tenths in _shares(tally, findings):
        key = (finding.family, finding.severity, finding.status, half_points, finding.cap)
        if key not in gains:
            gains[key] = tally.value(without=finding) - value
        label = f"{finding.heading} · {finding.tool or finding.control}".removesuffix(" · ")
        listed = None if finding.id in work else finding.id
        points = half_points / 2, tenths / 10
        lines.append(LedgerLine(listed, label, finding.rule, *points, gains[key], finding.remedy))
    uncapped = (1000 - tally.deduction) // 10
    left = 1000 - tally.deduction - 10 * value
    rest: list[LedgerLine] = []
    if value < uncapped:
        next_cap = min([uncapped, *(cap for cap in tally.caps if cap > value)])
        why = f"Score capped at {value}: {', '.join(tally.reasons[value])}"
        remedy = f"Close what caps it: {', '.join(tally.reasons[value])}."
        lines.append(LedgerLine(None, why, "cap", left / 10, left / 10, next_cap - value, remedy))
    elif left:
        rest = [LedgerLine(None, "Rounded down to whole points", "rounding", left / 10, left / 10, 0)]
    lines.sort(key=lambda line: (-line.gain, -line.penalty, line.label, line.rule, line.finding or ""))
    return (*lines, *rest)


def _shares(tally: _Tally, findings: Sequence[Finding]) -> Iterable[tuple[Finding, int, int]]:
    """Yield findings with their half points and their share of the family's deduction in tenths, nothing left over."""
    by_family: dict[str, list[tuple[Finding, int]]] = {}
    for finding in findings:
        if half_points := _half_points(finding):
            by_family.setdefault(finding.family, []).append((finding, half_points))
    for family, members in by_family.items():
        total = tally.half_points[family]
        deduction = _deduction(total, *FAMILIES[family])
        # Largest remainder; of equal ones the smaller id, so that the order of the input does not matter.
        members.sort(key=lambda member: (-(deduction * member[1] % total), member[0].id))
        missing = deduction - sum(deduction * half_points // total for _, half_points in members)
        for place, (finding, half_points) in enumerate(members):
            yield finding, half_points, deduction * half_points // total + (place < missing)
