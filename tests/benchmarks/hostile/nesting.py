"""Documents of depth, of references, and of what YAML repeats."""

from __future__ import annotations

from tests.benchmarks.hostile.recipes import FIELD, OK, TEXT, TOOL, body, content_of, many, one, openapi, recipe, ref

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {operationId: a, responses: {}}}}\n"


def nested(number, before, inner, after):
    """Return the bytes of a document whose one schema is wrapped so often; deeper than Python itself could write it."""
    raw = body("HERE")
    del raw["paths"]["/a"]["post"]["requestBody"]
    return raw, f"{before * number}{inner}{after * number}"


def deep(number, before, inner, after):
    import json

    raw = json.dumps(body("HERE"))
    return raw.replace('"HERE"', f"{before * number}{inner}{after * number}").encode()


@recipe(200_000)
def brackets(n):
    return ('{"openapi": "3.1.0", "paths": {}, "x": ' + "[" * n + "]" * n + "}").encode()


@recipe(200_000)
def yaml_brackets(n):
    return f"{HEAD}x: {'[' * n}".encode()


@recipe(50_000)
def yaml_levels(n):
    return (HEAD + "x:\n" + "".join(f"{' ' * (level % 4_000)} - \n" for level in range(1, min(n, 4_000)))).encode()


for keyword, before, after in (
    ("properties", '{"properties": {"a": ', "}}"),
    ("items", '{"items": ', "}"),
    ("all of", '{"allOf": [', "]}"),
    ("one of", '{"oneOf": [{"type": "null"}, ', "]}"),
    ("not", '{"not": ', "}"),
    ("conditions", '{"if": {"required": ["a"]}, "then": ', "}"),
):
    recipe(100_000, f"depth of {keyword}")(lambda n, before=before, after=after: deep(n, before, "{}", after))
    # as deep as the limit allows, and often
    recipe(500, f"allowed depth of {keyword}")(
        lambda n, before=before, after=after: deep(
            1, '{"allOf": [', ", ".join([f"{before * 45}{{}}{after * 45}"] * n), "]}"
        )
    )


@recipe(40_000)
def chain_of_references(n):
    return body(ref("S0"), **{f"S{k}": ref(f"S{k + 1}") for k in range(n)}, **{f"S{n}": {"properties": {"end": TEXT}}})


@recipe(3_000)
def schemas_that_double(n):
    schemas = {f"S{k}": {"allOf": [ref(f"S{k + 1}"), ref(f"S{k + 1}")]} for k in range(n)}
    return body(ref("S0"), **schemas, **{f"S{n}": {"properties": {"end": TEXT}}})


@recipe(3_000)
def properties_that_double(n):
    schemas = {f"S{k}": {"properties": {"a": ref(f"S{k + 1}"), "b": ref(f"S{k + 1}")}} for k in range(n)}
    return body(ref("S0"), **schemas, **{f"S{n}": TEXT})


@recipe(5_000)
def schemas_in_circles(n):
    return body(ref("S0"), **circles(n))


def circles(number):
    """Return schemas of five fields that all reach each other."""
    return {
        f"S{k}": {
            "type": "object",
            "properties": {f"f{k}_{m}": TEXT for m in range(5)}
            | {"n": ref(f"S{(k * 7 + 1) % number}"), "m": ref(f"S{(k * 13 + 5) % number}")},
        }
        for k in range(number)
    }


