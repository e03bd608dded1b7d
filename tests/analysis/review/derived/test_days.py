"""A review that is open past midnight: what ends with the day has ended, and nothing is folded again."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from analysis.model import Condition, ConditionKind, DecisionState, Disposition, Status
from analysis.review import commands
from analysis.review.derived import Views
from analysis.review.derived.view import ToolTable
from analysis.review.record.record import Record
from analysis.review.sources.sample import build_sample

BEGIN = date(2026, 3, 6)


@pytest.fixture
def review(tmp_path):
    made = build_sample(tmp_path / "sample.clearance")
    yield made
    made.close()


def opened_anew(review):
    """Return the table and the summary as a reader gets them who opens the file now."""
    record = Record(review.store.events)
    table = ToolTable(record.tool_state(state.row) for state in review.table.states)
    views = review.views
    return table, Views(table, record, views._definition_findings, views._not_run).summary


def same(review):
    table, fresh = opened_anew(review)
    kept = review.summary()
    assert review.table.states == table.states
    assert kept.by_tool == fresh.by_tool
    assert (kept.score, kept.progress, kept.gates) == (fresh.score, fresh.progress, fresh.gates)


@pytest.mark.parametrize("seed", range(3))
def test_each_day_is_what_a_reader_sees_who_opens_the_file_on_it(seed, review):
    chance = random.Random(seed)
    tools = [tool.row.id for tool in review.tools()]
    for number in range(14):
        day = BEGIN + timedelta(days=number)
        how: dict[str, Any] = {"reason": "x", "actor": "rev", "at": f"{day}T10:00:00Z"}
        until = str(day + timedelta(days=chance.randrange(3)))
        if number % 2:
            accepted = Disposition(Status.ACCEPTED, "x", "rev", how["at"], owner="cfo", until=until)
            open_ones = [f.id for f in review.summary().findings if f.status is Status.OPEN]
            commands.dispose(review, [chance.choice(open_ones)], accepted)
        else:
            end = Condition(ConditionKind.EXPIRES, until, "by policy")
            commands.decide(
                review, chance.sample(tools, 4), DecisionState.CONDITIONAL, conditions=[end], opened=tools, **how
            )
        same(review)


def test_an_approval_ends_with_its_day_although_no_one_touched_the_tool(review):
    one, other = (tool.row.id for tool in review.tools()[:2])
    how: dict[str, Any] = {"reason": "x", "actor": "rev"}
    end = Condition(ConditionKind.EXPIRES, str(BEGIN), "by policy")
    commands.decide(review, [one], DecisionState.CONDITIONAL, conditions=[end], at=f"{BEGIN}T10:00:00Z", **how)
    assert review.tool(one).decision_state is DecisionState.CONDITIONAL
    kept = review.views.findings
    commands.note(review, other, "good morning", actor="rev", at=f"{BEGIN + timedelta(days=1)}T08:00:00Z")
    assert review.tool(one).decision_state is DecisionState.EXPIRED
    assert review.views.findings is kept  # brought up to date, not made again
    same(review)
