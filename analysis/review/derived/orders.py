"""The orders in which a list of tools can be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import DecisionState, Risk
from analysis.review.derived.groups import group_key
from analysis.review.derived.view import DerivedView
from analysis.rules.engine.index import Index

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from analysis.model import ToolId, ToolState

#: The orders by name; `document` is the order of the sources.
ORDERS: Final = ("document", "risk", "status", "name")
_RISK_ORDER: Final = (Risk.HIGH, Risk.MEDIUM, Risk.LOW)
#: Orders by a column, from its first value to its last, and what each sorts by; tools without a value come last.
COLUMN_ORDERS: Final[Mapping[str, Callable[[ToolState], tuple[str, ...]]]] = {
    "type": lambda tool: (tool.type.value,),
    "call": lambda tool: (tool.row.path, tool.row.method),
    "tag": lambda tool: tool.row.tags,
    "data": lambda tool: tool.row.data,
    "group": lambda tool: (group_key(tool).resource, tool.type.value, str(_RISK_ORDER.index(tool.risk))),
    "source": lambda tool: (tool.row.source,),
    "assigned": lambda tool: (tool.assignment.to, tool.assignment.due) if tool.assignment else (),
    "due": lambda tool: (tool.assignment.due,) if tool.assignment and tool.assignment.due else (),
    "decided": lambda tool: (tool.decision.at,) if tool.decision else (),
    "reviewer": lambda tool: (tool.decision.actor,) if tool.decision else (),
}
_VALUES: Final = {
    "risk": _RISK_ORDER,
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
        by_column = COLUMN_ORDERS.get(order)
        if by_column is not None:
            values = {tool: by_column(state) for tool in tools if (state := self.table.get(tool)) is not None}
            return sorted(tools, key=lambda tool: (not values[tool], values[tool]))
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
