"""The assessment of a tool: its class, risk and data, with the signals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What calling a tool does to the world, in the three classes a review counts."""

    READ = "read-only"
    SIDE_EFFECT = "side-effect"
    CRITICAL = "critical"  # cannot be undone, moves money, or changes who may do what


class ToolType(StrEnum):
    """The type of a tool. All that apply are kept, one is shown."""

    READ = "read-only"
    SIDE_EFFECT = "side-effect"
    CRITICAL = "critical"
    ADMINISTRATIVE = "administrative"
    BILLING = "billing"


class Reversibility(StrEnum):
    """Whether a call can be undone (the classes of OWASP AISVS 1.0, C9.2)."""

    READ = "read-only"
    REVERSIBLE = "reversible"
    EXTERNAL = "externally-reversible"
    IRREVERSIBLE = "irreversible"
    UNKNOWN = "unknown"


class Risk(StrEnum):
    """Low, medium or high: a table lookup by type and data."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """Position from low (0) to high (2)."""
        return (Risk.LOW, Risk.MEDIUM, Risk.HIGH).index(self)


@dataclass(frozen=True, slots=True)
class Reason:
    """One signal: where it was found, the evidence, what it shows. `against` marks a signal that disagrees."""

    where: str  # method, name, path, parameters, response, scope, hint, text, other tools
    matched: str
    says: str
    against: bool = False


@dataclass(frozen=True, slots=True)
class DataHit:
    """A class of data that a tool returns or receives, with the fields that show it."""

    data: str  # personal, financial, card, secret, health, location
    direction: str  # response, request, or deeper: reachable from the response, but far from it
    fields: tuple[str, ...]


class FlowRole(StrEnum):
    """The part a tool can play in an attack that combines several tools."""

    PRIVATE_DATA = "private data"
    UNTRUSTED_CONTENT = "untrusted content"
    EXFILTRATION_SINK = "exfiltration sink"
    CODE_EXECUTION = "code execution"
    SELF_MODIFICATION = "self-modification of limits"


class Confidentiality(StrEnum):
    """How far what a call returns has to be kept from others. It decides the risk of a read."""

    ORDINARY = "ordinary"  # public data, figures about data, one ordinary record
    CONFIDENTIAL = "confidential"  # known to some: messages, files, source code, logs, lists of people, money
    RESTRICTED = "restricted"  # known to very few: secrets, the environment, health, cards

    @property
    def rank(self) -> int:
        """Position from ordinary (0) to restricted (2)."""
        return tuple(Confidentiality).index(self)


@dataclass(frozen=True, slots=True)
class ConfidentialContent:
    """One kind of confidential content that a call returns, and the signal that shows it."""

    kind: str  # messages, files, source code, logs, secrets, environment, archives, tickets, money ...
    level: Confidentiality
    where: str  # name, path, text, response
    matched: str


class Area(StrEnum):
    """The subject of a tool, whether it reads or writes. A write in one of the first two is administrative."""

    ACCESS_CONTROL = "access control"  # who may do what
    SYSTEM_OPERATION = "system operation"  # how the system itself runs
    BILLING = "billing"


@dataclass(frozen=True, slots=True)
class FlowRoleSignal:
    """One flow role of a tool, and the signal that shows it."""

    flow_role: FlowRole
    where: str
    matched: str
    says: str


@dataclass(frozen=True, slots=True)
class OpenFlowRole:
    """A flow role that a definition neither shows nor rules out, and what leaves it open."""

    flow_role: FlowRole
    why: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The class the engine proposes for one tool, and the signals for it."""

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
    paginated: bool = False  # one call returns a page, and a parameter requests the next
    filter_parameters: tuple[str, ...] = ()  # narrow the result of a call
    destructive: bool = False  # may remove, overwrite, send or run; a purely additive change is not
    areas: tuple[Area, ...] = ()
    flow_roles: tuple[FlowRoleSignal, ...] = ()
    open_flow_roles: tuple[OpenFlowRole, ...] = ()
    confidential: tuple[ConfidentialContent, ...] = ()

    @property
    def confidentiality(self) -> Confidentiality:
        """The highest level of what a call returns."""
        return level_of(self.confidential)

    @property
    def type(self) -> ToolType:
        """The one type that is shown: billing, then administrative, then the effect."""
        return self.types[0]


def level_of(contents: tuple[ConfidentialContent, ...]) -> Confidentiality:
    """Return the highest level of some contents."""
    if not contents:
        return Confidentiality.ORDINARY
    return max([found.level for found in contents], key=_rank_of)


def _rank_of(level: Confidentiality) -> int:
    return level.rank


def effect_of(kind: ToolType) -> Effect:
    """Return the effect of a type a reviewer gave: administrative and billing count as critical."""
    return {ToolType.READ: Effect.READ, ToolType.SIDE_EFFECT: Effect.SIDE_EFFECT}.get(kind, Effect.CRITICAL)
