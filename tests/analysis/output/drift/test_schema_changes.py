"""What a change of an input schema means: wider, narrower, or the same in another spelling."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.analysis.output.drift.conftest import LIST

STRING, NUMBER, NULL = {"type": "string"}, {"type": "number"}, {"type": "null"}
TITLED = [{"title": "Card", "type": "object"}, {"title": "Bank", "type": "object"}]

EQUAL = {
    "a list of one type": (STRING, {"type": ["string"]}),
    "types in another order": ({"type": ["string", "null"]}, {"type": ["null", "string"]}),
    "nullable and null": ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
    "alternatives that are types": ({"anyOf": [STRING, NULL]}, {"type": ["string", "null"]}),
    "alternatives in another order": ({"oneOf": TITLED}, {"oneOf": TITLED[::-1]}),
    "all of one": ({"allOf": [STRING]}, STRING),
    "const and enum": ({"const": 3}, {"enum": [3]}),
    "values in another order": ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}),
    "a default stated": (STRING, {"type": "string", "minLength": 0, "deprecated": False}),
    "anything further": ({"type": "object"}, {"type": "object", "additionalProperties": True}),
    "exclusive bounds of two drafts": (
        {"type": "number", "maximum": 5, "exclusiveMaximum": True}, {"type": "number", "exclusiveMaximum": 5},
    ),
    "any items": ({"type": "array"}, {"type": "array", "items": {}}),
}  # fmt: skip
WIDENED = {
    "another type": (STRING, {"type": ["string", "number"]}),
    "any type": (STRING, {}),
    "integer to number": ({"type": "integer"}, NUMBER),
    "another value": ({"enum": ["a"]}, {"enum": ["a", "b"]}),
    "a bound gone": ({"type": "number", "maximum": 5}, NUMBER),
    "a higher bound": ({"type": "number", "maximum": 5}, {"type": "number", "maximum": 6}),
    "a lower bound": ({"type": "number", "minimum": 5}, {"type": "number", "minimum": 4}),
    "a pattern gone": ({"type": "string", "pattern": "^a"}, STRING),
    "another alternative": ({"oneOf": TITLED[:1]}, {"oneOf": TITLED}),
    "fewer demands": ({"allOf": [*TITLED, {"title": "Cash"}]}, {"allOf": TITLED}),
    "further values": ({"type": "object", "additionalProperties": False}, {"type": "object"}),
    "items of any kind": ({"type": "array", "items": STRING}, {"type": "array"}),
    "a field that need not be sent": (
        {"type": "object", "properties": {"a": STRING}, "required": ["a"]}, {"type": "object", "properties": {"a": STRING}},
    ),
}  # fmt: skip
OTHER = {
    "another pattern": ({"type": "string", "pattern": "^a"}, {"type": "string", "pattern": "^b"}),
    "another kind": (STRING, NUMBER),
    "other values": ({"enum": ["a"]}, {"enum": ["b"]}),
    "places of a tuple": ({"prefixItems": [STRING]}, {"prefixItems": [STRING, NUMBER]}),
    "a place of a tuple": ({"prefixItems": [STRING]}, {"prefixItems": [NUMBER]}),
}


@pytest.fixture
def directions(changed):
    """Compare two schemas of one parameter: the directions of what differs, or None for substance without one."""

    def comparing(before, after):
        document = deepcopy(LIST)
        document["tools"][0]["inputSchema"]["properties"]["p"] = before

        def change(edited):
            edited["tools"][0]["inputSchema"]["properties"]["p"] = after

        return [(each.direction.value, each.substance) for each in changed(document, change).drift]

    return comparing


@pytest.mark.parametrize(("before", "after"), EQUAL.values(), ids=EQUAL)
def test_another_spelling_has_no_substance(directions, before, after):
    assert not any(substance for _, substance in directions(before, after))
    assert not any(substance for _, substance in directions(after, before))


@pytest.mark.parametrize(("before", "after"), WIDENED.values(), ids=WIDENED)
def test_what_lets_more_through_is_wider_and_the_other_way_narrower(directions, before, after):
    there, back = directions(before, after), directions(after, before)
    assert ("widened", True) in there
    assert "narrowed" not in {direction for direction, _ in there}
    assert "narrowed" in {direction for direction, _ in back}
    assert "widened" not in {direction for direction, _ in back}


@pytest.mark.parametrize(("before", "after"), OTHER.values(), ids=OTHER)
def test_what_is_neither_has_substance_all_the_same(directions, before, after):
    for found in (directions(before, after), directions(after, before)):
        assert any(substance for _, substance in found)
