"""Two persons behind a high risk: which decisions to let a tool through have only one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.model import ConditionKind, DecisionState, Profile, Risk, require_second_approver
from analysis.review.record.history import stands
from analysis.review.record.state import decision_key, decision_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.model import Decision, ToolId, ToolState
    from analysis.review.record.policy import ReviewPolicy
    from analysis.workspace import Event


def without_second_approver(tools: Iterable[ToolState], events: Sequence[Event]) -> tuple[ToolId, ...]:
    """Return the tools of high risk that are let through by one person alone.

    A second person approves by deciding the same: the last word of each on the tool counts, as long as nobody took it
    back. Blocking needs no second person, as it lets nothing through.
    """
    wanted = {decision_key(t.row.id): t for t in tools if t.risk is Risk.HIGH and t.decision_state.allowed}
    said: dict[str, dict[str, Event]] = {key: {} for key in wanted}
    for event in sorted((e for e in events if e.key in said), key=_when):
        said[event.key][event.actor] = event
    by_id = {event.id: event for event in events} if wanted else {}
    return tuple(tool.row.id for key, tool in wanted.items() if _approvers(tool, said[key].values(), by_id) < 2)


def with_second_approver_gate(held: ReviewPolicy, tools: Iterable[ToolState], events: Sequence[Event]) -> ReviewPolicy:
    """Return terms with the gate that only decisions can close; no profile but the last asks for it."""
    alone = tools_lacking_approver(held, tools, events)
    gate = f"{len(alone)} high-risk decision{'s lack' if len(alone) != 1 else ' lacks'} a second approver"
    return replace(held, gates=(*held.gates, gate)) if alone else held


def tools_lacking_approver(
    held: ReviewPolicy, tools: Iterable[ToolState], events: Sequence[Event]
) -> tuple[ToolId, ...]:
    """Return the tools that still need a second approver; no profile but the last asks for one."""
    return without_second_approver(tools, events) if held.profile is Profile.L4 else ()


def decision_states(tools: Iterable[ToolState], alone: Iterable[ToolId]) -> dict[ToolId, DecisionState]:
    """Return where each tool stands towards the agent: as decided, but for what still needs a second approver."""
    waiting = frozenset(alone)
    return {t.row.id: require_second_approver(t.decision_state, lacking=t.row.id in waiting) for t in tools}


def _when(event: Event) -> tuple[str, str, int]:
    """Return the place of an event in time, the same in every copy of a review."""
    return event.at, event.replica, event.seq


def _approvers(tool: ToolState, last_words: Iterable[Event], by_id: dict[str, Event]) -> int:
    """Count the people whose last word is the decision in force."""
    made = tool.decision
    assert made is not None, "whatever is allowed was decided"
    in_force = _meant(made)
    return sum(
        stands(word, by_id) and (said := decision_of(word)) is not None and _meant(said) == in_force
        for word in last_words
    )


def _meant(made: Decision) -> tuple[bool, str, frozenset[tuple[str, str]]]:
    """Return what two people have to agree on: reasons and proofs are their own, an end follows from the day."""
    conditions = frozenset((c.kind.value, c.value) for c in made.conditions if c.kind is not ConditionKind.EXPIRES)
    return made.state is DecisionState.BLOCKED, made.definition, conditions
