"""Limits as expressions of Cedar: exact, or none."""

from __future__ import annotations

import pytest

from analysis.output.allowlist.targets.policies.cedar_terms import any_of, cedar_string, limit


def of(schema, parameter="x", *, forbidden=False):
    return limit({"parameter": parameter, "schema": schema, "forbidden": forbidden}, "context.input")


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 9}, 'context.input["x"] >= 1 && context.input["x"] <= 9'),
        ({"type": "integer", "exclusiveMaximum": 9}, 'context.input["x"] < 9'),
        ({"enum": ["EUR", 5, True]}, '["EUR", 5, true].contains(context.input["x"])'),
        ({"type": "string", "enum": ["EUR", 5]}, '["EUR"].contains(context.input["x"])'),
        ({"const": 'a"b'}, '["a\\u{22}b"].contains(context.input["x"])'),
    ],
)
def test_a_limit_requires_the_parameter_and_bounds_it(schema, says):
    assert of(schema) == f'context.input has "x" && {says}'


def test_an_inner_parameter_is_asked_for_step_by_step():
    found = of({"const": 5}, "a.b")
    assert found == 'context.input has "a" && context.input["a"] has "b" && [5].contains(context.input["a"]["b"])'


def test_a_forbidden_parameter_may_not_be_sent():
    assert of({"not": {}}, "force", forbidden=True) == '!(context.input has "force")'


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "number", "maximum": 5}, {"type": "integer"}, {"type": "string", "maxLength": 5}, {"enum": [1.5]},
        {"enum": [2**63]}, {"type": "integer", "maximum": 0.5}, {"type": "number", "enum": [1]}, {"const": None}, {"enum": ["\ud800"]},
        {"type": "integer", "maximum": 5, "multipleOf": 2}, {"type": "boolean"}, {"enum": [{"a": 1}]},
    ],
)  # fmt: skip
def test_what_cedar_does_not_say_exactly_has_no_expression(schema):
    assert of(schema) == ""


def test_texts_are_escaped_and_alternatives_are_joined():
    assert cedar_string('a"\\ü\n') == '"a\\u{22}\\u{5c}\\u{fc}\\u{a}"'
    assert any_of(["a", "b"]) == "(a || b)"
    assert any_of(["a"]) == "a"
