"""What a type of tool calls for: which questions, and which conditions. Shown as proposals, never applied by itself.

The table is data, in `defaults.yaml` beside this page.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from analysis.model import ToolType

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def _table() -> Mapping[str, Any]:
    import yaml  # noqa: PLC0415 - a start that decides nothing need not load it

    stated: Mapping[str, Any] = yaml.safe_load(
        resources.files("analysis.governance").joinpath("defaults.yaml").read_text("utf-8")
    )
    return stated


def controls_for(kind: ToolType) -> Mapping[str, str]:
    """Return the ids of the questions that a type of tool calls for.

    Each comes with the evidence level that is called for, or an empty string for the question's own.
    """
    row = _table()[kind.value]
    found = dict(controls_for(ToolType(row["after"]))) if "after" in row else {}
    for entry in row["controls"]:
        control, _, level = entry.partition(" ")
        found[control] = level
    return found


def conditions_for(kind: ToolType) -> tuple[str, ...]:
    """Return the conditions to propose for a type of tool, as `KIND=VALUE`; a value to fill in is left empty."""
    return tuple(_table()[kind.value]["conditions"])
