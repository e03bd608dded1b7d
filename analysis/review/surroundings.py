"""What surrounds one tool: the flows it takes part in, the tools like it, and what its type calls for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.model import LEVELS, AnswerState, ToolType
from analysis.review.governing import called_for
from analysis.review.relations import cuts_through, family_of, legs_of

if TYPE_CHECKING:
    from analysis.model import Answer, ToolReview, ToolState
    from analysis.review.reading import ReviewReader
    from analysis.review.relations import Cut, Family, LegOf


@dataclass(frozen=True, slots=True)
class Wanted:
    """One question that a type of tool calls for: how it stands, and the level of evidence that is wanted."""

    control: str
    title: str
    level: str
    state: str
    enough: bool


@dataclass(frozen=True, slots=True)
class Called:
    """What a type of tool calls for: questions, and conditions as `KIND=VALUE`."""

    kind: ToolType
    questions: tuple[Wanted, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What surrounds one tool. `cuts` are those of the flow over tools not blocked that this tool is part of."""

    legs: tuple[LegOf, ...]
    cuts: tuple[Cut, ...]
    family: Family | None
    alike: tuple[ToolState, ...]
    called_for: Called
    alone: bool = False  # one person let it through, and the review asks for two


def surroundings(review: ReviewReader, seen: ToolReview) -> Surroundings:
    """Return what surrounds a tool."""
    tool = seen.tool.id
    now = review.tool(tool)
    family = family_of(review, tool)
    others = [row.id for row in family.members if row.id != tool] if family else []
    return Surroundings(
        legs=legs_of(now, seen.assessment.legs),
        cuts=cuts_through(review, tool) if now.legs else (),
        family=family,
        alike=tuple(review.tool(other) for other in others),
        called_for=_called_for(review, now.type),
        alone=tool in review.alone(),
    )


def _called_for(review: ReviewReader, kind: ToolType) -> Called:
    questions, conditions = called_for(kind, review)
    wanted = []
    for name, level in questions.items():
        control, given, state = review.control(name)
        settled = state in {AnswerState.EVIDENCED, AnswerState.NOT_APPLICABLE}
        wanted.append(Wanted(name, control.title, level, state.value, settled and _proves(given, level, state)))
    return Called(kind, tuple(wanted), conditions)


def _proves(given: Answer | None, level: str, state: AnswerState) -> bool:
    """Whether an answer is proved on the level that this type of tool wants, where it wants a certain one."""
    if not level or state is AnswerState.NOT_APPLICABLE:
        return True
    return given is not None and any(LEVELS.index(proof.level) >= LEVELS.index(level) for proof in given.evidence)
