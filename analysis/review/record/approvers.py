"""Two people behind a high risk: which approvals have only one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model import ConditionKind, DecisionState, Profile, Risk, require_second_approver
from analysis.review.record.history import stands
from analysis.review.record.state import decision_of
from analysis.workspace.keys import decision_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.model import Decision, ToolId, ToolState
    from analysis.review.record.policy import ReviewPolicy
    from analysis.workspace import Event


def lacking_second_approver(
    policy: ReviewPolicy, tools: Iterable[ToolState], events: Sequence[Event]
) -> tuple[ToolId, ...]:
    """Return the allowed tools of high risk that one person alone approved, where the profile asks for two.

    A second person approves by deciding the same: the last decision of each counts, unless it was undone. Blocking needs
    no second person.
    """
    if policy.profile is not Profile.L4:
        return ()
    wanted = {decision_key(t.row.id): t for t in tools if t.risk is Risk.HIGH and t.decision_state.allowed}
    said: dict[str, dict[str, Event]] = {key: {} for key in wanted}
    for event in sorted((e for e in events if e.key in said), key=_when):
        said[event.key][event.actor] = event
    by_id = {event.id: event for event in events} if wanted else {}
    return tuple(tool.row.id for key, tool in wanted.items() if _approvers(tool, said[key].values(), by_id) < 2)


def decision_states(tools: Iterable[ToolState], lacking: Iterable[ToolId]) -> dict[ToolId, DecisionState]:
    """Return the state of each decision towards the agent; `lacking` are the tools without a second approver."""
    waiting = frozenset(lacking)
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
