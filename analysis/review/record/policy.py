"""The profile and the organisation's policy of a review, and the gates they add."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.model import Gate, GateId, Policy, Profile
from analysis.policy import recorded_policy
from analysis.workspace.keys import POLICY, PROFILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.workspace import Registers


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """The profile and the policy in force; the defaults are the first profile and no policy."""

    profile: Profile = Profile.L1
    policy: Policy | None = None
    gates: tuple[Gate, ...] = ()  # open where policies contradict each other or require a higher profile

    def own_words(self) -> Mapping[str, Any]:
        """Return the vocabulary of the policy by kind, as `ImportOptions.own_words` takes it."""
        return self.policy.own_words() if self.policy else {}


def review_policy(registers: Registers) -> ReviewPolicy:
    """Return the profile and policy in force. Where reviewers differ, the stricter profile counts, and no policy.

    Raises `ValueError` for a recorded policy that this version cannot read.
    """
    policies = {str(head.data["text"]) for head in registers.heads(POLICY) if head.data.get("text")}
    parsed = [_recorded_policy(text) for text in sorted(policies)]
    chosen = [Profile(head.data["profile"]) for head in registers.heads(PROFILE) if head.data.get("profile")]
    required = [policy.profile for policy in parsed if policy.profile is not None]
    profile = max(chosen or required, key=lambda each: each.rank, default=Profile.L1)
    lowest = max(required, key=lambda each: each.rank, default=profile)
    return ReviewPolicy(profile, parsed[0] if len(parsed) == 1 else None, tuple(_gates(len(parsed), profile, lowest)))


def _gates(policies: int, profile: Profile, lowest: Profile) -> Iterator[Gate]:
    if policies:
        several = f"{policies} policies contradict each other, and none is in force: import the valid one again"
        why = several if policies > 1 else "one policy is in force"
        yield Gate(GateId.ONE_POLICY, "One policy is in force", policies > 1, why)
        less = profile.rank < lowest.rank
        why = f"profile {profile.value} asks {'less than' if less else 'at least'} the policy's {lowest.value}"
        yield Gate(GateId.PROFILE, "The profile meets the policy's minimum", less, why)


def _recorded_policy(text: str) -> Policy:
    """Return a recorded policy. Its names were checked at its import, and may have left the product since."""
    try:
        return recorded_policy(text)
    except ValueError as error:
        raise ValueError(f"a policy that cannot be read: {error}") from None
