"""Conditions as text: what is written can be read again, and what cannot be read is explained."""

import pytest

from analysis.errors import UsageError
from analysis.model import Condition, ConditionKind, ToolType
from analysis.review.record.conditions import (
    DEFAULTS,
    TEMPLATES,
    read_conditions,
    split_conditions,
    write_conditions,
)

KINDS = "approval, user, group, env, param_allow, rate, audit, expires, owner, note"


def test_a_line_is_read_and_written_again():
    line = "approval=two persons | CR-7; rate=10 per hour; expires=2027-01-31"
    conditions = [
        Condition(ConditionKind.APPROVAL, "two persons", "CR-7"),
        Condition(ConditionKind.RATE, "10 per hour"),
        Condition(ConditionKind.EXPIRES, "2027-01-31"),
    ]
    assert read_conditions(split_conditions(line)) == conditions
    assert write_conditions(conditions) == line


def test_blanks_and_empty_parts_do_not_count():
    assert split_conditions(" ; env = staging ;; note=a=b |  c | d ;") == ["env = staging", "note=a=b |  c | d"]
    assert read_conditions(split_conditions("env = staging ; note=a=b |  c | d ;")) == [
        Condition(ConditionKind.ENVIRONMENT, "staging"),
        Condition(ConditionKind.NOTE, "a=b", "c | d"),
    ]
    assert split_conditions(" ") == []
    assert write_conditions([]) == ""


@pytest.mark.parametrize(
    ("text", "what", "remedy"),
    [
        ("speed=10", "this is not a condition", f"write KIND=VALUE with KIND one of: {KINDS}"),
        ("rate", "this is not a condition", f"write KIND=VALUE with KIND one of: {KINDS}"),
        ("", "this is not a condition", f"write KIND=VALUE with KIND one of: {KINDS}"),
        ("rate= | CR-7", "a condition needs a value", "for example: approval=two persons"),
    ],
)
def test_what_is_no_condition_is_refused_with_what_to_write(text, what, remedy):
    with pytest.raises(UsageError) as caught:
        read_conditions(["env=staging", text])
    assert (caught.value.what, caught.value.place, caught.value.remedy) == (what, text, remedy)


@pytest.mark.parametrize("text", ["approval=someone", "rate=10", "expires=after the pilot", "env=staging only | x"])
def test_what_no_gateway_could_check_is_refused_when_it_is_read_and_when_it_is_decided(shop, text):
    with pytest.raises(UsageError) as caught:
        read_conditions(["env=staging", text])
    assert caught.value.remedy
    kind, _, rest = text.partition("=")
    with pytest.raises(UsageError, match=caught.value.what):
        shop.conditional("listOrders", (kind, rest.partition(" | ")[0], ""))
    assert shop.review.tool(shop.id("listOrders")).decision is None


def test_what_is_proposed_can_be_read():
    assert len(read_conditions(TEMPLATES)) == len(TEMPLATES)
    assert set(DEFAULTS) == set(ToolType)
    assert DEFAULTS[ToolType.BILLING] == "approval=two persons; rate="
