"""One operation to one tool: parameters, bodies, responses, security, servers, texts; every version."""

import json

import pytest

from analysis.ingest import Limits, read

HEADS = {
    "2.0": "swagger: '2.0'\n",
    "3.0": "openapi: 3.0.3\n",
    "3.1": "openapi: 3.1.0\n",
    "3.2": "openapi: 3.2.0\n",
}


def reading(text, version="3.1"):
    return read(f"{HEADS[version]}info: {{title: T, version: '1'}}\n{text}".encode())


def only(text, version="3.1"):
    """The one tool of a document without faults."""
    found = reading(text, version)
    assert found.problems == ()
    (tool,) = found.inventory.tools
    return tool


def shown(tool):
    """Parameters as `place name: type`, with a star where they are required."""
    return [f"{p.place} {p.name}{'*' if p.required else ''}: {p.type}" for p in tool.parameters]


def uses(tool):
    """Security as `name/kind[scopes]`, alternatives apart."""
    return [[f"{u.name}/{u.kind}[{','.join(u.scopes)}]" for u in together] for together in tool.security]


# --- versions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "form"),
    [
        ("swagger: '2.0'", "Swagger 2.0"),
        ("swagger: 2.0", "Swagger 2.0"),
        ("openapi: 3.0.3", "OpenAPI 3.0.3"),
        ("openapi: '3.1'", "OpenAPI 3.1"),
        ("openapi: 3.1.1", "OpenAPI 3.1.1"),
        ("openapi: 3.2.0", "OpenAPI 3.2.0"),
    ],
)
def test_versions_that_are_read(head, form):
    assert read(f"{head}\npaths: {{}}\ninfo: {{title: T}}".encode()).inventory.source.format == form


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("openapi: 4.0.0", "OpenAPI '4.0.0' is not a supported version"),
        ("openapi: 3.10.0", "OpenAPI '3.10.0' is not a supported version"),
        ("swagger: '1.2'", "OpenAPI '1.2' is not a supported version"),
        ("openapi: {}", "is not a supported version"),
        ("a: 1", "neither an OpenAPI document nor an MCP"),
        ("- 1", "neither an OpenAPI document nor an MCP"),
        ("[]", "neither an OpenAPI document nor an MCP"),
        ("{}", "neither an OpenAPI document nor an MCP"),
        ("text", "neither an OpenAPI document nor an MCP"),
        ("12", "neither an OpenAPI document nor an MCP"),
        ("null", "the document is empty"),
        ("# only a comment", "the document is empty"),
    ],
)
def test_other_documents_are_refused(document, message):
    found = read(document.encode())
    assert found.inventory is None
    assert message in found.problems[0].what


def test_every_source_says_what_was_not_checked():
    assert [s.check for s in reading("paths: {}").not_checked] == ["behaviour", "conformance"]


# --- methods -----------------------------------------------------------------------------------------

ALL = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"]


@pytest.mark.parametrize(
    ("version", "missing"), [("2.0", ["trace", "query"]), ("3.0", ["query"]), ("3.1", ["query"]), ("3.2", [])]
)
def test_methods_of_each_version(version, missing):
    methods = "\n".join(f"    {method}: {{responses: {{}}}}" for method in ALL)
    found = reading(f"paths:\n  /a:\n{methods}", version)
    assert [t.method for t in found.inventory.tools] == [m.upper() for m in ALL if m not in missing]
    assert [p.pointer for p in found.problems] == [f"/paths/~1a/{m}" for m in missing]


@pytest.mark.parametrize("key", ["DELETE", "Get", "purge", "__proto__", "operations"])
def test_an_entry_that_is_no_method_is_reported(key):
    found = reading(f"paths: {{/a: {{{key}: {{responses: {{}}}}, x-ok: {{}}, summary: s, description: d}}}}")
    assert found.inventory.tools == ()
    assert [p.pointer for p in found.problems] == [f"/paths/~1a/{key}"]


