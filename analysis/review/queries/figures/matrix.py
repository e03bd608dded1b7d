"""How far a review is: by risk and type, by resource, by person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.model import Risk, ToolType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.review.session import Review

#: What an undecided tool of a risk weighs, for the order in which cells and resources want attention.
_WEIGHT: Final = {Risk.HIGH: 3, Risk.MEDIUM: 2, Risk.LOW: 1}
_STATES: Final = ("approved", "conditional", "blocked", "undecided")


@dataclass(frozen=True, slots=True)
class DecisionCounts:
    """Numbers of tools by the decision in effect."""

    approved: int = 0
    conditional: int = 0
    blocked: int = 0
    undecided: int = 0

    @property
    def total(self) -> int:
        """The number of tools."""
        return self.approved + self.conditional + self.blocked + self.undecided

    @property
    def decided(self) -> int:
        """The number of decided tools."""
        return self.total - self.undecided


def _counts(by_state: Mapping[str, int]) -> DecisionCounts:
    return DecisionCounts(*(by_state.get(state, 0) for state in _STATES))


def risk_matrix(review: Review) -> dict[tuple[Risk, ToolType], DecisionCounts]:
    """Return the tools of each risk and type that there are, by decision."""
    cells: dict[tuple[Risk, ToolType], Counter[str]] = {}
    for (risk, kind, state), count in review.views.counts.by(
        lambda facts: (facts.risk, facts.type, facts.state)
    ).items():
        cells.setdefault((risk, kind), Counter())[state] += count
    return {cell: _counts(found) for cell, found in cells.items()}


def cell_weight(risk: Risk, counts: DecisionCounts) -> int:
    """Return how much the undecided tools of a cell weigh."""
    return _WEIGHT[risk] * counts.undecided


def cell_query(risk: Risk, kind: ToolType, counts: DecisionCounts) -> str:
    """Return the filter for the tools of a cell: those that are undecided, else all."""
    return f"risk:{risk.value} primary:{kind.value}" + (" is:undecided" if counts.undecided else "")


def by_resource(review: Review) -> list[tuple[str, DecisionCounts]]:
    """Return the resources with their tools by decision, the one with most undecided weight first."""
    found: dict[str, Counter[str]] = {}
    weights: Counter[str] = Counter()
    for group in review.views.groups.ordered():
        found.setdefault(group.key.resource, Counter()).update(group.states)
        weights[group.key.resource] += _WEIGHT[group.key.risk] * group.undecided
    order = sorted(found, key=lambda name: (-weights[name], name))
    return [(name, _counts(found[name])) for name in order]


def decision_makers(review: Review) -> list[tuple[str, int]]:
    """Return who made the decisions in effect, with their number, most first."""
    found = review.views.counts.by(lambda facts: facts.actor)
    return sorted(((name, count) for name, count in found.items() if name), key=lambda each: (-each[1], each[0]))
