"""Lists of MCP servers, of other callers of functions, Postman collections and Discovery documents."""

from __future__ import annotations

import json

from tests.benchmarks.hostile.recipes import FIELD, TEXT, TOOL, recipe

SCHEMA = {"type": "object", "properties": {"id": TEXT}}


def tool(number, **more):
    return {
        "name": f"get_thing_{number}",
        "description": f"Gets thing {number} of the list.",
        "inputSchema": SCHEMA,
    } | more


@recipe(20_000, each=TOOL)
def listed_tools(n):
    return {"tools": [tool(k) for k in range(n)]}


@recipe(20_000, each=TOOL)
def listed_tools_of_one_name(n):
    return {"tools": [tool(0, description=f"Number {k}.") for k in range(n)]}


@recipe(10_000, each=TOOL)
def listed_tools_that_are_equal(n):
    return {"tools": [tool(0)] * n}


@recipe(5_000, each=TOOL)
def listed_tools_that_name_each_other(n):
    return {"tools": [tool(k, description=f"Call get_thing_{k + 1} before. Then get_thing_{k - 1}.") for k in range(n)]}


@recipe(10_000, each=TOOL)
def tools_of_names_that_hardly_differ(n):
    return {"tools": [{"name": f"get_thing{'_' * (k % 7)}{'s' * (k % 11)}{k}", "inputSchema": {}} for k in range(n)]}


@recipe(100_000, each=FIELD)
def arguments_of_a_tool(n):
    return {"tools": [tool(0, inputSchema={"type": "object", "properties": {f"a{k}": TEXT for k in range(n)}})]}


@recipe(100_000, each=FIELD)
def results_of_a_tool(n):
    return {"tools": [tool(0, outputSchema={"type": "object", "properties": {f"a{k}": TEXT for k in range(n)}})]}


@recipe(100_000)
def hints_of_a_tool(n):
    return {"tools": [tool(0, annotations={f"h{k}Hint": True for k in range(n)}, _meta={f"m{k}": k for k in range(n)})]}


@recipe(50_000, each=FIELD)
def icons_of_a_tool(n):
    return {"tools": [tool(0, icons=[{"src": f"https://a.example/{k}.png"} for k in range(n)])]}


@recipe(20_000, each=TOOL)
def listed_resources(n):
    return {
        "resources": [{"uri": f"file:///things/{k}", "name": f"thing {k}", "mimeType": "text/plain"} for k in range(n)]
    }


@recipe(20_000, each=TOOL)
def listed_templates(n):
    return {
        "resourceTemplates": [{"uriTemplate": f"thing{k}://{{id}}/{{part}}", "name": f"thing {k}"} for k in range(n)]
    }


@recipe(20_000, each=TOOL)
def listed_prompts(n):
    return {"prompts": [{"name": f"prompt{k}", "arguments": [{"name": "a", "required": True}]} for k in range(n)]}


@recipe(50_000, each=FIELD)
def arguments_of_a_prompt(n):
    return {"prompts": [{"name": "prompt", "arguments": [{"name": f"a{k}"} for k in range(n)]}]}


