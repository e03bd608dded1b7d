"""How many tools of a review are live, undecided, stale, contested, of which risk and type, decided how and by whom."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from analysis.model import CapabilityKind
from analysis.review.derived.view import DerivedView

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.model import Risk, ToolState, ToolType

T = TypeVar("T")


class ToolFacts(NamedTuple):
    """What a tool adds to the counts of a review; tools with the same facts are counted together."""

    live: bool
    undecided: bool
    stale: bool
    conflict: bool
    unmet: bool  # a condition has no evidence
    risk: Risk
    tool: bool  # not a resource, a prompt or another kind
    proposed: bool  # decided as a baseline or precedent proposed
    sampled: bool  # drawn from those, and not yet decided by itself
    type: ToolType
    state: str  # the decision in effect: `DecisionState.simple`
    unclear: bool  # of unclear effect, and no reviewer has settled it
    actor: str  # who made the decision in effect; empty where there is none
    claimed: bool  # undecided, and approved by events that are only claimed

    @classmethod
    def of(cls, tool: ToolState) -> ToolFacts:
        """Return the facts of a tool."""
        unmet = tool.decision is not None and bool(tool.decision.unmet)
        is_tool = tool.row.kind is CapabilityKind.TOOL
        decision = tool.decision if not tool.undecided else None
        proposed = decision is not None and decision.proposal is not None
        sampled = decision is not None and decision.sampled
        return cls(
            tool.live, tool.undecided, tool.stale, tool.conflict, unmet, tool.risk, is_tool, proposed, sampled,
            tool.type, tool.decision_state.simple, tool.row.unclear and tool.type_override is None,
            decision.actor if decision is not None else "", bool(tool.claimed) and tool.undecided,
        )  # fmt: skip


class ToolCounts(DerivedView):
    """Counts over all tools."""

    def rebuild(self) -> None:
        """Count every tool."""
        self._facts = [ToolFacts.of(tool) for tool in self.table.states]
        self._counts = Counter(self._facts)

    def update(self, places: set[int]) -> None:
        """Count the tools at some places again."""
        for place in places:
            self._counts[self._facts[place]] -= 1
            self._facts[place] = ToolFacts.of(self.table.states[place])
            self._counts[self._facts[place]] += 1

    def count(self, test: Callable[[ToolFacts], bool] = lambda _: True) -> int:
        """Return the number of tools whose facts pass a test."""
        return sum(count for facts, count in self._counts.items() if test(facts))

    def by(self, key: Callable[[ToolFacts], T]) -> Counter[T]:
        """Return the number of tools by a key of their facts; none is zero."""
        found: Counter[T] = Counter()
        for facts, count in self._counts.items():
            if count:
                found[key(facts)] += count
        return found
