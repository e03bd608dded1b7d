"""A review as a whole: its tools with their states, the audit trail, and the snapshot that is exported."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analysis.model.assessment import (
    Assessment,
    Confidentiality,
    Effect,
    FlowRole,
    OpenFlowRole,
    Reversibility,
    Risk,
    ToolType,
)
from analysis.model.decision import ConditionKind, Decision, DecisionState
from analysis.model.exfiltration import ExfiltrationPath
from analysis.model.finding import Disposition, Finding, RuleNotRun, Score
from analysis.model.gate import Gate
from analysis.model.known_packet import SignedPacket, SincePacket
from analysis.model.people import Answer, Assignment, Control, Intake, Note, Override, Profile
from analysis.model.policy import Policy
from analysis.model.product import Product
from analysis.model.product_facts import NO_BACKGROUND, Background
from analysis.model.source import (
    CapabilityKind,
    DefinitionTexts,
    FindingId,
    Problem,
    SchemeUse,
    Skipped,
    SourceId,
    SourceInfo,
    Tool,
    ToolId,
    call_label,
)

#: Maximum number of characters of a description that a list shows.
MAX_SUMMARY: Final = 200


@dataclass(frozen=True, slots=True)
class ToolRow:
    """The summary of a tool: enough for tables, queries, and every rule on decisions."""

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
    # "required", "optional", "none"; of a source that does not say: "unknown", "unstated" (a document), "mentioned"
    credential: str
    scopes: tuple[str, ...]
    servers: tuple[str, ...]
    tokens: int
    flow_roles: tuple[FlowRole, ...] = ()
    schemes: tuple[SchemeUse, ...] = ()  # every security scheme that a call may need
    inputs: tuple[str, ...] = ()  # names of the parameters a caller sends, without those of the path
    fields: str = ""  # digest of the fields of the response
    description_length: int = 0  # characters
    open_flow_roles: tuple[OpenFlowRole, ...] = ()
    confidentiality: Confidentiality = Confidentiality.ORDINARY
    confidential: tuple[str, ...] = ()  # kinds of confidential content that a call returns
    kind: CapabilityKind = CapabilityKind.TOOL

    @property
    def call(self) -> str:
        """How it is reached, in words; see `Tool.call`."""
        return call_label(self.kind, self.method, self.path)

    @classmethod
    def of(cls, tool: Tool, assessment: Assessment, position: int = 0) -> ToolRow:
        """Return the row of a tool; `position` is its place in the document."""
        schemes = tuple(dict.fromkeys(use for uses in tool.security or () for use in uses))
        fields = "\0".join(sorted(tool.shallow_fields)).encode("utf-8", "replace")
        return cls(
            id=tool.id,
            source=tool.source,
            position=position,
            name=tool.name,
            method=tool.method,
            path=tool.path,
            operation_id=tool.operation_id,
            summary=(tool.summary or tool.description)[:MAX_SUMMARY],
            digest=tool.digest,
            pointer=tool.pointer,
            line=tool.line,
            tags=tool.tags,
            deprecated=tool.deprecated,
            effect=assessment.effect,
            types=assessment.types,
            reversibility=assessment.reversibility,
            risk=assessment.risk,
            data=tuple(dict.fromkeys(hit.data for hit in assessment.data if hit.direction == "response")),
            unclear=assessment.unclear,
            confidence=assessment.confidence,
            credential=_credential(tool),
            scopes=tuple(sorted({scope for use in schemes for scope in use.scopes})),
            servers=tool.servers,
            tokens=assessment.tokens,
            flow_roles=tuple(dict.fromkeys(signal.flow_role for signal in assessment.flow_roles)),
            schemes=schemes,
            inputs=tuple(parameter.name for parameter in tool.parameters if parameter.place != "path"),
            fields=hashlib.sha256(fields).hexdigest()[:16],
            description_length=len(tool.description or tool.summary),
            open_flow_roles=assessment.open_flow_roles,
            confidentiality=assessment.confidentiality,
            confidential=tuple(dict.fromkeys(found.kind for found in assessment.confidential)),
            kind=tool.kind,
        )


def _credential(tool: Tool) -> str:
    """Return whether a call needs a credential, in the words of `ToolRow.credential`."""
    if tool.security is not None:
        return "none" if not tool.security else "optional" if () in tool.security else "required"
    return "unknown" if not tool.method else "mentioned" if tool.mentions_credentials else "unstated"


@dataclass(frozen=True, slots=True)
class ToolState:
    """The state of a tool in the review. `risk`, `type` and `effect` are in effect, after overrides."""

    row: ToolRow
    risk: Risk
    type: ToolType
    effect: Effect
    decision_state: DecisionState = DecisionState.UNDECIDED
    decision: Decision | None = None  # the last one; valid only while `decision_state` is settled
    risk_override: Override | None = None
    type_override: Override | None = None
    notes: int = 0
    flow_role_overrides: tuple[tuple[FlowRole, Override], ...] = ()  # each `present` or `absent`
    since_packet: SincePacket | None = None  # how it differs from the signed packet that the review knows last
    assignment: Assignment | None = None
    overdue: bool = False  # it is undecided, and was to be decided by an earlier day
    sides: tuple[Decision, ...] = ()  # of a conflict, oldest first; `UNDECIDED` where one was withdrawn
    claimed: tuple[Decision, ...] = ()  # approvals that count once their actors have signed them, oldest first

    @property
    def flow_roles(self) -> frozenset[FlowRole]:
        """The flow roles in effect, after overrides."""
        if not self.flow_role_overrides:
            return frozenset(self.row.flow_roles)
        present = {role: override.value == "present" for role, override in self.flow_role_overrides}
        return frozenset(role for role in FlowRole if present.get(role, role in self.row.flow_roles))

    @property
    def open_flow_roles(self) -> tuple[OpenFlowRole, ...]:
        """The flow roles that are neither shown nor ruled out; a reviewer's override settles one."""
        if not self.row.open_flow_roles or not self.flow_role_overrides:
            return self.row.open_flow_roles
        settled = {role for role, _ in self.flow_role_overrides}
        return tuple(role for role in self.row.open_flow_roles if role.flow_role not in settled)

    @property
    def confirmed(self) -> bool:
        """Whether there is evidence that a person approves each call."""
        decision = self.decision if self.decision_state.allowed else None
        return decision is not None and decision.has(ConditionKind.APPROVAL, evidenced=True)

    @property
    def live(self) -> bool:
        """Whether the tool counts as exposed."""
        return self.decision_state.live

    @property
    def undecided(self) -> bool:
        """Whether a person still has to decide: no decision, or one that is stale, expired or contested."""
        return not self.decision_state.settled

    @property
    def stale(self) -> bool:
        """Whether the definition has changed since the decision."""
        return self.decision_state is DecisionState.STALE

    @property
    def conflict(self) -> bool:
        """Whether reviewers decided differently."""
        return self.decision_state is DecisionState.CONFLICT


