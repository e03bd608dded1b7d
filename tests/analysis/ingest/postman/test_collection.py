"""Postman collections: requests as tools, with folders, variables, bodies in every mode, and inherited authorization."""

import json

import pytest

from analysis.ingest import read
from analysis.model import Level, SourceKind

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def collection(*items, **more):
    return {"info": {"name": "Boats", "schema": SCHEMA}, "item": list(items)} | more


def request(name="Sink a boat", method="POST", url="https://boats.example.test/boats/1/sink", **more):
    return {"name": name, "request": {"method": method, "url": url} | more}


def reading(data):
    return read(json.dumps(data).encode(), uri="boats.json")


def tools(data):
    found = reading(data)
    assert not [problem for problem in found.problems if problem.level is not Level.NOTE], found.problems
    return found.inventory.tools


def only(*args, **more):
    (tool,) = tools(collection(request(*args, **more)))
    return tool


def test_requests_of_folders_are_tools():
    folder = {"name": "Harbour", "item": [request(), {"name": "Quay", "item": [request("Moor", "PUT")]}]}
    found = tools(collection(folder))
    assert [(t.name, t.summary, t.tags, t.pointer) for t in found] == [
        ("Sink a boat", "Sink a boat", ("Harbour",), "/item/0/item/0"),
        ("Moor", "Moor", ("Harbour", "Quay"), "/item/0/item/1/item/0"),
    ]
    info = reading(collection(folder)).inventory.source
    assert (info.kind, info.format, info.title) == (SourceKind.POSTMAN, "Postman collection 2.1", "Boats")
    assert info.servers == ("https://boats.example.test",)


@pytest.mark.parametrize(
    ("url", "path", "servers"),
    [
        ("https://b.example.test/boats/:id?deep=1", "/boats/{id}", ("https://b.example.test",)),
        ({"raw": "https://b.example.test/boats/{{boat}}"}, "/boats/{boat}", ("https://b.example.test",)),
        ("{{base}}/boats", "/v1/boats", ("https://b.example.test",)),
        ("{{unknown}}/boats", "/boats", ("{unknown}",)),
        ("b.example.test:8080/boats", "/boats", ("b.example.test:8080",)),
        ({"protocol": "https", "host": ["b", "example", "test"], "path": ["boats", ":id"]}, "/boats/{id}", ("https://b.example.test",)),
        ("https://b.example.test/boats:close", "/boats:close", ("https://b.example.test",)),
        ("https://b.example.test", "/", ("https://b.example.test",)),
    ],
)  # fmt: skip
def test_addresses_are_templates(url, path, servers):
    variables = [{"key": "base", "value": "https://{{host}}/v1"}, {"key": "host", "value": "b.example.test"}]
    (tool,) = tools(collection(request(url=url), variable=variables))
    assert (tool.path, tool.servers) == (path, servers)


def test_query_path_and_header_fields_are_parameters():
    url = {
        "raw": "https://b.example.test/boats/:id?deep=1&hid%20den=2",
        "query": [{"key": "deep", "value": "1", "description": "How deep."}, {"key": "off", "disabled": True}],
        "variable": [{"key": "id", "description": {"content": "Which boat."}}],
    }
    headers = [{"key": "X-Captain", "value": "ann"}, {"key": "Content-Type", "value": "application/json"}]
    found = {(p.name, p.place, p.required, p.description) for p in only(url=url, header=headers).parameters}
    assert found == {
        ("id", "path", True, "Which boat."),
        ("deep", "query", False, "How deep."),
        ("off", "query", False, ""),
        ("hid den", "query", False, ""),
        ("X-Captain", "header", False, ""),
    }


