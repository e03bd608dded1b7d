"""Conditions as people write them: `KIND=VALUE`, with ` | EVIDENCE` where it is proved already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.governance.defaults import conditions_for
from analysis.model import Condition, ConditionKind, ToolType, iso_date

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What is proposed for a tool of each type when nothing was used before, as one line.
DEFAULTS = {kind: "; ".join(conditions_for(kind)) for kind in ToolType}

#: One condition of each kind, to begin from.
TEMPLATES = (
    "approval=one person",
    "approval=two persons",
    "approval=the owner of the record",
    "group=support team",
    "env=staging only",
    "param_allow=limit: at most 100",
    "rate=10 per hour",
    "audit=every call",
    "expires=2027-01-31",
    "note=owner NAME, due 2027-01-31",
)


def read_conditions(texts: Iterable[str]) -> list[Condition]:
    """Return the conditions that texts state. Raises `UsageError` naming the first faulty one."""
    return [_read(text) for text in texts]


def split_conditions(text: str) -> list[str]:
    """Return the conditions of one line, which a semicolon separates."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _read(text: str) -> Condition:
    kind, sign, rest = text.partition("=")
    value, _, evidence = rest.partition("|")
    kinds = ", ".join(ConditionKind)
    if kind.strip() not in set(ConditionKind) or not sign:
        raise UsageError("this is not a condition", place=text, remedy=f"write KIND=VALUE with KIND one of: {kinds}")
    if kind.strip() == ConditionKind.EXPIRES and value.strip()[:1].isdigit() and not iso_date(value.strip()):
        raise UsageError("a date is written YYYY-MM-DD", place=text, remedy="for example: expires=2027-01-31")
    if not value.strip():
        raise UsageError("a condition needs a value", place=text, remedy="for example: approval=two persons")
    return Condition(ConditionKind(kind.strip()), value.strip(), evidence.strip())


def write_conditions(conditions: Iterable[Condition]) -> str:
    """Return conditions as one line that reads back to them."""
    return "; ".join(f"{c.kind.value}={c.value}" + (f" | {c.evidence}" if c.evidence else "") for c in conditions)
