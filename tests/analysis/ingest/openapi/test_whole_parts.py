"""Parts of requests and responses that are one thing: bodies that are lists, whole query strings, streams of items."""

import json

import pytest

from analysis.ingest import read


def only(operation, version="3.2.0", method="post"):
    document = {"openapi": version, "info": {"title": "T", "version": "1"}, "paths": {"/kites": {method: operation}}}
    found = read(json.dumps(document).encode())
    assert found.problems == ()
    (tool,) = found.inventory.tools
    return tool


def body(schema, media="application/json", key="schema"):
    return {"requestBody": {"content": {media: {key: schema}}}}


def shown(tool):
    return [f"{p.place} {p.name}: {p.type}" for p in tool.parameters]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "array", "items": {"type": "integer"}}, ["body body: array"]),
        ({"type": ["array", "null"], "items": {"type": "integer"}}, ["body body: array | null"]),
        ({"type": "string", "format": "binary"}, ["body body: string(binary)"]),
        (
            {"type": "array", "items": {"properties": {"pilot": {"type": "string"}}}},
            ["body body: array", "body pilot: string"],
        ),
        ({"properties": {"pilot": {"type": "string"}}}, ["body pilot: string"]),
        ({"type": "object"}, []),
    ],
)
def test_a_body_that_is_a_list_or_a_value_is_an_argument(schema, expected):
    assert shown(only(body(schema))) == expected


def test_a_streamed_body_is_a_list():
    schema = {"properties": {"pilot": {"type": "string"}}}
    assert shown(only(body(schema, "application/jsonl", "itemSchema"))) == ["body body: array", "body pilot: string"]


def test_a_clash_of_names_keeps_both_arguments():
    tool = only(
        body({"properties": {"id": {"type": "string"}}})
        | {"parameters": [{"name": "id", "in": "query", "schema": {"type": "integer"}}]}
    )
    assert shown(tool) == ["query id: integer", "body id: string"]


def test_a_whole_query_string_has_fields():
    schema = {"type": "object", "required": ["hook"], "properties": {"hook": {"type": "string", "format": "uri"}}}
    parameter = {"name": "q", "in": "querystring", "content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    tool = only({"parameters": [parameter]}, method="get")
    assert shown(tool) == ["querystring q: object", "query hook: string(uri)"]
    assert tool.parameters[1].required
    assert "hook" in tool.request_fields


def test_a_parameter_described_by_a_media_type_has_its_schema():
    schema = {"type": "object", "properties": {"wind": {"type": "integer"}}}
    parameter = {"name": "filter", "in": "query", "content": {"application/json": {"schema": schema}}}
    tool = only({"parameters": [parameter]}, version="3.1.0", method="get")
    assert shown(tool) == ["query filter: object"]


def test_fields_of_a_stream_are_returned_by_the_tool():
    item = {"type": "object", "properties": {"pilot_email": {"type": "string"}}}
    tool = only({"responses": {"200": {"content": {"application/jsonl": {"itemSchema": item}}}}}, method="query")
    assert (tool.response_fields, tool.returns_array, tool.returns) == (("pilot_email",), True, "described")


def test_alternatives_of_one_field_keep_the_values_of_all():
    schema = {
        "oneOf": [
            {"properties": {"act": {"const": "fly"}, "height": {"type": "integer"}}},
            {"properties": {"act": {"enum": ["land", "burn"]}}},
        ]
    }
    assert {p.name: p.values for p in only(body(schema)).parameters} == {"act": ("fly", "land", "burn"), "height": ()}
