"""The serialiser of tools: what a review has in effect, and the evidence as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.model import (
    Assessment,
    Effect,
    FlowRole,
    FlowRoleSignal,
    Override,
    Reversibility,
    Risk,
    SourceId,
    Tool,
    ToolId,
    ToolRow,
    ToolState,
    ToolType,
)
from analysis.model.serialise import row_facts, state_facts

TOOL = Tool(ToolId("s:a"), SourceId("s"), "a", "GET", "/a", "a", "", "Long description. " * 40, "d" * 64, "/paths/~1a")
ASSESSMENT = Assessment(
    Effect.SIDE_EFFECT,
    (ToolType.SIDE_EFFECT,),
    Reversibility.REVERSIBLE,
    Risk.MEDIUM,
    (),
    (),
    confidence=0.98765,
    flow_roles=(FlowRoleSignal(FlowRole.PRIVATE_DATA, "response", "email", "personal data"),),
)


@pytest.fixture
def in_review():
    """Make the state of the tool in a review."""

    def making(**changes):
        row = ToolRow.of(TOOL, ASSESSMENT)
        return replace(ToolState(row, row.risk, row.types[0], row.effect), **changes)

    return making


def override(value):
    return Override(value, "as agreed", "ann", "2026-11-20T16:30:00Z")


def test_confidence_is_a_number_of_two_decimals():
    assert row_facts(ToolRow.of(TOOL, ASSESSMENT))["confidence"] == 0.99


def test_the_summary_of_a_list_is_short(in_review):
    assert len(state_facts(in_review())["summary"]) == 200


def test_roles_are_those_in_effect(in_review):
    assert state_facts(in_review())["roles"] == ["private data"]
    absent = in_review(flow_role_overrides=((FlowRole.PRIVATE_DATA, override("absent")),))
    assert state_facts(absent)["roles"] == []


@pytest.mark.parametrize(("risk", "lowers"), [(Risk.LOW, True), (Risk.MEDIUM, False), (Risk.HIGH, False)])
def test_an_overridden_risk_is_in_effect_and_states_where_it_came_from(in_review, risk, lowers):
    facts = state_facts(in_review(risk=risk, risk_override=override(risk.value)))
    assert facts["risk"] == risk.value
    assert facts["overrides"] == {
        "risk": {
            "from": "medium", "to": risk.value, "lowers": lowers, "reason": "as agreed", "by": "ann",
            "at": "2026-11-20T16:30:00Z",
        }
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tool_type", "lowers"), [(ToolType.READ, True), (ToolType.SIDE_EFFECT, False), (ToolType.BILLING, False)]
)
def test_a_type_lowers_only_to_one_of_less_weight(in_review, tool_type, lowers):
    facts = state_facts(in_review(type=tool_type, type_override=override(tool_type.value)))
    assert (facts["type"], facts["overrides"]["type"]["lowers"]) == (tool_type.value, lowers)


def test_without_a_decision_nothing_is_recorded(in_review):
    facts = state_facts(in_review())
    empty = {
        "recorded": None,
        "by": "",
        "at": "",
        "reason": "",
        "decided_digest": "",
        "conditions": [],
        "overrides": {},
    }
    assert {key: facts[key] for key in empty} == empty
    assert facts["decision"] == "undecided"