@recipe(10_000, each=TOOL)
def servers_of_tools(n):
    return {"servers": {f"s{k}": {"tools": [tool(m) for m in range(5)]} for k in range(n // 5)}}


@recipe(20_000, each=TOOL)
def pages_of_tools(n):
    return [{"jsonrpc": "2.0", "id": k, "result": {"tools": [tool(k)], "nextCursor": str(k + 1)}} for k in range(n)]


@recipe(20_000, each=TOOL)
def lines_of_messages(n):
    pages = ({"jsonrpc": "2.0", "id": k, "result": {"tools": [tool(k)]}} for k in range(n))
    return "\n".join(map(json.dumps, pages)).encode()


@recipe(20_000, each=TOOL)
def functions_of_a_model(n):
    return [{"type": "function", "function": {"name": f"get_{k}", "parameters": SCHEMA}} for k in range(n)]


@recipe(2_000, each=TOOL)
def tools_with_circles_of_their_own(n):
    inner = {"$defs": {f"D{k}": {"properties": {"a": {"$ref": f"#/$defs/D{(k + 1) % 20}"}}} for k in range(20)}}
    return {"tools": [tool(k, inputSchema=inner | {"properties": {"a": {"$ref": "#/$defs/D0"}}}) for k in range(n)]}


# Postman -------------------------------------------------------------------------------------------------------------


def collection(items, **more):
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    return {"info": {"name": "T", "schema": schema}, "item": items} | more


def request(number, **more):
    url = {"raw": f"https://a.example/things/{number}"}
    return {"name": f"Get thing {number}", "request": {"method": "GET", "url": url} | more}


@recipe(20_000, each=TOOL)
def requests_of_a_collection(n):
    return collection([request(k) for k in range(n)])


@recipe(20_000, each=TOOL)
def requests_of_one_address(n):
    return collection([request(0) for _ in range(n)])


@recipe(100_000)
def folders_in_folders(n):
    inner = '{"name": "f", "item": [' * n + json.dumps(request(0)) + "]}" * n
    return json.dumps(collection(["HERE"])).replace('"HERE"', inner).encode()


@recipe(100_000)
def variables_of_a_collection(n):
    given = [{"key": f"v{k}", "value": f"{{{{v{k + 1}}}}}"} for k in range(n)]
    return collection([request(0, url={"raw": "{{v0}}/things"})], variable=given)


@recipe(60)
def variables_that_double(n):
    given = [{"key": f"v{k}", "value": f"{{{{v{k + 1}}}}}" * 2} for k in range(n)]
    return collection([request(0, url={"raw": "{{v0}}/things"})], variable=given)


@recipe(50_000)
def headers_of_a_request(n):
    return collection([request(0, header=[{"key": f"X-{k}", "value": "a"} for k in range(n)])])


@recipe(50_000, each=FIELD)
def fields_of_a_form(n):
    return collection(
        [request(0, method="POST", body={"mode": "urlencoded", "urlencoded": [{"key": f"k{k}"} for k in range(n)]})]
    )


@recipe(50_000, each=FIELD)
def body_of_a_request(n):
    raw = json.dumps({f"k{k}": k for k in range(n)})
    return collection([request(0, method="POST", body={"mode": "raw", "raw": raw})])


@recipe(100_000, each=FIELD)
def queries_of_a_request(n):
    return collection([request(0, url={"raw": "https://a.example/?" + "&".join(f"k{k}=v" for k in range(n))})])


# Discovery -----------------------------------------------------------------------------------------------------------


def discovery(**more):
    return {"kind": "discovery#restDescription", "discoveryVersion": "v1", "name": "t", "version": "v1"} | more


def method(number, **more):
    return {"id": f"t.things.get{number}", "path": f"things/{number}", "httpMethod": "GET"} | more


@recipe(20_000, each=TOOL)
def methods_of_a_discovery(n):
    return discovery(resources={"things": {"methods": {f"get{k}": method(k) for k in range(n)}}})


@recipe(20_000, each=TOOL)
def resources_of_a_discovery(n):
    return discovery(resources={f"things{k}": {"methods": {"get": method(k)}} for k in range(n)})


@recipe(100_000)
def resources_in_resources(n):
    inner = '{"resources": {"a": ' * n + '{"methods": {}}' + "}}" * n
    return json.dumps(discovery(resources={"a": "HERE"})).replace('"HERE"', inner).encode()


@recipe(50_000, each=FIELD)
def parameters_of_a_method(n):
    given = {f"p{k}": {"type": "string", "location": "query"} for k in range(n)}
    return discovery(methods={"get": method(0, parameters=given)})


@recipe(2_000)
def circles_of_a_discovery(n):
    schemas = {
        f"S{k}": {"properties": {f"f{k}": TEXT, "n": {"$ref": f"S{(k * 7 + 1) % n}"}, "m": {"$ref": f"S{k * 3 % n}"}}}
        for k in range(n)
    }
    methods = {f"get{k}": method(k, response={"$ref": f"S{k % n}"}) for k in range(n)}
    return discovery(schemas=schemas, methods=methods)
