"""What is wrong, what was made of it, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from analysis.model.source import FindingId, ToolId


class Severity(StrEnum):
    """How bad a finding is if it is true. Separate from how sure the rule is."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def points(self) -> int:
        """The weight in the score, model v1."""
        return _POINTS[self.value]


_POINTS: Final = {"critical": 5, "high": 3, "medium": 2, "low": 1, "info": 0}


class Status(StrEnum):
    """The disposition of a finding."""

    OPEN = "open"
    FIXING = "fixing"
    FIXED = "fixed"
    FALSE_POSITIVE = "false-positive"
    ACCEPTED = "accepted"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that hit: on a tool, on a control, or on the review as a whole (`tool` and `control` empty)."""

    id: FindingId
    rule: str
    title: str
    severity: Severity
    confidence: str  # high, medium, low
    why: str
    remedy: str
    tool: ToolId | None = None
    control: str = ""
    pointer: str = ""
    line: int | None = None
    matched: str = ""
    status: Status = Status.OPEN
    ceiling: int | None = None
    points: int | None = None  # overrides the severity's weight (governance items, gathered findings)
    members: tuple[FindingId, ...] = ()  # of a gathered finding: those it stands for, each of one tool
    tools: tuple[ToolId, ...] = ()  # of a gathered finding: the tools it is about

    @property
    def family(self) -> str:
        """The rule family whose cap the points fall under."""
        return self.rule.partition("-")[0]

    @property
    def subject(self) -> str:
        """What it is about: a tool, a source, a control, or `review`."""
        return self.tool or self.id.split("|")[1]


@dataclass(frozen=True, slots=True)
class Disposition:
    """What a person made of a finding. `code` is a justification, e.g. `inline-control`; `until` an ISO date.

    `voids` is what ends an acceptance before that; `seen` is what was watched of it, as it was then.
    """

    status: Status
    reason: str
    actor: str
    at: str
    code: str = ""
    evidence: str = ""
    owner: str = ""
    until: str = ""
    voids: tuple[str, ...] = ()
    seen: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RuleNotRun:
    """A rule that failed or lacked its input. Never counted as passed."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line that explains points: what it costs, and what the score gains when it is mended."""

    finding: FindingId | None
    label: str
    rule: str
    points: float
    counted: float
    wins: int


@dataclass(frozen=True, slots=True)
class Score:
    """The result of the score model. `value` is None when no tool is live ("—", never 100)."""

    value: int | None
    without_acceptances: int | None
    quality: int | None
    verdict: str
    because: tuple[str, ...]
    ceilings: tuple[tuple[int, str], ...]
    ledger: tuple[LedgerLine, ...]
    model: str = "v1"