def test_operations_next_to_the_reference_of_a_path_item_are_kept():
    """A delete next to `$ref` is callable and must not vanish silently."""
    found = reading("paths:\n  /a:\n    $ref: '#/x-item'\n    delete: {responses: {}}\nx-item: {get: {responses: {}}}")
    assert {tool.method for tool in found.inventory.tools} == {"GET", "DELETE"} or found.problems


def test_siblings_of_a_reference_do_not_replace_its_target():
    found = reading("""
paths:
  /a/{id}: {$ref: '#/x-item', parameters: [{name: trace, in: header}], servers: []}
x-item:
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  servers: [{url: https://own.example}]
  get: {responses: {}}
""")
    (tool,) = found.inventory.tools
    assert "path id*: string" in shown(tool)
    assert tool.servers == ("https://own.example",)


def test_a_method_given_here_and_behind_the_reference_is_reported():
    """Readers disagree on which one wins."""
    found = reading(
        "paths: {/a: {$ref: '#/x-item', get: {operationId: here, responses: {}}}}\nx-item: {get: {responses: {}}}"
    )
    assert found.problems
    assert "here" in {tool.operation_id for tool in found.inventory.tools}


# --- parameters and bodies ---------------------------------------------------------------------------


def test_parameters_of_path_and_operation():
    tool = only("""
paths:
  /a/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string, format: uuid}}
      - {name: q, in: query, schema: {type: string}}
    get:
      parameters:
        - {name: q, in: query, required: true, schema: {type: [integer, 'null']}}
        - {name: q, in: header, schema: {$ref: '#/components/schemas/E'}}
        - {$ref: '#/components/parameters/C'}
        - {name: f, in: query, content: {application/json: {schema: {properties: {deep: {}}}}}}
      responses: {}
components:
  parameters: {C: {name: sid, in: cookie, schema: {type: boolean}}}
  schemas: {E: {type: string, enum: [asc, desc, 1]}}
""")
    assert shown(tool) == [
        "query q*: integer | null", "header q: string", "cookie sid: boolean", "query f: object", "path id*: string(uuid)",
    ]  # fmt: skip
    assert tool.parameters[1].values == ("asc", "desc", "1")
    assert tool.request_fields == ("deep", "f", "id", "q", "sid")


def test_fields_of_a_path_level_parameter_count():
    tool = only("""
paths:
  /a:
    parameters:
      - {name: f, in: query, content: {application/json: {schema: {properties: {email: {}}}}}}
      - $ref: '#/components/parameters/P'
    get: {responses: {}}
components:
  parameters: {P: {name: p, in: query, schema: {properties: {ssn: {}}}}}
""")
    assert tool.request_fields == ("email", "f", "p", "ssn")


def test_request_bodies():
    tool = only("""
paths:
  /a:
    post:
      requestBody: {$ref: '#/components/requestBodies/B'}
      responses: {}
components:
  requestBodies: {B: {content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}}
  schemas:
    S:
      allOf:
        - $ref: '#/components/schemas/Base'
        - required: [name]
          properties: {name: {type: string, description: Full name}, more: {anyOf: [{properties: {inner: {}}}]}}
    Base: {required: [id], properties: {id: {type: integer, enum: [1, 2]}}}
""")
    assert shown(tool) == ["body id*: integer", "body name*: string", "body more: any"]
    assert tool.parameters[1].description == "Full name"
    assert tool.request_fields == ("id", "inner", "more", "name")


