"""Laws of the whole pack with the score: what adds never helps, what mends never hurts, and the sum is exact."""

import random
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.governance.controls import controls
from analysis.ingest import read
from analysis.model import (
    Answer,
    AnswerState,
    Condition,
    ConditionKind,
    Decision,
    DecisionState,
    Disposition,
    Evidence,
    Status,
    decision_state_of,
)
from analysis.review.derived import Views
from analysis.review.derived.view import ToolTable
from analysis.review.record.policy import ReviewPolicy
from analysis.review.record.record import Record
from analysis.workspace import Registers
from tests.analysis.rules.test_rules import findings_of, states_of
from tests.fixtures.examples import share

pytestmark = pytest.mark.repeats

ROOT = Path(__file__).parents[3]
TODAY, AT = "2026-03-01", "2026-02-01T00:00:00Z"
CONDITIONS = [
    Condition(ConditionKind.APPROVAL, "two persons", evidence="workflow"),
    Condition(ConditionKind.APPROVAL, "one person"),
    Condition(ConditionKind.GROUP, "support", evidence="export"),
    Condition(ConditionKind.ENVIRONMENT, "production"),
    Condition(ConditionKind.OWNER, "head of sales"),
]


@cache
def material():
    """Tools of the worked example and of the poisoned list, and what rules say of their definitions."""
    readings = [read(str(ROOT / "sample_data" / name)) for name in ("customer-management.yaml", "poisoned-tools.json")]
    return [s for reading in readings for s in states_of(reading)], [f for r in readings for f in findings_of(r)]


def decisions():
    conditions = st.lists(st.sampled_from(CONDITIONS), max_size=3, unique=True)
    return st.none() | st.tuples(st.sampled_from(DecisionState), conditions)


def stands(tool, said):
    """A tool under a decision, as a review would have it."""
    decision = None
    if said is not None:
        decision_state, conditions = said
        conditions = conditions or ([CONDITIONS[0]] if decision_state is DecisionState.CONDITIONAL else [])
        given_ = tuple(conditions) if decision_state is DecisionState.CONDITIONAL else ()
        decision = Decision(decision_state, "agreed", tool.row.digest, "ann", AT, given_)
    return replace(
        tool, decision=decision, decision_state=decision_state_of(decision, tool.row.digest, TODAY, conflict=False)
    )


class Recorded(Record):
    """What a review has on record, without a review: dispositions and answers."""

    day = TODAY
    policy = ReviewPolicy()
    requesters = frozenset()
    version = (0, TODAY, 0)
    registers = Registers()
    packet = None
    since_packet = 0
    drawn = 0
    several = False
    set_aside: dict[str, Any] = {}  # noqa: RUF012 - never changed

    def __init__(self, said=None, answers=None) -> None:
        self._said, self._answers = said or {}, answers or {}

    def disposition(self, finding):
        return self._said.get(finding)

    def answers(self):
        return self._answers

    def dispositions(self):
        return {}

    def lacking_second_approver(self, _tools):
        return ()


def views(tools, **recorded):
    """Return the table of some tools and the views over it."""
    table = ToolTable(tools)
    return table, Views(table, Recorded(**recorded), lambda: material()[1], ())


def summary(tools, **recorded):
    return views(tools, **recorded)[1].summary


def value(tools, **more):
    return summary(tools, **more).score.value


@st.composite
def reviews(draw):
    states, _ = material()
    chosen = draw(st.lists(st.integers(0, len(states) - 1), unique=True, min_size=2, max_size=10))
    return [stands(states[n], draw(decisions())) for n in chosen]


@given(reviews(), st.data())
def test_adding_a_tool_never_raises_the_score(tools, data):
    at = data.draw(st.integers(0, len(tools) - 1))
    fewer = value(tools[:at] + tools[at + 1 :])
    whole = value(tools)
    assert fewer is None or whole is None or whole <= fewer


@given(reviews(), st.data())
def test_deciding_and_blocking_never_lower_it(tools, data):
    at = data.draw(st.integers(0, len(tools) - 1))
    before = value([stands(t, None) if n == at else t for n, t in enumerate(tools)])
    after = value([stands(t, data.draw(decisions())) if n == at else t for n, t in enumerate(tools)])
    assert before is None or after is None or after >= before


@given(reviews(), st.data())
def test_fixing_and_accepting_never_lower_it(tools, data):
    found = summary(tools)
    single = sorted({f.id for group in found.by_tool.values() for f in group} | {f.id for f in found.general})
    status = data.draw(st.sampled_from([Status.FIXED, Status.ACCEPTED, Status.FALSE_POSITIVE, Status.NOT_APPLICABLE]))
    said = Disposition(status, "seen", "ann", AT, evidence="REC-1", owner="head of sales", until="2027-01-01")
    before, after = found.score.value, value(tools, said={data.draw(st.sampled_from(single)): said})
    assert before is None or after >= before


@given(reviews(), st.sampled_from(controls()), st.sampled_from([AnswerState.CLAIMED, AnswerState.EVIDENCED]))
def test_answering_never_lowers_it(tools, control, state):
    answer = Answer(control.id, state, "seen", "ann", AT, (Evidence("Observed", "E4"),))
    before, after = value(tools), value(tools, answers={control.id: answer})
    assert before is None or after >= before


@given(reviews())
def test_the_ledger_explains_every_point(tools):
    score = summary(tools).score
    if score.value is not None:
        assert round(sum(line.penalty for line in score.ledger), 6) == 100 - score.value


@share(3 / 4)
@given(reviews(), st.integers(0, 9))
def test_findings_follow_from_the_tools_whatever_their_order(tools, seed):
    mixed = random.Random(seed).sample(tools, len(tools))
    one, other = summary(tools), summary(mixed)
    assert {f.id: f.severity for g in one.by_tool.values() for f in g} == {
        f.id: f.severity for g in other.by_tool.values() for f in g
    }
    assert sorted(f.id for f in one.findings) == sorted(f.id for f in other.findings)
    assert one.score.value == other.score.value


@share(1 / 2)
@given(reviews(), st.data())
def test_what_is_kept_changes_nothing(tools, data):
    at = data.draw(st.integers(0, len(tools) - 1))
    after = [stands(t, data.draw(decisions())) if n == at else t for n, t in enumerate(tools)]
    table, kept = views(tools)
    assert kept.summary is kept.summary
    table.put(after[at])
    found, anew = kept.summary, summary(after)
    assert (found.findings, found.score, found.by_tool) == (anew.findings, anew.score, anew.by_tool)
