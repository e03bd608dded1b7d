"""What a type of tool calls for: the table names only what exists, and a graver type calls for more."""

import pytest

from analysis.governance.controls import control
from analysis.governance.defaults import conditions_for, controls_for
from analysis.model import LEVELS, ConditionKind, ToolType


@pytest.mark.parametrize("kind", ToolType)
def test_the_table_names_only_what_exists(kind):
    for name, level in controls_for(kind).items():
        assert control(name).id == name
        assert level in {"", *LEVELS}
    for condition in conditions_for(kind):
        assert condition.partition("=")[0] in set(ConditionKind)


@pytest.mark.parametrize(
    ("grave", "milder", "more"),
    [
        (ToolType.SIDE_EFFECT, ToolType.READ, {"appr-flow", "log-alert"}),
        (ToolType.CRITICAL, ToolType.SIDE_EFFECT, {"act-irrev", "gov-rollback"}),
        (ToolType.ADMINISTRATIVE, ToolType.CRITICAL, {"iam-priv", "appr-multi"}),
        (ToolType.BILLING, ToolType.CRITICAL, {"appr-multi", "risk-rate", "risk-impact"}),
    ],
)
def test_a_graver_type_calls_for_more(grave, milder, more):
    assert set(controls_for(grave)) - set(controls_for(milder)) == more
    assert set(controls_for(milder)) <= set(controls_for(grave))


def test_a_critical_tool_wants_the_approval_seen_to_run():
    assert controls_for(ToolType.SIDE_EFFECT)["appr-flow"] == ""
    assert controls_for(ToolType.CRITICAL)["appr-flow"] == "E3"
