"""Risk of a tool: a table lookup by type and confidentiality. Nothing else decides, but that an executor is always high."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from analysis.model import Confidentiality, Risk, ToolType

if TYPE_CHECKING:
    from collections.abc import Iterable

_L, _M, _H = Risk.LOW, Risk.MEDIUM, Risk.HIGH

#: Columns: what a call returns is ordinary, confidential or restricted (`Confidentiality`).
TABLE: Final[dict[ToolType, tuple[Risk, Risk, Risk]]] = {
    ToolType.READ: (_L, _M, _H),
    ToolType.SIDE_EFFECT: (_M, _M, _H),
    ToolType.CRITICAL: (_H, _H, _H),
    ToolType.ADMINISTRATIVE: (_H, _H, _H),
    ToolType.BILLING: (_H, _H, _H),
}
#: Risk of a tool that runs what the caller writes, whatever its types.
EXECUTOR: Final = _H


def risk_of(types: Iterable[ToolType], confidentiality: Confidentiality, *, executes: bool = False) -> Risk:
    """Return the highest risk of any type that applies, at the confidentiality of what the tool returns."""
    return EXECUTOR if executes else _highest(tuple(types), confidentiality.rank)


@cache
def _highest(types: tuple[ToolType, ...], column: int) -> Risk:
    return max((TABLE[kind][column] for kind in types), key=lambda risk: risk.rank)
