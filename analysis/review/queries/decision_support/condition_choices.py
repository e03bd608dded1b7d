"""Values that a form of conditions offers: from the access request, the tool's parameters, and earlier decisions.

Each of them is one that a gateway can check (`analysis.model.terms`).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from analysis.model import ConditionKind, Parameter, Tool
from analysis.model.parameter_limit import NotTyped
from analysis.model.terms import read_terms
from analysis.review.queries.search import conditions_used
from analysis.review.record.conditions import split_conditions
from analysis.review.record.state import recorded_intake
from analysis.workspace import from_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from analysis.model import ToolId
    from analysis.review.session import Review

_ENVIRONMENTS: Final = ("production", "staging", "test", "development")
_RATES: Final = ("10 per hour", "100 per hour", "60 per minute", "1000 per day")
#: Expiry dates that are offered, days from the effective time of the review.
_DAYS: Final = (90, 30, 180, 365)
#: Largest number that is offered for a parameter without a declared maximum.
_MAX_NUMBER: Final = 100
_NUMBERS: Final = frozenset({"integer", "number"})


def condition_choices(review: Review, tools: Sequence[ToolId], actor: str) -> Mapping[ConditionKind, tuple[str, ...]]:
    """Return the values to choose from by kind: the access request and the parameters first, then those used before."""
    found: dict[ConditionKind, dict[str, None]] = {kind: {} for kind in ConditionKind}
    for kind, value in (*_requested(review), *_of_parameters(review, tools), *_used(review), *_usual(review, actor)):
        if _is_typed(kind, value):
            found[kind].setdefault(value)
    return {kind: tuple(values) for kind, values in found.items()}


def _is_typed(kind: ConditionKind, value: str) -> bool:
    try:
        read_terms(kind, value)
    except NotTyped:
        return False
    return True


def _requested(review: Review) -> Iterator[tuple[ConditionKind, str]]:
    """Yield what the access request names: environment, teams and people."""
    request = recorded_intake(review.record.registers)
    if request is None:
        return
    if request.environment:
        yield ConditionKind.ENVIRONMENT, request.environment
    people = [name for name in request.audience if "@" in name]
    teams = [name for name in request.audience if "@" not in name]
    for kind, names in ((ConditionKind.USER, people), (ConditionKind.GROUP, teams)):
        if names:
            yield kind, ", ".join(names)
            yield from ((kind, name) for name in names)
    for name in (*teams, *people):
        yield ConditionKind.APPROVAL, f"one person of {name}"
    if request.owner:
        yield ConditionKind.OWNER, request.owner


def _of_parameters(review: Review, tools: Sequence[ToolId]) -> Iterator[tuple[ConditionKind, str]]:
    """Yield limits on the parameters that all the tools have, numbers and enumerations first."""
    parameters = shared_parameters(review, tools)
    for parameter in sorted(parameters, key=lambda each: (each.type not in _NUMBERS, not each.values)):
        for limit in _limits(parameter):
            yield ConditionKind.PARAMETERS, f"{parameter.name}: {limit}"


def shared_parameters(review: Review, tools: Sequence[ToolId]) -> list[Parameter]:
    """Return the parameters that all of some tools have, as the first one defines them."""
    if not tools:
        return []
    first = from_plain(Tool, review.store.record(tools[0])["tool"])
    names = [set(parameter_names(review, tool)) for tool in tools[1:]]
    return [each for each in first.parameters if all(each.name in found for found in names)]


def parameter_names(review: Review, tool: ToolId) -> tuple[str, ...]:
    """Return the names of the parameters of a tool, those of its path too."""
    row = review.tool(tool).row
    of_path = [part.partition("}")[0] for part in row.path.split("{")[1:]]
    return (*row.inputs, *of_path)


def _limits(parameter: Parameter) -> Iterator[str]:
    """Yield limits that narrow a parameter: its declared maximum, else a usual one."""
    bounds = dict(parameter.limits)
    if parameter.values:
        yield f"one of {', '.join(parameter.values)}"
        yield from (f"exactly {value}" for value in parameter.values)
    elif parameter.type in _NUMBERS:
        yield f"at most {bounds.get('maximum', _MAX_NUMBER)}"
        yield f"1 to {bounds.get('maximum', _MAX_NUMBER)}"
    elif parameter.type == "boolean":
        yield "exactly false"
        yield "exactly true"
    elif parameter.type == "array":
        yield f"at most {bounds.get('maxItems', 10)} items"
    elif parameter.type == "string":
        yield f"at most {bounds.get('maxLength', 200)} characters"
    if not parameter.required:
        yield "not sent"


def _used(review: Review) -> Iterator[tuple[ConditionKind, str]]:
    for line in conditions_used(review):
        for part in split_conditions(line):
            kind, _, rest = part.partition("=")
            if kind in set(ConditionKind):
                yield ConditionKind(kind), rest.partition("|")[0].strip()


def _usual(review: Review, actor: str) -> Iterable[tuple[ConditionKind, str]]:
    """Return what is offered in any review."""
    today = date.fromisoformat(review.as_of[:10])
    policy = review.policy.policy
    days = _DAYS if policy is None or policy.approval_days is None else (policy.approval_days, *_DAYS)
    return [
        (ConditionKind.APPROVAL, "one person"),
        (ConditionKind.APPROVAL, "two persons"),
        *((ConditionKind.ENVIRONMENT, name) for name in _ENVIRONMENTS),
        *((ConditionKind.RATE, rate) for rate in _RATES),
        (ConditionKind.AUDIT, "every call"),
        (ConditionKind.OWNER, actor),
        *((ConditionKind.EXPIRES, (today + timedelta(days=count)).isoformat()) for count in days),
    ]
