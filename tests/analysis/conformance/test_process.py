"""Conformance checks: they end, report whether they are complete, and open nothing."""

import json
import os
import socket
import subprocess
import sys
import threading
import warnings
from pathlib import Path
from time import monotonic

import pytest

from analysis.conformance import process as conformance
from analysis.conformance.own_checks import own_problems
from analysis.conformance.problems import RefuseReferences, problems_of
from analysis.conformance.process import Check, check
from analysis.ingest import read
from analysis.ingest.document.loading import Limits
from analysis.ingest.document.reader import parse_document
from analysis.ingest.document.references import DocumentSet
from analysis.ingest.openapi.walk import version_of
from analysis.model import Level
from analysis.review.sources.importing import start_conformance

VERSIONS = {
    "2.0": {"swagger": "2.0"},
    "3.0": {"openapi": "3.0.3"},
    "3.1": {"openapi": "3.1.0"},
    "3.2": {"openapi": "3.2.0"},
}


def document(version="3.1", schema=None, components=None, **more):
    """A valid document with one operation, whose response has this schema."""
    media = (
        {"schema": schema or {}} if version == "2.0" else {"content": {"application/json": {"schema": schema or {}}}}
    )
    get = {"operationId": "a", "responses": {"200": {"description": "ok", **media}}}
    head = {**VERSIONS[version], "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": get}}}
    schemas = {"definitions": components} if version == "2.0" else {"components": {"schemas": components}}
    return head | (schemas if components else {}) | more


def encoded(node):
    return json.dumps(node).encode()


def inside(node):
    """The problems as (pointer, text), found in this process."""
    raw = node if isinstance(node, bytes) else encoded(node)
    parsed = parse_document(raw, Limits())
    skipped = []
    version = version_of(parsed.data)
    assert version is not None
    return [(p.pointer, p.what) for p in problems_of(parsed, version, skipped)]


# --- what it says ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["petstore-3.0.yaml", "petstore-expanded-2.0.yaml", "museum-3.1.yaml"])
def test_a_good_document(shared, name):
    result = check((shared / "specs" / name).read_bytes())
    assert (result.finished, result.problems, result.reason) == (True, (), "")


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_has_a_validator(version):
    assert inside(document(version)) == []
    broken = document(version)
    del broken["info"]
    assert inside(broken) == [("", "'info' is a required property")]


def test_a_published_document_that_fails(shared):
    result = check((shared / "specs" / "xero-accounting-3.0.yaml").read_bytes())
    assert result.finished
    assert len(result.problems) == 23
    assert {problem.level for problem in result.problems} == {Level.NOTE}
    first = result.problems[0]
    assert first.what == "'false' is not of type 'boolean'"
    assert first.pointer == "/components/schemas/Account/properties/HasAttachments/default"
    assert first.line is not None
    assert first.line > 20_000


def test_a_pointer_is_the_place_of_the_fault_after_references():
    bad = {"type": "object", "properties": {"a/b": {"type": "integer", "default": "one"}}}
    ((pointer, what),) = inside(
        document(schema={"items": {"$ref": "#/components/schemas/Bad"}}, components={"Bad": bad})
    )
    assert pointer == "/components/schemas/Bad/properties/a~1b/default"
    assert what == "'one' is not of type 'integer'"


def test_the_alternative_that_was_meant_is_spoken_of():
    broken = document("3.0")
    broken["paths"]["/a"]["get"]["parameters"] = [{"name": "x", "in": "query", "schema": {}, "deprecated": "no"}]
    assert inside(broken)[0] == ("/paths/~1a/get/parameters/0/deprecated", "'no' is not of type 'boolean'")


def test_texts_are_one_safe_line_and_do_not_repeat_the_document():
    broken = document("3.0", components={"A": {"type": "integer", "default": "a\x1b]8;;\x07\u202eb\nc"}})
    broken["paths"]["/b\u202ec"] = {"get": {"operationId": "a", "responses": {"200": {"description": "ok"}}}}
    whats = [what for _, what in inside(broken)]
    assert len(whats) == 2
    assert all(what.isprintable() for what in whats)
    assert "⟨U+202E⟩" in whats[0]
    huge = document("3.0", tags={"a": "y" * 5_000})
    assert inside(huge)[0] == ("/tags", "the value is not of type 'array'")


def test_a_part_that_fails_does_not_end_the_check():
    paths = {"/a": None, "/b": {"get": {"operationId": "b", "responses": {}, "parameters": [{"in": "query"}]}}}
    good = {"get": {"operationId": "b", "responses": {"200": {"description": "ok"}}}}
    result = check(encoded(document(paths=paths | {"/c": good})))
    assert not result.finished
    assert result.reason.startswith("parts that could not be validated: ")
    whats = [problem.what for problem in result.problems]
    assert any(what.startswith("this part was not validated") for what in whats)
    assert any("'b' for 'get' in '/c' is not unique" in what for what in whats)  # the last path was still seen


