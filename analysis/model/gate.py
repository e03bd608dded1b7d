"""Gates: the conditions for the sign-off of a review."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class GateId(StrEnum):
    """The gates. Their values are part of the JSON that scripts read."""

    DECIDED = "decided"  # every tool has a decision
    UNDERSTOOD = "understood"  # every event of the log is understood, or a person has settled it
    ONE_IMPORT = "one-import"  # each source has one import, not two that differ
    CURRENT = "current"  # no decision is stale
    PROVEN = "proven"  # of several people: no tool is approved by events alone that no verified signature covers
    AGREED = "agreed"  # no decision is contested
    UNBLOCKED = (
        "unblocked"  # nothing makes the verdict "blocked": no critical finding is open, no rule caps the score low
    )
    LIVE = "live"  # a tool is left to approve
    ANSWERED = "answered"  # every control of the profile has an answer
    ONE_POLICY = "one-policy"  # one policy is in force, not several that differ
    PROFILE = "profile"  # the profile is at least the one that the policy requires
    ENVIRONMENT = "environment"  # every allowed tool is approved for the environment that was requested
    AUDIENCE = "audience"  # every allowed tool is approved for the audience that was requested
    SAMPLED = "sampled"  # each tool that was drawn from the proposals taken unseen was decided again by itself
    SECOND_APPROVER = "second-approver"  # two people approved each high risk, where the profile requires it


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate, open or met. `why` states the numbers that decide it.

    `query` shows the tools that keep it open, `control` names the first question that does.
    """

    id: GateId
    title: str
    open: bool
    why: str
    query: str = ""
    control: str = ""
