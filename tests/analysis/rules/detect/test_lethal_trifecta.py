"""The exfiltration path: who plays which role, what is not settled, what removes the path, and what one decision does."""

import random
import time
from dataclasses import replace

import pytest

from analysis.model import (
    TRIFECTA,
    Condition,
    ConditionKind,
    DecisionState,
    FlowRole,
    OpenFlowRole,
    Override,
    PathState,
    SourceId,
    ToolType,
)
from analysis.rules.detect.lethal_trifecta import (
    allowed_path_keys,
    blocking_sets,
    exposed_path,
    path_change,
    path_of,
)
from analysis.rules.engine.examples import example_decision, example_state
from analysis.rules.engine.index import Index

PROVED = example_decision(
    DecisionState.CONDITIONAL, Condition(ConditionKind.APPROVAL, "one person", evidence="test run")
)
YES = example_decision(DecisionState.APPROVED)
READ = example_state("readInbox", ToolType.READ, YES, flow_roles=(FlowRole.PRIVATE_DATA, FlowRole.UNTRUSTED_CONTENT))
FILES = example_state("readFile", ToolType.READ, YES, flow_roles=(FlowRole.PRIVATE_DATA,))
SHELL = example_state("runShell", ToolType.SIDE_EFFECT, YES, flow_roles=(FlowRole.CODE_EXECUTION,))
SINK = FlowRole.EXFILTRATION_SINK


def sending(decision=None, name="sendMail"):
    return example_state(name, ToolType.SIDE_EFFECT, decision, flow_roles=(SINK,))


def unclear(name, *roles, decision=YES):
    return example_state(
        name, ToolType.SIDE_EFFECT, decision, open_flow_roles=tuple(OpenFlowRole(role, "unclear") for role in roles)
    )


def given(tools):
    """Return the path over the tools that the agent is given."""
    return path_of(Index(allowed_path_keys, tools), [tool.row.id for tool in tools])


def without(tools, gone):
    """Return the path after some tools are blocked."""
    return exposed_path([replace(t, decision_state=DecisionState.BLOCKED) if t.row.id in gone else t for t in tools])


@pytest.mark.parametrize(
    ("tools", "state"),
    [
        ([READ, FILES, sending(YES)], PathState.PRESENT),
        ([READ, sending()], PathState.PRESENT),
        ([READ, sending(PROVED)], PathState.CONDITIONAL),
        ([FILES, sending(PROVED)], PathState.ABSENT),
        ([READ, sending(PROVED), sending(YES, "sendFax")], PathState.PRESENT),
        ([READ], PathState.ABSENT),
        ([], PathState.ABSENT),
        ([SHELL], PathState.PRESENT),
        ([replace(SHELL, decision=PROVED, decision_state=DecisionState.CONDITIONAL)], PathState.CONDITIONAL),
        ([READ, unclear("process", SINK)], PathState.NOT_KNOWN),
        ([READ, unclear("process", SINK, decision=PROVED)], PathState.CONDITIONAL),
        ([FILES, sending(YES), unclear("process", FlowRole.UNTRUSTED_CONTENT)], PathState.NOT_KNOWN),
        ([unclear("process", *TRIFECTA)], PathState.NOT_KNOWN),
        ([FILES, unclear("process", SINK)], PathState.ABSENT),
        ([FILES, unclear("process", FlowRole.UNTRUSTED_CONTENT)], PathState.ABSENT),
    ],
)
def test_the_path_is_absent_only_where_every_tool_is_settled_for_a_role_that_none_plays(tools, state):
    assert exposed_path(tools).state is state


def test_a_source_with_errors_leaves_the_path_unknown_and_a_present_one_present():
    assert exposed_path([FILES], [SourceId("shop")]).state is PathState.NOT_KNOWN
    assert exposed_path([READ, sending()], [SourceId("shop")]).state is PathState.PRESENT


