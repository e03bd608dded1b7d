"""The smallest set of scopes that the tools decided as allowed need, for each credential scheme, and what is beyond it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.model import ReviewedTool, SchemeUse


def minimum_scopes(tools: Iterable[ReviewedTool]) -> list[dict[str, Any]]:
    """Return a row for each scheme: the scopes needed, those that only other tools name, and how many tools use it.

    A tool with alternatives takes one that adds the fewest scopes; those with one alternative are taken first, so the set
    is smallest where no two tools with alternatives compete. `beyond` are the scopes of a grant of all that the sources
    name. Sources of which no tool names a scheme have no row.
    """
    declared: dict[tuple[str, str], set[str]] = defaultdict(set)
    needed: dict[tuple[str, str], set[str]] = defaultdict(set)
    using: dict[tuple[str, str], int] = defaultdict(int)
    allowed: list[Sequence[Sequence[SchemeUse]]] = []
    for reviewed in tools:
        security: Sequence[Sequence[SchemeUse]] = reviewed.tool.security or ()
        for use in (use for alternative in security for use in alternative):
            declared[use.name, use.kind].update(use.scopes)
        if security and reviewed.state.decision_state.allowed:
            allowed.append(security)
    for alternatives in sorted(allowed, key=len):
        chosen = min(alternatives, key=lambda alternative: (_added(alternative, needed), len(alternative)))
        for use in chosen:
            needed[use.name, use.kind].update(use.scopes)
            using[use.name, use.kind] += 1
    return [
        {
            "scheme": name,
            "kind": kind,
            "needed": sorted(needed[name, kind]),
            "beyond": sorted(scopes - needed[name, kind]),
            "tools": using[name, kind],
        }
        for (name, kind), scopes in sorted(declared.items())
    ]


def _added(alternative: Iterable[SchemeUse], needed: dict[tuple[str, str], set[str]]) -> int:
    """Return how many scopes an alternative adds."""
    return sum(len(set(use.scopes) - needed[use.name, use.kind]) for use in alternative)
