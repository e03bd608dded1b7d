"""Dual control: allowed tools of high risk that only one person approved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model import ConditionKind, DecisionState, Profile, Risk, require_second_approver
from analysis.review.record.history import is_own_statement
from analysis.review.record.state import decision_of
from analysis.workspace.keys import decision_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.model import Decision, ToolId, ToolState
    from analysis.review.record.people.proven_events import Proofs
    from analysis.review.record.policy import ReviewPolicy
    from analysis.workspace import Event


def lacking_second_approver(
    policy: ReviewPolicy, tools: Iterable[ToolState], events: Sequence[Event], proofs: Proofs
) -> tuple[ToolId, ...]:
    """Return the allowed tools of high risk with a single approver, where the profile requires two.

    `events` are in canonical order.

    A second person approves by recording the same decision: the last decision of each person counts, unless it was
    undone. A person is a name and a key, so that two names on one key are one person, and a name without a key is none.
    Blocking needs no second person.
    """
    if policy.profile is not Profile.L4:
        return ()
    checked = {decision_key(t.row.id): t for t in tools if t.risk is Risk.HIGH and t.decision_state.allowed}
    last_events: dict[str, dict[str, Event]] = {key: {} for key in checked}
    proofs.bind(events if checked else ())
    for event in events:
        if event.key in last_events and proofs.key_of(event):
            last_events[event.key][event.actor] = event
    by_id = {event.id: event for event in events} if checked else {}
    return tuple(
        tool.row.id
        for key, tool in checked.items()
        if not _two(_approvers(tool, last_events[key].values(), by_id), proofs)
    )


def approved_by(actor: str, tools: Iterable[ToolState], events: Sequence[Event]) -> frozenset[ToolId]:
    """Return the tools whose decision in effect a person has recorded too, proven or not.

    `events` are in canonical order. Nothing is asked of that person any more, only of another one, or for a signature.
    """
    checked = {decision_key(tool.row.id): tool for tool in tools}
    name = actor.casefold()
    last = {event.key: event for event in events if event.key in checked and event.actor.casefold() == name}
    by_id = {event.id: event for event in events} if last else {}
    return frozenset(
        checked[key].row.id
        for key, event in last.items()
        if checked[key].decision and _approvers(checked[key], [event], by_id)
    )


def decision_states(tools: Iterable[ToolState], lacking: Iterable[ToolId]) -> dict[ToolId, DecisionState]:
    """Return the state in effect of each decision; `lacking` are the tools without a second approver."""
    lacking_ids = frozenset(lacking)
    return {t.row.id: require_second_approver(t.decision_state, lacking=t.row.id in lacking_ids) for t in tools}


def _approvers(tool: ToolState, last_events: Iterable[Event], by_id: dict[str, Event]) -> list[Event]:
    """Return the last events on a tool that are the decision in effect, one for each name."""
    assert tool.decision is not None, "an allowed tool has a decision"
    in_effect = _substance(tool.decision)
    return [
        event
        for event in last_events
        if is_own_statement(event, by_id)
        and (decision := decision_of(event)) is not None
        and _substance(decision) == in_effect
    ]


def _two(approvals: Sequence[Event], proofs: Proofs) -> bool:
    """Whether two names approved with two keys, neither of which has signed for the other name anywhere."""
    return any(
        one.actor.casefold() != other.actor.casefold() and proofs.of(one.actor).isdisjoint(proofs.of(other.actor))
        for number, one in enumerate(approvals)
        for other in approvals[:number]
    )


def _substance(decision: Decision) -> tuple[bool, str, frozenset[tuple[str, str]]]:
    """Return what two approvers have to agree on. Reasons, evidence and expiry dates may differ."""
    conditions = frozenset((c.kind.value, c.value) for c in decision.conditions if c.kind is not ConditionKind.EXPIRES)
    return decision.state is DecisionState.BLOCKED, decision.definition, conditions
