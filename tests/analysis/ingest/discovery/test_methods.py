"""Google API discovery documents: methods as tools, with parameters, scopes, schemas and pointers of the document."""

import json

import pytest

from analysis.ingest import read
from analysis.ingest.schema_source import schema_source
from analysis.model import Level, SourceKind

SCOPE = "https://www.example.test/auth/hives"
DOCUMENT = {
    "kind": "discovery#restDescription",
    "discoveryVersion": "v1",
    "name": "hives",
    "title": "Hives API",
    "version": "v2",
    "rootUrl": "https://hives.example.test/",
    "servicePath": "hives/v2/",
    "auth": {"oauth2": {"scopes": {SCOPE: {"description": "All hives"}, f"{SCOPE}.readonly": {}}}},
    "parameters": {
        "key": {"type": "string", "location": "query"},
        "tenant": {"type": "string", "location": "query", "description": "Which keeper."},
    },
    "schemas": {
        "Hive": {
            "id": "Hive",
            "type": "object",
            "properties": {
                "keeperEmail": {"type": "string", "description": "Mail of the keeper."},
                "queen": {"$ref": "Bee"},
            },
        },
        "Bee": {"id": "Bee", "type": "object", "properties": {"age": {"type": "integer"}}},
    },
    "methods": {"ping": {"id": "hives.ping", "path": "ping", "httpMethod": "GET"}},
    "resources": {
        "hives": {
            "methods": {
                "get": {
                    "id": "hives.hives.get",
                    "path": "{+name}",
                    "flatPath": "hives/{hivesId}",
                    "httpMethod": "GET",
                    "description": "Gets a hive.",
                    "parameters": {
                        "name": {"type": "string", "required": True, "location": "path", "description": "Its name."},
                        "part": {"type": "string", "repeated": True, "enum": ["frame", "lid"], "location": "query"},
                    },
                    "response": {"$ref": "Hive"},
                    "scopes": [SCOPE, f"{SCOPE}.readonly"],
                },
                "insert": {
                    "id": "hives.hives.insert",
                    "path": "hives",
                    "httpMethod": "POST",
                    "request": {"$ref": "Hive"},
                    "mediaUpload": {"accept": ["image/*"]},
                    "scopes": [SCOPE],
                },
            },
            "resources": {
                "bees": {"methods": {"list": {"id": "hives.hives.bees.list", "path": "bees", "httpMethod": "GET"}}}
            },
        }
    },
}


def reading(document=DOCUMENT):
    return read(json.dumps(document).encode(), uri="hives.json")


def tools(document=DOCUMENT):
    found = reading(document)
    assert found.problems == ()
    return {tool.name: tool for tool in found.inventory.tools}


def test_every_method_is_a_tool_however_deep_its_resource_is():
    found = tools()
    assert {name: (t.method, t.path, t.pointer) for name, t in found.items()} == {
        "hives.ping": ("GET", "/hives/v2/ping", "/methods/ping"),
        "hives.hives.get": ("GET", "/hives/v2/hives/{hivesId}", "/resources/hives/methods/get"),
        "hives.hives.insert": ("POST", "/hives/v2/hives", "/resources/hives/methods/insert"),
        "hives.hives.bees.list": ("GET", "/hives/v2/bees", "/resources/hives/resources/bees/methods/list"),
    }
    info = reading().inventory.source
    assert (info.kind, info.format, info.title, info.version) == (
        SourceKind.DISCOVERY,
        "Google Discovery v1",
        "Hives API",
        "v2",
    )
    assert info.servers == ("https://hives.example.test/",)


def test_parameters_have_place_type_and_values():
    found = {p.name: p for p in tools()["hives.hives.get"].parameters}
    assert found.keys() == {"name", "part", "hivesId", "tenant"}  # `key` is shared by all APIs of Google
    assert (found["name"].place, found["name"].required, found["name"].description) == ("path", True, "Its name.")
    assert (found["part"].type, found["part"].required) == ("array", False)
    assert found["tenant"].description == "Which keeper."


