"""A review as a whole: tools with all that was said of them, the trail, and the dossier that leaves the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.model.allowance import Allowance, allowance_of, require_second_approver
from analysis.model.assessment import Assessment, Effect, FlowRole, Reversibility, Risk, ToolType, effect_of
from analysis.model.finding import Disposition, Finding, RuleNotRun, Score
from analysis.model.people import Answer, ConditionKind, Control, Decision, Intake, Note, Override, Profile
from analysis.model.policy import Policy
from analysis.model.source import FindingId, Problem, SchemeUse, Skipped, SourceId, SourceInfo, Tool, ToolId


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
    flow_roles: tuple[FlowRole, ...] = ()
    schemes: tuple[SchemeUse, ...] = ()  # every security scheme that a call may need
    inputs: tuple[str, ...] = ()  # names of what a caller sends, without those of the path
    fields: str = ""  # digest of what the response states
    told: int = 0  # characters of its description


@dataclass(frozen=True, slots=True)
class ToolState:
    """A row with what people have said of it. `risk`, `type` and `effect` are in effect after re-tags."""

    row: ToolRow
    risk: Risk
    type: ToolType
    effect: Effect
    allowance: Allowance = Allowance.UNDECIDED
    decision: Decision | None = None  # the last one made; it counts only while `allowance` is settled
    risk_override: Override | None = None
    type_override: Override | None = None
    notes: int = 0
    flow_role_overrides: tuple[
        tuple[FlowRole, Override], ...
    ] = ()  # what reviewers said of its legs: `present` or `absent`

    @property
    def flow_roles(self) -> frozenset[FlowRole]:
        """The legs in effect, after corrections."""
        if not self.flow_role_overrides:
            return frozenset(self.row.flow_roles)
        said = {flow_role: override.value == "present" for flow_role, override in self.flow_role_overrides}
        return frozenset(flow_role for flow_role in FlowRole if said.get(flow_role, flow_role in self.row.flow_roles))

    @property
    def confirmed(self) -> bool:
        """Whether it is proved that a person approves each call."""
        decision = self.decision if self.allowance.allowed else None
        return decision is not None and decision.has(ConditionKind.APPROVAL, evidenced=True)

    @property
    def live(self) -> bool:
        """Whether the tool counts as exposed: everything that is not blocked, undecided included."""
        return self.allowance not in {Allowance.BLOCKED, Allowance.CONFLICTING}

    @property
    def undecided(self) -> bool:
        """Whether a person still has to decide: nothing said, or what was said has lapsed or is contested."""
        return not self.allowance.settled

    @property
    def stale(self) -> bool:
        """Whether the definition has changed since it was decided."""
        return self.allowance is Allowance.STALE

    @property
    def conflict(self) -> bool:
        """Whether reviewers differ."""
        return self.allowance is Allowance.CONFLICTING

    @property
    def status(self) -> str:
        """`undecided`, `approved`, `conditional` or `blocked`."""
        return "undecided" if self.undecided else self.allowance.value


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
    risk_override: Override | None = None
    type_override: Override | None = None
    findings: tuple[FindingId, ...] = ()
    notes: tuple[Note, ...] = ()
    alone: bool = False  # one person let it through, and the review asks for two

    def allowance(self, as_of: str) -> Allowance:
        """Return where the tool stands at a time."""
        said = allowance_of(self.decision, self.tool.digest, as_of, conflict=self.conflict, stale=self.stale)
        return require_second_approver(said, alone=self.alone)

    @property
    def live(self) -> bool:
        """Whether the tool counts as exposed: everything that is not blocked, undecided included."""
        return self.allowance("") not in {Allowance.BLOCKED, Allowance.CONFLICTING}

    @property
    def effect(self) -> Effect:
        """The effect in effect: a re-tag of the type moves it, administrative and billing being critical."""
        return effect_of(self.type) if self.type_override else self.assessment.effect


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
class ReviewSnapshot:
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
    profile: Profile = Profile.L1  # how much was asked
    policy: Policy | None = None  # the organisation's own, where one is in force
    intake: Intake | None = None  # what was said before anybody looked
    alone: tuple[ToolId, ...] = ()  # high risks that one person let through; only the last profile asks

    @property
    def draft(self) -> bool:
        """Whether anything is missing: then every exported file says DRAFT."""
        return bool(self.open_gates)
