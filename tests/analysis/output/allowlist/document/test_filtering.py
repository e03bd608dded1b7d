"""A filtered document has exactly the approved operations, each as it was approved."""

import itertools
import json
import random

import pytest
import yaml

from analysis.ingest import Stored, read
from analysis.model import SourceKind
from analysis.output.allowlist.document.document_tree import read_tree, write_tree
from analysis.output.allowlist.document.filtering import filtered
from analysis.output.allowlist.document.pointers import FileSet
from tests.fixtures.api_documents import HOSTILE, document, op


def cut(made, approved, *files):
    """Return the filtered document of one made by a test, as data."""
    raw = made if isinstance(made, bytes) else json.dumps(made).encode()
    source = read_tree(raw)
    written = write_tree(filtered(source, FileSet([("document", raw), *files], source.root), approved))
    return yaml.safe_load(written)


def digests(reading):
    return {(tool.method, tool.path): tool.digest for tool in reading.inventory.tools}


def ref(name, section="schemas"):
    return {"$ref": f"#/components/{section}/{name}"}


def body(schema):
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def test_only_what_is_approved_and_what_it_leads_to():
    made = document(
        {
            "/a": {"summary": "A", "parameters": [ref("Page", "parameters")], "get": op("list"), "delete": op("drop", **body(ref("Gone")))},
            "/b": {"post": op("add", tags=["used"], **body(ref("Order")))},
            "/c": {"get": op("other", tags=["unused"])},
        },
        components={
            "schemas": {"Order": {"properties": {"item": ref("Item")}}, "Item": {}, "Gone": {}},
            "parameters": {"Page": {"name": "page", "in": "query"}, "Unused": {"name": "u", "in": "query"}},
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X"}},
        },
        tags=[{"name": "used"}, {"name": "unused"}], security=[{"key": []}], webhooks={"w": {"post": op("hook")}},
        **{"x-ms-paths": {"/d?x": {"get": op("hidden")}}, "x-mcp": False},
    )  # fmt: skip
    found = cut(made, {("GET", "/a"), ("POST", "/b")})
    assert {path: [*item] for path, item in found["paths"].items()} == {
        "/a": ["summary", "parameters", "get"],
        "/b": ["post"],
    }
    assert {section: [*parts] for section, parts in found["components"].items()} == {
        "schemas": ["Order", "Item"], "parameters": ["Page"], "securitySchemes": ["key"],
    }  # fmt: skip
    assert found["tags"] == [{"name": "used"}]
    assert found["security"] == [{"key": []}]
    assert found["servers"] == made["servers"]
    assert found["x-mcp"] is False
    assert found.keys() & {"webhooks", "x-ms-paths"} == set()


def test_an_empty_set_is_a_document_without_paths():
    assert cut(document({"/a": {"get": op("a")}}), set())["paths"] == {}
    assert cut(b"openapi: 3.1.0\ninfo: {title: T, version: '1'}\nwebhooks: {}\n", set())["paths"] == {}


def test_keys_that_only_some_readers_take_for_methods_are_left_out():
    made = document({"/a": {"get": op("a"), "DELETE": op("b"), "Post": op("c"), "x-note": 1}, "x-b": {"get": op("d")}})
    assert cut(made, {("GET", "/a"), ("DELETE", "/a"), ("POST", "/a"), ("GET", "x-b")})["paths"] == {
        "/a": {"get": op("a"), "x-note": 1},
    }  # fmt: skip


def test_a_path_item_behind_a_reference_is_written_out():
    made = document({"/a": {"$ref": "#/components/pathItems/A"}, "/b": {"$ref": "#/components/pathItems/A", "put": op("p")}},
                    components={"pathItems": {"A": {"get": op("g", **body(ref("S"))), "delete": op("d")}}, "schemas": {"S": {}}})  # fmt: skip
    found = cut(made, {("GET", "/a"), ("PUT", "/b"), ("GET", "/b")})
    assert {path: {*item} for path, item in found["paths"].items()} == {"/a": {"get"}, "/b": {"get", "put"}}
    assert found["components"] == {"schemas": {"S": {}}}


