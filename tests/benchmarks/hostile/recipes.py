"""What a hostile document is made by: `RECIPES[name]` makes its bytes, at its own size or at a share of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

OK = {"200": {"description": "ok"}}
TEXT = {"type": "string"}
_ROOMS = ("texts", "counts", "nesting", "lists")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a document is made of a count, of whatever it repeats, and the count that an attacker would choose."""

    make: Callable[[int], object]
    size: int
    each: int = 0  # microseconds that each of what it repeats may take, where that is what users have too, only fewer

    def document(self, share=1.0):
        """Return the bytes of the document, or of one of a share of its size."""
        return self.of(max(int(self.size * share), 1))

    def of(self, count):
        """Return the bytes of the document with so many of what it repeats."""
        made = self.make(count)
        return made if isinstance(made, bytes) else json.dumps(made, ensure_ascii=False).encode()


_KNOWN: dict[str, Recipe] = {}


#: Microseconds that a tool and a field may take: reading, assessment, rules and printing.
TOOL, FIELD = 600, 60


def recipe(size, name="", each=0):
    """Register a function from a count to data or bytes; its name says what the document has too much of."""

    def register(function):
        _KNOWN[name or function.__name__.replace("_", " ")] = Recipe(function, size, each)
        return function

    return register


def recipes():
    """Return all recipes by name."""
    for room in _ROOMS:
        import_module(f"tests.benchmarks.hostile.{room}")
    return dict(_KNOWN)


def openapi(paths, **more):
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths} | more


def one(**operation):
    """Return a document of one operation."""
    return openapi({"/a": {"get": {"operationId": "a", "responses": OK} | operation}})


def many(number, operation):
    """Return a document of so many operations, each made of its number."""
    return openapi(
        {f"/a{n}": {"get": {"operationId": f"get{n}", "responses": OK} | operation(n)} for n in range(number)}
    )


def content_of(schema):
    return {"content": {"application/json": {"schema": schema}}}


def body(schema, **schemas):
    """Return a document whose one operation takes and returns a schema."""
    post = {
        "operationId": "a",
        "requestBody": content_of(schema),
        "responses": {"200": {"description": "ok"} | content_of(schema)},
    }
    return openapi({"/a": {"post": post}}, components={"schemas": schemas})


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}
