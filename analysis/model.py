"""The vocabulary as types. Everything here is frozen, and imports nothing of ours.

Reading order: a *source* yields *tools* (an `Inventory`); each tool gets an `Assessment` with `Reason`s;
rules turn both into `Finding`s; people answer with `Decision`s, `Retag`s, `Note`s, `Answer`s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Identity of a tool: source, method and path template (parameter names do not matter) or MCP name.
ToolId = NewType("ToolId", str)
#: Identity of a source inside a review, chosen once and kept over re-imports.
SourceId = NewType("SourceId", str)
#: Identity of a finding: rule, subject and evidence; never its text or position.
FindingId = NewType("FindingId", str)


# --- sources and tools -------------------------------------------------------------------------------


class SourceKind(StrEnum):
    """What a source is."""

    OPENAPI = "openapi"
    MCP = "mcp"


class Level(StrEnum):
    """How much a problem in the input matters."""

    REFUSED = "refused"  # nothing can be read from the source
    ERROR = "error"  # a part of the inventory is wrong, missing or ambiguous
    NOTE = "note"  # worth knowing; the inventory is complete


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of the input, as data. `pointer` is a JSON pointer, `line` counts from 1."""

    level: Level
    what: str
    pointer: str = ""
    line: int | None = None
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A check that did not run, and why. Shown wherever a result could be taken for clean."""

    check: str
    reason: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One input that a caller of a tool may send, at its top level."""

    name: str
    place: str  # path, query, header, cookie, body, argument
    required: bool
    type: str
    description: str
    values: tuple[str, ...] = ()  # an enumeration, if there is one


@dataclass(frozen=True, slots=True)
class Passage:
    """A string that a model can read, with the JSON pointer where it stands."""

    pointer: str
    text: str


@dataclass(frozen=True, slots=True)
class SchemeUse:
    """One security scheme as a tool requires it."""

    name: str
    kind: str  # apiKey, http-bearer, http-basic, oauth2, openIdConnect, mutualTLS, unknown
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tool:
    """One callable thing: an API operation or an MCP tool, as its source states it.

    `security` is the list of alternatives, each a tuple of schemes needed together; an empty alternative
    means that a call needs no credential. None means that the source cannot say (MCP tool lists).
    `digest` is the SHA-256 of the canonical definition: a decision is bound to it.
    """

    id: ToolId
    source: SourceId
    name: str
    method: str
    path: str
    operation_id: str
    summary: str
    description: str
    digest: str
    pointer: str
    line: int | None = None
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    parameters: tuple[Parameter, ...] = ()
    request_fields: tuple[str, ...] = ()
    response_fields: tuple[str, ...] = ()
    returns_array: bool = False
    security: tuple[tuple[SchemeUse, ...], ...] | None = None
    servers: tuple[str, ...] = ()
    hints: tuple[tuple[str, bool], ...] = ()
    passages: tuple[Passage, ...] = ()
    reaches: tuple[str, ...] = ()
    size: int = 0  # characters of name, description and input definition, shared schemas counted once


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of a source as a whole. `sha256` is over its bytes, or over its file list."""

    id: SourceId
    kind: SourceKind
    uri: str
    sha256: str
    title: str
    version: str
    format: str  # "OpenAPI 3.1.0", "Swagger 2.0", "MCP tools/list"
    size: int
    files: tuple[tuple[str, str], ...] = ()  # (relative path, sha256) of a multi-file document
    servers: tuple[str, ...] = ()
    not_callable: tuple[str, ...] = ()  # webhooks and callbacks, listed apart


@dataclass(frozen=True, slots=True)
class Inventory:
    """A source and all its tools, in document order. `passages` holds the texts that tools share."""

    source: SourceInfo
    tools: tuple[Tool, ...]
    passages: Mapping[str, tuple[Passage, ...]] = field(default_factory=dict)


# --- what the engine says ----------------------------------------------------------------------------


class Effect(StrEnum):
    """What calling a tool does to the world, in the three classes a review counts."""

    READ = "read-only"
    SIDE_EFFECT = "side-effect"
    CRITICAL = "critical"  # cannot be undone, moves money, or changes who may do what


class ToolType(StrEnum):
    """The kinds of tool a reviewer thinks in. All that apply are kept, one is shown."""

    READ = "read-only"
    SIDE_EFFECT = "side-effect"
    CRITICAL = "critical"
    ADMINISTRATIVE = "administrative"
    BILLING = "billing"


class Reversibility(StrEnum):
    """Whether a call can be taken back (the classes of OWASP AISVS 1.0, C9.2)."""

    READ = "read-only"
    REVERSIBLE = "reversible"
    EXTERNAL = "externally-reversible"
    IRREVERSIBLE = "irreversible"
    UNKNOWN = "unknown"


class Risk(StrEnum):
    """Low, medium or high, by a table of type and data."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0, 1 or 2, for comparing."""
        return (Risk.LOW, Risk.MEDIUM, Risk.HIGH).index(self)


@dataclass(frozen=True, slots=True)
class Reason:
    """One signal: where it was seen, what it was, what it says. `against` marks a signal that disagreed."""

    where: str  # method, name, path, parameters, response, scope, hint, text
    matched: str
    says: str
    against: bool = False


