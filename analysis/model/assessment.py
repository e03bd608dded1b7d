"""What the engine says of a tool, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    """What a tool lends to an attack that needs several tools: what comes in, what goes out, what is run or loosened."""

    PRIVATE = "private data"
    UNTRUSTED = "untrusted content"
    WAY_OUT = "way out"
    CODE = "code or query execution"
    LIMITS = "changes its own limits"


class Area(StrEnum):
    """What a tool is about, whether it reads or acts."""

    ADMINISTRATION = "administration"  # who may do what; the organisation and its settings
    BILLING = "billing"


@dataclass(frozen=True, slots=True)
class FlowRoleSignal:
    """One leg of an information flow, and the signal that shows it."""

    flow_role: FlowRole
    where: str
    matched: str
    says: str


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
    paginated: bool = False  # one call returns a part, and a parameter goes on from there
    filter_parameters: tuple[str, ...] = ()  # they narrow what one call returns
    destructive: bool = False  # may remove, overwrite, send or run; a purely additive change may not
    areas: tuple[Area, ...] = ()
    flow_roles: tuple[FlowRoleSignal, ...] = ()

    @property
    def type(self) -> ToolType:
        """The one type that is shown: billing, then administrative, then the effect."""
        return self.types[0]


def effect_of(kind: ToolType) -> Effect:
    """Return the effect of a type a reviewer gave: administrative and billing count as critical."""
    return {ToolType.READ: Effect.READ, ToolType.SIDE_EFFECT: Effect.SIDE_EFFECT}.get(kind, Effect.CRITICAL)
