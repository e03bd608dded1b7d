"""The score as a waterfall: from 100, one group of rules after the other, to what is left, and the cap."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.model import LedgerLine, Score

#: Groups of rules in words, in the order of their shares.
RULE_GROUPS: Final[Mapping[str, str]] = {
    "EXP": "Exposure",
    "GOV": "Governance",
    "CRD": "Credentials",
    "INJ": "Injection",
    "FLO": "Flows",
    "DAT": "Data",
    "EFF": "Effects",
    "QLT": "Quality",
    "CHG": "Changes",
    "cap": "Cap",
}


@dataclass(frozen=True, slots=True)
class ScoreStep:
    """What one group of rules takes, in tenths of a point, and what is left after it."""

    label: str
    taken: int
    left: int


def waterfall_steps(score: Score) -> list[ScoreStep]:
    """Return what takes points, largest first, the cap last; what rounding takes is in the last step."""
    taken: Counter[str] = Counter()
    for line in score.ledger:
        taken[_group(line)] += round(line.penalty * 10)
    cap, rounding = taken.pop("cap", 0), taken.pop("rounding", 0)
    steps, left = [], 1000
    order = sorted((name for name, tenths in taken.items() if tenths), key=lambda name: (-taken[name], name))
    for group, tenths in [(name, taken[name]) for name in order] + ([("cap", cap)] if cap else []):
        left -= tenths
        steps.append(ScoreStep(RULE_GROUPS.get(group, group), tenths, left))
    if steps and rounding:
        last = steps[-1]
        steps[-1] = ScoreStep(last.label, last.taken + rounding, last.left - rounding)
    return steps


def _group(line: LedgerLine) -> str:
    return line.rule if line.rule in {"cap", "rounding"} else line.rule.partition("-")[0]


def next_fix(score: Score) -> LedgerLine | None:
    """Return the line of the ledger that gains most, None where none gains anything."""
    return next((line for line in score.ledger if line.gain), None)
