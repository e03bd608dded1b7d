"""Risk of a tool: a table lookup by type and confidentiality, with two lower bounds. Nothing else decides.

An executor is high, whatever it returns. A read whose caller chooses an address is medium: the address can carry data out.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from analysis.model import Confidentiality, FlowRole, Risk, ToolType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.model import FlowRoleSignal

_L, _M, _H = Risk.LOW, Risk.MEDIUM, Risk.HIGH

#: Columns: what a call returns is ordinary, confidential or restricted (`Confidentiality`).
TABLE: Final[dict[ToolType, tuple[Risk, Risk, Risk]]] = {
    ToolType.READ: (_L, _M, _H),
    ToolType.SIDE_EFFECT: (_M, _M, _H),
    ToolType.CRITICAL: (_H, _H, _H),
    ToolType.ADMINISTRATIVE: (_H, _H, _H),
    ToolType.BILLING: (_H, _H, _H),
}
#: Lower bounds by flow role: the tool runs what the caller writes; data can leave with a call.
MINIMUM: Final = {FlowRole.CODE_EXECUTION: _H, FlowRole.EXFILTRATION_SINK: _M}


def risk_of(
    types: Iterable[ToolType], confidentiality: Confidentiality, flow_roles: Iterable[FlowRoleSignal] = ()
) -> Risk:
    """Return the highest risk of any type that applies, at the confidentiality of what the tool returns."""
    return _highest(tuple(types), confidentiality, tuple([signal.flow_role for signal in flow_roles]))


@cache
def _highest(types: tuple[ToolType, ...], level: Confidentiality, flow_roles: tuple[FlowRole, ...]) -> Risk:
    risks = [TABLE[kind][level.rank] for kind in types] + [MINIMUM.get(role, _L) for role in flow_roles]
    return max(risks, key=lambda risk: risk.rank)