@pytest.mark.parametrize(
    ("schema", "fields"),
    [
        ("{type: array, items: {properties: {a: {}}}}", ["a"]),
        ("{items: [{properties: {a: {}}}, {properties: {b: {}}}]}", ["a", "b"]),
        (
            "{oneOf: [{properties: {a: {}}}], anyOf: [{properties: {b: {}}}], allOf: [{properties: {c: {}}}]}",
            list("abc"),
        ),
        ("{additionalProperties: {properties: {a: {}}}, patternProperties: {x: {properties: {b: {}}}}}", ["a", "b"]),
        ("{if: {properties: {a: {}}}, then: {properties: {b: {}}}, else: {properties: {c: {}}}}", ["a", "b", "c"]),
        ("{prefixItems: [{properties: {a: {}}}], contains: {properties: {b: {}}}}", ["a", "b"]),
        ("{dependentSchemas: {x: {properties: {a: {}}}}, contentSchema: {properties: {b: {}}}}", ["a", "b"]),
        ("{not: {properties: {a: {}}}}", []),
        ("{properties: {properties: {properties: {x: {}}}}}", ["properties", "x"]),
        ("{properties: {$ref: {type: string}}}", ["$ref"]),
        ("{$ref: '#/components/schemas/Loop'}", ["again", "v"]),
        ("true", []),
    ],
)
def test_response_fields(schema, fields):
    tool = only(f"""
paths: {{/a: {{get: {{responses: {{'200': {{description: d, content: {{a/b: {{schema: {schema}}}}}}}}}}}}}}}
components: {{schemas: {{Loop: {{properties: {{v: {{}}, again: {{$ref: '#/components/schemas/Loop'}}}}}}}}}}
""")
    assert list(tool.response_fields) == fields


def test_fields_near_the_response_and_all_that_can_be_reached():
    """Stated by the response or within two references of it; behind the third only reachable."""
    tool = only("""
paths: {/a: {get: {responses: {'200': {content: {a/b: {schema: {properties: {in: {$ref: '#/components/schemas/S1'}}}}}}}}}}
components:
  schemas:
    S1: {properties: {one: {properties: {inner: {}}}, next: {$ref: '#/components/schemas/S2'}}}
    S2: {properties: {two: {}, next: {$ref: '#/components/schemas/S3'}}}
    S3: {properties: {three: {}, next: {$ref: '#/components/schemas/S1'}}}
""")
    assert tool.shallow_fields == ("in", "inner", "next", "one", "two")
    assert tool.response_fields == ("in", "inner", "next", "one", "three", "two")


@pytest.mark.parametrize(
    ("responses", "array"),
    [
        ("'200': {content: {a/b: {schema: {type: array}}}}", True),
        ("default: {content: {a/b: {schema: {$ref: '#/components/schemas/L'}}}}", True),
        ("'200': {$ref: '#/components/responses/R'}", True),
        ("'200': {content: {a/b: {schema: {type: object}}}}", False),
        ("'400': {content: {a/b: {schema: {type: array}}}}", False),
        ("x-note: {content: {a/b: {schema: {type: array}}}}", False),
    ],
)
def test_whether_a_collection_comes_back(responses, array):
    tool = only(f"""
paths: {{/a: {{get: {{responses: {{{responses}}}}}}}}}
components:
  schemas: {{L: {{type: array}}}}
  responses: {{R: {{content: {{a/b: {{schema: {{$ref: '#/components/schemas/L'}}}}}}}}}}
""")
    assert tool.returns_array is array


# --- Swagger 2.0 -------------------------------------------------------------------------------------

SWAGGER = """
host: api.shop.example
basePath: /v1
schemes: [https, http]
security: [{basic: []}]
securityDefinitions:
  basic: {type: basic}
  key: {type: apiKey, in: query, name: k}
  flow: {type: oauth2, flow: implicit, scopes: {w: write}}
paths:
  /orders:
    post:
      parameters:
        - {name: dry, in: query, type: boolean}
        - name: order
          in: body
          required: true
          schema: {$ref: '#/definitions/Order'}
      responses:
        200: {description: ok, schema: {type: array, items: {$ref: '#/definitions/Order'}}}
  /upload:
    post:
      security: [{key: [], flow: [w]}]
      parameters:
        - {name: file, in: formData, type: file, required: true}
        - {name: note, in: formData, type: string, enum: [a, b]}
      responses: {}
definitions:
  Order: {required: [id], properties: {id: {type: string}, buyer: {properties: {email: {type: string}}}}}
"""


