"""Findings, their dispositions, the score, and what was not checked of a source."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from analysis.model.source import FindingId, Level, Problem, Skipped, SourceInfo, ToolId


class Severity(StrEnum):
    """The severity of a finding if it is true; separate from the confidence of the rule."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def points(self) -> int:
        """The weight in the score."""
        return _POINTS[self.value]


#: Name of the score model: its points, shares, caps and formula. Scores of different models are not comparable.
SCORE_MODEL: Final = "v1"
_POINTS: Final = {"critical": 5, "high": 3, "medium": 2, "low": 1, "info": 0}


class Status(StrEnum):
    """The disposition of a finding."""

    OPEN = "open"
    FIXING = "fixing"
    FIXED = "fixed"
    FALSE_POSITIVE = "false-positive"
    ACCEPTED = "accepted"
    NOT_APPLICABLE = "not-applicable"


def finding_id(rule: str, subject: str, key: str) -> FindingId:
    """Return the identity of a finding: the same evidence on the same subject is the same finding after a re-import."""
    return FindingId(f"{rule}|{subject}|{key}")


def parse_finding_id(identity: str) -> tuple[str, str, str]:
    """Return (rule, subject, key) of a finding; a missing part is empty."""
    rule, subject, key = (*identity.split("|", 2), "", "")[:3]
    return rule, subject, key


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that matched: on a tool, on a control, or on the review as a whole (`tool` and `control` empty)."""

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
    cap: int | None = None  # upper bound of the score while it is open
    points: int | None = None  # overrides the weight of the severity (controls, grouped findings)
    claimed: bool = False  # of a control that is answered without evidence: counts half

    @property
    def family(self) -> str:
        """The rule family whose cap the points fall under."""
        return self.rule.partition("-")[0]

    @property
    def subject(self) -> str:
        """The subject: a tool, a source, a control, or `review`."""
        return self.tool or parse_finding_id(self.id)[1]

    @property
    def members(self) -> tuple[FindingId, ...]:
        """The single findings it represents: itself."""
        return (self.id,)

    @property
    def count(self) -> int:
        """The number of single findings it represents."""
        return 1

    @property
    def tools(self) -> tuple[ToolId, ...]:
        """The tools of a grouped finding; a single finding has `tool` instead."""
        return ()

    @property
    def heading(self) -> str:
        """The title as lists show it."""
        return self.title


@dataclass(frozen=True)
class GroupedFinding(Finding):
    """Findings of one rule with one cause, shown as one. It is about no single tool, so `tool` is None.

    It has no slots, as it may represent thousands of findings, and keeps what is asked of all of them.
    """

    singles: tuple[Finding, ...] = ()

    @cached_property
    def members(self) -> tuple[FindingId, ...]:
        """The single findings it represents."""
        return tuple(single.id for single in self.singles)

    @property
    def count(self) -> int:
        """The number of single findings it represents."""
        return len(self.singles)

    @cached_property
    def tools(self) -> tuple[ToolId, ...]:
        """The tools of its single findings."""
        return tuple(single.tool for single in self.singles if single.tool is not None)

    @property
    def heading(self) -> str:
        """The title as lists show it, with the number of tools."""
        return f"{self.title} · {len(self.singles):,} tools"


@dataclass(frozen=True, slots=True)
class Disposition:
    """A reviewer's disposition of a finding. `code` is a justification, e.g. `inline-control`; `until` an ISO date.

    `voids` names what ends an acceptance earlier; `seen` holds its values at the time of the acceptance.
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
    """One line that explains points: the penalty, and what the score gains when it is fixed."""

    finding: FindingId | None
    label: str
    rule: str
    points: float
    penalty: float
    gain: int
    remedy: str = ""  # what to do about it


class Verdict(StrEnum):
    """What a review as a whole amounts to. The values are shown to people and are part of the JSON that scripts read."""

    BLOCKED = "blocked"
    NOT_REVIEWED = "not reviewed"
    CONDITIONS = "approvable with conditions"
    APPROVABLE = "approvable"

    @property
    def approvable(self) -> bool:
        """Whether the review may be signed as an approval."""
        return self in {Verdict.CONDITIONS, Verdict.APPROVABLE}


@dataclass(frozen=True, slots=True)
class Score:
    """The result of the score model. `value` is None when no tool is live ("—", never 100)."""

    value: int | None
    without_acceptances: int | None
    quality: int | None
    verdict: Verdict
    because: tuple[str, ...]
    caps: tuple[tuple[int, str], ...]
    ledger: tuple[LedgerLine, ...]
    model: str = SCORE_MODEL


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source with its problems and what was not checked."""

    info: SourceInfo
    problems: tuple[Problem, ...]
    not_checked: tuple[Skipped, ...]
    not_run: tuple[RuleNotRun, ...]
    text_size: int = 0  # characters of the canonical texts of its definitions, without shared parts; 0: not known

    @property
    def complete(self) -> bool:
        """Whether the source was read without errors, so that no part of its inventory is missing or ambiguous."""
        return all(problem.level is Level.NOTE for problem in self.problems)
