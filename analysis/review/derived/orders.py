"""The orders in which a list of tools can be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import DecisionState, Risk
from analysis.review.derived.view import DerivedView
from analysis.rules.engine.index import Index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import ToolId

#: The orders by name; `document` is the order of the sources.
ORDERS: Final = ("document", "risk", "status", "name")
_VALUES: Final = {
    "risk": (Risk.HIGH, Risk.MEDIUM, Risk.LOW),
    "status": (DecisionState.UNDECIDED, DecisionState.CONDITIONAL, DecisionState.APPROVED, DecisionState.BLOCKED),
}


class Orders(DerivedView):
    """All tools in each order."""

    def rebuild(self) -> None:
        """Index every tool."""
        self._indexes = {
            "risk": Index(lambda tool: (tool.risk,), self.table.states),
            "status": Index(lambda tool: (tool.decision_state.simple,), self.table.states),
        }
        names = [tool.row.name.lower() for tool in self.table.states]
        self._by_name = [self.table.ids[place] for place in sorted(range(len(names)), key=names.__getitem__)]

    def update(self, places: set[int]) -> None:
        """Follow the tools at some places; names never change."""
        for index in self._indexes.values():
            index.update(places)

    def ordered(self, tools: Sequence[ToolId], order: str) -> list[ToolId]:
        """Return tools, given in document order, in another order; equal ones keep theirs."""
        if order not in ORDERS[1:]:
            return list(tools)
        every = self._all(order)
        if len(tools) == len(every):
            return list(every)
        chosen = set(tools)
        return [tool for tool in every if tool in chosen]

    def _all(self, order: str) -> list[ToolId]:
        if order == "name":
            return self._by_name
        index = self._indexes[order]
        return [self.table.ids[place] for value in _VALUES[order] for place in index.places(value)]