def test_swagger_2():
    found = reading(SWAGGER, "2.0")
    assert found.problems == ()
    create, upload = found.inventory.tools
    assert shown(create)[0] == "query dry: boolean"
    assert {"body id*: string", "body buyer: object"} <= set(shown(create))
    assert create.request_fields == ("buyer", "dry", "email", "id")
    assert create.response_fields == ("buyer", "email", "id")
    assert create.returns_array
    assert uses(create) == [["basic/http-basic[]"]]
    assert create.servers == ("https://api.shop.example/v1", "http://api.shop.example/v1")
    assert shown(upload) == ["form file*: file", "form note: string"]
    assert upload.parameters[1].values == ("a", "b")
    assert uses(upload) == [["key/apiKey-query[]", "flow/oauth2[w]"]]


def test_swagger_2_body_of_the_path():
    tool = only(
        "paths: {/a: {parameters: [{name: b, in: body, schema: {properties: {email: {type: string}}}}],"
        " post: {responses: {}}}}",
        "2.0",
    )
    assert "email" in tool.request_fields
    assert "body email: string" in shown(tool)


@pytest.mark.parametrize(
    ("stated", "servers"),
    [
        ("host: a.example", ("https://a.example",)),
        ("host: a.example\nschemes: []", ("https://a.example",)),
        ("basePath: /v1", ("/v1",)),
        ("host: 7", ()),
    ],
)
def test_swagger_2_servers(stated, servers):
    assert only(f"{stated}\npaths: {{/a: {{get: {{responses: {{}}}}}}}}", "2.0").servers == servers


# --- security ----------------------------------------------------------------------------------------

SCHEMES = """
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X}
    bearer: {type: http, scheme: Bearer}
    basic: {type: http, scheme: basic}
    oauth: {type: oauth2, flows: {}}
    oidc: {type: openIdConnect, openIdConnectUrl: 'https://x.example'}
    mtls: {type: mutualTLS}
    ref: {$ref: '#/components/securitySchemes/key'}
"""


@pytest.mark.parametrize(
    ("document", "operation", "expected"),
    [
        ("[{key: []}]", None, [["key/apiKey-header[]"]]),
        ("[{key: []}]", "[{bearer: []}]", [["bearer/http-bearer[]"]]),
        ("[{key: []}]", "[]", []),
        ("[{key: []}]", "[{}]", [[]]),
        (None, "[{key: []}, {}]", [["key/apiKey-header[]"], []]),
        (None, "[{key: [], basic: []}]", [["key/apiKey-header[]", "basic/http-basic[]"]]),
        (
            None,
            "[{oauth: [a:read, a:write]}, {oidc: [x]}]",
            [["oauth/oauth2[a:read,a:write]"], ["oidc/openIdConnect[x]"]],
        ),
        (None, "[{mtls: []}]", [["mtls/mutualTLS[]"]]),
        (None, "[{ref: []}]", [["ref/apiKey-header[]"]]),
    ],
)
def test_security_alternatives(document, operation, expected):
    head = f"security: {document}\n" if document else ""
    own = f", security: {operation}" if operation else ""
    assert uses(only(f"{head}paths: {{/a: {{get: {{responses: {{}}{own}}}}}}}\n{SCHEMES}")) == expected


@pytest.mark.parametrize(
    ("text", "schemes", "mentioned"),
    [
        ("Returns orders.", "", False),
        ("Returns orders. Needs an access token.", "", True),
        ("Returns orders.", SCHEMES, True),
        ("Authenticate first.", "", True),
        ("AUTHORIZED users only.", "", True),
        ("By OAuth", "", True),
        ("Send the API-key.", "", True),
        ("personal tokens", "", True),
        ("Bearer", "", True),
        ("With your credentials", "", True),
        ("Log in before.", "", True),
        ("For signed-in users \u2013 not others", "", True),
        ("A design of signs, logs and tokens", "", False),
    ],
)
def test_a_document_without_a_security_entry_does_not_say_what_a_call_needs(text, schemes, mentioned):
    tool = only(f"paths: {{/a: {{get: {{description: {text!r}, responses: {{}}}}}}}}\n{schemes}")
    assert (tool.security, tool.mentions_credentials) == (None, mentioned)


