"""Differences between duplicate tools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from analysis.model import ToolState
    from analysis.review.derived.duplicates import DuplicateGroup
    from analysis.review.session import Review

_NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which the members of a group differ: its name, and its value for each member, in their order."""

    what: str
    values: tuple[str, ...]


def differences(review: Review, group: DuplicateGroup) -> tuple[Difference, ...]:
    """Return the fields in which the members of a group differ: definition, inputs, and decision."""
    columns = [_facts(review.tool(row.id)) for row in group.members]
    names = list(dict.fromkeys(name for column in columns for name in column))
    found = (Difference(name, tuple(column.get(name, _NONE) for column in columns)) for name in names)
    return tuple(each for each in found if len(set(each.values)) > 1)


def _facts(tool: ToolState) -> dict[str, str]:
    row = tool.row
    facts = {
        "decision": tool.decision_state.value,
        "call": row.call,
        "summary": row.summary,
        "risk": tool.risk.value,
        "type": tool.type.value,
        "undo": row.reversibility.value,
        "data": ", ".join(row.data),
        "deprecated": "yes" if row.deprecated else "no",
        "credential": row.credential,
        "scopes": ", ".join(row.scopes),
        "servers": ", ".join(row.servers),
        "described": f"{row.description_length:,} characters",
        "tokens": f"{row.tokens:,}",
        "answer": row.fields,
    }
    return {name: value or _NONE for name, value in facts.items()} | {f"takes {name}": "yes" for name in row.inputs}
