"""What surrounds one tool: the flows it takes part in, the tools like it, and what its type calls for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.model import LEVELS, AnswerState, ToolType
from analysis.review import queries
from analysis.review.derived.flows import flow_roles_of
from analysis.review.queries.governance import required_controls

if TYPE_CHECKING:
    from analysis.model import Answer, ReviewedTool, ToolState
    from analysis.review.derived.duplicates import DuplicateGroup
    from analysis.review.derived.flows import BlockingSet, ToolFlowRole
    from analysis.review.session import Review


@dataclass(frozen=True, slots=True)
class RequiredControl:
    """One question that a type of tool calls for: how it stands, and the level of evidence that is wanted."""

    control: str
    title: str
    level: str
    state: str
    enough: bool


@dataclass(frozen=True, slots=True)
class RequiredControls:
    """What a type of tool calls for: questions, and conditions as `KIND=VALUE`."""

    kind: ToolType
    questions: tuple[RequiredControl, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelatedTools:
    """What surrounds one tool. `cuts` are those of the flow over tools not blocked that this tool is part of."""

    flow_roles: tuple[ToolFlowRole, ...]
    cuts: tuple[BlockingSet, ...]
    family: DuplicateGroup | None
    alike: tuple[ToolState, ...]
    required_controls: RequiredControls
    alone: bool = False  # one person let it through, and the review asks for two


def related_tools(review: Review, seen: ReviewedTool) -> RelatedTools:
    """Return what surrounds a tool."""
    tool = seen.tool.id
    now = review.tool(tool)
    family = review.views.duplicates.group_of(tool)
    others = [row.id for row in family.members if row.id != tool] if family else []
    return RelatedTools(
        flow_roles=flow_roles_of(now, seen.assessment.flow_roles),
        cuts=review.views.flows.blocking_sets_with(tool) if now.flow_roles else (),
        family=family,
        alike=tuple(review.tool(other) for other in others),
        required_controls=_required_controls(review, now.type),
        alone=tool in queries.lacking_second_approver(review),
    )


def _required_controls(review: Review, kind: ToolType) -> RequiredControls:
    questions, conditions = required_controls(kind, review)
    wanted = []
    for name, level in questions.items():
        control, given, state = queries.control_state(review, name)
        settled = state in {AnswerState.EVIDENCED, AnswerState.NOT_APPLICABLE}
        wanted.append(
            RequiredControl(name, control.title, level, state.value, settled and _proves(given, level, state))
        )
    return RequiredControls(kind, tuple(wanted), conditions)


def _proves(given: Answer | None, level: str, state: AnswerState) -> bool:
    """Whether an answer is proved on the level that this type of tool wants, where it wants a certain one."""
    if not level or state is AnswerState.NOT_APPLICABLE:
        return True
    return given is not None and any(LEVELS.index(proof.level) >= LEVELS.index(level) for proof in given.evidence)
