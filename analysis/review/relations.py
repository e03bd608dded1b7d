"""How the tools of a review relate: flows over several of them, and families that an agent cannot tell apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import compress, count
from operator import is_not
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

from analysis.errors import AnswerIsNo
from analysis.model import Allowance, Decision, Exposure, Leg
from analysis.rules.flows import TRIFECTA, Change, Cut, Flow, allowed_legs, change, exposed_legs, flow_of
from analysis.rules.index import Index
from analysis.rules.sprawl import Family, families

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from analysis.model import Condition, FlowLeg, Retag, ToolId, ToolState
    from analysis.review.reading import ReviewReader
    from analysis.review.service import Done, Review

T = TypeVar("T")

__all__ = [
    "TRIFECTA", "Change", "Cut", "Difference", "Family", "Flow", "Flows", "LegOf", "cuts_through", "differences", "effect_of", "exposed_flow", "families_of",
    "family_of", "flows_of", "keep_one", "legs_of",
]  # fmt: skip

#: What was worked out of a review, by name, with what it holds for; it goes with the review.
_KEPT: WeakKeyDictionary[ReviewReader, dict[str, tuple[Hashable, Any]]] = WeakKeyDictionary()
_NONE: Final = "none"


# flows -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Flows:
    """The flow over all tools that are not blocked, the one over those allowed, and every tool that lends a leg."""

    exposed: Flow
    allowed: Flow
    lending: tuple[tuple[Leg, tuple[ToolId, ...]], ...]


@dataclass(frozen=True, slots=True)
class LegOf:
    """One leg of one tool: what shows it, what a reviewer said of it, and whether it holds now."""

    leg: Leg
    signals: tuple[FlowLeg, ...]
    retag: Retag | None
    holds: bool


class _Legs:
    """Which tools stand on which leg, kept while decisions change a few of them."""

    def __init__(self, tools: Sequence[ToolState]) -> None:
        self._tools = list(tools)
        self._ids = [tool.row.id for tool in tools]
        self._indexes = Index(exposed_legs, self._tools), Index(allowed_legs, self._tools)
        self._flows: list[Flow | None] = [None, None]
        self._cuts: tuple[Cut, ...] | None = None

    def follow(self, tools: Sequence[ToolState]) -> None:
        """Take in what has changed; a tool that was touched is another object."""
        touched = [*compress(count(), map(is_not, self._tools, tools))]
        for place in touched:
            self._tools[place] = tools[place]
        for which, index in enumerate(self._indexes):
            if index.follow(touched):
                self._flows[which] = None
                self._cuts = self._cuts if which else None

    def flow(self, which: int) -> Flow:
        """Return the flow over the tools that are exposed (0), or allowed (1)."""
        found = self._flows[which]
        if found is None:
            self._flows[which] = found = flow_of(self._indexes[which], self._ids)
        return found

    def cuts(self) -> tuple[Cut, ...]:
        """Return what breaks the flow over the tools that are exposed."""
        if self._cuts is None:
            self._cuts = self.flow(0).cuts
        return self._cuts


def _legs(review: ReviewReader) -> _Legs:
    """Return the legs of a review as it stands."""
    tools = review.tools()
    legs = _kept(review, "legs", (_inventory(review), len(tools)), lambda: _Legs(tools))
    _kept(review, "followed", review.events, lambda: legs.follow(tools))
    return legs


def _inventory(review: ReviewReader) -> Hashable:
    return tuple(f"{source.info.id} {source.info.sha256}" for source in review.sources())


def flows_of(review: ReviewReader) -> Flows:
    """Return the flows over the tools of a review as they stand."""
    live = [tool for tool in review.tools() if tool.live]
    lending = tuple((leg, tuple(tool.row.id for tool in live if leg in tool.legs)) for leg in Leg)
    return Flows(exposed_flow(review), _legs(review).flow(1), lending)


def exposed_flow(review: ReviewReader) -> Flow:
    """Return the flow over all tools that are not blocked."""
    return _legs(review).flow(0)


def cuts_through(review: ReviewReader, tool: ToolId) -> tuple[Cut, ...]:
    """Return what breaks that flow and takes a tool with it."""
    return tuple(cut for cut in _legs(review).cuts() if tool in cut.tools)


def _kept(review: ReviewReader, name: str, holds_for: Hashable, make: Callable[[], T]) -> T:
    """Return what was worked out before, as long as what it holds for is the same."""
    kept = _KEPT.setdefault(review, {})
    if name not in kept or kept[name][0] != holds_for:
        kept[name] = (holds_for, make())
    found: T = kept[name][1]
    return found


def legs_of(tool: ToolState, seen: Iterable[FlowLeg]) -> tuple[LegOf, ...]:
    """Return the legs that the engine or a reviewer sees in a tool, those it has lost included."""
    signals, said = tuple(seen), dict(tool.leg_retags)
    return tuple(
        LegOf(leg, tuple(each for each in signals if each.leg is leg), said.get(leg), leg in tool.legs)
        for leg in Leg
        if leg in tool.row.legs or leg in said
    )


def effect_of(
    review: ReviewReader, tools: Sequence[ToolId], exposure: Exposure | None, conditions: Sequence[Condition] = ()
) -> Change:
    """Return what a decision would do to the flow over the tools that the agent is given."""
    states = [_as_decided(review.tool(tool), exposure, conditions) for tool in tools]
    if all(state.legs.isdisjoint(TRIFECTA) for state in states):  # then it is as it was
        return change(Flow(dict.fromkeys(TRIFECTA, ())))
    return change(_legs(review).flow(1), *states)


def _as_decided(now: ToolState, exposure: Exposure | None, conditions: Sequence[Condition]) -> ToolState:
    if exposure is None:
        return replace(now, decision=None, allowance=Allowance.UNDECIDED)
    made = Decision(exposure, "", now.row.digest, "", "", tuple(conditions))
    return replace(now, decision=made, allowance=Allowance(exposure.value))


# families ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which the members of a family differ: what, and its value in each, in their order."""

    what: str
    values: tuple[str, ...]


