"""Identities of tools: whatever a source spells, no two of its tools share one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model import ToolId

if TYPE_CHECKING:
    from collections.abc import Container


def unique_id(wanted: ToolId, taken: Container[str], counts: dict[str, int]) -> ToolId:
    """Return the wanted identity, with a number behind it when it is taken.

    `counts` remembers the last number of each spelling between calls.
    """
    identity = wanted
    while identity in taken:
        counts[wanted] = counts.get(wanted, 1) + 1
        identity = ToolId(f"{wanted} #{counts[wanted]}")
    return identity
