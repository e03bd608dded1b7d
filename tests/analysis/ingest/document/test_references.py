"""References between files: inside the named folder they are followed, and nothing else is ever opened."""

import json
import os
import socket

import pytest

from analysis.ingest import Limits, read
from analysis.model import Level

#: Stands in files that must not be read: seen in an inventory, it tells that one was opened.
CANARY = "canaryfield"
CANARY_SCHEMA = json.dumps({"type": "object", "properties": {CANARY: {"description": f"{CANARY} was opened"}}})


def document(schema=None, **more):
    """An OpenAPI document with one operation whose response has this schema."""
    content = {"content": {"application/json": {"schema": schema or {}}}}
    get = {"operationId": "a", "responses": {"200": {"description": "ok", **content}}}
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": get}}} | more


@pytest.fixture
def folder(tmp_path):
    """A folder as a source, next to a file outside it."""
    inside = tmp_path / "api"
    inside.mkdir()
    (tmp_path / "outside.json").write_text(CANARY_SCHEMA)
    (tmp_path / "api-2").mkdir()
    (tmp_path / "api-2" / "outside.json").write_text(CANARY_SCHEMA)
    return inside


def entry(folder, schema=None, **more):
    (folder / "openapi.json").write_text(json.dumps(document(schema, **more)))
    return read(str(folder))


# --- inside the folder -------------------------------------------------------------------------------


def test_references_inside_the_folder_are_followed(folder):
    (folder / "schemas").mkdir()
    (folder / "schemas" / "user.yaml").write_text("properties: {name: {}, home: {$ref: 'more/address.json#/a/0'}}")
    (folder / "schemas" / "more").mkdir()
    (folder / "schemas" / "more" / "address.json").write_text(
        '{"a": [{"properties": {"city": {}, "back": {"$ref": "../user.yaml#/properties/name"}}}]}'
    )
    reading = entry(folder, {"$ref": "schemas/user.yaml"})
    (tool,) = reading.inventory.tools
    assert reading.problems == ()
    assert tool.response_fields == ("back", "city", "home", "name")
    names = ["openapi.json", "schemas/more/address.json", "schemas/user.yaml"]
    assert [name for name, _ in reading.files] == names
    assert [name for name, _ in reading.inventory.source.files] == names


@pytest.mark.parametrize(
    "ref",
    ["./s.json", "s.json#", "sub/../s.json", "%73.json", "s.json#/", "a%20b.json", "deep/../../api/s.json"],
)
def test_spellings_of_a_file_inside(folder, ref):
    (folder / "sub").mkdir()
    (folder / "s.json").write_text('{"properties": {"found": {}}, "": {"properties": {"found": {}}}}')
    (folder / "a b.json").write_text('{"properties": {"found": {}}}')
    assert entry(folder, {"$ref": ref}).inventory.tools[0].response_fields == ("found",)


def test_an_operation_in_a_file_of_its_own(folder):
    (folder / "ops").mkdir()
    (folder / "ops" / "get.yaml").write_text("operationId: fetchAll\nresponses: {}\n")
    reading = entry(folder, paths={"/a": {"get": {"$ref": "ops/get.yaml"}}})
    (tool,) = reading.inventory.tools
    assert (tool.operation_id, tool.pointer, tool.line) == ("fetchAll", "ops/get.yaml#", 1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "in part.yaml: there is no such file"),
        (b"a: [", "in part.yaml: not valid YAML"),
        (b"a: \xff", "in part.yaml: byte 3 is not UTF-8"),
        (b"", "in part.yaml: the file is empty"),
        (b"a: 1\na: 2", "in part.yaml: the key 'a' is defined twice"),
        (b"x: y", "the reference 'part.yaml#/nowhere' points to nothing"),
    ],
)
def test_faults_of_another_file_name_it(folder, content, message):
    if content is not None:
        (folder / "part.yaml").write_bytes(content)
    reading = entry(folder, {"$ref": "part.yaml#/nowhere"})
    assert len(reading.inventory.tools) == 1
    assert any(message in problem.what for problem in reading.problems)
    assert {problem.level for problem in reading.problems} == {Level.ERROR}


def test_a_digest_changes_with_another_file(folder):
    (folder / "s.json").write_text('{"properties": {"a": {}}}')
    before = entry(folder, {"$ref": "s.json"})
    (folder / "s.json").write_text('{"properties": {"b": {}}}')
    after = read(str(folder))
    assert before.inventory.tools[0].digest != after.inventory.tools[0].digest
    assert before.inventory.source.sha256 != after.inventory.source.sha256


