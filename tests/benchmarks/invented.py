"""An invented inventory of any size, as an OpenAPI document: python -m tests.benchmarks.invented COUNT FILE."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

THINGS = [
    "customer",
    "order",
    "invoice",
    "refund",
    "payment",
    "user",
    "role",
    "team",
    "device",
    "report",
    "ticket",
    "session",
    "shipment",
    "product",
    "price",
    "coupon",
]
VERBS = {
    "get": ("get", "list", "search", "export"),
    "post": ("create", "send", "run", "import"),
    "put": ("replace", "set"),
    "patch": ("update",),
    "delete": ("delete", "revoke"),
}
BULK = 1000  # so many tools carry the tag `bulk`, where there are as many


def inventory(count, seed=1):
    """Return a document of `count` operations, always the same for a seed."""
    chance = random.Random(seed)
    paths, made = {}, 0
    while made < count:
        one, other = chance.choice(THINGS), chance.choice(THINGS)
        item = paths[f"/v{chance.randint(1, 3)}/{one}s/{{id}}/{other}s/area{len(paths)}"] = {}
        for method in chance.sample(list(VERBS), min(chance.randint(1, 3), count - made)):
            verb = chance.choice(VERBS[method])
            item[method] = _operation(f"{verb}{one.title()}{other.title()}{made}", verb, one, other)
            if made % max(count // BULK, 1) == 0 and made // max(count // BULK, 1) < BULK:
                item[method]["tags"].append("bulk")
            made += 1
    schemas = {thing: _schema(number) for number, thing in enumerate(THINGS)}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Invented inventory of {count:,}", "version": "1"},
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
            "schemas": schemas,
        },
    }


def _operation(name, verb, one, other):
    answer = {"application/json": {"schema": {"$ref": f"#/components/schemas/{other}"}}}
    return {
        "operationId": name,
        "summary": f"{verb.title()} the {other}s of a {one}",
        "tags": [one],
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "The answer", "content": answer}},
    }


def _schema(number):
    field = ("email", "amount", "note")[number % 3]
    return {"type": "object", "properties": {"id": {"type": "string"}, field: {"type": "string"}}}


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(inventory(int(sys.argv[1]))), "utf-8")
