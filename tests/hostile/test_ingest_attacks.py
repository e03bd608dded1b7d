"""Hostile documents: each has its expected result, in bounded time, and none raises."""

import json
import random
import sys
from time import process_time

import pytest

from analysis.assess import assess_all
from analysis.ingest import Limits, read
from analysis.ingest.document.reader import parse_document
from analysis.model import Level
from analysis.rules import SharedTexts, ToolContext, run_definitions
from tests.fixtures.mutations import SEEDS, WRONG, broken, complete, ref, swapped

#: The goal is two seconds on a quiet machine; more is allowed here, as this one may not be.
SECONDS = 5

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"
ONE = "paths: {/a: {get: {operationId: a, responses: {}}}}\n"


def timed(source, seconds=SECONDS, **limits):
    """Read within the time allowed; return (inventory or None, what the problems say)."""
    start = process_time()
    reading = read(source, limits=Limits(**limits))
    assert process_time() - start < seconds or sys.gettrace()  # measuring coverage costs more than the work
    assert (reading.inventory is None) == any(p.level is Level.REFUSED for p in reading.problems)
    return reading.inventory, [problem.what for problem in reading.problems]


def refused(source, words, **limits):
    inventory, said = timed(source, **limits)
    assert inventory is None
    assert any(words in what for what in said), said


def survives(source, operations, words=""):
    inventory, said = timed(source)
    assert inventory is not None, said
    assert len(inventory.tools) == operations
    assert any(words in what for what in said) if words else said == []
    return inventory


def document(**more):
    head = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}
    return json.dumps(head | {"paths": {"/a": {"get": {"operationId": "a", "responses": {}}}}} | more).encode()


def responding(schema, **more):
    content = {"content": {"application/json": {"schema": schema}}}
    get = {"operationId": "a", "responses": {"200": {"description": "ok", **content}}}
    return document(paths={"/a": {"get": get}}, **more)


# --- aliases and merges ------------------------------------------------------------------------------


def test_nine_levels_of_ten_aliases():
    lines = ["x0: &x0 [lol]"]
    lines += [f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10)}]" for n in range(1, 10)]
    refused(f"{HEAD}{ONE}{chr(10).join(lines)}\n".encode(), "nodes once aliases are expanded")


def test_nine_levels_of_eight_aliased_schemas():
    lines = ["    S0: &s0 {type: string}"]
    for n in range(1, 10):
        inner = ", ".join(f"p{k}: *s{n - 1}" for k in range(8))
        lines.append(f"    S{n}: &s{n} {{type: object, properties: {{{inner}}}}}")
    schemas = "\n".join(lines)
    refused(f"{HEAD}{ONE}components:\n  schemas:\n{schemas}\n".encode(), "nodes once aliases are expanded")


def test_six_levels_of_merges_on_a_large_mapping():
    lines = [f"m0: &m0 {{{', '.join(f'k{n}: v' for n in range(1_000))}}}"]
    lines += [f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 10)}]}}" for n in range(1, 7)]
    refused(f"{HEAD}{ONE}{chr(10).join(lines)}\n".encode(), "nodes once aliases are expanded")


def test_a_mapping_that_contains_itself():
    refused(f"{HEAD}{ONE}x: &x {{again: *x}}\n".encode(), "contains itself")
    refused(f"{HEAD}{ONE}x: &x [1, [2, *x]]\n".encode(), "contains itself")


def test_depth_built_by_aliases():
    """Each level stays below the limit; joined they are deeper than any recursive walk can go."""
    lines = [f"x0: &x0 {'[' * 150}{']' * 150}"]
    lines += [f"x{n}: &x{n} {'[' * 150}*x{n - 1}{']' * 150}" for n in range(1, 15)]
    deep = "\n".join(lines)
    survives(f"{HEAD}{ONE}{deep}\n".encode(), 1)
    refused(f"{HEAD}{deep}\npaths: {{/a: {{get: {{x: *x14, responses: {{}}}}}}}}\n".encode(), "deep")
    inventory, said = timed(f"{HEAD}{ONE}{deep}\n*x14 : 1\n".encode())
    assert inventory is not None or said


