"""Queryable values of one tool, and the fields of the filter language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.model import (
    RECORDED,
    CapabilityKind,
    DecisionState,
    Effect,
    FlowRole,
    Reversibility,
    Risk,
    Severity,
    ToolType,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

#: Words of `is:` besides decision states; callers put those that apply into `QueryRow.flags`.
FLAGS: Final = (
    "mine", "stale", "marked", "conflict", "unclear", "deprecated", "noted", "seen", "expired", "retagged",
    "assigned", "overdue", "awaiting-second", "other-environment", "other-audience", "proposed", "sampled", "claimed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class QueryRow:
    """The queryable values of one tool. `text` is searched as is, so it must be lower case."""

    id: str = ""
    kind: str = ""
    name: str = ""
    method: str = ""
    path: str = ""
    text: str = ""
    effect: str = ""
    type: str = ""
    types: tuple[str, ...] = ()
    risk: str = ""
    reversibility: str = ""
    status: str = "undecided"
    flags: frozenset[str] = frozenset()
    data: tuple[str, ...] = ()
    confidential: tuple[str, ...] = ()  # level, then kinds of content
    tags: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    findings: int = 0
    source: str = ""
    scopes: tuple[str, ...] = ()
    notes: str = ""
    tokens: int = 0
    group: str = ""  # identity of the group it is decided with
    roles: tuple[str, ...] = ()  # flow roles in effect
    by: str = ""  # reviewer who decided
    decided: str = ""  # ISO date of the decision
    assigned: str = ""  # who is to decide


#: Values of each field.
FIELD_VALUES: Final[Mapping[str, Callable[[QueryRow], Iterable[str]]]] = {
    "risk": lambda row: (row.risk,),
    "is": lambda row: (row.status, *row.flags),
    "class": lambda row: (row.type, *row.types),
    "primary": lambda row: (row.type,),
    "effect": lambda row: (row.effect,),
    "undo": lambda row: (row.reversibility,),
    "data": lambda row: row.data,
    "confidential": lambda row: row.confidential,
    "severity": lambda row: row.severities,
    "method": lambda row: (row.method,),
    "path": lambda row: (row.path,),
    "name": lambda row: (row.name,),
    "tag": lambda row: row.tags,
    "group": lambda row: (row.group,),
    "role": lambda row: tuple(role.replace(" ", "-") for role in row.roles),
    "rule": lambda row: row.rules,
    "source": lambda row: (row.source,),
    "scope": lambda row: row.scopes,
    "kind": lambda row: (row.kind,),
    "note": lambda row: (row.notes,),
    "by": lambda row: (row.by,),
    "assigned": lambda row: (row.assigned,),
    "since": lambda row: (row.decided,),
    "findings": lambda row: (str(row.findings),) if row.findings else (),
    "tokens": lambda row: (str(row.tokens),) if row.tokens else (),
}
#: Fields with a fixed set of values; others are rejected, because a typing error would match nothing.
FIXED_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": tuple(CapabilityKind),
    "risk": tuple(Risk),
    "is": (DecisionState.UNDECIDED, *RECORDED, *FLAGS),
    "class": tuple(ToolType),
    "primary": tuple(ToolType),
    "effect": tuple(Effect),
    "undo": tuple(Reversibility),
    "data": (
        "personal",
        "financial",
        "card",
        "secret",
        "health",
        "location",
        "access",
        "identity",
        "customer",
        "employee",
        "place",
        "free-text",
        "naming",
        "authored",
        "document",
    ),
    "severity": tuple(Severity),
    "role": tuple(role.replace(" ", "-") for role in FlowRole),
}
FIELDS: Final = tuple(FIELD_VALUES)
#: Numeric fields, which can be compared.
NUMBERS: Final[Mapping[str, Callable[[QueryRow], int]]] = {
    "findings": lambda row: row.findings,
    "tokens": lambda row: row.tokens,
}
ALIASES: Final = {"type": "class", "status": "is", "reversibility": "undo", "pii": "data", "finding": "rule"}