BODIES = {
    "raw": ({"mode": "raw", "raw": '{"mate": {"email": "a@b.test"}, "holds": [{"kg": 1}]}'}, {"mate", "email", "holds", "kg"}),
    "bare variable": ({"mode": "raw", "raw": '{"kg": {{kg}}, "name": "{{name}}"}'}, {"kg", "name"}),
    "comment": ({"mode": "raw", "raw": '{\n// heavy\n"kg": {{kg}}}'}, {"kg"}),
    "urlencoded": ({"mode": "urlencoded", "urlencoded": [{"key": "a"}, {"key": "b"}]}, {"a", "b"}),
    "formdata": ({"mode": "formdata", "formdata": [{"key": "photo", "type": "file"}]}, {"photo"}),
    "graphql": ({"mode": "graphql", "graphql": {"query": "mutation { sink }", "variables": '{"id": 1}'}}, {"query", "variables", "id"}),
}  # fmt: skip


@pytest.mark.parametrize(("body", "fields"), BODIES.values(), ids=BODIES)
def test_bodies_of_every_mode_have_fields(body, fields):
    assert set(only(body=body).request_fields) == fields


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"mode": "raw", "raw": '{"kg": '}, "not valid JSON"),
        ({"mode": "binary-xyz"}, "body mode 'binary-xyz'"),
    ],
)
def test_a_body_that_is_not_understood_is_told(body, message):
    (problem,) = reading(collection(request(body=body))).problems
    assert message in problem.what
    assert problem.pointer == "/item/0/request/body"


def test_saved_responses_show_the_fields_that_are_returned():
    response = [{"name": "ok", "code": 200, "body": '[{"owner_email": "a@b.test"}]'}, {"code": 404, "body": "gone"}]
    (tool,) = tools(collection(request() | {"response": response}))
    assert tool.response_fields == ("owner_email",)
    assert tool.returns_array


BEARER = {"type": "bearer", "bearer": [{"key": "token", "value": "{{t}}"}]}
KEY = {"type": "apikey", "apikey": [{"key": "key", "value": "X-Key"}, {"key": "in", "value": "header"}]}


def test_authorization_is_inherited():
    items = [
        request("inherits"),
        request("own", auth=KEY),
        {"name": "open", "auth": {"type": "noauth"}, "item": [request("open to all")]},
    ]
    found = {t.name: t.security for t in tools(collection(*items, auth=BEARER))}
    assert [[use.kind for use in uses] for uses in found["inherits"]] == [["http-bearer"]]
    assert [[use.kind for use in uses] for uses in found["own"]] == [["apiKey-header"]]
    assert found["open to all"] == ()
    assert only().security is None  # nothing is stated anywhere


def test_requests_of_one_address_stay_apart():
    found = tools(collection(request("Sink"), request("Raise"), request("Sink")))
    assert len({tool.id for tool in found}) == 3
    assert [tool.name for tool in found] == ["Sink", "Raise", "Sink"]


def test_a_digest_covers_all_of_a_request_and_no_script():
    plain = only()
    assert plain.digest != only(description="Now with torpedoes.").digest
    assert plain.digest != only(proxy={"host": "x"}).digest
    item = request() | {"event": [{"listen": "prerequest", "script": {"exec": ["1"]}}]}
    found = reading(collection(item))
    assert found.inventory.tools[0].digest == plain.digest
    assert "scripts" in found.problems[0].what


def test_values_of_the_collection_are_texts_that_are_scanned():
    inventory = reading(collection(request(), variable=[{"key": "token", "value": "s3cr3t value"}])).inventory
    (tool,) = inventory.tools
    texts = {span.text: span.pointer for label in tool.referenced_schemas for span in inventory.text_spans[label]}
    assert texts["s3cr3t value"] == "/variable/0/value"


def test_a_collection_inside_the_answer_of_the_service_keeps_its_pointers():
    (tool,) = tools({"collection": collection(request())})
    assert tool.pointer == "/collection/item/0"


def test_what_is_no_request_is_an_error():
    found = reading(collection(request(), {"name": "empty"}, 7, request(url=None)))
    assert [(p.level, p.pointer) for p in found.problems] == [(Level.ERROR, f"/item/{n}") for n in (1, 2, 3)]
    assert len(found.inventory.tools) == 1
