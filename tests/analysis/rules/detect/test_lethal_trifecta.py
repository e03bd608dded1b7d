"""Flows over several tools: who stands on which leg, what breaks them, and what one decision does."""

import time
from dataclasses import replace

import pytest

from analysis.model import Condition, ConditionKind, DecisionState, FlowRole, Override, ToolType
from analysis.rules.detect.lethal_trifecta import allowed_path_roles, exposed_path, path_change, path_of
from analysis.rules.engine.examples import example_decision, example_state
from analysis.rules.engine.index import Index

PROVED = example_decision(
    DecisionState.CONDITIONAL, Condition(ConditionKind.APPROVAL, "one person", evidence="test run")
)
YES = example_decision(DecisionState.APPROVED)
READ = example_state("readInbox", ToolType.READ, YES, flow_roles=(FlowRole.PRIVATE_DATA, FlowRole.UNTRUSTED_CONTENT))
FILES = example_state("readFile", ToolType.READ, YES, flow_roles=(FlowRole.PRIVATE_DATA,))


def sending(decision=None):
    return example_state("sendMail", ToolType.SIDE_EFFECT, decision, flow_roles=(FlowRole.EXFILTRATION_SINK,))


def given(tools):
    """The flow over the tools that the agent is given."""
    return path_of(Index(allowed_path_roles, tools), [tool.row.id for tool in tools])


def test_each_leg_is_a_way_to_break_it_unless_another_within_it_would_do():
    flow = exposed_path([READ, FILES, sending(YES)])
    assert flow.present
    assert [(cut.flow_role, len(cut.tools)) for cut in flow.blocking_sets] == [
        (FlowRole.UNTRUSTED_CONTENT, 1),
        (FlowRole.EXFILTRATION_SINK, 1),
    ]


@pytest.mark.parametrize("cut", range(2))
def test_blocking_what_a_cut_names_breaks_the_flow_and_less_does_not(cut):
    tools = [
        READ,
        FILES,
        sending(YES),
        replace(sending(YES), row=example_state("sendFax", flow_roles=(FlowRole.EXFILTRATION_SINK,)).row),
    ]
    named = exposed_path(tools).blocking_sets[cut].tools

    def without(gone):
        return exposed_path(
            [replace(t, decision_state=DecisionState.BLOCKED) if t.row.id in gone else t for t in tools]
        )

    assert not without(named).present
    assert all(without(set(named) - {kept}).present for kept in named)


@pytest.mark.parametrize(
    ("decision", "closes"), [(YES, True), (PROVED, False), (example_decision(DecisionState.BLOCKED), False)]
)
def test_what_a_decision_does(decision, closes):
    made = path_change(given([READ, sending()]), sending(decision))
    assert (made.completes, made.removes) == (closes, False)


def test_taking_the_last_leg_away_breaks_it():
    assert path_change(given([READ, sending(YES)]), sending(PROVED)).removes


def test_a_reviewer_may_correct_a_leg():
    said = Override("absent", "stored only", "ann", "2026-01-01T00:00:00Z")
    assert not exposed_path(
        [READ, replace(sending(), flow_role_overrides=((FlowRole.EXFILTRATION_SINK, said),))]
    ).present
    back = replace(FILES, flow_role_overrides=((FlowRole.EXFILTRATION_SINK, replace(said, value="present")),))
    assert exposed_path([READ, back]).present


def test_eleven_thousand_tools_take_a_moment():
    tools = [
        replace(each, row=replace(each.row, id=f"{each.row.id}{n}"))
        for n in range(3_700)
        for each in (READ, FILES, sending(YES))
    ]
    began = time.process_time()
    assert exposed_path(tools).blocking_sets
    assert time.process_time() - began < 1
