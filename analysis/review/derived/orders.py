"""Orders in which the tools of a review are shown; kept, so that asking for one sorts nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import Risk
from analysis.review.derived.view import DerivedView, PerReviewCache
from analysis.rules.engine.index import Index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import ToolId
    from analysis.review.reading import ReviewReader

#: By what tools can be ordered; `document` leaves them as they stand in their sources.
ORDERS: Final = ("document", "risk", "status", "name")
_KINDS: Final = {
    "risk": (Risk.HIGH, Risk.MEDIUM, Risk.LOW),
    "status": ("undecided", "conditional", "approved", "blocked"),
}


class _Orders(DerivedView):
    """All tools of a review in each order."""

    def __init__(self, review: ReviewReader) -> None:
        super().__init__(review)
        self._indexes = {
            "risk": Index(lambda tool: (tool.risk,), self.tools),
            "status": Index(lambda tool: (tool.decision_state.simple,), self.tools),
        }
        names = [tool.row.name.lower() for tool in self.tools]
        self._by_name = [self.ids[place] for place in sorted(range(len(names)), key=names.__getitem__)]

    def moved(self, places: set[int]) -> None:
        for index in self._indexes.values():
            index.follow(places)

    def all(self, order: str) -> list[ToolId]:
        """Return all tools in an order."""
        if order == "name":
            return self._by_name
        index = self._indexes[order]
        return [self.ids[place] for kind in _KINDS[order] for place in index.at(kind)]


_ORDERS: Final = PerReviewCache(_Orders)


def prepare(review: ReviewReader) -> None:
    """Work out beforehand what the first order asks for."""
    _ORDERS.of(review)


def ordered(review: ReviewReader, tools: Sequence[ToolId], order: str) -> list[ToolId]:
    """Return tools, given in document order, in another one of `ORDERS`; within one kind they stay as they are."""
    if order not in ORDERS[1:]:
        return list(tools)
    every = _ORDERS.of(review).all(order)
    if len(tools) == len(every):
        return list(every)
    chosen = set(tools)
    return [tool for tool in every if tool in chosen]
