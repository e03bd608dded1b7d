"""What people record besides decisions: overrides, notes, answers, evidence, intake."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Override:
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


class EvidenceKind(StrEnum):
    """What a piece of evidence is, and so how it can be looked at again."""

    FILE = "file"  # known by its hash and size; the file itself stays where it is
    LINK = "link"  # an address or a record number in some system
    NOTE = "note"  # what a person says, or an extract


#: Evidence levels, weakest first: statement, document, export or log sample, observed or re-performed.
LEVELS: Final = ("E1", "E2", "E3", "E4")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves an answer. `level` is one of `LEVELS`; `source` names the system that it comes from.

    Dates are ISO 8601; without `valid_until` it does not run out. `size` counts the bytes of a file.
    """

    title: str
    level: str
    where: str = ""
    sha256: str = ""
    valid_until: str = ""
    kind: EvidenceKind = EvidenceKind.NOTE
    source: str = ""
    collected_by: str = ""
    collected_at: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one control."""

    control: str
    state: AnswerState
    text: str
    actor: str
    at: str
    evidence: tuple[Evidence, ...] = ()


class Profile(StrEnum):
    """How much a review is asked (the assurance profiles of CoSAI). Each asks all that the one before it asks."""

    L1 = "L1"  # sandbox: the scored questions
    L2 = "L2"  # internal: the five questions of every review, and access, too
    L3 = "L3"  # production: every question
    L4 = "L4"  # regulated: every question, and two persons behind each high risk that is let through

    @property
    def rank(self) -> int:
        """0 to 3, for comparing."""
        return tuple(Profile).index(self)


@dataclass(frozen=True, slots=True)
class Intake:
    """What whoever asks for the tools says of them before anybody looks. `writes` is `yes`, `no`, or not said."""

    server: str = ""
    owner: str = ""  # a team, and one person of it
    purpose: str = ""
    data: tuple[str, ...] = ()
    writes: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """A governance question, asked once and shown in every list it belongs to.

    `raises` names the rules, or families of rules, that it concerns; `proofs` what kinds of thing usually prove it.
    Without `points` it is asked, but costs nothing.
    """

    id: str
    title: str
    question: str
    lists: tuple[str, ...]
    who: str
    min_level: str
    points: int
    maps_to: tuple[str, ...]
    why: str = ""
    settles: str = ""
    raises: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    profile: Profile = Profile.L1


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a document or a log says to a question by itself. It is no answer until a person gives it as theirs."""

    control: str
    text: str
    evidence: Evidence