# --- when it cannot be answered ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "the document cannot be read: the file is empty"),
        (b"{", "the document cannot be read: "),
        (b"\xff\xfe\x00", "the document cannot be read: "),
        (b"- 1", "this is not an OpenAPI document"),
        (b'{"openapi": "4.0.0"}', "this is not an OpenAPI document"),
        (b'{"swagger": "1.2"}', "this is not an OpenAPI document"),
        (b'{"tools": [{"name": "a", "inputSchema": {}}]}', "this is not an OpenAPI document"),
    ],
)
def test_other_input_than_documents(raw, reason):
    result = check(raw)
    assert not result.finished
    assert result.reason.startswith(reason)


def test_githubs_document_or_the_time_ends(shared):
    raw = (shared / "specs" / "github-3.0.json").read_bytes()
    begin = monotonic()
    result = check(raw, seconds=1)
    assert monotonic() - begin < 5
    assert result.finished or result.reason == "stopped after 1 seconds"


def test_problems_found_before_the_time_limit_are_kept():
    """A pattern that no regular expression engine of this kind finishes, behind a fault."""
    slow = {"type": "string", "pattern": "^(a+)+$", "default": "a" * 60 + "!"}
    result = check(
        encoded(document("3.0", components={"A": {"type": "integer", "default": "x"}, "B": slow})), seconds=3
    )
    assert (result.finished, result.reason) == (False, "stopped after 3 seconds")
    assert [problem.pointer for problem in result.problems] == ["/components/schemas/A/default"]


@pytest.mark.parametrize("memory", [1, 100 * 2**20])
@pytest.mark.repeats
def test_memory_ends(memory):
    result = check(b'{"openapi": "3.0.0", "x": [' + b"[{}]," * 600_000 + b"0]}", memory=memory)
    assert not result.finished
    assert "memory" in result.reason or result.reason.startswith("the check ended early")


def test_no_more_problems_than_asked_for():
    broken = document("3.0", components={f"S{n}": {"type": "integer", "default": "x"} for n in range(20)})
    result = check(encoded(broken), max_problems=3)
    assert (result.finished, len(result.problems), result.reason) == (False, 3, "stopped after 3 problems")


