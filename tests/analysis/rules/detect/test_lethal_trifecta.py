"""Flows over several tools: who stands on which leg, what breaks them, and what one decision does."""

import time
from dataclasses import replace

import pytest

from analysis.model import Condition, ConditionKind, DecisionState, FlowRole, Override, ToolType
from analysis.rules.detect.lethal_trifecta import allowed_roles, change, exposed, flow_of
from analysis.rules.engine.examples import decided, state
from analysis.rules.engine.index import Index

PROVED = decided(DecisionState.CONDITIONAL, Condition(ConditionKind.APPROVAL, "one person", evidence="test run"))
YES = decided(DecisionState.APPROVED)
READ = state("readInbox", ToolType.READ, YES, flow_roles=(FlowRole.PRIVATE, FlowRole.UNTRUSTED))
FILES = state("readFile", ToolType.READ, YES, flow_roles=(FlowRole.PRIVATE,))


def sending(decision=None):
    return state("sendMail", ToolType.SIDE_EFFECT, decision, flow_roles=(FlowRole.SINK,))


def given(tools):
    """The flow over the tools that the agent is given."""
    return flow_of(Index(allowed_roles, tools), [tool.row.id for tool in tools])


def test_each_leg_is_a_way_to_break_it_unless_another_within_it_would_do():
    flow = exposed([READ, FILES, sending(YES)])
    assert flow.closed
    assert [(cut.flow_role, len(cut.tools)) for cut in flow.cuts] == [(FlowRole.UNTRUSTED, 1), (FlowRole.SINK, 1)]


@pytest.mark.parametrize("cut", range(2))
def test_blocking_what_a_cut_names_breaks_the_flow_and_less_does_not(cut):
    tools = [READ, FILES, sending(YES), replace(sending(YES), row=state("sendFax", flow_roles=(FlowRole.SINK,)).row)]
    named = exposed(tools).cuts[cut].tools

    def without(gone):
        return exposed([replace(t, decision_state=DecisionState.BLOCKED) if t.row.id in gone else t for t in tools])

    assert not without(named).closed
    assert all(without(set(named) - {kept}).closed for kept in named)


@pytest.mark.parametrize(
    ("decision", "closes"), [(YES, True), (PROVED, False), (decided(DecisionState.BLOCKED), False)]
)
def test_what_a_decision_does(decision, closes):
    made = change(given([READ, sending()]), sending(decision))
    assert (made.closes, made.breaks) == (closes, False)


def test_taking_the_last_leg_away_breaks_it():
    assert change(given([READ, sending(YES)]), sending(PROVED)).breaks


def test_a_reviewer_may_correct_a_leg():
    said = Override("absent", "stored only", "ann", "2026-01-01T00:00:00Z")
    assert not exposed([READ, replace(sending(), flow_role_overrides=((FlowRole.SINK, said),))]).closed
    back = replace(FILES, flow_role_overrides=((FlowRole.SINK, replace(said, value="present")),))
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