def test_the_file_limit_holds(folder):
    for number in range(5):
        (folder / f"{number}.json").write_text("{}")
    (folder / "openapi.json").write_text(
        json.dumps(document({"properties": {str(n): {"$ref": f"{n}.json"} for n in range(5)}}))
    )
    reading = read(str(folder), limits=Limits(files=3))
    assert len(reading.files) == 3
    assert reading.problems[0].what == "more than 3 files; the others were not read"
    assert sum(problem.what.endswith(".json' was not read") for problem in reading.problems) == 3
    assert reading.not_checked[-1].check == "beyond the limit on files"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "the folder holds no OpenAPI document at its top"),
        ({"a.json": "{}", "notes.txt": "openapi: 3.1.0"}, "the folder holds no OpenAPI document at its top"),
        ({"a.yaml": "openapi: 3.1.0", "b.json": '{"swagger": "2.0"}'}, "holds several documents: a.yaml, b.json"),
    ],
)
def test_a_folder_needs_one_document_at_its_top_level(tmp_path, files, message):
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    reading = read(str(tmp_path))
    assert reading.inventory is None
    assert message in reading.problems[0].what


def test_a_document_in_utf16_is_found_in_its_folder(folder):
    (folder / "api.json").write_bytes(json.dumps(document()).encode("utf-16"))
    assert read(str(folder)).inventory is not None


# --- outside ------------------------------------------------------------------------------------------


def outside(folder):
    """References that lead out of the folder to the canary, as written in the document."""
    target = folder.parent / "outside.json"
    (folder / "link.json").symlink_to(target)
    (folder / "linked").symlink_to(folder.parent, target_is_directory=True)
    (folder / "down").mkdir()
    return {
        "parent": "../outside.json",
        "parent of a folder": "down/../../outside.json",
        "sibling that begins alike": "../api-2/outside.json",
        "percent-encoded": "%2e%2e/outside.json",
        "percent-encoded slash": "..%2Foutside.json",
        "symlink": "link.json",
        "symlinked folder": "linked/outside.json",
        "absolute": str(target),
        "file URL": target.as_uri(),
        "file URL without slashes": f"file:{target}",
        "capitals": f"FILE://{target}",
        "percent-encoded scheme": f"file%3A//{target}",
        "network path": f"//localhost{target}",
        "backslashes": f"\\\\localhost\\{target}",
    }


KINDS = [
    "parent", "parent of a folder", "sibling that begins alike", "percent-encoded", "percent-encoded slash",
    "symlink", "symlinked folder", "absolute", "file URL", "file URL without slashes", "capitals",
    "percent-encoded scheme", "network path", "backslashes",
]  # fmt: skip


def test_every_way_out_is_tried(folder):
    assert list(outside(folder)) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_outside_the_folder_is_opened(folder, kind):
    ref = outside(folder)[kind]
    reading = entry(folder, {"$ref": ref})
    (tool,) = reading.inventory.tools
    assert CANARY not in repr(reading)
    assert tool.response_fields == ()
    assert [name for name, _ in reading.files] == ["openapi.json"]
    (problem,) = reading.problems
    assert problem.level is Level.ERROR
    assert "was not opened" in problem.what
    assert problem.pointer == "/paths/~1a/get/responses/200"


@pytest.mark.parametrize("kind", KINDS)
def test_a_single_file_opens_no_other(folder, kind):
    ref = outside(folder)[kind]
    (folder / "openapi.json").write_text(json.dumps(document({"$ref": ref})))
    reading = read(str(folder / "openapi.json"))
    assert CANARY not in repr(reading)
    assert len(reading.problems) == 1


def test_the_canary_sings_when_its_file_is_inside(folder):
    """The tests above would notice."""
    (folder / "inside.json").write_text(CANARY_SCHEMA)
    assert CANARY in repr(entry(folder, {"$ref": "inside.json"}))


@pytest.mark.parametrize("ref", ["pipe", "/dev/stdin", "nul\0.json", "x" * 5_000, "loop-a", ".", "", "#", "?", "~"])
def test_odd_names_raise_nothing(folder, ref):
    os.mkfifo(folder / "pipe")
    (folder / "loop-a").symlink_to("loop-b")
    (folder / "loop-b").symlink_to("loop-a")
    assert entry(folder, {"$ref": ref}).inventory is not None


@pytest.mark.parametrize("name", ["", "nul\0", "x" * 5_000, "\ud800", "/dev/null", "/"])
def test_odd_sources_are_refused(name):
    reading = read(name)
    assert reading.inventory is None
    assert reading.problems[0].level is Level.REFUSED


# --- pointers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fragment", "found"),
    [
        ("/x-parts/a~1b", True),
        ("/x-parts/c~0d", True),
        ("/x-parts/e%20f", True),
        ("/x-list/1", True),
        ("/x-list/2", False),
        ("/x-list/-", False),
        ("/x-list/\u00b2", False),  # a digit to str.isdigit, not to int
        ("/x-list/\u0661", False),  # an Arabic one
        ("/x-list/00000000001", False),
        ("/x-list/99999999999999999999", False),
        ("/x-parts/none", False),
        ("anchor", False),
        ("/x-parts/a~1b/properties/found/deeper", False),
    ],
)
def test_json_pointers(fragment, found):
    leaf = {"properties": {"found": {}}}
    more = {"x-parts": {"a/b": leaf, "c~d": leaf, "e f": leaf}, "x-list": [{}, leaf]}
    reading = read(json.dumps(document({"$ref": f"#{fragment}"}, **more)).encode())
    assert reading.inventory.tools[0].response_fields == (("found",) if found else ())
    assert [p.what for p in reading.problems] == (
        [] if found else [f"the reference {f'#{fragment}'!r} points to nothing"]
    )