def test_a_long_text_that_aliases_repeat():
    """Each alias is one node; its expansion is counted too."""
    raw = f"{HEAD}{ONE}x: &x {'z' * 1_000}\ny: [&y [*x, *x], *y]\n".encode()
    assert timed(raw, characters=4_000)[0] is not None
    refused(raw, "aliases repeat more than 3,999 characters", characters=3_999)


# --- depth -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["x: ", "", "x:\n  - "], ids=["value", "whole file", "list"])
def test_200_000_brackets(start):
    refused((start + "[" * 200_000).encode(), "deep")


@pytest.mark.parametrize("depth", [900, 5_000, 200_000])
def test_nested_json(depth):
    inner = "[" * depth + "]" * depth
    inventory, said = timed(f'{{"openapi": "3.1.0", "info": {{}}, "paths": {{}}, "x": {inner}}}'.encode())
    assert inventory is not None or "deep" in said[0]


@pytest.mark.parametrize("depth", [90, 200, 900, 5_000])
def test_a_deeply_nested_schema(depth):
    raw = responding("HERE").decode()
    nested = '{"properties": {"a": ' * depth + "{}" + "}}" * depth
    inventory, said = timed(raw.replace('"HERE"', nested).encode())
    if depth == 90:
        assert inventory.tools[0].response_fields == ("a",)
    else:
        assert inventory is None
        assert "deep" in said[0]


@pytest.mark.parametrize("text", ["{}", "a: {}"], ids=["json", "yaml"])
def test_limits_on_depth_and_nodes_hold_in_json_as_in_yaml(text):
    raw = text.format('{"b": [1, 2]}').encode() if text[0] == "a" else b'{"a": {"b": [1, 2]}}'
    assert parse_document(raw, Limits(depth=3, nodes=7)).data == {"a": {"b": [1, 2]}}
    assert "nested deeper than 2 levels" in parse_document(raw, Limits(depth=2)).problems[0].what
    assert "more than 6 nodes" in parse_document(raw, Limits(nodes=6)).problems[0].what


def test_a_deeply_nested_schema_in_yaml():
    nested = "{items: " * 300 + "{}" + "}" * 300
    refused(f"{HEAD}{ONE}components: {{schemas: {{S: {nested}}}}}".encode(), "nested deeper than 200 levels")


# --- references --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paths", "components"),
    [
        pytest.param({}, {"schemas": {"S": ref("S")}}, id="to itself"),
        pytest.param({}, {"schemas": {"S": ref("T"), "T": ref("S")}}, id="there and back"),
        pytest.param({"/b": {"$ref": "#/paths/~1b"}}, {"schemas": {"S": {}}}, id="path item"),
        pytest.param(
            {"/b": {"get": {"parameters": [{"$ref": "#/components/parameters/P"}]}}},
            {"schemas": {"S": {}}, "parameters": {"P": {"$ref": "#/components/parameters/P"}}},
            id="parameter",
        ),
    ],
)
def test_reference_loops(paths, components):
    parsed = json.loads(responding(ref("S"), components=components))
    parsed["paths"] |= paths
    inventory, said = timed(json.dumps(parsed).encode())
    assert inventory.tools[0].id == "t:GET /a"
    assert any("leads back to itself" in what for what in said)


def test_a_reference_to_the_whole_document():
    survives(responding({"$ref": "#"}), 1)


def test_a_chain_of_5_000_references():
    schemas = {f"S{n}": ref(f"S{n + 1}") for n in range(5_000)} | {"S5000": {"properties": {"end": {}}}}
    inventory = survives(responding(ref("S0"), components={"schemas": schemas}), 1)
    assert inventory.tools[0].response_fields == ("end",)


