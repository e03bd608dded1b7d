"""Flows over several tools: which of them together read private data, read foreign words and reach somebody outside.

Text that a stranger wrote can ask a model for what it may read and have it sent where the stranger waits. That needs
three legs at once; closing any one of them, whole, ends it. Everything here is a pure function of the tools as they
stand, fast enough to be asked at every decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.model import Leg, ToolId
from analysis.rules.index import Index

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.model import ToolState

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


def open_legs(tool: ToolState) -> frozenset[Leg]:
    """Return the legs of the three that a tool stands on. A way out that a person approves at each call is none."""
    legs = tool.legs.intersection(TRIFECTA)
    return legs - {Leg.WAY_OUT} if Leg.WAY_OUT in legs and tool.confirmed else legs


def exposed_legs(tool: ToolState) -> frozenset[Leg]:
    """Return the legs on which a tool stands that is not blocked; undecided ones count as exposed."""
    return open_legs(tool) if tool.live else frozenset()


def allowed_legs(tool: ToolState) -> frozenset[Leg]:
    """Return the legs on which a tool stands that the agent is given."""
    return open_legs(tool) if tool.allowance.allowed else frozenset()


def exposed(tools: Sequence[ToolState]) -> Flow:
    """Return the flow over all tools that are not blocked."""
    return flow_of(Index(exposed_legs, tools), [tool.row.id for tool in tools])


def flow_of(index: Index, tools: Sequence[ToolId]) -> Flow:
    """Return the flow over the tools that an index holds by leg; `tools` are those of its list."""
    return Flow({leg: tuple(map(tools.__getitem__, index.at(leg))) for leg in TRIFECTA})


def change(before: Flow, *decided: ToolState) -> Change:
    """Return what a decision does to the flow over allowed tools; `decided` are the tools as they would stand."""
    touched = {tool.row.id for tool in decided}
    after = {leg: [tool for tool in found if tool not in touched] for leg, found in before.legs.items()}
    for tool in decided:
        for leg in allowed_legs(tool):
            after[leg].append(tool.row.id)
    return Change(before, Flow({leg: tuple(found) for leg, found in after.items()}))
