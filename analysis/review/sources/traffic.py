"""Recorded calls checked against a review: whether each was allowed and within the definition of its tool."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import InputRefused
from analysis.model import Level, Problem, Skipped, SourceKind
from analysis.review import queries
from analysis.review.record.people.approvers import decision_states
from analysis.traffic import Traffic, check_calls, read_log, validator

if TYPE_CHECKING:
    from analysis.model import SourceId, Tool
    from analysis.review.session import Review
    from analysis.traffic import Call, Validator

__all__ = ["CheckedTraffic", "Traffic", "check_traffic"]


@dataclass(frozen=True, slots=True)
class CheckedTraffic:
    """The result of a check of recorded traffic, the problems of the log, and what was not checked."""

    traffic: Traffic
    problems: tuple[Problem, ...]
    not_checked: tuple[Skipped, ...]


def check_traffic(review: Review, raw: bytes, place: str) -> CheckedTraffic:
    """Check a HAR file or a JSON-lines audit log against a review. Raises `InputRefused` when it is neither.

    The result is evidence for the audit questions. Nothing is recorded in the review.
    """
    calls, problems = read_log(raw)
    refused = next((p for p in problems if p.level is Level.REFUSED), None)
    if refused is not None:
        raise InputRefused(f"the log was refused: {refused.what}", place=place, remedy=refused.remedy)
    with ExitStack() as stack:
        validators: dict[SourceId, Validator] = {}
        for source in review.sources():
            if source.info.kind is SourceKind.OPENAPI:
                entry = queries.stored_files(review, source.info.id)[0][1]
                validators[source.info.id] = stack.enter_context(validator(entry))

        def validate(call: Call, tool: Tool) -> list[str]:
            check = validators.get(tool.source)
            return check(call, tool) if check else []

        tools = [queries.reviewed_tool(review, state.row.id).tool for state in review.tools()]
        states = decision_states(review.tools(), queries.lacking_second_approver(review))
        decisions = {tool: state.value for tool, state in states.items()}
        traffic = check_calls(calls, tools, decisions, validate)
        skipped = [Skipped(f"calls of {source}", check.reason) for source, check in validators.items() if not check]
    skipped += [
        Skipped(f"calls of {source.info.id}", f"recorded arguments are not validated against {source.info.format}")
        for source in review.sources()
        if source.info.kind is not SourceKind.OPENAPI
    ]
    return CheckedTraffic(traffic, tuple(problems), tuple(skipped))
