"""Governance of a review: questions and answers, proposed answers, diagrams, and coverage of standards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.governance.controls import LISTS, answer_state, control, controls
from analysis.governance.defaults import conditions_for, controls_for
from analysis.governance.diagrams import credential_flow, data_flow
from analysis.governance.proposals import proposals
from analysis.governance.standards import Standard, coverage, standard, standards
from analysis.model import Effect
from analysis.query.row import FIXED_VALUES
from analysis.review import queries
from analysis.review.record import state
from analysis.rules import rules
from analysis.words import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.model import Answer, AnswerState, Control, Diagram, Intake, Profile, Proposal, ToolType
    from analysis.review.session import Review
    from analysis.traffic import Traffic

__all__ = [
    "DATA_CLASSES",
    "LISTS",
    "CoveredId",
    "Standard",
    "control",
    "diagrams",
    "intake_conflicts",
    "proposed_answers",
    "questions_of",
    "required_controls",
    "standard",
    "standard_coverage",
    "standards",
    "states_of",
]  # fmt: skip


#: The classes of data that an access request can name.
DATA_CLASSES: Final = FIXED_VALUES["data"]


@dataclass(frozen=True, slots=True)
class CoveredId:
    """One id of a standard with the controls and rules that refer to it; `states` of the controls in a review."""

    id: str
    title: str
    controls: tuple[str, ...]
    rules: tuple[str, ...]
    states: tuple[tuple[str, str], ...] = ()

    @property
    def uncovered(self) -> bool:
        """Whether no control and no rule refers to the id."""
        return not self.controls and not self.rules


def questions_of(profile: Profile, list_name: str = "") -> tuple[Control, ...]:
    """Return the questions of a profile, of one list if one is named. Raises `UsageError` for an unknown list."""
    if list_name and list_name not in LISTS:
        near = nearest(list_name, list(LISTS))
        remedy = f"did you mean {near}?" if near else f"lists are {', '.join(LISTS)}"
        raise UsageError(f"no list is called {list_name!r}", remedy=remedy)
    return tuple(c for c in controls(profile) if not list_name or list_name in c.lists)


def answer_to(review: Review, control: str) -> Answer | None:
    """Return the answer to a governance question, whether the profile asks it or not."""
    return state.recorded_answer(control, review.record.registers)


def control_state(review: Review, control_id: str) -> tuple[Control, Answer | None, AnswerState]:
    """Return one governance question with its answer and the state in effect. Raises `UsageError`."""
    question, answer = control(control_id), answer_to(review, control_id)
    return question, answer, answer_state(question, answer, review.record.day)


def asked_controls(review: Review) -> list[tuple[Control, Answer | None, AnswerState]]:
    """Return `control_state` of the questions of the profile, and of all others that were answered."""
    rank = review.policy.profile.rank
    every = (control_state(review, each.id) for each in controls())
    return [entry for entry in every if entry[0].profile.rank <= rank or entry[1] is not None]


def intake(review: Review) -> Intake | None:
    """Return the access request, if there is one."""
    return state.recorded_intake(review.record.registers)


def states_of(review: Review) -> dict[str, str]:
    """Return the state of every question; it is `not asked` outside the profile and without an answer."""
    shown = {control.id for control, _, _ in queries.asked_controls(review)}
    return {c.id: review.summary().answers[c.id].value if c.id in shown else "not asked" for c in controls()}


def standard_coverage(
    standard: Standard, questions: tuple[Control, ...], states: Mapping[str, str] | None = None
) -> tuple[CoveredId, ...]:
    """Return every id of a standard with its controls and rules; `states` are those of the answers by control."""
    by_controls = coverage(standard, ((c.id, c.maps_to) for c in questions))
    by_rules = coverage(standard, ((r.id, r.standards) for r in rules()))
    known = states or {}
    return tuple(
        CoveredId(
            one.id, one.title, one.names, other.names,
            tuple((name, known[name]) for name in one.names if name in known),
        )
        for one, other in zip(by_controls, by_rules, strict=True)
    )  # fmt: skip


def required_controls(tool_type: ToolType, review: Review | None = None) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Return what a tool type requires: questions with their evidence levels, and conditions `KIND=VALUE`.

    The organisation's policy overrides the built-in table.
    """
    policy = review.policy.policy if review else None
    if policy and tool_type in policy.conditions:
        return controls_for(tool_type), tuple(f"{c.kind.value}={c.value}" for c in policy.conditions[tool_type])
    return controls_for(tool_type), conditions_for(tool_type)


def proposed_answers(review: Review, traffic: Traffic | None = None) -> dict[str, tuple[Proposal, Answer | None]]:
    """Return the answers that the sources suggest by control, each with the recorded answer."""
    reviews = list(queries.reviewed_tools(review))
    records = (traffic.calls, dict(traffic.missing_fields)) if traffic else None
    found = proposals([source.info for source in review.sources()], reviews, records)
    return {control: (proposal, queries.answer_to(review, control)) for control, proposal in found.items()}


def intake_conflicts(review: Review, request: Intake) -> tuple[str, ...]:
    """Return where sources and decisions contradict the access request: tools that write, classes of data, scopes."""
    live = [tool for tool in review.tools() if tool.live]
    writing = [tool.row.name for tool in live if tool.effect is not Effect.READ]
    found = []
    if request.writes == "no" and writing:
        found.append(f"the request says no writes, but {len(writing)} live tools write, such as {writing[0]}")
    classes = Counter(data for tool in live for data in tool.row.data)
    undeclared = [f"{data} ({classes[data]} tools)" for data in sorted(classes) if data not in request.data]
    if request.data and undeclared:
        found.append(f"classes of data that live tools touch and the request omits: {', '.join(undeclared)}")
    needed = {scope for tool in live for scope in tool.row.scopes}
    for what, scopes in (
        ("scopes that the deployed grant has and no live tool needs", set(request.grant) - needed),
        ("scopes that live tools need and the deployed grant lacks", needed - set(request.grant)),
    ):
        if request.grant and scopes:
            found.append(f"{what}: {', '.join(sorted(scopes))}")
    return tuple(found)


def diagrams(review: Review) -> tuple[Diagram, Diagram]:
    """Return the data flow diagram and the credential flow diagram of the live tools."""
    reviews = list(queries.reviewed_tools(review))
    infos = [source.info for source in review.sources()]
    return data_flow(reviews, infos), credential_flow(reviews, infos)
