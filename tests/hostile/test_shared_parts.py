"""References make a small file a large inventory: shared parts are read once, and limited in total.

Work is counted, not timed: twice the document may cost twice the work, and a little more.
"""

import json
import sys

import pytest

from analysis.ingest import Limits, read
from analysis.ingest.document.expansion import measure, size_of
from tests.fixtures.mutations import ref

MANY = 60  # a tenth of what the attack would use; the ratio tells


def document(**parts):
    return json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}} | parts).encode()


def named(number):
    return [{"name": f"p{n}", "in": "query", "schema": {"type": "string"}} for n in range(number)]


def fields(number):
    return {"content": {"a/b": {"schema": {"properties": {f"f{n}": {} for n in range(number)}}}}}


def at_paths(item, number):
    return {f"/p{n}": item for n in range(number)}


def path_items(n):
    item = {"parameters": named(n), "get": {"responses": {}}}
    return document(paths=at_paths({"$ref": "#/components/pathItems/I"}, n), components={"pathItems": {"I": item}})


def path_parameters(n):
    operations = {f"M{number}": {"responses": {}} for number in range(n)}
    raw = document(paths={"/a": {"parameters": named(n), "additionalOperations": operations}})
    return raw.replace(b"3.1.0", b"3.2.0")


def bodies(n):
    body = {"requestBody": {"$ref": "#/components/requestBodies/B"}}
    return document(paths=at_paths({"post": body}, n), components={"requestBodies": {"B": fields(n)}})


def body_schemas(n):
    body = {"requestBody": {"content": {"a/b": {"schema": {"allOf": [ref("S")]}}}}}
    schema = {"properties": {f"f{number}": {} for number in range(n)}}
    return document(paths=at_paths({"post": body}, n), components={"schemas": {"S": schema}})


def responses(n):
    get = {"get": {"responses": {"200": {"$ref": "#/components/responses/R"}}}}
    return document(paths=at_paths(get, n), components={"responses": {"R": fields(n)}})


def unknown_schemes(n):
    return document(paths=at_paths({"get": {}}, n), security=[{f"s{number}": []} for number in range(n)])


def servers(n):
    return document(paths=at_paths({"get": {}}, n), servers=[{"url": f"https://h{number}"} for number in range(n)])


def broken(n):
    schema = {"properties": {f"f{number}": {"$ref": f"#/x/{number}"} for number in range(n)}}
    content = {"content": {"a/b": {"schema": schema}}}
    return document(paths={"/a": {"get": {"responses": {"200": content}}}})


def chain(n):
    """Parts of which each has the next one, and nothing else."""
    parts = {f"S{number}": ref(f"S{number + 1}") for number in range(2 * n)} | {
        f"S{2 * n}": {"properties": {"end": {}}}
    }
    get = {"responses": {"200": {"content": {"a/b": {"schema": {"allOf": [ref("S0")]}}}}}}
    return document(paths={"/a": {"get": get}}, components={"schemas": parts})


def unused(n):
    schemas = {f"S{number}": {"$ref": f"https://x.example/{number}"} for number in range(n)}
    return document(paths={}, components={"schemas": schemas})


def repeated(n):
    return ("{" + ",".join(f'"k{number}": 1, "k{number}": 2' for number in range(n)) + "}").encode()


def calls(made, number):
    """Return how many functions of ours, and lines in them, run while a document is read.

    Each definition holds the parameters of its path, so that writing them out is left to the limit.
    """
    raw, definitions = made(number), made not in {path_items, path_parameters}
    count = 0

    def trace(frame, event, _):
        nonlocal count
        if "ingest" not in frame.f_code.co_filename:
            return None
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read(raw, definitions=definitions)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "made",
    [
        path_items,
        path_parameters,
        bodies,
        body_schemas,
        responses,
        unknown_schemes,
        servers,
        broken,
        chain,
        unused,
        repeated,
    ],
)
def test_work_grows_with_the_document(made):
    assert calls(made, 2 * MANY) < 2.6 * calls(made, MANY)


@pytest.mark.parametrize("made", [path_items, path_parameters, bodies, body_schemas, unknown_schemes, servers])
def test_shared_parts_are_limited_in_total(made):
    whole = read(made(MANY))
    assert len(whole.inventory.tools) == MANY
    assert not whole.not_checked[-1].check.startswith("beyond")
    reading = read(made(MANY), limits=Limits(nodes=1_500))
    assert 2 <= len(reading.inventory.tools) < MANY
    assert reading.inventory.tools == whole.inventory.tools[: len(reading.inventory.tools)]
    worst = reading.problems[0]
    assert worst.what.startswith("more than 1,500 nodes once shared parts are written out")
    assert "`nodes`" in worst.remedy
    assert (reading.not_checked[-1].check, reading.not_checked[-1].reason) == ("beyond the limit on nodes", worst.what)


def test_equal_parts_are_one_object():
    for made in (path_items, path_parameters, bodies, body_schemas):
        first, *others = read(made(MANY)).inventory.tools
        assert len(first.parameters) == MANY
        assert all(tool.parameters is first.parameters for tool in others)


def test_a_long_text_that_paths_share():
    item = {"description": "long " * 1_000, "get": {}}
    raw = document(paths=at_paths({"$ref": "#/components/x/I"}, 20), components={"x": {"I": item}})
    reading = read(raw, limits=Limits(characters=50_000))
    assert 1 <= len(reading.inventory.tools) < 20
    assert reading.problems[0].what.startswith("more than 50,000 characters")


def test_a_reached_limit_is_reported_before_all_faults():
    paths = {f"/p{n}": {"nothing": 1, "get": {}} for n in range(6_000)}
    reading = read(document(paths=paths), limits=Limits(operations=5_990))
    assert reading.problems[0].what.startswith("more than 5,990 operations")
    assert reading.problems[-1].what == "5,490 further problems are not listed"


def test_variables_of_a_server_that_double():
    variables = {f"v{n}": {"default": f"{{v{n + 1}}}" * 2} for n in range(60)}
    (tool,) = read(
        document(paths={"/a": {"get": {}}}, servers=[{"url": "https://h/{v0}", "variables": variables}])
    ).inventory.tools
    assert tool.servers == ("https://h/{v1}{v1}",)
    long = {"url": "{v}" * 1_000, "variables": {"v": {"default": "x" * 1_000}}}
    (tool,) = read(document(paths={"/a": {"get": {}}}, servers=[long])).inventory.tools
    assert tool.servers == ("{v}" * 1_000,)


def test_measures():
    data = {"a": [1, {"b": "xyz"}], "c": "de"}
    assert measure(data, 10) == (9, 3, 3)
    assert measure(data, 1)[1] == 2
    assert measure("xyz", 1) == (1, 0, 3)
    assert size_of(data) == (9, len("abxyzcde"))