def test_fields_are_followed_through_names_of_schemas():
    found = tools()
    assert set(found["hives.hives.get"].response_fields) == {"keeperEmail", "queen", "age"}
    assert set(found["hives.hives.insert"].request_fields) >= {"keeperEmail", "queen", "age"}
    assert found["hives.hives.insert"].response_fields == ()


def test_any_one_of_the_scopes_is_enough():
    security = tools()["hives.hives.get"].security
    assert [[use.scopes for use in uses] for uses in security] == [[(SCOPE,)], [(f"{SCOPE}.readonly",)]]
    assert tools()["hives.ping"].security is None  # nothing is stated


def test_texts_have_the_pointers_of_the_document():
    inventory = reading().inventory
    get = next(tool for tool in inventory.tools if tool.name == "hives.hives.get")
    places = {span.text: span.pointer for span in get.text_spans}
    assert places["Gets a hive."] == "/resources/hives/methods/get/description"
    assert places["Its name."] == "/resources/hives/methods/get/parameters/name/description"
    shared = {span.text: span.pointer for label in get.referenced_schemas for span in inventory.text_spans[label]}
    assert shared["Mail of the keeper."] == "/schemas/Hive/properties/keeperEmail/description"


@pytest.mark.parametrize("key", ["mediaUpload", "supportsMediaDownload", "x-unknown", "description", "scopes"])
def test_a_digest_covers_whatever_a_method_says(key):
    changed = json.loads(json.dumps(DOCUMENT))
    changed["resources"]["hives"]["methods"]["get"][key] = ["a change"] if key == "scopes" else "a change"
    assert tools()["hives.hives.get"].digest != tools(changed)["hives.hives.get"].digest
    assert tools()["hives.ping"].digest == tools(changed)["hives.ping"].digest


def test_a_digest_covers_the_schemas_that_a_method_refers_to():
    changed = json.loads(json.dumps(DOCUMENT))
    changed["schemas"]["Bee"]["properties"]["sting"] = {"type": "boolean"}
    before, after = tools(), tools(changed)
    assert before["hives.hives.get"].digest != after["hives.hives.get"].digest
    assert before["hives.hives.bees.list"].digest == after["hives.hives.bees.list"].digest


def test_what_cannot_be_read_is_an_error_with_its_place():
    broken = json.loads(json.dumps(DOCUMENT))
    broken["resources"]["hives"]["methods"]["lost"] = {"id": "hives.lost", "path": "x"}
    broken["resources"]["odd"] = 7
    broken["resources"]["hives"]["methods"]["get"]["response"] = {"$ref": "Nowhere"}
    found = reading(broken)
    assert {(p.level, p.pointer) for p in found.problems} == {
        (Level.ERROR, "/resources/hives/methods/lost"),
        (Level.ERROR, "/resources/odd"),
        (Level.ERROR, "/resources/hives/methods/get/response"),
    }
    assert len(found.inventory.tools) == 4


def test_methods_with_one_address_stay_apart():
    twice = json.loads(json.dumps(DOCUMENT))
    twice["methods"]["pong"] = {"id": "hives.pong", "path": "ping", "httpMethod": "GET"}
    found = tools(twice)
    assert {"hives.ping", "hives.pong"} <= found.keys()
    assert found["hives.pong"].pointer == "/methods/pong"
    assert found["hives.ping"].id != found["hives.pong"].id


def test_schemas_are_shown_as_a_tree():
    lines = schema_source(json.dumps(DOCUMENT).encode()).tree("/resources/hives/methods/get")
    assert [(line.depth, line.name) for line in lines] == [
        (0, "path name"),
        (0, "query part"),
        (1, "[each]"),
        (0, "path hivesId"),
        (0, "query tenant"),
        (0, "response 200 application/json"),
        (1, "keeperEmail"),
        (1, "queen"),
        (2, "age"),
    ]
