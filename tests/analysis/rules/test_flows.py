"""Flows over several tools: who stands on which leg, what breaks them, and what one decision does."""

import time
from dataclasses import replace

import pytest

from analysis.model import Allowance, Condition, ConditionKind, Exposure, Leg, Retag, ToolType
from analysis.rules.examples import decided, state
from analysis.rules.flows import allowed_legs, change, exposed, flow_of
from analysis.rules.index import Index

PROVED = decided(Exposure.CONDITIONAL, Condition(ConditionKind.APPROVAL, "one person", evidence="test run"))
YES = decided(Exposure.APPROVED)
READ = state("readInbox", ToolType.READ, YES, legs=(Leg.PRIVATE, Leg.UNTRUSTED))
FILES = state("readFile", ToolType.READ, YES, legs=(Leg.PRIVATE,))


def sending(decision=None):
    return state("sendMail", ToolType.SIDE_EFFECT, decision, legs=(Leg.WAY_OUT,))


def given(tools):
    """The flow over the tools that the agent is given."""
    return flow_of(Index(allowed_legs, tools), [tool.row.id for tool in tools])


def test_each_leg_is_a_way_to_break_it_unless_another_within_it_would_do():
    flow = exposed([READ, FILES, sending(YES)])
    assert flow.closed
    assert [(cut.leg, len(cut.tools)) for cut in flow.cuts] == [(Leg.UNTRUSTED, 1), (Leg.WAY_OUT, 1)]


@pytest.mark.parametrize("cut", range(2))
def test_blocking_what_a_cut_names_breaks_the_flow_and_less_does_not(cut):
    tools = [READ, FILES, sending(YES), replace(sending(YES), row=state("sendFax", legs=(Leg.WAY_OUT,)).row)]
    named = exposed(tools).cuts[cut].tools

    def without(gone):
        return exposed([replace(t, allowance=Allowance.BLOCKED) if t.row.id in gone else t for t in tools])

    assert not without(named).closed
    assert all(without(set(named) - {kept}).closed for kept in named)


@pytest.mark.parametrize(("decision", "closes"), [(YES, True), (PROVED, False), (decided(Exposure.BLOCKED), False)])
def test_what_a_decision_does(decision, closes):
    made = change(given([READ, sending()]), sending(decision))
    assert (made.closes, made.breaks) == (closes, False)


def test_taking_the_last_leg_away_breaks_it():
    assert change(given([READ, sending(YES)]), sending(PROVED)).breaks


def test_a_reviewer_may_correct_a_leg():
    said = Retag("absent", "stored only", "ann", "2026-01-01T00:00:00Z")
    assert not exposed([READ, replace(sending(), leg_retags=((Leg.WAY_OUT, said),))]).closed
    back = replace(FILES, leg_retags=((Leg.WAY_OUT, replace(said, value="present")),))
    assert exposed([READ, back]).closed


def test_eleven_thousand_tools_take_a_moment():
    tools = [
        replace(each, row=replace(each.row, id=f"{each.row.id}{n}"))
        for n in range(3_700)
        for each in (READ, FILES, sending(YES))
    ]
    began = time.process_time()
    assert exposed(tools).cuts
    assert time.process_time() - began < 1
