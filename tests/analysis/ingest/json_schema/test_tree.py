"""Schemas as a tree of fields: references followed, cycles marked, size bounded."""

import json
from time import process_time

from analysis.ingest.json_schema.tree import document_set, schema_tree


def tree(schemas, body, **operation):
    made = {"requestBody": {"content": {"application/json": {"schema": body}}}, "responses": {}} | operation
    text = {"openapi": "3.1.0", "paths": {"/a b": {"post": made}}, "components": {"schemas": schemas}}
    return schema_tree(document_set(json.dumps(text).encode()), "/paths/~1a b/post")


def lines(fields):
    return [f"{'  ' * f.depth}{'*' if f.required else ''}{f.name}: {f.type}" for f in fields]


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def test_references_lists_and_choices_are_entered():
    schemas = {
        "Order": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "to": ref("Person")}},
        "Person": {"allOf": [{"properties": {"name": {"type": "string", "enum": ["a", "b"]}}}]},
    }
    found = tree(schemas, {"type": "array", "items": {"oneOf": [ref("Order"), {"type": "null"}]}})
    assert lines(found) == [
        "body application/json: array",
        "  [each]: any",
        "    one of (1): Order object",
        "      *id: string",
        "      to: Person any",
        "        name: string",
        "    one of (2): null",
    ]
    assert found[5].description == "one of a, b"


def test_parameters_and_responses_are_shown_and_errors_only_named():
    found = tree(
        {}, {}, parameters=[{"name": "id", "in": "query", "required": True, "schema": {"type": "integer"}}],
        responses={
            code: {"content": {"application/json": {"schema": {"properties": {"x": {"type": "string"}}}}}}
            for code in ("200", "404")
        },
    )  # fmt: skip
    assert lines(found) == [
        "*query id: integer", "body application/json: any", "response 200 application/json: object", "  x: string",
        "response 404 application/json: object",
    ]  # fmt: skip


def test_a_tool_of_a_list():
    entry = {"name": "t", "inputSchema": {"type": "object", "properties": {"q": {"type": "string"}}}}
    found = schema_tree(document_set(json.dumps({"tools": [entry]}).encode()), "/tools/0")
    assert lines(found) == ["input: object", "  q: string"]


def test_a_circle_is_named():
    found = tree({"Node": {"properties": {"next": ref("Node")}}}, ref("Node"))
    assert lines(found) == ["body application/json: Node object", "  next: Node object", "    …: Node again"]


def test_every_document_is_read_in_bounded_time():
    doubling = {f"S{n}": {"allOf": [ref(f"S{n + 1}")] * 2} for n in range(60)}
    wide = {"properties": {f"p{n}": {"type": "string"} for n in range(5_000)}}
    chain = {f"S{n}": {"properties": {"x": ref(f"S{n + 1}")}} for n in range(60)}
    start = process_time()
    assert tree(doubling, ref("S0"))[-1].type == "the rest is in the source"
    assert len(tree({}, wide)) == 401
    assert tree(chain, ref("S0"))[-1].type == "deeper fields; see the source"
    assert process_time() - start < 5


def test_wrong_shapes_and_places_give_nothing():
    for wrong in ([], "x", None, 3, {"parameters": 3}, {"parameters": [None, {"in": 3}], "requestBody": []}):
        operation = wrong if isinstance(wrong, dict) else {"responses": wrong}
        assert [f for f in tree({}, {"properties": []}, **operation) if f.depth > 0] == []
    assert schema_tree(document_set(b"{}"), "/paths/~1a/get") == ()
    assert schema_tree(document_set(b"not a document: ["), "/paths") == ()