def test_one_security_entry_makes_a_document_speak():
    found = reading("paths: {/a: {get: {responses: {}}, post: {responses: {}, security: []}}}")
    assert [tool.security for tool in found.inventory.tools] == [(), ()]


@pytest.mark.parametrize("security", ["[{nowhere: []}]", "x", "[x]", "[7]", "{key: []}"])
def test_security_that_cannot_be_read_is_never_taken_for_protection(security):
    found = reading(f"paths: {{/a: {{get: {{responses: {{}}, security: {security}}}}}}}\n{SCHEMES}")
    (tool,) = found.inventory.tools
    kinds = {use.kind for together in tool.security for use in together}
    assert kinds <= {"unknown"}


@pytest.mark.parametrize("security", ["[{nowhere: []}]", "x", "[x]", "{key: []}"])
def test_security_that_cannot_be_read_is_reported(security):
    assert reading(f"paths: {{/a: {{get: {{responses: {{}}, security: {security}}}}}}}\n{SCHEMES}").problems


# --- servers, texts, the rest ------------------------------------------------------------------------


def test_servers_nearest_first():
    found = reading("""
servers: [{url: https://all.example}]
paths:
  /a: {get: {responses: {}}}
  /b: {servers: [{url: https://path.example}], get: {responses: {}}, put: {servers: [{url: /own}], responses: {}}}
""")
    assert [tool.servers for tool in found.inventory.tools] == [
        ("https://all.example",), ("https://path.example",), ("/own",),
    ]  # fmt: skip


def test_texts_a_model_can_read_are_kept_with_their_places():
    found = reading("""
paths:
  /a:
    parameters: [{name: p, in: query, description: of the path}]
    get:
      summary: one line
      parameters: [{name: q, in: query, description: of a parameter}]
      responses: {'200': {description: of a response, content: {a/b: {schema: {$ref: '#/components/schemas/S'}}}}}
components: {schemas: {S: {description: of a schema}, Unused: {description: not referenced}}}
""")
    (tool,) = found.inventory.tools
    assert {(p.pointer, p.text) for p in tool.text_spans} == {
        ("/paths/~1a/parameters/0/description", "of the path"),
        ("/paths/~1a/get/summary", "one line"),
        ("/paths/~1a/get/parameters/0/description", "of a parameter"),
        ("/paths/~1a/get/responses/200/description", "of a response"),
    }
    assert tool.referenced_schemas == ("/components/schemas/S",)
    assert [p.text for label in tool.referenced_schemas for p in found.inventory.text_spans[label]] == ["of a schema"]


@pytest.mark.parametrize(
    "place",
    [
        'get: {responses: {}, description: "ok\\e[2J"}',
        'get: {responses: {}, tags: ["a\\u0007b"]}',
        'get: {responses: {}, parameters: [{name: p, in: query, schema: {enum: ["a\\e[2J"]}}]}',
        'get: {responses: {}, parameters: [{name: p, in: query, schema: {type: string, format: "date\\u200b"}}]}',
        'get: {responses: {}, "x-\\e[2J": 1}',
        'summary: "seen\\u200b by all", get: {responses: {}}',
    ],
    ids=["short description", "tag", "enumeration", "format", "key", "summary of the path"],
)
def test_no_text_with_control_characters_is_overlooked(place):
    (tool,) = reading(f"paths: {{/a: {{{place}}}}}").inventory.tools
    assert [p.text for p in tool.text_spans if not p.text.isprintable()]


def test_the_facts_of_a_tool():
    tool = only("""
tags: [{name: T}]
paths:
  /a:
    get: {operationId: x, summary: s, description: d, tags: [T, U], deprecated: true, responses: {}}
""")
    assert (tool.name, tool.operation_id, tool.summary, tool.description) == ("x", "x", "s", "d")
    assert (tool.tags, tool.deprecated, tool.line, tool.pointer) == (("T", "U"), True, 7, "/paths/~1a/get")
    assert tool.hints == ()


