"""Risk of a tool: a table lookup by type and data. Nothing else decides."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from analysis.model import Risk, ToolType

if TYPE_CHECKING:
    from analysis.model import DataHit

_L, _M, _H = Risk.LOW, Risk.MEDIUM, Risk.HIGH

#: Columns: no sensitive data, personal or location data, financial data, card, secret or health data.
TABLE: Final[dict[ToolType, tuple[Risk, Risk, Risk, Risk]]] = {
    ToolType.READ: (_L, _L, _M, _H),
    ToolType.SIDE_EFFECT: (_M, _M, _M, _H),
    ToolType.CRITICAL: (_H, _H, _H, _H),
    ToolType.ADMINISTRATIVE: (_H, _H, _H, _H),
    ToolType.BILLING: (_H, _H, _H, _H),
}
_COLUMN: Final = {"personal": 1, "location": 1, "financial": 2, "card": 3, "secret": 3, "health": 3}


def risk_of(types: tuple[ToolType, ...], data: tuple[DataHit, ...]) -> Risk:
    """Return the highest risk of any type that applies, at the most sensitive data the tool returns."""
    column = max([_COLUMN.get(hit.data, 0) for hit in data if hit.direction == "response"], default=0)
    return _highest(types, column)


@cache
def _highest(types: tuple[ToolType, ...], column: int) -> Risk:
    return max((TABLE[kind][column] for kind in types), key=lambda risk: risk.rank)
