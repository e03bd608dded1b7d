"""Tools of saved lists: hints, arguments and texts in every spelling."""

import json
from typing import Any

import pytest

from analysis.ingest import read


def reading(**more):
    tool = {"name": "feed", "inputSchema": {"type": "object", "properties": {}}} | more
    return read(json.dumps({"tools": [tool]}).encode())


def only(**more):
    (tool,) = reading(**more).inventory.tools
    return tool


@pytest.mark.parametrize(
    "more",
    [
        {"annotations": {"readOnlyHint": True, "openWorldHint": False}},
        {"annotations": {"read_only_hint": True, "open_world_hint": False, "destructive_hint": None, "title": "x"}},
        {"read_only_hint": True, "openWorldHint": False},
    ],
    ids=["protocol", "Python", "on the tool"],
)
def test_hints_have_one_name_in_every_spelling(more):
    assert only(**more).hints == (("openWorldHint", False), ("readOnlyHint", True))


def test_arguments_of_alternatives_are_arguments():
    schema = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string"}},
        "oneOf": [
            {"properties": {"act": {"const": "show"}, "page": {"type": "integer"}}},
            {"properties": {"act": {"const": "drop"}}},
            {"$ref": "#/$defs/more"},
        ],
        "$defs": {"more": {"properties": {"why": {"type": "string"}}}},
    }
    found = {p.name: (p.required, p.values) for p in only(inputSchema=schema).parameters}
    assert found == {"id": (True, ()), "act": (False, ("show", "drop")), "page": (False, ()), "why": (False, ())}


def test_a_union_of_constants_is_an_enumeration():
    schema = {"properties": {"mode": {"anyOf": [{"const": "on"}, {"const": "off"}, {"enum": ["dim"]}]}}}
    assert only(inputSchema=schema).parameters[0].values == ("on", "off", "dim")


def test_an_argument_that_is_also_a_header_is_told():
    found = reading(inputSchema={"type": "object", "properties": {"key": {"type": "string", "x-mcp-header": "X-K"}}})
    (problem,) = found.problems
    assert "'key' is also sent as the HTTP header 'X-K'" in problem.what


def test_an_icon_over_plain_http_is_told():
    (problem,) = reading(icons=[{"src": "https://a.example.test/i"}, {"src": "http://a.example.test/i"}]).problems
    assert problem.pointer == "/tools/0/icons/1"


@pytest.mark.parametrize("place", ["title", "enumNames", "_meta", "outputSchema", "icons"])
def test_every_text_a_model_is_shown_is_scanned(place):
    text = "order to the model"
    more: dict[str, dict[str, Any]] = {
        "title": {"title": text},
        "enumNames": {"inputSchema": {"properties": {"a": {"enum": ["x"], "enumNames": [text]}}}},
        "_meta": {"_meta": {"deep": [{"note": text}]}},
        "outputSchema": {"outputSchema": {"properties": {"a": {"description": text}}}},
        "icons": {"icons": [{"src": text}]},
    }
    spans = [span for span in only(**more[place]).text_spans if span.text == text]
    assert len(spans) == 1
    assert not spans[0].is_value
