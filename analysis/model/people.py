"""What people say: decisions, corrections, notes, answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Exposure(StrEnum):
    """The verdict on one tool. None of these = undecided = not allowed."""

    APPROVED = "approved"
    CONDITIONAL = "conditional"
    BLOCKED = "blocked"


class ConditionKind(StrEnum):
    """The typed conditions under which a tool may be exposed."""

    APPROVAL = "approval"  # run-time approval: "one person" or "two persons"
    GROUP = "group"  # audience: users, teams
    ENVIRONMENT = "env"
    PARAMETERS = "param_allow"
    RATE = "rate"
    AUDIT = "audit"
    EXPIRES = "expires"
    OWNER = "owner"  # who answers for the tool
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition. `evidence` names what proves that it is met; without it the condition is a promise."""

    kind: ConditionKind
    value: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of a tool, by whom and when (ISO 8601, UTC). `definition` is the digest it is bound to."""

    exposure: Exposure
    reason: str
    definition: str
    actor: str
    at: str
    conditions: tuple[Condition, ...] = ()

    @property
    def unmet(self) -> tuple[Condition, ...]:
        """The conditions that still have to be proved; an expiry is kept by the review itself, an owner is a name."""
        plain = {ConditionKind.EXPIRES, ConditionKind.OWNER}
        return tuple(c for c in self.conditions if not c.evidence and c.kind not in plain)

    def has(self, kind: ConditionKind, *, evidenced: bool = False) -> bool:
        """Whether a condition of that kind is attached (and proved, if asked)."""
        return any(c.kind is kind and (c.evidence or not evidenced) for c in self.conditions)


@dataclass(frozen=True, slots=True)
class Retag:
    """A reviewer's correction of risk or type."""

    value: str
    reason: str
    actor: str
    at: str


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on a tool, a finding, a control or the review."""

    subject: str
    text: str
    actor: str
    at: str


class AnswerState(StrEnum):
    """How far a governance question is answered."""

    UNANSWERED = "unanswered"
    CLAIMED = "claimed"
    EVIDENCED = "evidenced"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves an answer. Levels: E1 statement, E2 document, E3 export or log sample, E4 re-performed."""

    title: str
    level: str
    where: str = ""
    sha256: str = ""
    valid_until: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one control."""

    control: str
    state: AnswerState
    text: str
    actor: str
    at: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Control:
    """A governance question, asked once and shown in every list it belongs to."""

    id: str
    title: str
    question: str
    lists: tuple[str, ...]
    who: str
    min_level: str
    points: int
    maps_to: tuple[str, ...]