def test_the_size_counts_shared_schemas_once():
    def size(schema):
        return only(f"""
paths: {{/a: {{post: {{requestBody: {{content: {{a/b: {{schema: {schema}}}}}}}, responses: {{}}}}}}}}
components: {{schemas: {{S: {{description: {"x" * 1_000}}}}}}}
""").size

    one = size("{properties: {a: {$ref: '#/components/schemas/S'}}}")
    two = size("{properties: {a: {$ref: '#/components/schemas/S'}, b: {$ref: '#/components/schemas/S'}}}")
    assert 1_000 < one < two < one + 100


def test_extensions_are_no_paths():
    assert reading("paths: {x-a: {get: {responses: {}}}}").inventory.tools == ()


def test_the_operation_limit_is_reported():
    paths = ", ".join(f"/{n}: {{get: {{responses: {{}}}}}}" for n in range(9))
    found = read(f"openapi: 3.1.0\ninfo: {{title: T}}\npaths: {{{paths}}}".encode(), limits=Limits(operations=4))
    assert len(found.inventory.tools) == 4
    assert [p.what for p in found.problems] == ["more than 4 operations; the rest was not read"]


def test_the_number_of_problems_is_limited_and_reported():
    paths = ", ".join(f"/{n}: 7" for n in range(600))
    problems = reading(f"paths: {{{paths}}}").problems
    assert len(problems) == 501
    assert problems[-1].what == "100 further problems are not listed"


def test_a_server_is_named_with_the_defaults_of_its_variables():
    variables = {"region": {"default": "eu", "enum": ["eu", "us"]}, "odd": 3, "port": {"default": 443}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://{region}.api.example:{port}/{none}", "variables": variables}],
        "paths": {"/a": {"get": {}}},
    }
    (tool,) = read(json.dumps(document).encode()).inventory.tools
    assert tool.servers == ("https://eu.api.example:{port}/{none}",)


@pytest.mark.parametrize(
    ("responses", "returns"),
    [
        ({}, "nothing"),
        ({"204": {"description": "gone"}}, "nothing"),
        ({"200": {"content": {"application/json": {"schema": {"properties": {"a": {}}}}}}}, "described"),
        ({"200": {"content": {"application/json": {"schema": {"type": "integer"}}}}}, "described"),
        ({"200": {"content": {"application/json": {"schema": {"type": ["boolean", "null"]}}}}}, "described"),
        ({"200": {"content": {"application/json": {"schema": {"type": "string", "enum": ["a"]}}}}}, "described"),
        ({"200": {"content": {"application/json": {"schema": {"type": "object"}}}}}, "undescribed"),
        ({"200": {"content": {"application/json": {}}}}, "undescribed"),
        ({"200": {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}, "undescribed"),
        ({"400": {"content": {"application/json": {"schema": {"properties": {"a": {}}}}}}}, "nothing"),
        ({"default": {"content": {"text/plain": {"schema": {"type": "string"}}}}}, "undescribed"),
    ],
)
def test_how_well_responses_are_described(responses, returns):
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": {}}}}
    document["paths"]["/a"]["get"]["responses"] = responses
    (tool,) = read(json.dumps(document).encode()).inventory.tools
    assert tool.returns == returns


@pytest.mark.parametrize(
    ("schema", "bounds"),
    [
        ({"type": "integer", "maximum": 100}, (("maximum", "100"),)),
        ({"type": "string", "pattern": "^a", "format": "uri"}, (("pattern", "^a"), ("format", "uri"))),
        ({"type": "object"}, (("open", ""),)),
        ({"type": "object", "additionalProperties": True}, (("open", ""),)),
        ({"type": "object", "additionalProperties": {"type": "string"}}, ()),
        ({"type": "object", "properties": {"a": {}}}, ()),
        ({"type": ["object"], "allOf": [{}]}, ()),
        ({"type": [["odd"]]}, ()),
        ("odd", ()),
    ],
)
def test_the_bounds_of_an_input(schema, bounds):
    body = {"content": {"application/json": {"schema": {"properties": {"x": schema}}}}}
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}
    document["paths"] = {"/a": {"post": {"requestBody": body}}}
    (tool,) = read(json.dumps(document).encode()).inventory.tools
    assert tool.parameters[0].limits == bounds


