"""What a review is held to: the profile it was given and the organisation's policy, and the gates that follow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.model import Policy, Profile
from analysis.policy import read_policy

if TYPE_CHECKING:
    from analysis.workspace import Registers

#: The registers of the two.
PROFILE_KEY = "profile"
POLICY_KEY = "policy"


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """What holds now. Without a word from anybody it is the first profile and no policy."""

    profile: Profile = Profile.L1
    policy: Policy | None = None
    gates: tuple[str, ...] = ()  # what is contradictory in it


def review_policy(registers: Registers) -> ReviewPolicy:
    """Return what a review is held to. Where reviewers differ, the stricter profile counts and no policy does.

    Raises `ValueError` for a policy that this Clearance cannot read: the file was written by another one.
    """
    policies = {str(head.data["text"]) for head in registers.heads(POLICY_KEY) if head.data.get("text")}
    read = [_stored(text) for text in sorted(policies)]
    chosen = [Profile(head.data["profile"]) for head in registers.heads(PROFILE_KEY) if head.data.get("profile")]
    wanted = [policy.profile for policy in read if policy.profile is not None]
    profile = max(chosen or wanted, key=lambda each: each.rank, default=Profile.L1)
    gates = []
    if len(read) > 1:
        gates.append(f"{len(read)} policies contradict each other, and none is in force: import the one that holds")
    lowest = max(wanted, key=lambda each: each.rank, default=profile)
    if profile.rank < lowest.rank:
        gates.append(f"profile {profile.value} asks less than the policy's {lowest.value}")
    return ReviewPolicy(profile, read[0] if len(read) == 1 else None, tuple(gates))


@lru_cache(maxsize=8)
def _stored(text: str) -> Policy:
    """Return a policy that was imported; the names in it were checked then, and may have gone from the product since."""
    found = read_policy(text)
    if not isinstance(found, Policy):
        raise ValueError(f"a policy that cannot be read: {found[0].what}")  # noqa: TRY004 - its shape, not its type
    return found
