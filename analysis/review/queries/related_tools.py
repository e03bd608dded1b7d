"""What is related to one tool: its flows, its duplicates, and the controls that its type requires."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.model import LEVELS, AnswerState, PathState, ToolType
from analysis.review import queries
from analysis.review.derived.flows import flow_roles_of
from analysis.review.queries.governance import required_controls

if TYPE_CHECKING:
    from analysis.model import Answer, BlockingSet, ReviewedTool, ToolState
    from analysis.review.derived.duplicates import DuplicateGroup
    from analysis.review.derived.flows import ToolFlowRole
    from analysis.review.session import Review


@dataclass(frozen=True, slots=True)
class RequiredControl:
    """One question that a tool type requires: its state, and the evidence level that is required."""

    control: str
    title: str
    level: str
    state: str
    enough: bool


@dataclass(frozen=True, slots=True)
class RequiredControls:
    """The controls that a tool type requires: questions, and conditions as `KIND=VALUE`."""

    kind: ToolType
    questions: tuple[RequiredControl, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelatedTools:
    """What is related to one tool. `cuts` are those of the exposed path, in its `path_state`, that include the tool."""

    flow_roles: tuple[ToolFlowRole, ...]
    cuts: tuple[BlockingSet, ...]
    group: DuplicateGroup | None
    duplicates: tuple[ToolState, ...]
    required_controls: RequiredControls
    lacks_second_approver: bool = False
    path_state: PathState = PathState.ABSENT


def related_tools(review: Review, reviewed: ReviewedTool) -> RelatedTools:
    """Return what is related to a tool."""
    tool = reviewed.tool.id
    state = review.tool(tool)
    group = review.views.duplicates.group_of(tool)
    others = [row.id for row in group.members if row.id != tool] if group else []
    return RelatedTools(
        flow_roles=flow_roles_of(state, reviewed.assessment.flow_roles, state.open_flow_roles),
        cuts=review.views.flows.blocking_sets_with(tool) if state.flow_roles or state.open_flow_roles else (),
        group=group,
        duplicates=tuple(review.tool(other) for other in others),
        required_controls=_required_controls(review, state.type),
        path_state=review.views.flows.exposed.state,
        lacks_second_approver=tool in queries.lacking_second_approver(review),
    )


def _required_controls(review: Review, tool_type: ToolType) -> RequiredControls:
    questions, conditions = required_controls(tool_type, review)
    required = []
    for name, level in questions.items():
        control, answer, state = queries.control_state(review, name)
        enough = state is AnswerState.NOT_APPLICABLE or (
            state is AnswerState.EVIDENCED and _has_evidence(answer, level)
        )
        required.append(RequiredControl(name, control.title, level, state.value, enough))
    return RequiredControls(tool_type, tuple(required), conditions)


def _has_evidence(answer: Answer | None, level: str) -> bool:
    """Whether an answer has evidence of a level or a higher one; without a required level, it has."""
    if not level:
        return True
    return answer is not None and any(LEVELS.index(each.level) >= LEVELS.index(level) for each in answer.evidence)
