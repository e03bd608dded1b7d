"""An invented document in the shape of a directory of a large vendor: python -m tests.benchmarks.invented_directory N FILE.

Many operations over some 1,600 schemas that refer to each other in circles, so that most operations reach thousands of
field names, and thousands of different sets of them. Always the same for a number of operations.
"""

from __future__ import annotations

import json
import random
import sys
from itertools import islice
from pathlib import Path
from typing import Any

KINDS = [
    "message",
    "user",
    "group",
    "site",
    "device",
    "policy",
    "plan",
    "task",
    "file",
    "drive",
    "list",
    "item",
    "event",
    "contact",
    "team",
    "channel",
    "chat",
    "role",
    "app",
    "certificate",
    "domain",
    "license",
    "audit",
    "report",
    "alert",
    "incident",
    "case",
    "label",
    "term",
    "page",
    "section",
    "notebook",
    "workbook",
    "table",
    "column",
    "chart",
    "range",
    "session",
    "subscription",
    "invitation",
    "agreement",
    "setting",
    "profile",
    "identity",
    "credential",
    "connector",
    "account",
    "payment",
    "invoice",
    "order",
    "customer",
    "vendor",
    "project",
]
FIELDS = [
    "id",
    "name",
    "state",
    "kind",
    "count",
    "size",
    "owner",
    "creator",
    "date",
    "time",
    "url",
    "type",
    "code",
    "value",
    "status",
    "priority",
    "level",
    "color",
    "language",
    "region",
    "address",
    "phone",
    "email",
    "number",
    "version",
    "source",
    "target",
    "reason",
    "result",
    "format",
    "content",
    "body",
    "subject",
    "title",
    "description",
    "notes",
    "tags",
    "scope",
    "order",
    "limit",
    "window",
]
SCHEMAS = 1_600
#: So many of the schemas all reach each other; each of the others reaches these, and some others.
CORE = 800
#: Operations as the largest public document of this shape has them.
FULL = 22_360
#: Paths under which a schema is served.
_OWNERS, _PARTS = 97, 211


def directory(operations=FULL, seed=7):
    """Return a document of so many operations (rounded up to five)."""
    chance = random.Random(seed)
    names = [_name(number) for number in range(SCHEMAS)]
    schemas = {name: _schema(number, names, chance) for number, name in enumerate(names)}
    paths = {}
    for path, name in islice(_places(names), -(-operations // 5)):
        single = f"{path}/{{{name}-id}}"
        paths[path] = {"get": _operation("list", path, name), "post": _operation("create", path, name)}
        paths[single] = {
            method: _operation(verb, single, name)
            for method, verb in (("get", "get"), ("patch", "update"), ("delete", "delete"))
        }
    flow = {"authorizationUrl": "https://login.example/a", "tokenUrl": "https://login.example/t", "scopes": {}}
    scheme = {"type": "oauth2", "flows": {"authorizationCode": flow}}
    return {
        "openapi": "3.0.4",
        "info": {"title": "Invented directory", "version": "beta"},
        "servers": [{"url": "https://api.directory.example/beta"}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"directory": scheme}},
    }


def _name(number):
    round_, first = divmod(number, len(KINDS))
    return KINDS[first] + KINDS[round_ % len(KINDS)].title()


def _places(names):
    """Yield (path of a collection, name of its schema), without end."""
    number = 0
    while True:
        name, owner, part = names[number % SCHEMAS], names[number * 7 % _OWNERS], names[number * 11 % _PARTS]
        under = f"/{owner}/{{{owner}-id}}" + (f"/{part}/{{{part}-id}}" if number >= SCHEMAS else "")
        yield f"{under}/{name}{number // SCHEMAS or ''}", name
        number += 1


def _schema(number, names, chance):
    fields: dict[str, Any] = {
        "id": {"type": "string", "description": "The identifier."},
        "createdDateTime": {"type": "string", "format": "date-time"},
        "displayName": {"type": "string"},
    }
    for at in range(chance.randint(3, 9)):
        kind, field = KINDS[(number * 3 + at) % len(KINDS)], FIELDS[(number + at * 5) % len(FIELDS)]
        own = number % 17 if number > 200 else ""
        fields[f"{kind}{field.title()}{own}"] = {"type": "string", "description": f"The {field} of the {kind}, if any."}
    for at in range(3 if number < CORE else 2):
        beyond = number > CORE + 10 and number % 2 == 0 and at == 0
        other = names[chance.randrange(CORE, number) if beyond else chance.randrange(CORE)]
        reference: dict[str, Any] = {"$ref": f"#/components/schemas/{other}"}
        fields[f"{other}s" if at % 2 else other] = {"type": "array", "items": reference} if at % 2 else reference
    return {"type": "object", "title": names[number], "description": f"A {names[number]}.", "properties": fields}


def _operation(verb, path, name):
    reads = verb in {"list", "get"}
    reference = {"$ref": f"#/components/schemas/{name}"}
    steps = path.replace("{", "").replace("}", "").split("/")
    counts = {f"{step}Count": {"type": "integer"} for step in steps[1:-1:2]}  # so that each path has a set of its own
    page = {"type": "object", "properties": {"value": {"type": "array", "items": reference}} | counts}
    answer = {"2XX": {"description": "Retrieved", "content": _json(page if verb == "list" else reference)}}
    identities = [step[1:-1] for step in path.split("/") if step.startswith("{")]
    operation = {
        "operationId": f"{'.'.join(steps[1:])}.{verb}",
        "summary": f"{verb.title()} {name}",
        "description": f"{verb.title()} the properties and relationships of {name} objects.",
        "tags": [steps[1]],
        "parameters": [
            *({"name": each, "in": "path", "required": True, "schema": {"type": "string"}} for each in identities),
            *({"name": each, "in": "query", "schema": {"type": "string"}} for each in ("select", "expand")),
        ],
        "responses": {"204": {"description": "Success"}} if verb == "delete" else answer,
        "security": [{"directory": [f"{name}.{'Read' if reads else 'ReadWrite'}.All"]}],
    }
    return operation | ({"requestBody": {"content": _json(reference)}} if verb in {"create", "update"} else {})


def _json(schema):
    return {"application/json": {"schema": schema}}


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(directory(int(sys.argv[1]))), "utf-8")