def test_the_flows_of_a_scheme_have_the_names_of_openapi_3():
    old = {
        "swagger": "2.0",
        "info": {"title": "T", "version": "1"},
        "security": [{"o": []}],
        "paths": {"/a": {"get": {}}},
    }
    old["securityDefinitions"] = {"o": {"type": "oauth2", "flow": "accessCode", "scopes": {}}}
    new = old | {"openapi": "3.1.0"}
    del new["swagger"]
    new["components"] = {"securitySchemes": {"o": {"type": "oauth2", "flows": {"implicit": {}, "password": {}}}}}
    flows = [read(json.dumps(d).encode()).inventory.tools[0].security[0][0].flows for d in (old, new)]
    assert flows == [("authorizationCode",), ("implicit", "password")]


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (
            {"application/json": {"schema": {"oneOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]}}},
            ["a", "b"],
        ),
        ({"application/json": {"schema": {"type": "array", "items": {"properties": {"a": {}}}}}}, ["a", "body"]),
        ({"a/a": {"schema": {"properties": {"a": {}}}}, "b/b": {"schema": {"properties": {"b": {}}}}}, ["a", "b"]),
        ({"a/a": {"schema": {"anyOf": [{"allOf": [{"properties": {"a": {}}}]}, "odd"], "items": []}}}, ["a"]),
    ],
)
def test_every_form_of_a_body_gives_its_fields(content, fields):
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}
    document["paths"] = {"/a": {"post": {"requestBody": {"content": content}}}}
    (tool,) = read(json.dumps(document).encode()).inventory.tools
    assert sorted(p.name for p in tool.parameters if p.place == "body") == fields


def test_fields_of_one_media_type_are_not_required_by_all():
    one = {"properties": {"a": {}}, "required": ["a"]}
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}
    for number, schema in enumerate((one, {"allOf": [one]}, {"oneOf": [one]}, {"items": one})):
        content = {"application/json": {"schema": schema}}
        document["paths"][f"/{number}"] = {"post": {"requestBody": {"content": content}}}
    tools = read(json.dumps(document).encode()).inventory.tools
    assert [tool.parameters[0].required for tool in tools] == [True, True, False, False]


def test_the_schemes_of_one_operation_are_its_servers():
    document = {"swagger": "2.0", "info": {"title": "T", "version": "1"}, "host": "h.example", "schemes": ["https"]}
    document["paths"] = {"/a": {"get": {"schemes": ["http"]}, "put": {}}}
    (get, put) = read(json.dumps(document).encode()).inventory.tools
    assert (get.servers, put.servers) == (("http://h.example",), ("https://h.example",))


def test_vendor_specific_paths_are_reported():
    document = {"openapi": "3.0.0", "info": {"title": "T", "version": "1"}, "x-ms-paths": {"/b?op=c": {"delete": {}}}}
    (problem,) = read(json.dumps(document | {"paths": {"/a": {"get": {}}}}).encode()).problems
    assert (problem.pointer, problem.what) == ("/x-ms-paths", "1 paths of `x-ms-paths` are not in the inventory")


def test_examples_and_extensions_contain_no_references():
    odd = {"$ref": "#/nowhere"}
    get = {"x-note": odd, "responses": {"200": {"content": {"a/b": {"examples": {"e": {"value": odd}}, "schema": {}}}}}}
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": get}}}
    assert read(json.dumps(document).encode()).problems == ()
    get["responses"]["200"]["content"]["a/b"]["examples"]["e"] = odd
    assert [p.what for p in read(json.dumps(document).encode()).problems] == [
        "the reference '#/nowhere' points to nothing"
    ]


def test_a_recorded_conversation_is_a_tool_list():
    listed = {"jsonrpc": "2.0", "id": 2, "result": {"tools": [{"name": "a", "inputSchema": {"type": "object"}}]}}
    asked = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
    plain = "\n".join(json.dumps(message) for message in (asked, listed))
    events = f"event: message\ndata: {json.dumps(listed)}\n\n"
    for text in (plain, events):
        assert [tool.name for tool in read(text.encode()).inventory.tools] == ["a"]