def test_31_schemas_that_double():
    schemas = {f"S{n}": {"properties": {"a": ref(f"S{n + 1}"), "b": ref(f"S{n + 1}")}} for n in range(30)}
    inventory = survives(responding(ref("S0"), components={"schemas": schemas | {"S30": {}}}), 1)
    assert inventory.tools[0].response_fields == ("a", "b")


def test_5_000_schemas_that_all_know_each_other():
    schemas = {
        f"S{n}": {"properties": {f"f{n}": {}, "next": ref(f"S{(n + 1) % 5_000}"), "far": ref(f"S{n * 7 % 5_000}")}}
        for n in range(5_000)
    }
    inventory = survives(responding(ref("S0"), components={"schemas": schemas}), 1)
    assert len(inventory.tools[0].response_fields) == 5_002


# --- size --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("character", [b" ", b"\n", b"{", b"a"])
def test_more_bytes_than_the_limit(tmp_path, character):
    file = tmp_path / "api.yaml"
    with file.open("wb") as out:
        out.truncate(100 * 1024 * 1024)  # sparse: no disk is filled
    refused(str(file), "the limit is 67,108,864")
    refused(character * 1_001, "more than 1,000 bytes", size=1_000)


@pytest.mark.parametrize("character", [" ", "\n", "\t", "\r\n"])
@pytest.mark.parametrize("text", ['{"a": 1}', "{a: 1}"], ids=["json", "yaml"])
def test_megabytes_of_white_space(character, text):
    timed(character.encode() * 4_000_000)
    timed(character.encode() * 4_000_000 + text.encode())
    timed(text.encode() + character.encode() * 4_000_000)


@pytest.mark.parametrize("text", ["x: '{}'\n", 'x: "{}"\n', "x: |\n  {}\n", "# {}\n", "x: {}\n"])
def test_a_string_of_megabytes(text):
    survives(f"{HEAD}{ONE}{text.format('z' * 1_000_000)}".encode(), 1)
    raw = f"{HEAD}{ONE}{text.format('z' * 1_100_000)}".encode()
    if text.startswith("#"):  # nobody reads it
        survives(raw, 1)
    else:
        refused(raw, "a text in it has more than 1,048,576 characters")
        assert timed(raw, text=1_200_000)[0] is not None


@pytest.mark.parametrize(
    "place", [{"x": "z" * 1_100_000}, {"z" * 1_100_000: 1}, ["z" * 1_100_000]], ids=["value", "key", "item"]
)
def test_a_json_string_of_megabytes(place):
    refused(document(x=place), "a text in it has more than 1,048,576 characters")


@pytest.mark.parametrize("sign", ["", "-"])
def test_an_integer_of_a_million_digits(sign):
    digits = sign + "9" * 1_000_000
    survives(f"{HEAD}{ONE}x: {digits}\n".encode(), 1)
    survives(document(x="HERE").replace(b'"HERE"', digits.encode()), 1)
    survives(responding({"maximum": "HERE"}).replace(b'"HERE"', digits.encode()), 1)


@pytest.mark.parametrize("number", ["1e999999999", "1" + "0" * 5_000 + ".5", "0." + "0" * 100_000 + "1", "1e-999999"])
def test_numbers_beyond_any_float(number):
    survives(f"{HEAD}{ONE}x: {number}\n".encode(), 1)
    survives(responding({"maximum": "HERE"}).replace(b'"HERE"', number.encode()), 1)


def test_20_000_paths():
    """Quadratic work would take minutes."""
    paths = {f"/p{n}/{{id}}": {"get": {"operationId": f"op{n}", "responses": {}}} for n in range(20_000)}
    inventory, said = timed(document(paths=paths))
    assert (len(inventory.tools), said) == (20_000, [])


def test_many_tools_of_one_name():
    """Quadratic work would show: 50 KB of tool list must not take seconds."""
    listed = [{"name": "a", "inputSchema": {}, "description": f"number {n}"} for n in range(1_500)]
    inventory, said = timed(json.dumps({"tools": listed}).encode(), seconds=2)
    assert len({tool.id for tool in inventory.tools}) == len({tool.description for tool in inventory.tools}) == 1_500
    assert any("'a' is listed twice" in what for what in said)