def test_what_is_not_settled_is_named():
    tools = [READ, unclear("process", SINK), unclear("convert", FlowRole.PRIVATE_DATA)]
    assert [tool.rpartition(":")[2] for tool in exposed_path(tools).unsettled] == ["convert", "process"]
    assert exposed_path([*tools, sending()]).unsettled == ()


def test_each_role_is_a_way_to_remove_the_path_unless_another_within_it_would_do():
    path = exposed_path([READ, FILES, sending(YES)])
    assert [(cut.flow_role, len(cut.tools)) for cut in blocking_sets(path)] == [
        (FlowRole.UNTRUSTED_CONTENT, 1),
        (SINK, 1),
    ]


def test_of_equal_sets_one_is_named():
    assert [cut.flow_role for cut in blocking_sets(exposed_path([SHELL]))] == [FlowRole.PRIVATE_DATA]


@pytest.mark.parametrize("cut", range(2))
def test_blocking_what_a_cut_names_removes_the_path_and_less_does_not(cut):
    tools = [READ, FILES, sending(YES), sending(YES, "sendFax")]
    named = blocking_sets(exposed_path(tools))[cut].tools
    assert not without(tools, named).present
    assert all(without(tools, set(named) - {kept}).present for kept in named)


@pytest.mark.parametrize("seed", range(300))
def test_after_any_advice_the_path_is_ruled_out(seed):
    chance = random.Random(seed)
    tools = [
        replace(
            example_state(
                f"tool{n}",
                ToolType.SIDE_EFFECT,
                chance.choice((None, YES, PROVED)),
                flow_roles=tuple(chance.sample(list(FlowRole), chance.choice((0, 0, 1, 1, 2)))),
                open_flow_roles=tuple(
                    OpenFlowRole(role, "unclear") for role in chance.sample(TRIFECTA, chance.choice((0, 0, 0, 1, 3)))
                ),
            )
        )
        for n in range(chance.randrange(1, 12))
    ]
    path = exposed_path(tools)
    advice = blocking_sets(path)
    assert bool(advice) != path.excluded
    for cut in advice:
        after = without(tools, cut.tools)
        assert after.excluded
        assert after.state is PathState.ABSENT or after.held


@pytest.mark.parametrize(
    ("decision", "completes"), [(YES, True), (PROVED, False), (example_decision(DecisionState.BLOCKED), False)]
)
def test_what_a_decision_does(decision, completes):
    made = path_change(given([READ, sending()]), sending(decision))
    assert (made.completes, made.unsettles, made.removes) == (completes, False, False)


def test_approving_what_is_not_settled_unsettles_the_path():
    made = path_change(given([READ]), unclear("process", SINK))
    assert (made.completes, made.unsettles, made.removes) == (False, True, False)
    assert path_change(given([READ, unclear("process", SINK)]), sending(YES)).completes


def test_taking_the_last_tool_of_a_role_away_removes_the_path():
    made = path_change(given([READ, sending(YES)]), sending(PROVED))
    assert made.removes
    assert made.after.state is PathState.CONDITIONAL
    assert made.after == given([READ, sending(PROVED)])


def test_a_reviewer_settles_a_role():
    said = Override("absent", "stored only", "ann", "2026-01-01T00:00:00Z")
    assert not exposed_path(
        [READ, replace(sending(), flow_role_overrides=((FlowRole.EXFILTRATION_SINK, said),))]
    ).present
    back = replace(FILES, flow_role_overrides=((FlowRole.EXFILTRATION_SINK, replace(said, value="present")),))
    assert exposed_path([READ, back]).present
    settled = replace(unclear("process", SINK), flow_role_overrides=((SINK, said),))
    assert exposed_path([READ, settled]).state is PathState.ABSENT


def test_eleven_thousand_tools_take_a_moment():
    tools = [
        replace(each, row=replace(each.row, id=f"{each.row.id}{n}"))
        for n in range(3_700)
        for each in (READ, FILES, sending(YES))
    ]
    began = time.process_time()
    assert blocking_sets(exposed_path(tools))
    assert time.process_time() - began < 1
