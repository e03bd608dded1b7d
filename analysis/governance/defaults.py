"""Recommended controls and conditions by tool type. Shown as proposals, never applied automatically.

The table is data, in `defaults.yaml`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from analysis.model import ToolType
from analysis.yaml_tables import load_table

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def _table() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = load_table("analysis.governance", "defaults.yaml")
    return loaded


def controls_for(kind: ToolType) -> Mapping[str, str]:
    """Return the recommended controls of a tool type: id -> evidence level, empty for the level of the control."""
    row = _table()[kind.value]
    found = dict(controls_for(ToolType(row["after"]))) if "after" in row else {}
    for entry in row["controls"]:
        control, _, level = entry.partition(" ")
        found[control] = level
    return found


def conditions_for(kind: ToolType) -> tuple[str, ...]:
    """Return the conditions to propose for a type of tool, as `KIND=VALUE`; an empty value is to be filled in."""
    return tuple(_table()[kind.value]["conditions"])
