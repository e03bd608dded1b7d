"""What governance shows of a review: proposals, diagrams, and which id of a standard is covered by what."""

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
    "asked",
    "control",
    "diagrams",
    "intake_conflicts",
    "proposed",
    "required_controls",
    "standard",
    "standard_coverage",
    "standards",
    "states_of",
]  # fmt: skip


#: The classes of data that anybody can name.
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
    def nothing(self) -> bool:
        """Whether nothing of ours speaks to it."""
        return not self.controls and not self.rules


def asked(profile: Profile, listed: str = "") -> tuple[Control, ...]:
    """Return the questions of a profile, of one list if one is named. Raises `UsageError` for an unknown list."""
    if listed and listed not in LISTS:
        near = nearest(listed, list(LISTS))
        remedy = f"did you mean {near}?" if near else f"lists are {', '.join(LISTS)}"
        raise UsageError(f"no list is called {listed!r}", remedy=remedy)
    return tuple(c for c in controls(profile) if not listed or listed in c.lists)


def answer_to(review: Review, control: str) -> Answer | None:
    """Return the answer to a governance question, whether the profile asks it or not."""
    return state.answer(control, review.record.registers)


def control_state(review: Review, control_id: str) -> tuple[Control, Answer | None, AnswerState]:
    """Return one governance question with its answer and the state in effect. Raises `UsageError`."""
    asked, given = control(control_id), answer_to(review, control_id)
    return asked, given, answer_state(asked, given, review.record.day)


def asked_controls(review: Review) -> list[tuple[Control, Answer | None, AnswerState]]:
    """Return the governance questions of the profile, and all others that were answered, in the same way."""
    rank = review.policy.profile.rank
    every = (control_state(review, each.id) for each in controls())
    return [entry for entry in every if entry[0].profile.rank <= rank or entry[1] is not None]


def intake(review: Review) -> Intake | None:
    """Return the access request, if there is one."""
    return state.intake(review.record.registers)


def states_of(review: Review) -> dict[str, str]:
    """Return the state of every question; one that the profile does not ask and nobody answered is `not asked`."""
    shown = {control.id for control, _, _ in queries.asked_controls(review)}
    return {c.id: review.summary().answers[c.id].value if c.id in shown else "not asked" for c in controls()}


def standard_coverage(
    wanted: Standard, asked: tuple[Control, ...], states: Mapping[str, str] | None = None
) -> tuple[CoveredId, ...]:
    """Return every id of a standard with what covers it, and with the states of answers where they are given."""
    ours = coverage(wanted, ((c.id, c.maps_to) for c in asked))
    engine = coverage(wanted, ((r.id, r.standards) for r in rules()))
    held = states or {}
    return tuple(
        CoveredId(
            one.id, one.title, one.names, other.names,
            tuple((name, held[name]) for name in one.names if name in held),
        )
        for one, other in zip(ours, engine, strict=True)
    )  # fmt: skip


def required_controls(kind: ToolType, review: Review | None = None) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Return what a type of tool calls for: questions with the evidence level wanted, and conditions `KIND=VALUE`.

    The organisation's policy goes before the table that ships.
    """
    policy = review.policy.policy if review else None
    if policy and kind in policy.conditions:
        return controls_for(kind), tuple(f"{c.kind.value}={c.value}" for c in policy.conditions[kind])
    return controls_for(kind), conditions_for(kind)


def proposed(review: Review, traffic: Traffic | None = None) -> dict[str, tuple[Proposal, Answer | None]]:
    """Return what the sources answer by themselves, each beside the answer that was given."""
    reviews = [queries.reviewed_tool(review, tool.row.id) for tool in review.tools()]
    records = (traffic.calls, dict(traffic.missing_fields)) if traffic else None
    found = proposals([source.info for source in review.sources()], reviews, records)
    return {control: (made, queries.answer_to(review, control)) for control, made in found.items()}


def intake_conflicts(review: Review, said: Intake) -> tuple[str, ...]:
    """Return what the sources say against the intake: tools that write, classes of data that nobody named."""
    live = [tool for tool in review.tools() if tool.live]
    writing = [tool.row.name for tool in live if tool.effect is not Effect.READ]
    found = []
    if said.writes == "no" and writing:
        found.append(f"it is said not to write, and {len(writing)} live tools do, such as {writing[0]}")
    classes = Counter(data for tool in live for data in tool.row.data)
    unsaid = [f"{data} ({classes[data]} tools)" for data in sorted(classes) if data not in said.data]
    if said.data and unsaid:
        found.append(f"classes of data that live tools touch and nobody named: {', '.join(unsaid)}")
    return tuple(found)


def diagrams(review: Review) -> tuple[Diagram, Diagram]:
    """Return the flows of data and of credentials over the live tools, as data to draw."""
    reviews = [queries.reviewed_tool(review, tool.row.id) for tool in review.tools()]
    infos = [source.info for source in review.sources()]
    return data_flow(reviews, infos), credential_flow(reviews, infos)
