"""Limits as expressions over the arguments that Gemini CLI writes: exactly the calls that JSON Schema allows, or none."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from analysis.output.allowlist.targets.clients.gemini_arguments import MAX_PATTERN, arguments_pattern

#: What Gemini CLI refuses as an expression that may take too long.
TOO_SLOW = re.compile(r"\([^)]*[*+?{].*\)[*+?{]")
BOUND = st.integers(0, 3000) | st.sampled_from([0, 1, 9, 10, 99, 100, 999, 1000])


def limit(schema, parameter="x", *, forbidden=False):
    return {"parameter": parameter, "schema": schema, "forbidden": forbidden}


def as_javascript(value):
    """Write a value as JavaScript does."""
    if isinstance(value, float):
        if value == int(value):
            return str(int(value))
        digits = repr(value)
        return re.sub(r"e-0(\d)", r"e-\1", digits)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{as_javascript(value[key])}" for key in sorted(value)) + "}"
    return json.dumps(value, ensure_ascii=False)


def as_tested(arguments):
    """Write arguments as Gemini CLI tests them: sorted, with a NUL around each outer pair."""
    pairs = (f"\0{json.dumps(key)}:{as_javascript(arguments[key])}\0" for key in sorted(arguments))
    return "{" + ",".join(pairs) + "}"


def matches(pattern, arguments):
    assert pattern
    assert not TOO_SLOW.search(pattern)
    assert len(pattern) <= MAX_PATTERN
    return bool(re.search(pattern.replace("[^]", r"[\s\S]"), as_tested(arguments)))


@st.composite
def ranges(draw):
    keys = st.sampled_from(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
    return {"type": draw(st.sampled_from(["integer", "number"])), **draw(st.dictionaries(keys, BOUND))}


@given(ranges(), st.data())
@settings(max_examples=300)
def test_a_range_of_numbers_is_exact(schema, data):
    bounds = [value for key, value in schema.items() if key != "type"]
    near = [bound + step for bound in bounds for step in (-1, -0.5, 0, 0.5, 1)]
    values = [*near, -7, -7.25, 0, 0.0001, 1e-7, 5e-324, 1e21, 1.5e300, -1e21, "5", True, None, [5], {"x": 5}]
    values += data.draw(st.lists(st.integers(-50, 5000) | st.floats(-50, 5000).map(lambda x: round(x, 3)), min_size=5))
    pattern = arguments_pattern([limit(schema)])
    valid = Draft202012Validator(schema)
    for value in values:
        # Numbers of JavaScript that are written with an exponent are whole from 1e21 on.
        text = {1e21: "1e+21", 1.5e300: "1.5e+300", -1e21: "-1e+21"}.get(value) if isinstance(value, float) else None
        if not pattern:
            assert not any(valid.is_valid(each) for each in near)  # an empty range
            return
        expected = valid.is_valid(value)
        if text:
            tested = re.search(pattern.replace("[^]", r"[\s\S]"), f'{{\0"x":{text}\0}}')
            assert bool(tested) == expected, (value, pattern)
        else:
            assert matches(pattern, {"a": '"x":3', "x": value, "z": {"x": 3}}) == expected, (value, pattern)


LISTED = ["EUR", 'say "hi"', "a\\b", "a.b*(c)?", "größe", "line\nend", "\u2028", "", 5, -3, True, False, None]


@pytest.mark.parametrize("value", LISTED)
def test_a_listed_value_is_exact(value):
    for schema in ({"enum": [value, "other"]}, {"const": value}):
        pattern = arguments_pattern([limit(schema)])
        assert matches(pattern, {"x": value})
        for other in [each for each in LISTED if (type(each), each) != (type(value), value)] + ["5", 1, 0, [value]]:
            assert matches(pattern, {"x": other}) == Draft202012Validator(schema).is_valid(other), other


def test_a_limited_parameter_has_to_be_sent_and_a_forbidden_one_may_not():
    pattern = arguments_pattern([limit({"const": 5}), limit({"not": {}}, "force", forbidden=True)])
    assert matches(pattern, {"x": 5})
    assert matches(pattern, {"inner": {"force": 1}, "x": 5})
    assert not matches(pattern, {"force": False, "x": 5})
    assert not matches(pattern, {"y": 5})


@pytest.mark.parametrize(
    "arguments",
    [
        {"a": '"x":5', "x": 6}, {"a": '\0"x":5\0', "x": 6}, {"a": {"x": 5}, "x": 6}, {"a": {"x": 5}}, {"x": {"x": 5}},
        {'a\0"x":5\0': 1, "x": 6}, {"x": [5]}, {"X": 5}, {" x": 5},
    ],
)  # fmt: skip
def test_no_other_argument_can_pass_for_the_parameter(arguments):
    assert not matches(arguments_pattern([limit({"const": 5})]), arguments)


@pytest.mark.parametrize(
    "inexact",
    [
        limit({"type": "string", "maxLength": 5}), limit({"type": "string", "pattern": "^a"}), limit({"const": 5}, "a.b"),
        limit({"type": "integer", "minimum": -5}), limit({"type": "number", "maximum": 0.5}), limit({"type": "string"}),
        limit({"type": "integer", "multipleOf": 5}), limit({"enum": [1.5]}), limit({"enum": [{"a": 1}]}),
        limit({"const": "\ud800"}), limit({"const": 5}, "\ud800"), limit({"enum": [10**20]}),
        limit({"enum": [f"value {number}" for number in range(400)]}),
    ],
)  # fmt: skip
def test_a_limit_that_no_expression_says_exactly_has_none(inexact):
    assert arguments_pattern([inexact]) == ""
    assert arguments_pattern([limit({"const": 5}), inexact]) == ""
