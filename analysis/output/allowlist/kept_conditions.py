"""Which conditions of an approval a target keeps.

An owner is a name; a note is for people, and counts once evidence shows that it is met. Every other condition restricts
calls, and has to be kept by the program that makes or passes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.model import ConditionKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from analysis.model import Condition


def restricts(condition: Mapping[str, Any]) -> bool:
    """Whether a condition of an allowlist restricts calls."""
    return condition["kind"] not in {ConditionKind.OWNER, ConditionKind.NOTE}


def checkable(condition: Mapping[str, Any]) -> bool:
    """Whether a condition of an allowlist can be checked at a call, or is a note that is shown to be met."""
    if condition["kind"] == ConditionKind.NOTE:
        return bool(condition["evidence"])
    return condition["terms"] is not None


def kept_nowhere(_: Mapping[str, Any]) -> bool:
    """Keep no condition: for a consumer that can only offer a tool or not."""
    return False


def condition_fault(entry: Mapping[str, Any], keeps: Callable[[Mapping[str, Any]], bool] = kept_nowhere) -> str:
    """Return the first condition of an entry that is not kept, in words; empty when all are."""
    for condition in entry["conditions"]:
        if not (checkable(condition) and (not restricts(condition) or keeps(condition))):
            return f"condition {condition['kind']}={condition['value']}"
    return ""


def holds_without_gateway(condition: Condition) -> bool:
    """Whether a condition, as it is recorded, is kept by a file that can only offer a tool or not."""
    return condition.kind is ConditionKind.OWNER or (condition.kind is ConditionKind.NOTE and bool(condition.evidence))
