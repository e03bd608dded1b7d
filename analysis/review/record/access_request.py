"""Whether decisions fit the access request: each allowed tool is approved for the environment and audience it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.model import ConditionKind
from analysis.model.terms import Audience, terms
from analysis.review.record.state import recorded_intake

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.model import ToolId, ToolState
    from analysis.workspace import Registers

#: Words of `is:` for the tools that do not fit the request.
OTHER_ENVIRONMENT: Final = "other-environment"
OTHER_AUDIENCE: Final = "other-audience"

#: Names of one environment, as people abbreviate them.
_SAME: Final = (
    {"production", "prod", "prd", "live"},
    {"preproduction", "pre-production", "preprod", "staging", "stage", "stg"},
    {"test", "testing", "qa"},
    {"development", "dev"},
)


@dataclass(frozen=True, slots=True)
class RequestFit:
    """What the request names, and the allowed tools whose conditions name something else, or nothing."""

    environment: str = ""
    audience: str = ""
    allowed: int = 0
    other_environment: tuple[ToolId, ...] = ()
    other_audience: tuple[ToolId, ...] = ()


def request_fit(registers: Registers, tools: Iterable[ToolState]) -> RequestFit:
    """Compare the access request with the conditions of every allowed tool.

    An approval without a condition holds everywhere and for everyone, which is more than was requested. All the groups
    of a condition have to be in the audience: a wider one is another one.
    """
    request = recorded_intake(registers)
    if request is None or not (request.environment or request.audience):
        return RequestFit()
    allowed = [tool for tool in tools if tool.decision_state.allowed]
    environment, audience = {_environment(request.environment)}, {_plain(name) for name in request.audience}
    return RequestFit(
        request.environment,
        ", ".join(request.audience),
        len(allowed),
        tuple(
            t.row.id for t in allowed if not environment & set(map(_environment, _names(t, ConditionKind.ENVIRONMENT)))
        )
        if request.environment
        else (),
        tuple(
            t.row.id
            for t in allowed
            if not (named := _names(t, ConditionKind.GROUP, ConditionKind.USER)) or not named <= audience
        )
        if audience
        else (),
    )


def _names(tool: ToolState, *kinds: ConditionKind) -> set[str]:
    """Return the names in the conditions of some kinds; none for one of an older log that names nothing."""
    conditions = tool.decision.conditions if tool.decision else ()
    stated = [terms(condition) for condition in conditions if condition.kind in kinds]
    return {_plain(name) for each in stated if isinstance(each, Audience) for name in each.names}


def _environment(name: str) -> str:
    """Return an environment under the first of its names."""
    plain = _plain(name)
    return next((min(names) for names in _SAME if plain in names), plain)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