def test_a_check_that_cannot_start_is_an_answer(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    result = check(encoded(document()))
    assert not result.finished
    assert result.reason.startswith("the check could not be started")


# --- recursion ---------------------------------------------------------------------------------------


def nested(depth):
    schema = {}
    for _ in range(depth):
        schema = {"properties": {"a": schema}}
    return document(schema=schema)


def chain(length):
    links = {f"S{n}": {"$ref": f"#/components/schemas/S{n + 1}"} for n in range(length)}
    return document(schema={"$ref": "#/components/schemas/S0"}, components=links | {f"S{length}": {}})


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


BOMBS = {
    "nested 200": nested(200),
    "chain of 5,000": chain(5_000),
    "itself": document(schema=ref("A"), components={"A": ref("A")}),
    "two": document(schema=ref("A"), components={"A": ref("B"), "B": ref("A")}),
    "through properties": document(components={"A": {"properties": {"a": ref("A")}, "items": ref("A")}}),
    "through allOf": document(components={"A": {"allOf": [ref("B")]}, "B": {"allOf": [ref("A")]}}),
    "2^30": document(components={f"A{n}": {"allOf": [ref(f"A{n + 1}")] * 2} for n in range(30)} | {"A30": {}}),
    "paths": document(paths={"/a": {"$ref": "#/paths/~1b"}, "/b": {"$ref": "#/paths/~1a"}}),
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.repeats
def test_recursion_ends_or_is_reported(name):
    result = check(encoded(BOMBS[name]), seconds=1)
    assert result.finished is not bool(result.reason)


def test_deeper_than_our_reader_goes():
    deep = json.dumps(document(schema="HERE")).replace('"HERE"', '{"items":' * 900 + "{}" + "}" * 900)
    result = check(deep.encode())
    assert not result.finished
    assert result.reason


# --- nothing is opened -------------------------------------------------------------------------------


@pytest.fixture
def listener():
    """A server on this machine that counts who connects."""
    server = socket.create_server(("127.0.0.1", 0))
    seen = []

    def serve():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                seen.append(1)
                connection.settimeout(1)
                while b"\r\n\r\n" not in connection.recv(4_096):  # a whole request, as one that is cut is reset
                    pass
                connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{}")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", seen
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def reaching_out(version, url):
    """Documents with an address at every place that some reader might open."""

    def with_operation(**more):
        made = document(version)
        made["paths"]["/a"]["get"].update(more)
        return made

    away = {"$ref": f"{url}/x.json"}
    yield document(version, schema=away)
    yield document(version, schema={"allOf": [away], "properties": {"a": away}, "items": away})
    yield document(version, components={"Unused": away})
    yield document(version, components={"A": {"type": "object", "properties": {"x": away}, "default": {"x": 1}}})
    yield document(version, paths={"/a": away})
    yield with_operation(parameters=[away])
    yield with_operation(responses={"200": away})
    yield document(version, schema={"$ref": "file:///etc/hostname"})
    if version == "2.0":
        return
    content = {"application/json": {"schema": {}, "examples": {"e": {"externalValue": f"{url}/e.json"}}}}
    yield with_operation(requestBody={"content": content}, callbacks={"c": {url: away}})
    mapping = {"propertyName": "kind", "mapping": {"a": f"{url}/a.json"}}
    yield document(
        version, components={"A": {"oneOf": [away], "discriminator": mapping}}, security=[], servers=[{"url": url}]
    )
    yield document(version, jsonSchemaDialect=f"{url}/dialect", **{"$self": f"{url}/self"})
    inner = {"$id": f"{url}/id.json", "$schema": f"{url}/schema", "$ref": "other.json", "$dynamicRef": f"{url}/dynamic"}
    yield document(version, schema=inner, components={"A": inner | {"default": 1}})
    yield document(version, schema={"$id": f"{url}/id.json", "$ref": "other.json", "default": 1})


@pytest.mark.parametrize("version", VERSIONS)
def test_no_address_is_opened(listener, version):
    """In this process, where only the closed handlers stand in the way."""
    url, seen = listener
    for made in reaching_out(version, url):
        list(inside(made))
    assert seen == []


def test_no_address_is_opened_by_the_process(listener):
    url, seen = listener
    made = document(components={f"A{n}": one for n, one in enumerate(reaching_out("3.1", url))})
    made["paths"] = {f"/{n}": one["paths"]["/a"] for n, one in enumerate(reaching_out("3.1", url))}
    result = check(encoded(made))
    assert not result.finished
    assert any("was not followed" in problem.what for problem in result.problems)
    assert seen == []


def test_the_listener_detects_a_validator_with_open_handlers(listener):
    """So that the tests above test something."""
    from jsonschema_path import SchemaPath
    from openapi_spec_validator import OpenAPIV30SpecValidator

    url, seen = listener
    made = document("3.0", schema={"$ref": f"{url}/x.json"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        list(OpenAPIV30SpecValidator(SchemaPath.from_dict(made)).iter_errors())
    assert seen != []


def test_closed_handlers_have_every_scheme_and_open_none():
    for scheme in ("http", "https", "file", "", "ftp", "<all_urls>"):
        assert scheme in RefuseReferences()
        with pytest.raises(PermissionError):
            RefuseReferences()[scheme]


def confined(code, cwd):
    """Run code in a process without outside access; return its output."""
    begin = "import os, socket, subprocess, urllib.request\nfrom analysis.conformance.process import block_outside_access\nblock_outside_access()\n"
    done = subprocess.run([sys.executable, "-c", begin + code], cwd=cwd, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


ATTEMPTS = (
    "open('/etc/hostname').read()",
    "open('README.md', 'a')",
    "os.open('README.md', os.O_RDWR)",
    "socket.create_connection(('127.0.0.1', 9))",
    "urllib.request.urlopen('file:///etc/hostname')",
    "subprocess.run(['true'])",
    "os.fork()",
)
ATTEMPT = """
import traceback
try:
    {}
except Exception:
    print("PermissionError" in traceback.format_exc())
else:
    print("done")
"""


def test_outside_access_is_blocked(root):
    """All in one process, as its start is what takes time: each attempt ends by itself."""
    told = confined("".join(ATTEMPT.format(code) for code in ATTEMPTS), root).split()
    assert dict(zip(ATTEMPTS, told, strict=True)) == dict.fromkeys(ATTEMPTS, "True")


def test_imports_still_work_while_access_is_blocked(root):
    assert confined("import colorsys, xml.sax\nprint('fine')", root) == "fine\n"


# --- the process -------------------------------------------------------------------------------------


def test_nothing_of_the_current_folder_is_run(tmp_path, monkeypatch):
    trap = f"open({str(tmp_path / 'sprung')!r}, 'w')\n"
    for name in ("json.py", "openapi_spec_validator.py", "jsonschema_path.py", "sitecustomize.py", "yaml.py"):
        (tmp_path / name).write_text(trap)
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "__init__.py").write_text(trap)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "json.py"))
    monkeypatch.chdir(tmp_path)
    assert check(encoded(document())).finished
    assert not (tmp_path / "sprung").exists()


def test_the_process_knows_no_secret_of_the_environment(monkeypatch):
    monkeypatch.setenv("CLEARANCE_TEST_TOKEN", "hunter2")
    process = conformance.start("analysis.conformance.process", 5, 2**31, 1)
    try:
        environment = Path(f"/proc/{process.pid}/environ")
        assert not environment.exists() or b"hunter2" not in environment.read_bytes()
    finally:
        conformance.kill(process)
        process.communicate()


def test_nothing_heavy_is_loaded_by_importing(root):
    code = (
        "import sys, analysis.conformance.process, analysis.traffic\n"
        "heavy = {'openapi_core', 'openapi_spec_validator', 'jsonschema', 'jsonschema_path', 'werkzeug', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# --- in the background -------------------------------------------------------------------------------


def test_a_check_runs_while_others_work():
    running = Check(encoded(document()), seconds=20)
    assert running.poll() is None
    result = running.wait()
    assert (result.finished, result.problems) == (True, ())
    assert running.poll() is result
    running.cancel()
    assert running.poll() is result


def test_a_cancelled_check_says_so():
    schemas = {f"S{n}": {"properties": {f"p{m}": {"type": "integer"} for m in range(400)}} for n in range(400)}
    running = Check(encoded(document(components=schemas)), seconds=60)
    started = monotonic()
    running.cancel()
    result = running.wait()
    assert (result.finished, result.reason) == (False, "it was stopped")
    assert monotonic() - started < 5


def test_the_service_starts_one():
    running = start_conformance(encoded(document()))
    assert running.wait().finished


# --- what the validator does not see -----------------------------------------------------------------


def with_response(**more):
    made = document("3.0")
    made["paths"]["/a"]["get"]["responses"]["200"] |= more
    return made


@pytest.mark.parametrize(
    ("node", "pointer", "message"),
    [
        (
            with_response(content={"a/b": {"schema": {}, "example": 1, "examples": {}}}),
            "/paths/~1a/get/responses/200/content/a~1b",
            "`example` and `examples` exclude each other",
        ),
        (
            with_response(links={"l": {"operationId": "a", "body": {}}}),
            "/paths/~1a/get/responses/200/links/l",
            "'body' is not a field of a link",
        ),
        (
            with_response(headers={"Bad=Name": {"schema": {}}}),
            "/paths/~1a/get/responses/200/headers/Bad=Name",
            "'Bad=Name' cannot be the name of a header",
        ),
        (
            document("3.2") | {"components": {"parameters": {"p": {"name": "a[b]", "in": "header", "schema": {}}}}},
            "/components/parameters/p",
            "'a[b]' cannot be the name of a header",
        ),
    ],
)
def test_our_own_checks(node, pointer, message):
    assert (pointer, message) in inside(node)


def test_a_field_called_like_a_keyword_is_no_fault():
    """The names of properties, components and callbacks are free."""
    schema = {"properties": {"example": {}, "examples": {}, "headers": {"type": "object"}}}
    components = {
        "schemas": {"links": schema},
        "headers": {"a.b": {"schema": {}}},
        "links": {"headers": {"operationId": "a"}},
    }
    assert inside(document(schema=schema) | {"components": components}) == []


@pytest.mark.parametrize("wrong", [None, 7, "x", [], [1], {"x": 1}])
@pytest.mark.parametrize("key", ["paths", "components", "webhooks"])
def test_own_checks_survive_wrong_types(key, wrong):
    parsed = parse_document(encoded({"openapi": "3.1.0", key: wrong}), Limits())
    list(own_problems(parsed.data, DocumentSet("-", parsed, Limits())))


# --- the tests of the OpenAPI Initiative -------------------------------------------------------------

#: Good documents that a validator finds fault with, and why it is not silenced.
DOUBTED = {
    "json_schema_dialect.yaml": "Unknown JSON Schema dialect",  # whose rules it cannot know
    "operation-object-example.yaml": "was not resolved",  # the text of the specification is with the validator
}


def oai_tests():
    shared = Path(os.environ.get("CLEARANCE_SHARED", Path(__file__).parents[4] / "shared"))
    absent = pytest.mark.skip(reason="the shared data are not beside the repository; set CLEARANCE_SHARED")
    return sorted((shared / "specs" / "oai-schema-tests").rglob("*.yaml")) or [pytest.param(None, marks=absent)]


@pytest.mark.e2e
@pytest.mark.parametrize("path", oai_tests(), ids=lambda path: "/".join(path.parts[-3:]) if path else "none")
def test_documents_of_the_openapi_initiative(path):
    raw = path.read_bytes()
    reading = read(raw)
    problems = inside(raw)
    if path.parent.name == "fail":
        assert problems or reading.problems
        return
    assert reading.inventory is not None
    doubt = DOUBTED.get(path.name)
    assert all(doubt is not None and doubt in what for _, what in problems)
