"""The profile and the organisation's policy that a review is held to, and the gates they put up."""

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
    """The profile and the policy in force. Where nobody chose, they are the first profile and no policy."""

    profile: Profile = Profile.L1
    policy: Policy | None = None
    gates: tuple[Gate, ...] = ()  # where reviewers or the policy contradict the choice

    def own_words(self) -> Mapping[str, Any]:
        """Return the words of the policy by kind, as the reading of a source takes them."""
        return self.policy.own_words() if self.policy else {}


def review_policy(registers: Registers) -> ReviewPolicy:
    """Return the profile and policy in force. Where reviewers differ, the stricter profile counts, and no policy.

    Raises `ValueError` for a recorded policy that this version cannot read.
    """
    policies = {str(head.data["text"]) for head in registers.heads(POLICY) if head.data.get("text")}
    read = [_stored(text) for text in sorted(policies)]
    chosen = [Profile(head.data["profile"]) for head in registers.heads(PROFILE) if head.data.get("profile")]
    wanted = [policy.profile for policy in read if policy.profile is not None]
    profile = max(chosen or wanted, key=lambda each: each.rank, default=Profile.L1)
    lowest = max(wanted, key=lambda each: each.rank, default=profile)
    return ReviewPolicy(profile, read[0] if len(read) == 1 else None, tuple(_gates(len(read), profile, lowest)))


def _gates(policies: int, profile: Profile, lowest: Profile) -> Iterator[Gate]:
    if policies:
        several = f"{policies} policies contradict each other, and none is in force: import the one that holds"
        why = several if policies > 1 else "one policy is in force"
        yield Gate(GateId.ONE_POLICY, "One policy is in force", policies > 1, why)
        less = profile.rank < lowest.rank
        why = f"profile {profile.value} asks {'less than' if less else 'at least'} the policy's {lowest.value}"
        yield Gate(GateId.PROFILE, "The profile asks what the policy wants", less, why)


def _stored(text: str) -> Policy:
    """Return a recorded policy. Names in it were checked at its import, and may have gone from the product since."""
    try:
        return recorded_policy(text)
    except ValueError as error:
        raise ValueError(f"a policy that cannot be read: {error}") from None
