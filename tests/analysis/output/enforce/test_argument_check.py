"""Arguments against schema and limits: what is refused, what cannot be checked, and that no value is in a message."""

import pytest

from analysis.model.parameter_limit import read_limit
from analysis.output.enforce.argument_check import UncheckableSchema, argument_check

SCHEMA = {
    "type": "object",
    "properties": {
        "amount": {"type": "number", "maximum": 100},
        "currency": {"enum": ["EUR", "USD"]},
        "filter": {"type": "object", "properties": {"size": {"type": "integer"}}},
        "note": {"type": "string", "pattern": "^[a-z]*$"},
    },
    "required": ["amount"],
    "additionalProperties": False,
}
SECRET = "s3cret-value"


@pytest.mark.parametrize(
    "arguments",
    [
        {"amount": SECRET},
        {"amount": 1, "currency": SECRET},
        {"amount": 1, "note": SECRET},
        {"amount": 1, SECRET: 1},
        {"amount": 101},
        {},
    ],
)
def test_faults_are_named_without_any_value(arguments):
    fault = argument_check(SCHEMA, []).schema_fault(arguments)
    assert fault
    assert SECRET not in fault


@pytest.mark.parametrize("value", [True, "5", None, [5], {"a": 5}])
def test_a_number_is_no_other_type(value):
    assert argument_check(SCHEMA, [read_limit("amount: at most 10")]).schema_fault({"amount": value})


@pytest.mark.parametrize(
    ("limit", "arguments", "allowed"),
    [
        ("amount: at most 10", {"amount": 10}, True),
        ("amount: at most 10", {"amount": 10.5}, False),
        ("currency: one of EUR", {"amount": 1, "currency": "USD"}, False),
        ("currency: one of EUR", {"amount": 1}, False),
        ("note: not sent", {"amount": 1}, True),
        ("note: not sent", {"amount": 1, "note": ""}, False),
        ("filter.size: at most 5", {"amount": 1, "filter": {"size": 5}}, True),
        ("filter.size: at most 5", {"amount": 1, "filter": {"size": 6}}, False),
        ("filter.size: at most 5", {"amount": 1, "filter": {}}, False),
        ("filter.size: at most 5", {"amount": 1}, False),
    ],
)
def test_limits(limit, arguments, allowed):
    assert (argument_check(SCHEMA, [read_limit(limit)]).limit_fault(arguments) == "") is allowed


def test_a_limit_on_a_parameter_that_is_not_there_cannot_be_checked():
    with pytest.raises(UncheckableSchema, match="no parameter total"):
        argument_check(SCHEMA, [read_limit("total: at most 5")])


def test_an_invalid_schema_cannot_be_checked():
    with pytest.raises(UncheckableSchema, match="not valid"):
        argument_check({"type": "nonsense"}, [])


def test_a_reference_is_never_fetched():
    check = argument_check({"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:9/schema.json"}}}, [])
    assert "refers to something" in check.schema_fault({"a": 1})


def test_deep_arguments_are_refused_and_do_not_crash():
    deep = {}
    for _ in range(100_000):
        deep = {"a": deep}
    recursive = {"type": "object", "additionalProperties": {"$ref": "#"}}
    assert "nested too deeply" in argument_check(recursive, []).schema_fault(deep)