def families_of(review: ReviewReader) -> tuple[Family, ...]:
    """Return the families of alike tools, in document order."""
    return _kept(review, "families", _inventory(review), lambda: families(tool.row for tool in review.tools()))


def family_of(review: ReviewReader, tool: ToolId) -> Family | None:
    """Return the first family that a tool belongs to."""
    return _kept(review, "families by tool", _inventory(review), lambda: _by_member(families_of(review))).get(tool)


def _by_member(found: Sequence[Family]) -> dict[ToolId, Family]:
    return {row.id: family for family in reversed(found) for row in family.members}


def differences(review: ReviewReader, family: Family) -> tuple[Difference, ...]:
    """Return in what the members of a family differ: what they are, what they take, and what was decided of them."""
    columns = [_facts(review.tool(row.id)) for row in family.members]
    named = list(dict.fromkeys(name for column in columns for name in column))
    found = (Difference(name, tuple(column.get(name, _NONE) for column in columns)) for name in named)
    return tuple(each for each in found if len(set(each.values)) > 1)


def _facts(tool: ToolState) -> dict[str, str]:
    row = tool.row
    told = {
        "decision": tool.allowance.value,
        "call": f"{row.method} {row.path}".strip(),
        "summary": row.summary,
        "risk": tool.risk.value,
        "type": tool.type.value,
        "undo": row.reversibility.value,
        "data": ", ".join(row.data),
        "deprecated": "yes" if row.deprecated else "no",
        "credential": row.credential,
        "scopes": ", ".join(row.scopes),
        "servers": ", ".join(row.servers),
        "described": f"{row.told:,} characters",
        "tokens": f"{row.tokens:,}",
        "answer": row.fields,
    }
    return {name: value or _NONE for name, value in told.items()} | {f"takes {name}": "yes" for name in row.inputs}


def keep_one(review: Review, family: Family, keep: ToolId, *, reason: str, actor: str, at: str) -> Done:
    """Block all members of a family but one, as one action; what was decided of the one stays as it is."""
    rest = [r.id for r in family.members if r.id != keep and review.tool(r.id).allowance is not Allowance.BLOCKED]
    if not rest:
        raise AnswerIsNo("the others are blocked already", place=review.tool(keep).row.name)
    return review.decide(rest, Exposure.BLOCKED, reason=reason, actor=actor, at=at)
