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
class Assignment:
    """Who is to decide a tool, and by when (ISO date, empty for no date). It is no decision, and changes none."""

    to: str
    due: str
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
    """The state of the answer to a governance question."""

    UNANSWERED = "unanswered"
    CLAIMED = "claimed"
    EVIDENCED = "evidenced"
    NOT_APPLICABLE = "not-applicable"


class EvidenceKind(StrEnum):
    """The kind of a piece of evidence, which determines how it can be checked again."""

    FILE = "file"  # identified by hash and size; the file itself is not copied
    LINK = "link"  # an address, or a record number in a system
    NOTE = "note"  # a statement of a person, or an extract


#: Evidence levels, weakest first: statement, document, export or log sample, observed or re-performed.
LEVELS: Final = ("E1", "E2", "E3", "E4")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence of an answer. `level` is one of `LEVELS`; `source` names the system that it comes from.

    Dates are ISO 8601; without `valid_until` it does not expire. `size` counts the bytes of a file.
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
    """The questions that a review has to answer (assurance profiles of CoSAI). Each includes the one before it."""

    L1 = "L1"  # sandbox: the scored questions
    L2 = "L2"  # internal: the five questions of every review, and access, too
    L3 = "L3"  # production: every question
    L4 = "L4"  # regulated: every question, and two approvers of each allowed high-risk tool

    @property
    def rank(self) -> int:
        """0 to 3, for comparing."""
        return tuple(Profile).index(self)


@dataclass(frozen=True, slots=True)
class Intake:
    """The access request, as stated before the review. `writes` is `yes`, `no` or empty."""

    server: str = ""
    owner: str = ""  # a team, with one person as contact
    purpose: str = ""
    data: tuple[str, ...] = ()
    writes: str = ""
    agent: str = ""  # which agent, and who runs it
    environment: str = ""  # where it will call the tools, such as production
    audience: tuple[str, ...] = ()  # users and teams that it serves
    ends_early: tuple[str, ...] = ()  # what ends the approval before its date, such as another model
    roles: tuple[str, ...] = ()  # roles that have to sign
    grant: tuple[str, ...] = ()  # scopes of the credential as deployed


@dataclass(frozen=True, slots=True)
class Control:
    """A governance question, asked once and shown in every list it belongs to.

    `raises` names the rules, or rule families, that it concerns; `proofs` the typical evidence, `settles` the
    acceptable evidence. Without `points` it is asked, but not scored.
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
    """An answer suggested by a document or a log. It does not count until a person takes it."""

    control: str
    text: str
    evidence: Evidence