def test_more_operations_than_the_limit():
    paths = {f"/p{n}": {"get": {"responses": {}}} for n in range(100)}
    inventory, said = timed(document(paths=paths), operations=10)
    assert len(inventory.tools) == 10
    assert said == ["more than 10 operations; the rest was not read"]


# --- encodings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"openapi: 3.1.0\xff", "byte 14 is not UTF-8"),
        (b"openapi: 3.1.0\nx: \xc0\xaf", "byte 18 is not UTF-8"),
        (b"openapi: 3.1.0\nx: \xed\xa0\x80", "byte 18 is not UTF-8"),
        (b"openapi: 3.1.0\nx: \xf4\x90\x80\x80", "byte 18 is not UTF-8"),
        (b"openapi: 3.1.0\n\0paths: {}", "NUL character at position 15"),
        (b'{"openapi": "3.1.0"\0}', "NUL character at position 19"),
        (b"\xfe\xffabc", "is not UTF-16"),
        (b"\xff\xfe", "the document is empty"),
        (b"\xef\xbb\xbf", "the document is empty"),
    ],
)
def test_bytes_that_are_no_text(raw, words):
    refused(raw, words)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8"])
def test_honest_encodings(encoding):
    survives(document().decode().encode(encoding), 1)
    survives((HEAD + ONE).encode(encoding), 1)


# --- keys, methods, types ----------------------------------------------------------------------------


def test_a_path_given_twice():
    raw = document().replace(b'"paths": {', b'"paths": {"/a": {"get": {"operationId": "lost"}}, ').decode()
    survives(raw.encode(), 1, "'/a' is defined twice")
    survives(f"{HEAD}paths:\n  /a: {{get: {{responses: {{}}}}}}\n  /a: {{}}\n".encode(), 0, "'/a' is defined twice")


def test_number_and_text_as_the_same_key():
    text = HEAD + "paths: {/a: {get: {responses: {200: {description: a}, '200': {description: b}}}}}"
    survives(text.encode(), 1, "'200' is defined twice")


@pytest.mark.parametrize("key", ["GET", "__proto__", "constructor", "", "get "])
def test_entries_that_are_no_methods(key):
    item = {"get": {"operationId": "a", "responses": {}}, key: {"operationId": "hidden", "responses": {}}}
    survives(document(paths={"/a": item}), 1, "is not a method")


