"""Assessment of hosted tools: a model vendor defines and runs them, and a list holds only their type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from analysis.assess.sensitivity.risk import risk_of
from analysis.model import (
    Assessment,
    Confidentiality,
    Effect,
    FlowRole,
    FlowRoleSignal,
    Reason,
    Reversibility,
    Risk,
    ToolType,
)
from analysis.yaml_tables import load_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.model import Tool

#: The date or number of a version at the end of a type: `bash_20250124`, `web_search_2025_08_26`.
_VERSION: Final = re.compile(r"(?:[_-](?:v?\d+|latest))+\Z")
_UNDO: Final = {Effect.READ: Reversibility.READ, Effect.CRITICAL: Reversibility.IRREVERSIBLE}


@dataclass(frozen=True, slots=True)
class _HostedTool:
    """What a hosted tool does, and its flow roles."""

    says: str
    effect: Effect
    risk: Risk
    roles: tuple[FlowRole, ...]


@cache
def _known() -> Mapping[str, _HostedTool]:
    loaded: list[dict[str, Any]] = load_table("analysis.assess.capabilities", "hosted.yaml")
    return {
        name: _HostedTool(
            entry["says"],
            Effect(entry["effect"]),
            Risk(entry.get("risk", Risk.HIGH)),
            tuple(FlowRole(role) for role in entry["roles"]),
        )
        for entry in loaded
        for name in entry["types"]
    }


def assess_hosted(tool: Tool) -> Assessment:
    """Return the assessment of a hosted tool by its type. An unknown type is unclear, and of high risk."""
    kind = _VERSION.sub("", tool.hosted.lower())
    found = _known().get(kind)
    if found is None:
        says = "a hosted tool of unknown effect: its definition is not in the list"
        found = _HostedTool(says, Effect.SIDE_EFFECT, Risk.HIGH, ())
        confidence, unclear = 0.0, True
    else:
        confidence, unclear = 0.9, False
    types = (ToolType(found.effect.value),)
    return Assessment(
        effect=found.effect,
        types=types,
        reversibility=_UNDO.get(found.effect, Reversibility.UNKNOWN),
        risk=max(found.risk, risk_of(types, Confidentiality.ORDINARY), key=lambda risk: risk.rank),
        data=(),
        reasons=(Reason("type", tool.hosted, found.says),),
        confidence=confidence,
        unclear=unclear,
        destructive=found.effect is Effect.CRITICAL,
        flow_roles=tuple(FlowRoleSignal(role, "type", tool.hosted, found.says) for role in found.roles),
    )
