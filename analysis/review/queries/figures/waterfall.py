"""The score as a waterfall: from 100, family by family, to what is left, and the cap."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.model import LedgerLine, Score

#: Families of rules in words, in the order of their shares.
FAMILY_TITLES: Final[Mapping[str, str]] = {
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
    """What one family takes, in tenths of a point, and what is left after it."""

    label: str
    taken: int
    left: int


def score_steps(score: Score) -> list[ScoreStep]:
    """Return what takes points, largest first, the cap last; what rounding takes is in the last step."""
    taken: Counter[str] = Counter()
    for line in score.ledger:
        taken[_family(line)] += round(line.penalty * 10)
    cap, rounding = taken.pop("cap", 0), taken.pop("rounding", 0)
    steps, left = [], 1000
    order = sorted((name for name, tenths in taken.items() if tenths), key=lambda name: (-taken[name], name))
    for family, tenths in [(name, taken[name]) for name in order] + ([("cap", cap)] if cap else []):
        left -= tenths
        steps.append(ScoreStep(FAMILY_TITLES.get(family, family), tenths, left))
    if steps and rounding:
        last = steps[-1]
        steps[-1] = ScoreStep(last.label, last.taken + rounding, last.left - rounding)
    return steps


def _family(line: LedgerLine) -> str:
    return line.rule if line.rule in {"cap", "rounding"} else line.rule.partition("-")[0]


def next_fix(score: Score) -> LedgerLine | None:
    """Return the line of the ledger that gains most, None where none gains anything."""
    return next((line for line in score.ledger if line.gain), None)
