"""The operations of a document, as generators read them."""

import json

from analysis.output.allowlist.document.operations import Behind, operations_of
from tests.fixtures.api_documents import document, op


def read(made, *files, keys=None):
    return operations_of([("document", json.dumps(made).encode()), *files], keys or {})


def test_document_order_and_facts():
    made = document({
        "/b": {"post": op("second", summary="Two", tags=["x", 3]), "get": op("third"), "x-mcp": "no", "parameters": []},
        "x-internal": {"get": op("never")},
        "/a": {"get": op() | {"operationId": 5}, "GET": op("shouted"), "put": "text"},
    }, **{"x-mcp": True})  # fmt: skip
    found = read(made, keys={("GET", "/b"): "crm:GET /b"})
    assert [(each.key, each.operation_id) for each in found] == [
        ("POST /b", "second"), ("crm:GET /b", "third"), ("GET /a", ""),
    ]  # fmt: skip
    assert (found[0].summary, found[0].tags, found[0].x_mcp) == ("Two", ("x",), (None, "no", True))
    assert (found[0].included, found[2].included) == (False, True)


def test_references_between_files_and_no_further():
    item = json.dumps({"get": {"$ref": "ops.json#/list"}, "delete": op("drop")}).encode()
    made = document(
        {
            "/a": {"$ref": "paths/a.json", "put": op("own")},
            "/b": {"$ref": "missing.json"},
            "/c": {"$ref": "https://vendor.example/c.json"},
            "/d": {"get": {"$ref": "#/paths/~1e/get"}},
            "/e": {"get": {"$ref": "#/paths/~1d/get"}},
        }
    )
    found = read(made, ("paths/a.json", item), ("paths/ops.json", json.dumps({"list": op("list")}).encode()))
    assert {each.key: (each.operation_id, each.behind) for each in found} == {
        "PUT /a": ("own", Behind.NOTHING),
        "GET /a": ("list", Behind.PATH_ITEM),
        "DELETE /a": ("drop", Behind.PATH_ITEM),
        "GET /d": ("", Behind.OPERATION),
        "GET /e": ("", Behind.OPERATION),
    }


def test_what_is_left_out_while_a_document_is_read_changes_nothing():
    """A path may be named like a part of a schema, a reference may lead anywhere, and of two equal keys the last counts."""
    text = """{"paths": {
        "responses": {"get": {"operationId": "a", "responses": {"200": {"schema": {"get": {"operationId": "no"}}}}}},
        "/b": {"get": {"operationId": "lost"}}, "/b": {"description": "nothing"},
        "/c": {"$ref": "#/components/schemas/Item"},
        "/d": {"post": {"$ref": "#/components/parameters/odd/0"}}
      },
      "components": {"schemas": {"Item": {"put": {"operationId": "c"}}}, "parameters": {"odd": [{"operationId": "d"}]}}}"""
    found = operations_of([("document", text.encode())], {})
    assert [(each.key, each.operation_id) for each in found] == [
        ("GET responses", "a"),
        ("PUT /c", "c"),
        ("POST /d", "d"),
    ]
    assert [each.operation_id for each in operations_of([("document", f"# as YAML\n{text}".encode())], {})] == [
        "a",
        "c",
        "d",
    ]
