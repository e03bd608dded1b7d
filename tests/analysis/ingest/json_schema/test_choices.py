"""Choices that a schema spreads over a union of constants or of objects."""

import json

import pytest

from analysis.ingest import read
from analysis.ingest.json_schema.choices import choices_of, stated_values


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        ({"enum": ["a", 2]}, ("a", "2")),
        ({"const": "a"}, ("a",)),
        ({"anyOf": [{"const": "a"}, {"enum": ["b", "c"]}, {"type": "string"}]}, ("a", "b", "c")),
        ({"oneOf": [{"const": "a"}, {"const": "a"}]}, ("a",)),
        ({"type": "string"}, ()),
        (True, ()),
        (None, ()),
    ],
)
def test_values_of_a_schema(schema, values):
    assert stated_values(schema) == values


def test_the_field_that_tells_variants_apart():
    variant = {"properties": {"kind": {"const": "hatch"}, "size": {"const": 1}}}
    other = {"properties": {"kind": {"const": "fly"}, "size": {"const": 1}, "wings": {"enum": [1, 2]}}}
    schemas = {"one": variant, "two": other}
    union = {"type": "array", "items": {"oneOf": [{"$ref": "one"}, {"$ref": "two"}]}}
    found = choices_of(union, lambda node: schemas.get(str(node.get("$ref")), node))
    assert found == (("kind", ("hatch", "fly")),)


def test_a_union_that_holds_itself_ends():
    union: dict[str, object] = {}
    union["items"] = union
    union["oneOf"] = [union]
    assert choices_of(union, lambda node: node) == ()


VARIANTS = [
    {"type": "object", "properties": {"act": {"const": act}, "nest": {"type": "string"}}} for act in ("show", "burn")
]  # fmt: skip


def _api(schema):
    body = {"content": {"application/json": {"schema": schema}}}
    operation = {"operationId": "nests", "requestBody": body, "responses": {"200": {"description": "ok"}}}
    document = {
        "openapi": "3.1.0", "info": {"title": "Nests", "version": "1"}, "paths": {"/nests": {"post": operation}},
        "components": {"schemas": dict(zip(("Show", "Burn"), VARIANTS, strict=True))},
    }  # fmt: skip
    (tool,) = read(json.dumps(document).encode()).inventory.tools
    return tool


REFERENCES = [{"$ref": "#/components/schemas/Show"}, {"$ref": "#/components/schemas/Burn"}]


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ({"type": "object", "properties": {"steps": {"type": "array", "items": {"oneOf": REFERENCES}}}}, "steps"),
        ({"oneOf": REFERENCES}, "act"),
        ({"anyOf": VARIANTS}, "act"),
    ],
)
def test_choices_of_a_body(schema, name):
    parameter = next(parameter for parameter in _api(schema).parameters if parameter.name == name)
    assert parameter.choices == (("act", ("show", "burn")),)


def _mcp(schema):
    listed = {"tools": [{"name": "nests", "description": "Nests", "inputSchema": schema}]}
    (tool,) = read(json.dumps(listed).encode()).inventory.tools
    return tool


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ({"type": "object", "properties": {"step": {"oneOf": VARIANTS}}}, "step"),
        ({"type": "object", "oneOf": VARIANTS}, "act"),
        (
            {
                "type": "object",
                "$defs": {"s": VARIANTS[0], "b": VARIANTS[1]},
                "properties": {"step": {"anyOf": [{"$ref": "#/$defs/s"}, {"$ref": "#/$defs/b"}]}},
            },
            "step",
        ),
    ],
)
def test_choices_of_an_argument(schema, name):
    parameter = next(parameter for parameter in _mcp(schema).parameters if parameter.name == name)
    assert parameter.choices == (("act", ("show", "burn")),)