# --- no connection, ever ------------------------------------------------------------------------------


@pytest.fixture
def listener():
    """A port of this machine, and how many connections it has had."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)

        def connections():
            count = 0
            while True:
                try:
                    server.accept()[0].close()
                except BlockingIOError:
                    return count
                count += 1

        yield f"127.0.0.1:{server.getsockname()[1]}", connections


def test_the_listener_detects_connections(listener):
    host, connections = listener
    name, _, port = host.partition(":")
    socket.create_connection((name, int(port))).close()
    assert connections() == 1
    assert connections() == 0


def get(**more):
    return {"/a": {"get": {"operationId": "a", "responses": {}} | more}}


def response(**media):
    return get(responses={"200": {"description": "ok", "content": {"application/json": media}}})


#: Where a document can name an address, each with whether that is a reference somebody would miss.
PLACES = {
    "schema": lambda url: ({"paths": response(schema={"$ref": url})}, True),
    "schema inside another": lambda url: ({"paths": response(schema={"items": {"$ref": f"{url}#/a"}})}, True),
    "parameter": lambda url: ({"paths": get(parameters=[{"$ref": url}])}, True),
    "path item": lambda url: ({"paths": {"/a": {"$ref": url}}}, True),
    "operation": lambda url: ({"paths": {"/a": {"get": {"$ref": url}}}}, True),
    "response": lambda url: ({"paths": get(responses={"200": {"$ref": url}})}, True),
    "request body": lambda url: ({"paths": get(requestBody={"$ref": url})}, True),
    "example": lambda url: ({"paths": response(examples={"e": {"$ref": url}})}, True),
    "header": lambda url: ({"paths": get(responses={"200": {"headers": {"h": {"$ref": url}}}})}, True),
    "callback": lambda url: ({"paths": get(callbacks={"c": {"$ref": url}})}, True),
    "unused component": lambda url: ({"paths": get(), "components": {"schemas": {"U": {"$ref": url}}}}, False),
    "security scheme": lambda url: (
        {"paths": get(security=[{"k": []}]), "components": {"securitySchemes": {"k": {"$ref": url}}}},
        True,
    ),
    "discriminator mapping": lambda url: (
        {"paths": response(schema={"discriminator": {"propertyName": "p", "mapping": {"m": url}}})},
        True,
    ),
    "externalValue": lambda url: ({"paths": response(examples={"e": {"externalValue": url}})}, False),
    "$id": lambda url: ({"paths": response(schema={"$id": url, "$ref": "#/$defs/x"})}, False),
    "$dynamicRef": lambda url: ({"paths": response(schema={"$dynamicRef": url})}, False),
    "jsonSchemaDialect": lambda url: ({"paths": get(), "jsonSchemaDialect": url}, False),
    "$schema": lambda url: ({"paths": response(schema={"$schema": url})}, False),
    "$self": lambda url: ({"paths": response(schema={"$ref": "x.json"}), "$self": url}, False),
    "servers": lambda url: ({"paths": get(), "servers": [{"url": url}]}, False),
    "externalDocs": lambda url: ({"paths": get(externalDocs={"url": url})}, False),
    "openIdConnectUrl": lambda url: (
        {
            "paths": get(security=[{"k": []}]),
            "components": {"securitySchemes": {"k": {"type": "openIdConnect", "openIdConnectUrl": url}}},
        },
        False,
    ),
}


@pytest.mark.parametrize("scheme", ["http://", "HTTP://", "//", "ftp://", "http:"])
@pytest.mark.parametrize("place", PLACES)
def test_no_address_in_a_document_is_contacted(listener, tmp_path, place, scheme):
    host, connections = listener
    url = f"{scheme}{host}/x.json"
    parts, reported = PLACES[place](url)
    raw = json.dumps(document(**parts)).encode()
    (tmp_path / "openapi.json").write_bytes(raw)
    for source in (raw, str(tmp_path / "openapi.json"), str(tmp_path)):
        reading = read(source)
        assert connections() == 0
        assert reading.inventory is not None
        assert any(url in problem.what for problem in reading.problems) or not reported


def test_a_tool_list_opens_no_connection(listener):
    host, connections = listener
    schema = {"type": "object", "properties": {"a": {"$ref": f"http://{host}/a"}}, "$schema": f"http://{host}/s"}
    reading = read(json.dumps({"tools": [{"name": "t", "inputSchema": schema}]}).encode())
    assert connections() == 0
    assert any(host in problem.what for problem in reading.problems)