def test_a_part_of_a_blocked_operation_is_copied_and_not_the_operation():
    made = document(
        {
            "/a": {"post": op("keep", **body({"$ref": "#/paths/~1b/delete/x-shape"}))},
            "/b": {
                "delete": op("drop", **{"x-shape": {"properties": {"again": {"$ref": "#/paths/~1b/delete/x-shape"}}}})
            },
        }
    )
    found = cut(made, {("POST", "/a")})
    target = found["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    assert target == "#/components/schemas/x-shape"
    assert found["components"]["schemas"] == {"x-shape": {"properties": {"again": {"$ref": target}}}}
    assert "drop" not in json.dumps(found)


def test_several_files_become_one():
    shapes = json.dumps({"Order": {"properties": {"item": {"$ref": "#/Item"}}}, "Item": {"title": "Item"}}).encode()
    item = json.dumps({"get": op("g", **body({"$ref": "shapes.json#/Order"})), "delete": op("d")}).encode()
    made = document({"/a": {"$ref": "parts/a.json"}}, components={"schemas": {"Order": {"title": "taken"}}})
    found = cut(made, {("GET", "/a")}, ("parts/a.json", item), ("parts/shapes.json", shapes))
    assert [*found["paths"]["/a"]] == ["get"]
    assert found["components"]["schemas"] == {
        "Order_2": {"properties": {"item": {"$ref": "#/components/schemas/Item"}}}, "Item": {"title": "Item"},
    }  # fmt: skip


def test_variants_that_a_discriminator_names_are_kept():
    made = document({"/a": {"post": op("a", **body(ref("Pet")))}}, components={"schemas": {
        "Pet": {"discriminator": {"propertyName": "kind", "mapping": {"dog": "Dog", "cat": "#/components/schemas/Cat"}}},
        "Dog": {}, "Cat": {}, "Bird": {"allOf": [ref("Pet")]}, "Car": {},
    }})  # fmt: skip
    assert [*cut(made, {("POST", "/a")})["components"]["schemas"]] == ["Pet", "Dog", "Cat", "Bird"]


def test_properties_may_be_called_as_keywords_are():
    properties = {"discriminator": ref("Number"), "$ref": {"type": "string"}, "items": ref("Items")}
    made = document({"/a": {"post": op("a", **body({"properties": properties}))}},
                    components={"schemas": {"Number": {}, "Items": {}, "Unused": {}}})  # fmt: skip
    assert [*cut(made, {("POST", "/a")})["components"]["schemas"]] == ["Number", "Items"]


@pytest.mark.parametrize("schema", [{"$ref": "#anchor"}, {"$dynamicRef": "#node"}])
def test_an_anchor_keeps_every_schema(schema):
    made = document(
        {"/a": {"post": op("a", **body(schema))}}, components={"schemas": {"A": {"$anchor": "anchor"}, "B": {}}}
    )
    assert [*cut(made, {("POST", "/a")})["components"]["schemas"]] == ["A", "B"]


def test_references_that_lead_nowhere_stay_as_they_are():
    made = document({"/a": {"post": op("a", **body({"$ref": "#/components/schemas/None"}))}})
    assert cut(made, {("POST", "/a")})["paths"] == made["paths"]


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_swagger_2(form):
    made = {
        "swagger": "2.0", "info": {"title": "T", "version": "1"}, "host": "h.example",
        "paths": {"/a": {"get": {"parameters": [{"$ref": "#/parameters/P"}], "responses": {"200": {"$ref": "#/responses/R"}}}, "post": {}}},
        "definitions": {"D": {}, "E": {}}, "parameters": {"P": {"name": "p", "in": "query", "type": "string"}, "Q": {}},
        "responses": {"R": {"description": "d", "schema": {"$ref": "#/definitions/D"}}, "S": {}},
        "securityDefinitions": {"basic": {"type": "basic"}},
    }  # fmt: skip
    raw = json.dumps(made).encode() if form == "json" else yaml.safe_dump(made, sort_keys=False).encode()
    found = cut(raw, {("GET", "/a")})
    assert [*found["paths"]["/a"]] == ["get"]
    assert [[*found[key]] for key in ("definitions", "parameters", "responses", "securityDefinitions")] == [
        ["D"], ["P"], ["R"], ["basic"],
    ]  # fmt: skip
    assert [*found] == [*made]


@pytest.mark.parametrize("name", HOSTILE)
def test_each_of_a_pair_of_one_name_can_be_the_one_that_is_left(name):
    raw = json.dumps(HOSTILE[name]).encode()
    tools = [(tool.method, tool.path) for tool in read(raw).inventory.tools]
    for approved in itertools.islice(itertools.combinations(tools, 2), 60):
        found = read(json.dumps(cut(raw, set(approved))).encode()).inventory.tools
        assert {(tool.method, tool.path) for tool in found} == set(approved)


def specifications(shared):
    """Yield every document of the shared data that is an OpenAPI source, with its reading."""
    folder = shared / "specs"
    whole = {path.parent for path in folder.rglob("*.yml")}
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".json", ".yaml"} or not path.is_file() or any(part in whole for part in path.parents):
            continue
        found = read(str(path))
        if found.inventory is not None and found.inventory.source.kind is SourceKind.OPENAPI:
            yield path.name, found
    yield "digitalocean", read(str(folder / "digitalocean"))


@pytest.mark.parametrize("share", [1, 0.5, 0.02, 0])
def test_every_real_document(shared, share):
    dice = random.Random(f"{share}")
    count = 0
    for name, before in specifications(shared):
        all_tools = digests(before)
        approved = {address for address in all_tools if dice.random() < share}
        source = read_tree(before.files[0][1])
        written = write_tree(filtered(source, FileSet(before.files, source.root), approved))
        after = read(Stored((("document", written),), folder=False))
        found = digests(after)
        assert found.keys() == approved, name
        if len(before.files) == 1:  # parts that move have another address, and definitions state addresses
            assert {address: all_tools[address] for address in approved} == found, name
        assert [tool.servers for tool in after.inventory.tools if tool.servers != before_servers(before, tool)] == []
        count += 1
    assert count > 20


def before_servers(before, tool):
    return next(each.servers for each in before.inventory.tools if (each.method, each.path) == (tool.method, tool.path))
