"""The assessment of a tool by the engine, with its signals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """The effect of a call, in the three classes that a review counts."""

    READ = "read-only"
    SIDE_EFFECT = "side-effect"
    CRITICAL = "critical"  # cannot be undone, moves money, or changes who may do what


class ToolType(StrEnum):
    """The types of tool. All that apply are stored, one is shown."""

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
    """One signal: its place, the matched text, its meaning. `against` marks a signal that disagreed."""

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
    """The role of a tool in an attack that combines several tools."""

    PRIVATE = "private data"
    UNTRUSTED = "untrusted content"
    SINK = "exfiltration sink"
    CODE = "code or query execution"
    LIMITS = "changes its own limits"


class Area(StrEnum):
    """The subject area of a tool, whether it reads or writes."""

    ADMINISTRATION = "administration"  # who may do what; the organisation and its settings
    BILLING = "billing"


@dataclass(frozen=True, slots=True)
class FlowRoleSignal:
    """One flow role of a tool, and the signal that shows it."""

    flow_role: FlowRole
    where: str
    matched: str
    says: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The engine's proposal for one tool, with its signals."""

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
    paginated: bool = False  # one call returns one page, and a parameter selects the next
    filter_parameters: tuple[str, ...] = ()  # parameters that narrow the result of one call
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
