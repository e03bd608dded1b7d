"""Whether an agent may have a tool: the one place that says so. Whatever is in doubt is not allowed."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from analysis.model.people import ConditionKind, Decision, Exposure

_ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)


class Allowance(StrEnum):
    """Where one tool stands. Only the first two let an agent call it."""

    APPROVED = "approved"
    CONDITIONAL = "conditional"
    BLOCKED = "blocked"
    UNDECIDED = "undecided"
    STALE = "stale"  # the definition has changed since it was decided
    CONFLICTING = "conflicting"  # reviewers differ
    EXPIRED = "expired"
    AWAITING_SECOND = "awaiting-second"  # one person let a high risk through where the review asks for two

    @property
    def allowed(self) -> bool:
        """Whether a tool in this state may be given to the agent."""
        return self in {Allowance.APPROVED, Allowance.CONDITIONAL}

    @property
    def settled(self) -> bool:
        """Whether a valid decision stands behind it."""
        return self.allowed or self is Allowance.BLOCKED


def iso_date(value: str) -> str:
    """Return the date at the start of a value, or an empty string: people also write "after the pilot"."""
    found = _ISO_DATE.match(value)
    return found.group() if found else ""


def expired(decision: Decision, as_of: str) -> bool:
    """Whether a decision carries an expiry date that has passed; it counts to the end of its day."""
    ends = [iso_date(c.value) for c in decision.conditions if c.kind is ConditionKind.EXPIRES]
    return any(end and end < as_of[:10] for end in ends)


def allowance_of(
    decision: Decision | None, definition: str, as_of: str, *, conflict: bool, stale: bool = False
) -> Allowance:
    """Return where a tool with this definition digest stands at a time. No condition is ever dropped."""
    if conflict:
        return Allowance.CONFLICTING
    if stale or (decision and decision.definition != definition):
        return Allowance.STALE
    if decision is None:
        return Allowance.UNDECIDED
    if decision.exposure is Exposure.BLOCKED:
        return Allowance.BLOCKED
    if expired(decision, as_of):
        return Allowance.EXPIRED
    if decision.conditions:
        return Allowance.CONDITIONAL
    # "Approved with conditions" without a condition says two things; the tool waits until a person says one.
    return Allowance.APPROVED if decision.exposure is Exposure.APPROVED else Allowance.UNDECIDED


def require_second_approver(stands: Allowance, *, alone: bool) -> Allowance:
    """Return where a tool stands when one person `alone` has let it through and the review asks for two."""
    return Allowance.AWAITING_SECOND if alone and stands.allowed else stands