@dataclass(frozen=True, slots=True)
class DataHit:
    """A class of data that a tool returns or receives, with the fields that show it."""

    data: str  # personal, financial, card, secret, health, location
    direction: str  # response, request
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the engine proposes for one tool, and why."""

    effect: Effect
    types: tuple[ToolType, ...]
    reversibility: Reversibility
    risk: Risk
    data: tuple[DataHit, ...]
    reasons: tuple[Reason, ...]
    confidence: float
    unclear: bool = False  # no signal explains it; treated as side-effect
    lists: bool = False  # returns a collection
    page_parameters: tuple[str, ...] = ()
    tokens: int = 0

    @property
    def type(self) -> ToolType:
        """The one type that is shown: billing, then administrative, then the effect."""
        return self.types[0]


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
        return {"critical": 5, "high": 3, "medium": 2, "low": 1, "info": 0}[self.value]


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
    points: int | None = None  # overrides the severity's weight (governance items)

    @property
    def family(self) -> str:
        """The rule family whose cap the points fall under."""
        return self.rule.partition("-")[0]


@dataclass(frozen=True, slots=True)
class RuleNotRun:
    """A rule that failed or lacked its input. Never counted as passed."""

    rule: str
    reason: str


# --- what people say ---------------------------------------------------------------------------------


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


# --- the score ---------------------------------------------------------------------------------------


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


# --- the review as a whole ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Disposition:
    """What a person made of a finding. `code` is a justification, e.g. `inline-control`; `until` an ISO date."""

    status: Status
    reason: str
    actor: str
    at: str
    code: str = ""
    evidence: str = ""
    owner: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class ToolRow:
    """The light facts of a tool: enough for a table, a query, and every rule that looks at decisions."""

    id: ToolId
    source: SourceId
    position: int
    name: str
    method: str
    path: str
    operation_id: str
    summary: str
    digest: str
    pointer: str
    line: int | None
    tags: tuple[str, ...]
    deprecated: bool
    effect: Effect
    types: tuple[ToolType, ...]
    reversibility: Reversibility
    risk: Risk
    data: tuple[str, ...]
    unclear: bool
    confidence: float
    credential: str  # "required", "optional", "none", "unknown"
    scopes: tuple[str, ...]
    servers: tuple[str, ...]
    tokens: int


@dataclass(frozen=True, slots=True)
class ToolState:
    """A row with what people have said of it. `risk`, `type` and `effect` are in effect after re-tags."""

    row: ToolRow
    risk: Risk
    type: ToolType
    effect: Effect
    decision: Decision | None = None
    stale: bool = False  # decided, but the definition has changed since: counts as undecided
    conflict: bool = False  # two reviewers differ: counts as blocked until a person settles it
    risk_retag: Retag | None = None
    type_retag: Retag | None = None
    notes: int = 0

    @property
    def live(self) -> bool:
        """Whether the tool counts as exposed: everything that is not blocked, undecided included."""
        return not self.conflict and (self.decision is None or self.decision.exposure is not Exposure.BLOCKED)

    @property
    def undecided(self) -> bool:
        """Whether a person still has to decide: no decision, a stale one, or two that differ."""
        return self.decision is None or self.conflict

    @property
    def status(self) -> str:
        """`undecided`, `approved`, `conditional` or `blocked`."""
        return "undecided" if self.undecided or self.decision is None else self.decision.exposure.value


@dataclass(frozen=True, slots=True)
class ToolReview:
    """A tool with all that the engine and people say of it. `risk` and `type` are in effect after re-tags."""

    tool: Tool
    assessment: Assessment
    risk: Risk
    type: ToolType
    decision: Decision | None = None
    stale: bool = False  # decided, but the definition has changed since: counts as undecided
    conflict: bool = False  # two reviewers differ: counts as blocked until a person settles it
    risk_retag: Retag | None = None
    type_retag: Retag | None = None
    findings: tuple[FindingId, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def live(self) -> bool:
        """Whether the tool counts as exposed: everything that is not blocked, undecided included."""
        return not self.conflict and (self.decision is None or self.decision.exposure is not Exposure.BLOCKED)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One event of the audit trail, in words and in its exact stored bytes."""

    id: str
    replica: str
    seq: int
    at: str
    actor: str
    kind: str
    key: str
    sentence: str
    body: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """A review at one moment, whole: the only input of packet and allowlist. `as_of` is its last event's time."""

    workspace: str
    title: str
    as_of: str
    heads: Mapping[str, tuple[int, str]]  # replica -> (seq, event id)
    sources: tuple[SourceInfo, ...]
    tools: tuple[ToolReview, ...]
    findings: tuple[Finding, ...]  # worst first; status in effect
    dispositions: Mapping[FindingId, Disposition]
    controls: tuple[tuple[Control, Answer | None], ...]
    notes: tuple[Note, ...]
    score: Score
    problems: tuple[tuple[SourceId, Problem], ...]
    not_checked: tuple[Skipped, ...]
    rules_not_run: tuple[RuleNotRun, ...]
    rule_pack: str  # version of the rule pack
    product: str  # "clearance 0.1.0"
    open_gates: tuple[str, ...]  # what is missing before the review is complete; empty = final
    log: tuple[LogEntry, ...]

    @property
    def draft(self) -> bool:
        """Whether anything is missing: then every exported file says DRAFT."""
        return bool(self.open_gates)
