"""Flows over several tools: which of them together read private data, read foreign words and reach somebody outside.

Text that a stranger wrote can ask a model for what it may read and have it sent where the stranger waits. That needs
three legs at once; closing any one of them, whole, ends it. Everything here is a pure function of the tools as they
stand, fast enough to be asked at every decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.model import Leg, ToolId, ToolState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: The three legs, in the order in which data passes them.
TRIFECTA: Final = (Leg.PRIVATE, Leg.UNTRUSTED, Leg.WAY_OUT)


@dataclass(frozen=True, slots=True)
class Cut:
    """Tools that break the flow when all of them are blocked: they are one whole leg."""

    leg: Leg
    tools: tuple[ToolId, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """The tools that stand on each leg."""

    legs: Mapping[Leg, tuple[ToolId, ...]]

    @property
    def closed(self) -> bool:
        """Whether all three legs stand, so that the attack works."""
        return all(self.legs[leg] for leg in TRIFECTA)

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """The ways to break it, the one with the fewest tools first; none where nothing has to be broken.

        Each leg has to go whole; one that holds all the tools of another is no choice, for the other would do.
        """
        legs = [(leg, frozenset(self.legs[leg])) for leg in TRIFECTA] if self.closed else []
        cuts = [Cut(leg, self.legs[leg]) for leg, own in legs if not any(other < own for _, other in legs)]
        return tuple(sorted(cuts, key=lambda cut: len(cut.tools)))


@dataclass(frozen=True, slots=True)
class Change:
    """What one decision does to the flow over the tools that an agent is given."""

    before: Flow
    after: Flow

    @property
    def closes(self) -> bool:
        """Whether the decision completes the three legs."""
        return self.after.closed and not self.before.closed

    @property
    def breaks(self) -> bool:
        """Whether the decision takes a leg away."""
        return self.before.closed and not self.after.closed


def flow(tools: Iterable[ToolState]) -> Flow:
    """Return which tools stand on which leg. A way out that a person approves at each call is none."""
    legs: dict[Leg, list[ToolId]] = {leg: [] for leg in TRIFECTA}
    for tool in tools:
        for leg in tool.legs:
            if leg in legs and not (leg is Leg.WAY_OUT and tool.confirmed):
                legs[leg].append(tool.row.id)
    return Flow({leg: tuple(found) for leg, found in legs.items()})


def exposed(tools: Iterable[ToolState]) -> Flow:
    """Return the flow over all tools that are not blocked; undecided ones count as exposed."""
    return flow(tool for tool in tools if tool.live)


def change(tools: Sequence[ToolState], *decided: ToolState) -> Change:
    """Return what a decision does to the flow over allowed tools; `decided` are the tools as they would stand."""
    touched = {tool.row.id for tool in decided}
    before = [tool for tool in tools if tool.allowance.allowed]
    after = [tool for tool in before if tool.row.id not in touched]
    after += [tool for tool in decided if tool.allowance.allowed]
    return Change(flow(before), flow(after))
