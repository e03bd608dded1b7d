"""The text form of conditions: `KIND=VALUE`, with ` | EVIDENCE` where there is evidence.

What a value has to say so that a gateway can check it: `analysis.model.terms`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.governance.defaults import conditions_for
from analysis.model import Condition, ConditionKind, ToolType
from analysis.model.parameter_limit import NotTyped
from analysis.model.terms import read_terms
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Conditions proposed for each tool type where the review has none yet, as one line.
DEFAULTS = {tool_type: "; ".join(conditions_for(tool_type)) for tool_type in ToolType}

#: Example conditions of each kind.
TEMPLATES = (
    "approval=one person",
    "approval=two persons",
    "approval=one person of ann@corp.example, support-leads",
    "user=ann@corp.example",
    "group=support-l3",
    "env=staging",
    "param_allow=limit: at most 100",
    "rate=10 per hour",
    "audit=every call",
    "expires=2027-01-31",
    "note=owner NAME, due 2027-01-31",
)


def read_conditions(texts: Iterable[str]) -> list[Condition]:
    """Parse conditions. Raises `UsageError` naming the first faulty one."""
    return [_read_condition(text) for text in texts]


def split_conditions(text: str) -> list[str]:
    """Split a line into the conditions that semicolons separate."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _read_condition(text: str) -> Condition:
    kind, sign, rest = text.partition("=")
    value, _, evidence = rest.partition("|")
    kinds = ", ".join(ConditionKind)
    if kind.strip() not in set(ConditionKind) or not sign:
        raise UsageError("this is not a condition", place=text, remedy=f"write KIND=VALUE with KIND one of: {kinds}")
    if not value.strip():
        raise UsageError("a condition needs a value", place=text, remedy="for example: approval=two persons")
    condition = Condition(ConditionKind(kind.strip()), value.strip(), evidence.strip())
    refuse_untyped([condition])
    return condition


def refuse_untyped(conditions: Iterable[Condition]) -> None:
    """Raise `UsageError` for the first condition that nothing could check, with what to write instead."""
    for condition in conditions:
        try:
            read_terms(condition.kind, condition.value)
        except NotTyped as refused:
            place = f"{condition.kind.value}={condition.value}"
            raise UsageError(str(refused), place=visible(place, 200), remedy=refused.remedy) from None


def write_conditions(conditions: Iterable[Condition]) -> str:
    """Return conditions as one line, which `split_conditions` and `read_conditions` turn back into them."""
    return "; ".join(f"{c.kind.value}={c.value}" + (f" | {c.evidence}" if c.evidence else "") for c in conditions)