def test_successful_responses_define_the_result():
    card = {
        "properties": {"pan": {"description": "The number of the card."}, "owner": {"$ref": "#/components/schemas/P"}}
    }
    fault = {"properties": {"title": {}, "secret": {}}}
    responses = {code: {"content": {"a/b": {"schema": s}}} for code, s in (("200", card), ("4XX", fault))}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": responses}}},
    }
    document["components"] = {"schemas": {"P": {"properties": {"name": {"description": "Of a person. " + "x" * 400}}}}}
    (tool,) = read(json.dumps(document).encode()).inventory.tools
    assert tool.shallow_fields == ("name", "owner", "pan")
    assert tool.response_fields == ("name", "owner", "pan", "secret", "title")
    notes = {field: (schema, text[:24]) for field, schema, text in tool.field_notes}
    assert notes == {
        "pan": ("", "The number of the card."), "owner": ("", ""), "name": ("P", "Of a person. xxxxxxxxxxx"),
    }  # fmt: skip
    assert max(len(text) for _, _, text in tool.field_notes) == 240


# --- values and prose --------------------------------------------------------------------------------


def test_a_property_called_default_holds_prose():
    raw = """
openapi: 3.2.0
info: {title: T}
paths:
  /a:
    description: path text
    additionalOperations:
      COPY:
        parameters: [{name: q, in: query, example: a value, schema: {default: a value}}]
        requestBody: {content: {default: {schema: {properties: {
          default: {description: some prose, enum: [a value]}, examples: {title: some prose, examples: [a value]}}}}}}
        responses: {default: {$ref: '#/components/responses/default'}, '200': {content: {a/b: {examples: {e: {$ref: '#/components/examples/e'}}}}}}
components:
  responses: {default: {description: some prose}}
  examples: {e: {value: a value}}
"""
    found = read(raw.encode()).inventory
    texts = [*found.tools[0].text_spans, *(text for each in found.text_spans.values() for text in each)]
    is_value = {text.text: {other.is_value for other in texts if other.text == text.text} for text in texts}
    assert is_value == {"path text": {False}, "some prose": {False}, "a value": {True}}
    assert [text.pointer for text in texts if text.text == "path text"] == ["/paths/~1a/description"]


def test_parameters_of_a_function_are_a_schema():
    function = {"name": "f", "parameters": {"type": "object", "properties": {"default": {"title": "some prose"}}}}
    (tool,) = read(json.dumps([{"type": "function", "function": function}]).encode()).inventory.tools
    assert [(text.text, text.is_value) for text in tool.text_spans] == [("some prose", False)]


@pytest.mark.parametrize("stated", ['["array", "null"]', "array"])
def test_a_list_that_may_be_null_is_a_list(stated):
    response = f"{{content: {{a/b: {{schema: {{type: {stated}, items: {{}}}}}}}}}}"
    (tool,) = read(
        f"openapi: 3.1.0\ninfo: {{}}\npaths: {{/a: {{get: {{responses: {{'200': {response}}}}}}}}}".encode()
    ).inventory.tools
    assert tool.returns_array


# --- keys stated twice -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_every_repeated_key_is_located_and_says_which_value_was_used(kind):
    json_text = '{"openapi": "3.1.0", "info": {"title": "a", "title": "b"},\n "paths": {"/a": {}, "/c": {},\n "/a": {"get": {}}}}'
    yaml_text = "openapi: 3.1.0\ninfo: {title: a, title: b}\npaths:\n  /a: {}\n  /c: {}\n  /a: {get: {}}\n"
    found = read((json_text if kind == "json" else yaml_text).encode())
    problems = {problem.pointer: problem for problem in found.problems}
    assert set(problems) == {"/info/title", "/paths/~1a"}
    assert "'a', then 'b', which was used" in problems["/info/title"].what
    assert (problems["/info/title"].line, problems["/paths/~1a"].line) == ((1, 3) if kind == "json" else (2, 6))