PLACES = [
    "info", "paths", "servers", "security", "tags", "components", "webhooks", "x-note",
    "paths./a", "paths./a.get", "paths./a.parameters", "paths./a.servers", "paths./a.get.operationId",
    "paths./a.get.summary", "paths./a.get.description", "paths./a.get.tags", "paths./a.get.deprecated",
    "paths./a.get.parameters", "paths./a.get.parameters.0", "paths./a.get.parameters.0.name",
    "paths./a.get.parameters.0.in", "paths./a.get.parameters.0.required", "paths./a.get.parameters.0.schema",
    "paths./a.get.parameters.0.description", "paths./a.get.parameters.0.content", "paths./a.get.requestBody",
    "paths./a.get.requestBody.content", "paths./a.get.requestBody.content.a/b",
    "paths./a.get.requestBody.content.a/b.schema", "paths./a.get.requestBody.content.a/b.schema.properties",
    "paths./a.get.requestBody.content.a/b.schema.properties.f", "paths./a.get.requestBody.content.a/b.schema.required",
    "paths./a.get.requestBody.content.a/b.schema.allOf", "paths./a.get.requestBody.content.a/b.schema.enum",
    "paths./a.get.requestBody.content.a/b.schema.type", "paths./a.get.requestBody.content.a/b.schema.discriminator",
    "paths./a.get.requestBody.content.a/b.schema.discriminator.mapping", "paths./a.get.responses",
    "paths./a.get.responses.200", "paths./a.get.responses.200.content", "paths./a.get.responses.200.content.a/b",
    "paths./a.get.callbacks", "paths./a.get.servers", "paths./a.get.security", "paths./a.get.security.0",
    "paths./a.get.security.0.k", "components.securitySchemes", "components.securitySchemes.k",
    "components.securitySchemes.k.type", "components.schemas", "components.schemas.S", "swagger", "host", "schemes",
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("version", ["openapi", "swagger"])
def test_a_wrong_type_anywhere(place, version):
    for wrong in WRONG:
        parsed = complete()
        if version == "swagger":
            del parsed["openapi"]
            parsed |= {"swagger": "2.0", "host": "a.example", "schemes": ["https"]}
        node = parsed
        *way, last = place.split(".")
        for step in way:
            node = node[int(step)] if isinstance(node, list) else node[step]
        node[int(last) if isinstance(node, list) else last] = wrong
        inventory, _ = timed(json.dumps(parsed).encode())
        if inventory is not None:
            everything(inventory)


# --- text --------------------------------------------------------------------------------------------

ATTACKS = {
    "escape": "\x1b[2J\x1b]0;owned\x07",
    "hyperlink": "\x1b]8;;http://x.example\x1b\\click\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;cm0=\x07",
    "C1": "a \x9b31m b",
    "bidi": "a \u202edrowssap\u202c b",
    "zero width": "a ig\u200bnore b",
    "tags": "a " + "".join(chr(0xE0000 + ord(c)) for c in "obey") + " b",
    "surrogate": "a \ud800 b",
}


def everything(inventory):
    """Assess the tools and run the rules: nothing of a document may stop them."""
    said = assess_all(inventory.tools)
    shared = SharedTexts(inventory.text_spans)
    cases = [ToolContext(tool, words, shared) for tool, words in zip(inventory.tools, said, strict=True)]
    findings, not_run = run_definitions(cases)
    assert not_run == []
    return findings


@pytest.mark.parametrize("attack", [a for a in ATTACKS if a != "surrogate"])
@pytest.mark.parametrize("place", ["summary", "description", "operationId", "x-note", "path", "parameter", "schema"])
def test_hidden_text_is_found_in_any_place(attack, place):
    text = ATTACKS[attack]
    parsed = complete()
    get = parsed["paths"]["/a"]["get"]
    if place == "path":
        parsed["paths"][f"/{text}"] = parsed["paths"].pop("/a")
    elif place == "parameter":
        get["parameters"][0]["description"] = text
    elif place == "schema":
        parsed["components"]["schemas"]["S"]["title"] = text
    else:
        get[place] = text
    inventory = survives(json.dumps(parsed).encode(), 1)
    assert "INJ-001" in {finding.rule for finding in everything(inventory)}


def test_lone_surrogates_are_replaced():
    inventory, _ = timed(document(info={"title": "\ud800", "version": "\udfff"}, tags=[ATTACKS["surrogate"]]))
    repr(inventory).encode()
    json.dumps([inventory.source.title, inventory.source.version], ensure_ascii=False).encode()


@pytest.mark.parametrize("markup", ["[bold]x[/]", "[@click=app.quit]x[/]", "[link=http://x.example]x[/]", "<b>x</b>"])
def test_markup_is_only_text(markup):
    paths = {f"/{markup}": {"get": {"operationId": markup, "responses": {}}}}
    assert survives(document(paths=paths), 1).tools[0].name == markup


# --- mutations ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(300))
def test_no_mutation_raises(seed):
    chance = random.Random(seed)
    raw = chance.choice(SEEDS)
    inventory, _ = timed(swapped(chance, raw) if seed % 3 == 0 else broken(chance, raw))
    if inventory is not None:
        ids = [tool.id for tool in inventory.tools]
        assert len(set(ids)) == len(ids)
        everything(inventory)
