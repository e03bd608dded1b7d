"""Documents with too many of one thing."""

from __future__ import annotations

from tests.benchmarks.hostile.recipes import FIELD, OK, TEXT, TOOL, body, content_of, many, one, openapi, recipe


@recipe(20_000, each=TOOL)
def many_operations(n):
    return many(n, lambda _: {})


@recipe(20_000)
def paths_without_operations(n):
    return openapi({f"/a{k}": {"x": 1} for k in range(n)} | one()["paths"])


@recipe(10_000, each=TOOL)
def equal_operation_ids(n):
    return many(n, lambda _: {"operationId": "listThings", "summary": "List things"})


@recipe(5_000, each=TOOL)
def operations_that_are_alike(n):
    schema = {"type": "object", "properties": {f"f{k}": TEXT for k in range(20)}}
    answer = {"200": {"description": "ok"} | content_of(schema)}
    given = [{"name": f"p{k}", "in": "query", "schema": TEXT} for k in range(8)]
    return many(n, lambda k: {"operationId": f"createThing{k}", "summary": "Create a thing of the list",
                              "parameters": given, "responses": answer})  # fmt: skip


@recipe(5_000, each=TOOL)
def operations_of_one_long_text(n):
    return many(n, lambda k: {"description": f"{'the order of things ' * 60}{k}"})


@recipe(100_000, each=FIELD)
def parameters_of_one_operation(n):
    return one(
        parameters=[{"name": f"p{k}", "in": "query", "schema": TEXT, "description": f"The {k} of it"} for k in range(n)]
    )


@recipe(50_000)
def path_variables(n):
    return openapi({"/a" + "/{x}" * n: {"get": {"responses": OK}}})


@recipe(100_000)
def path_segments(n):
    return openapi({"/things" * n: {"get": {"responses": OK}}})


@recipe(2_000, each=TOOL)
def tags_of_every_operation(n):
    return many(n, lambda k: {"tags": [f"t{k}-{m}" for m in range(50)]})


@recipe(200_000)
def tags_of_one_operation(n):
    return one(tags=[f"tag{k}" for k in range(n)])


@recipe(100_000)
def servers(n):
    return one() | {"servers": [{"url": f"https://a{k}.example"} for k in range(n)]}


@recipe(50_000)
def server_variables(n):
    given = {f"v{k}": {"default": "a", "enum": ["a", "b"]} for k in range(n)}
    return one() | {"servers": [{"url": "https://a.example/" + "{v1}" * n, "variables": given}]}


@recipe(200_000)
def alternatives_of_security(n):
    schemes = {f"k{k}": {"type": "apiKey", "in": "header", "name": f"x{k}"} for k in range(50)}
    return one(security=[{f"k{k % 50}": [str(k)]} for k in range(n)]) | {"components": {"securitySchemes": schemes}}


@recipe(50_000)
def security_schemes(n):
    schemes = {f"k{k}": {"type": "apiKey", "in": "header", "name": f"x{k}"} for k in range(n)}
    return one(security=[{key: [] for key in schemes}]) | {"components": {"securitySchemes": schemes}}


@recipe(100_000)
def scopes(n):
    given = {f"things{k}:write": f"Write thing {k}" for k in range(n)}
    flow = {"clientCredentials": {"tokenUrl": "https://a.example/t", "scopes": given}}
    return one(security=[{"o": list(given)}]) | {
        "components": {"securitySchemes": {"o": {"type": "oauth2", "flows": flow}}}
    }


@recipe(100_000)
def response_codes(n):
    return one(responses={str(k): {"description": "ok"} for k in range(n)})


@recipe(50_000)
def response_headers(n):
    return one(responses={"200": {"description": "ok", "headers": {f"X-{k}": {"schema": TEXT} for k in range(n)}}})


@recipe(50_000, each=FIELD)
def media_types(n):
    content = {f"application/x{k}": {"schema": {"properties": {f"f{k}": TEXT}}} for k in range(n)}
    return one(requestBody={"content": content}, responses={"200": {"description": "ok", "content": content}})


@recipe(20_000)
def callbacks(n):
    return one(callbacks={f"c{k}": {"{$request.body#/url}": {"post": {"responses": OK}}} for k in range(n)})


@recipe(20_000)
def webhooks(n):
    return one() | {"webhooks": {f"w{k}": {"post": {"responses": OK}} for k in range(n)}}


@recipe(50_000)
def links(n):
    return one(responses={"200": {"description": "ok", "links": {f"l{k}": {"operationId": "a"} for k in range(n)}}})


@recipe(100_000)
def examples(n):
    return body({"type": "object", "examples": [{"a": k} for k in range(n)]})


@recipe(500_000)
def enum_values(n):
    return one(parameters=[{"name": "q", "in": "query", "schema": TEXT | {"enum": [f"v{k}" for k in range(n)]}}])


@recipe(100_000)
def enum_values_that_act(n):
    return one(parameters=[{"name": "action", "in": "query", "schema": {"enum": [f"delete_{k}" for k in range(n)]}}])


@recipe(100_000)
def required_names(n):
    return body({"type": "object", "properties": {"a": TEXT}, "required": [f"r{k}" for k in range(n)]})


@recipe(100_000, each=FIELD)
def properties(n):
    return body({"type": "object", "properties": {f"field{k}": TEXT for k in range(n)}})


@recipe(50_000, each=FIELD)
def properties_with_texts(n):
    return body({"type": "object", "properties": {f"f{k}": TEXT | {"description": f"The {k} of it"} for k in range(n)}})


@recipe(50_000, each=FIELD)
def variants(n):
    return body({"oneOf": [{"type": "object", "properties": {f"f{k}": TEXT}} for k in range(n)]})


@recipe(50_000)
def patterned_properties(n):
    return body({"type": "object", "patternProperties": {f"^x{k}": TEXT for k in range(n)}})


@recipe(50_000)
def mapping_of_a_discriminator(n):
    return body(
        {"discriminator": {"propertyName": "k", "mapping": {f"m{k}": "#/components/schemas/S" for k in range(n)}}}, S={}
    )


@recipe(100_000)
def unknown_keys(n):
    return one() | {f"x-{k}": {"a": k} for k in range(n)}


@recipe(100_000)
def unused_schemas(n):
    return one() | {"components": {"schemas": {f"S{k}": {"type": "object"} for k in range(n)}}}


@recipe(500_000)
def equal_keys(n):
    return ("{" + '"openapi":"3.1.0",' * n + '"info":{"title":"T","version":"1"},"paths":{}}').encode()