@recipe(5_000, each=TOOL)
def operations_that_share_circles(n):
    schemas = max(2 * n // 5, 1)

    def operation(k):
        return {
            "requestBody": content_of(ref(f"S{k % schemas}")),
            "responses": {"200": {"description": "ok"} | content_of(ref(f"S{k * 3 % schemas}"))},
        }

    return many(n, operation) | {"components": {"schemas": circles(schemas)}}


@recipe(2_000, each=TOOL)
def operations_that_share_a_large_schema(n):
    schema = {"type": "object", "properties": {f"field{k}": TEXT for k in range(n)}}
    answer = {"200": {"description": "ok"} | content_of(ref("S"))}
    return many(n, lambda _: {"responses": answer}) | {"components": {"schemas": {"S": schema}}}


@recipe(2_000)
def paths_that_share_parameters(n):
    item = {
        "parameters": [{"name": f"p{k}", "in": "query", "schema": TEXT} for k in range(n)],
        "get": {"responses": OK},
    }
    paths = {f"/a{k}": {"$ref": "#/components/pathItems/I"} for k in range(n)}
    return openapi(paths, components={"pathItems": {"I": item}})


@recipe(1_000)
def operations_that_share_alternatives(n):
    return many(n, lambda _: {}) | {"security": [{f"k{k}": []} for k in range(n)]}


@recipe(200_000, each=FIELD)
def references_into_nothing(n):
    return body({"properties": {f"f{k}": {"$ref": f"#/x/{k}"} for k in range(n)}})


@recipe(100_000, each=FIELD)
def references_outside(n):
    return body({"properties": {f"f{k}": {"$ref": f"https://a.example/{k}.json"} for k in range(n)}})


@recipe(500_000)
def long_pointer(n):
    return body({"$ref": "#" + "/a" * n})


@recipe(500_000)
def escapes_in_a_pointer(n):
    return body({"$ref": "#/" + "~1" * n})


@recipe(20_000)
def references_to_the_whole_document(n):
    return body({"properties": {f"f{k}": {"$ref": "#"} for k in range(n)}})


@recipe(50_000)
def definitions_of_one_schema(n):
    return body(
        {
            "$defs": {f"D{k}": {"$ref": f"#/$defs/D{k + 1}"} for k in range(n)},
            "properties": {"a": {"$ref": "#/$defs/D0"}},
        }
    )


# YAML ----------------------------------------------------------------------------------------------------------------


@recipe(9)
def aliases_of_aliases(n):
    lines = [f"x{k}: &x{k} [{', '.join([f'*x{k - 1}'] * 10)}]" for k in range(1, n + 1)]
    return "\n".join([f"{HEAD}x0: &x0 [lol]", *lines]).encode()


@recipe(100_000)
def aliases_of_one_text(n):
    return f"{HEAD}x: &x {'z' * 1_000}\ny: [{', '.join(['*x'] * n)}]\n".encode()


@recipe(1_000)
def merged_mappings(n):
    lines = [f"m0: &m0 {{{', '.join(f'k{k}: v' for k in range(n))}}}"]
    lines += [f"m{k}: &m{k} {{<<: [{', '.join([f'*m{k - 1}'] * 10)}]}}" for k in range(1, 7)]
    return "\n".join([HEAD, *lines]).encode()


@recipe(200_000)
def anchors(n):
    return (HEAD + "x: [" + ", ".join(f"&a{k} b" for k in range(n)) + "]\n").encode()


for called, unit in {
    "keys": "k{}: v\n", "equal keys": "k: v\n", "comments": "# a\n", "block texts": "k{}: |\n  a\n  b\n",
    "folded texts": "k{}: >\n  a\n\n  b\n", "numbers": "k{}: 0x1F\n", "dates": "k{}: 2024-01-01T00:00:00Z\n",
    "tagged values": "k{}: !!str a\n", "escapes": 'k{}: "\\x41\\u0301"\n', "documents": "---\na: {}\n",
    "unknown tags": "k{}: !a b\n", "complex keys": "? [a, {}]\n: v\n",
}.items():  # fmt: skip
    recipe(150_000, f"yaml {called}")(
        lambda n, unit=unit: (HEAD + "".join(unit.replace("{}", str(k)) for k in range(n))).encode()
    )


@recipe(100_000)
def yaml_lines_of_one_text(n):
    return (HEAD + "x: a\n" + "  word and word\n" * n).encode()


@recipe(20_000, each=TOOL)
def yaml_operations(n):
    return (
        HEAD.partition("paths")[0]
        + "paths:\n"
        + "".join(f"  /a{k}:\n    get:\n      operationId: get{k}\n      responses: {{}}\n" for k in range(n))
    ).encode()


@recipe(1_000_000)
def long_integer(n):
    return b'{"openapi": "3.1.0", "info": {}, "paths": {"/a": {"get": {"responses": {}}}}, "x": ' + b"9" * n + b"}"


@recipe(1)
def number_beyond_any(n):
    return one(parameters=[{"name": "q", "in": "query", "schema": {"maximum": 0}}]) | {"x": 10.0**300 * n}
