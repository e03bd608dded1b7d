"""Groups of equal decisions, and what is counted over decisions."""

from dataclasses import replace

from analysis.model import Condition, ConditionKind, DecisionState
from analysis.output.packet.document.decision_counts import (
    by_type_and_risk,
    decision_groups,
    high_risk_allowed,
    permission_rows,
)
from tests.analysis.output.packet.review_snapshots import decision, plain, review, tool

AUDIT = Condition(ConditionKind.AUDIT, "every call")


def read(name, *conditions, **more):
    one = tool(name, path=f"/{name}s/{{id}}")
    state = DecisionState.CONDITIONAL if conditions else DecisionState.APPROVED
    return review(one, decision=decision(one, state, *conditions, **more))


def test_one_group_has_one_state_person_reason_and_conditions_with_their_evidence():
    proven = replace(AUDIT, evidence="log export")
    tools = [
        read("a"),
        read("b"),
        read("c", reason="other"),
        read("d", actor="bob@corp"),
        read("e", AUDIT),
        read("f", proven),
    ]
    groups = decision_groups(tools)
    assert [[each.rpartition("/")[0].rpartition("/")[2] for each in group["tools"]] for group in groups] == [
        ["es"], ["fs"], ["as", "bs"], ["cs"], ["ds"],
    ]  # fmt: skip
    assert [group["state"] for group in groups] == ["conditional", "conditional", "approved", "approved", "approved"]
    assert groups[2]["resources"] == [{"name": "as", "tools": 1}, {"name": "bs", "tools": 1}]


def test_every_tool_is_in_one_group_and_in_one_cell_of_the_matrix():
    tools = plain().tools
    assert sorted(each for group in decision_groups(tools) for each in group["tools"]) == sorted(
        r.tool.id for r in tools
    )
    states = ("approved", "conditional", "blocked", "undecided")
    assert sum(row[state] for row in by_type_and_risk(tools) for state in states) == len(tools)


def test_permissions_are_by_audience_and_environment():
    group, place = Condition(ConditionKind.GROUP, "triage"), Condition(ConditionKind.ENVIRONMENT, "production")
    found = permission_rows([read("a"), read("b"), read("c", group), read("d", group, place)])
    assert [(row["audience"], row["environment"], row["tools"]) for row in found] == [
        ("", "", 2), ("triage", "", 1), ("triage", "production", 1),
    ]  # fmt: skip


def test_a_blocked_tool_of_high_risk_is_not_listed():
    assert [each.rpartition(":")[2] for each in high_risk_allowed(plain().tools)] == ["POST /payments/{id}/refunds"]
