"""The decision on a tool, its conditions and its state, which determines whether the agent may call it.

What is in doubt is not allowed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from analysis.model.source import ToolId

_ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)


class DecisionState(StrEnum):
    """The state of the decision on one tool. A person records one of the first three; the others are derived.

    Only `APPROVED` and `CONDITIONAL` let an agent call the tool.
    """

    APPROVED = "approved"
    CONDITIONAL = "conditional"
    BLOCKED = "blocked"
    UNDECIDED = "undecided"
    STALE = "stale"  # the definition has changed since it was decided
    CONFLICT = "conflicting"  # reviewers differ
    EXPIRED = "expired"
    AWAITING_SECOND = "awaiting-second"  # one person approved a high risk where the review requires two

    @property
    def allowed(self) -> bool:
        """Whether a tool in this state may be given to the agent."""
        return self is DecisionState.APPROVED or self is DecisionState.CONDITIONAL

    @property
    def settled(self) -> bool:
        """Whether a valid decision is in force."""
        return self.allowed or self is DecisionState.BLOCKED

    @property
    def live(self) -> bool:
        """Whether the tool counts as exposed: everything that is not blocked or contested, undecided included."""
        return self is not DecisionState.BLOCKED and self is not DecisionState.CONFLICT

    @property
    def simple(self) -> DecisionState:
        """The state as lists and filters group it: whatever is not settled is undecided."""
        return self if self.settled else DecisionState.UNDECIDED


class ConditionKind(StrEnum):
    """The kinds of condition on an approval. What the value of each may be: `analysis.model.terms`."""

    APPROVAL = "approval"  # run-time approval: "one person" or "two persons"
    USER = "user"  # audience: users, by the names with which they sign in
    GROUP = "group"  # audience: teams
    ENVIRONMENT = "env"
    PARAMETERS = "param_allow"
    RATE = "rate"
    AUDIT = "audit"
    EXPIRES = "expires"
    OWNER = "owner"  # who is accountable for the tool
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on an approval. `evidence` names what proves that it is met; without it, it is unmet."""

    kind: ConditionKind
    value: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on a tool, as recorded: `state` is one of the first three; `at` is ISO 8601, UTC.

    `definition` is the digest of the definition it was made on.
    """

    state: DecisionState
    reason: str
    definition: str
    actor: str
    at: str
    conditions: tuple[Condition, ...] = ()
    proposal: str | None = None  # the proposal that was taken, in words; None for a decision of a person's own
    sampled: bool = False  # taken unseen, and drawn to be looked at before sign-off

    @property
    def unmet(self) -> tuple[Condition, ...]:
        """The conditions without evidence. The review itself enforces an expiry, and an owner is only a name."""
        plain = {ConditionKind.EXPIRES, ConditionKind.OWNER}
        return tuple(c for c in self.conditions if not c.evidence and c.kind not in plain)

    def has(self, kind: ConditionKind, *, evidenced: bool = False) -> bool:
        """Whether there is a condition of that kind, with evidence if `evidenced`."""
        return any(c.kind is kind and (c.evidence or not evidenced) for c in self.conditions)


#: The states that a person records.
RECORDED: Final = (DecisionState.APPROVED, DecisionState.CONDITIONAL, DecisionState.BLOCKED)


def recorded_state(value: str) -> DecisionState:
    """Return a recorded state by its value. Raises `ValueError` for one that is only derived."""
    state = DecisionState(value)
    if state not in RECORDED:
        raise ValueError(f"{value!r} is not a decision")
    return state


def iso_date(value: str) -> str:
    """Return the date (YYYY-MM-DD) at the start of a value, or an empty string, as for "after the pilot"."""
    found = _ISO_DATE.match(value)
    return found.group() if found else ""


def expired(decision: Decision, as_of: str) -> bool:
    """Whether the decision has an expiry date that has passed; it is valid to the end of that day."""
    ends = [iso_date(c.value) for c in decision.conditions if c.kind is ConditionKind.EXPIRES]
    return any(end and end < as_of[:10] for end in ends)


def decision_state_of(decision: Decision | None, definition: str, as_of: str, *, conflict: bool) -> DecisionState:
    """Return the state of a decision for a tool with this definition digest, at a time (ISO 8601).

    No condition is ever dropped.
    """
    if conflict:
        return DecisionState.CONFLICT
    if decision is None:
        return DecisionState.UNDECIDED
    if decision.definition != definition:
        return DecisionState.STALE
    if decision.state is DecisionState.BLOCKED:
        return DecisionState.BLOCKED
    if expired(decision, as_of):
        return DecisionState.EXPIRED
    if decision.conditions:
        return DecisionState.CONDITIONAL
    # "Approved with conditions" without a condition contradicts itself; the tool waits until a person decides.
    return DecisionState.APPROVED if decision.state is DecisionState.APPROVED else DecisionState.UNDECIDED


def require_second_approver(state: DecisionState, *, lacking: bool) -> DecisionState:
    """Return the state of a decision that lacks the second approver that its review requires."""
    return DecisionState.AWAITING_SECOND if lacking and state.allowed else state


class ProposalKind(StrEnum):
    """Where a proposal comes from."""

    BASELINE = "baseline"
    PRECEDENT = "precedent"


@dataclass(frozen=True, slots=True)
class ProposalSource:
    """What proposes: a rule of a baseline, or a signed packet.

    `layer` names it, and everything that it proposes; `by` is who signed or wrote it, `at` the date, empty where unknown.
    """

    kind: ProposalKind
    layer: str
    by: str = ""
    at: str = ""

    @property
    def words(self) -> str:
        """The source in words, as a decision that takes it records it."""
        signed = f", signed by {self.by}" if self.by and self.kind is ProposalKind.PRECEDENT else ""
        return f"{self.kind.value} {self.layer}{signed}{f', {self.at[:10]}' if self.at else ''}"


@dataclass(frozen=True, slots=True)
class DecisionProposal:
    """A proposed decision on one tool. `difference` says how it differs from what others propose; empty if it does not."""

    tool: ToolId
    decision: DecisionState
    reason: str
    source: ProposalSource
    conditions: tuple[Condition, ...] = ()
    difference: str = ""