@dataclass(frozen=True, slots=True)
class ReviewedTool:
    """One tool in full: its definition, the engine's assessment, its state in the review, findings and notes."""

    tool: Tool
    assessment: Assessment
    state: ToolState
    findings: tuple[FindingId, ...] = ()
    notes: tuple[Note, ...] = ()


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
class SourceRecord:
    """What a source was made from: its files (relative name, bytes), and what its import and validation reported."""

    id: SourceId
    files: tuple[tuple[str, bytes], ...]
    problems: tuple[Problem, ...]
    not_checked: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class SignedEvents:
    """A commit by which a person has signed events: the fingerprint of the key, and the exact text."""

    person: str
    key: str
    commit: str


@dataclass(frozen=True, slots=True)
class ReviewSnapshot:
    """A complete review at one time: the only input of packet and allowlist. `as_of` is its last event's time."""

    workspace: str
    title: str
    as_of: str
    heads: Mapping[str, tuple[int, str]]  # replica -> (seq, event id)
    sources: tuple[SourceInfo, ...]
    tools: tuple[ReviewedTool, ...]
    findings: tuple[Finding, ...]  # worst first; status in effect
    dispositions: Mapping[FindingId, Disposition]
    controls: tuple[tuple[Control, Answer | None], ...]
    notes: tuple[Note, ...]
    score: Score
    problems: tuple[tuple[SourceId, Problem], ...]
    not_checked: tuple[Skipped, ...]
    rules_not_run: tuple[RuleNotRun, ...]
    rule_pack: str  # version of the rule pack
    product: Product  # what made it
    code: str  # SHA-256 of the program that made it
    gates: tuple[Gate, ...]
    log: tuple[LogEntry, ...]
    profile: Profile = Profile.L1  # which questions were asked
    policy: Policy | None = None  # of the organisation, where one is in force
    intake: Intake | None = None  # the access request
    records: tuple[SourceRecord, ...] = ()  # of every source, in the order of import
    definitions: tuple[DefinitionTexts, ...] = ()  # of every source, in the order of import
    requesters: tuple[str, ...] = ()  # who requested the access, sorted
    proofs: tuple[SignedEvents, ...] = ()  # the signatures that prove events, as far as they cover any
    last_packet: SignedPacket | None = None  # the signed packet that the review knows last
    alone: tuple[ToolId, ...] = ()  # high-risk tools that only one person approved; for profile L4
    background: Background = NO_BACKGROUND  # what the document repeats from the product
    approved_path: ExfiltrationPath | None = None  # the exfiltration path over the approved tools
    exposed_path: ExfiltrationPath | None = None  # and over the undecided ones as well

    @property
    def open_gates(self) -> tuple[Gate, ...]:
        """The gates that are open; none when the review may be signed as an approval."""
        return tuple(gate for gate in self.gates if gate.open)

    @property
    def supersedes(self) -> str:
        """The SHA-256 of the manifest of the signed packet that this one takes the place of; empty without one."""
        return self.last_packet.manifest if self.last_packet and not self.last_packet.in_force else ""

    @property
    def draft(self) -> bool:
        """Whether a gate is open: then every exported file says DRAFT."""
        return any(gate.open for gate in self.gates)
