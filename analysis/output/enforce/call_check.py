"""The decision on one call, in the order of the checks: stopped, known, audience, drift, input, limits, rate, approval.

Pure: everything that a decision depends on is an argument. The rate is taken by the caller of `check_call`, after the
checks that cost nothing and before a person is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from analysis.output.enforce.caller import is_one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.output.enforce.approved import Approved, Requirements
    from analysis.output.enforce.argument_check import ArgumentCheck
    from analysis.output.enforce.caller import Caller


class CallCheck(StrEnum):
    """The checks, in their order. The values are part of audit records."""

    STOPPED = "stopped"
    KNOWN = "known"
    AUDIENCE = "audience"
    EXPIRY = "expiry"
    DRIFT = "drift"
    INPUT = "input"
    LIMIT = "limit"
    RATE = "rate"
    APPROVAL = "approval"
    AUDIT = "audit"
    UPSTREAM = "upstream"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call is refused: the check, the sentence for the record, and the one for the caller."""

    check: CallCheck
    why: str
    told: str


@dataclass(frozen=True, slots=True)
class GatewayState:
    """What the supervision found last. `stopped`: why nothing is served; `drifted`: name -> what has changed.

    `unconfirmed`: the upstream could not be compared for too long, so critical tools are refused.
    """

    stopped: str = ""
    drifted: Mapping[str, str] = field(default_factory=dict)
    unconfirmed: str = ""


def check_standing(
    tool: Approved | None, caller: Caller, state: GatewayState, *, day: str, environment: str
) -> Refusal | None:
    """Return why a tool may not be called at all at the moment, whatever the arguments: what is shown follows it too.

    To a caller outside its audience a tool looks as if it did not exist.
    """
    if state.stopped:
        return Refusal(CallCheck.STOPPED, state.stopped, f"this gateway has stopped: {state.stopped}")
    if tool is None:
        return Refusal(CallCheck.KNOWN, "no approved tool has this name", "")
    needed = tool.requirements
    outside = _outside(needed, caller, environment)
    if outside:
        return Refusal(CallCheck.AUDIENCE, outside, "")
    if needed.last_day and day > needed.last_day:
        why = f"its approval ended on {needed.last_day}"
        return Refusal(CallCheck.EXPIRY, why, why)
    if tool.name in state.drifted:
        why = state.drifted[tool.name]
        return Refusal(CallCheck.DRIFT, why, f"it is withdrawn until it is reviewed again: {why}")
    if state.unconfirmed and tool.critical:
        return Refusal(CallCheck.DRIFT, state.unconfirmed, f"it is withdrawn for now: {state.unconfirmed}")
    return None


def check_arguments(check: ArgumentCheck, arguments: Mapping[str, Any]) -> Refusal | None:
    """Return why the arguments of a call are refused."""
    fault = check.schema_fault(arguments)
    if fault:
        return Refusal(CallCheck.INPUT, fault, f"the arguments do not meet its definition: {fault}")
    fault = check.limit_fault(arguments)
    if fault:
        return Refusal(CallCheck.LIMIT, fault, f"it is approved within limits: {fault}")
    return None


def _outside(needed: Requirements, caller: Caller, environment: str) -> str:
    """Return why a caller does not belong to the audience; one that nothing vouches for belongs to none."""
    for audiences, names, what in (
        (needed.users, (caller.user,), "this user"),
        (needed.teams, caller.teams, "a team of this user"),
    ):
        if audiences and not caller.vouched:
            return "nothing vouches for who calls"
        for audience in audiences:
            if not is_one_of(names, audience.names):
                return f"{what} is not one of {', '.join(audience.names)}"
    for audience in needed.environments:
        if not is_one_of((environment,), audience.names):
            return f"this environment is not one of {', '.join(audience.names)}"
    return ""


def uncheckable(needed: Requirements, *, vouches: bool, environment: str, log: str) -> str:
    """Return why a run cannot check the conditions of a tool at all, with the option that lets it; empty if it can."""
    if needed.of_people and not vouches:
        return "its audience is limited, and nothing says who calls: give --tokens FILE, or --as USER,TEAM on stdio"
    for audience in needed.environments:
        if not environment:
            return f"it is approved for {', '.join(audience.names)}: name yours with --environment"
        if not is_one_of((environment,), audience.names):
            return f"it is approved for {', '.join(audience.names)}, and this is {environment}"
    for audit in needed.audits:
        if audit.log and not is_one_of((log,), (audit.log,)):
            return (
                f"its calls have to be recorded in {audit.log}: if that is where the audit file goes, say --audit-name"
            )
    return ""
