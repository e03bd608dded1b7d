"""OpenAPI 3 requirements that the validator misses, checked by the kind of each object, without resolving references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical_json import child
from analysis.model import Level, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.ingest.document.references import DocumentSet

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
#: Per kind of object, its members as (key, container, kind); the container is `one`, a `list`, or a `map` by name.
_MEMBERS: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "document": (("paths", "map", "path item"), ("webhooks", "map", "path item"), ("components", "one", "components")),
    "components": (
        ("parameters", "map", "parameter"), ("headers", "map", "header component"), ("links", "map", "link"),
        ("responses", "map", "response"), ("requestBodies", "map", "content"), ("mediaTypes", "map", "media type"),
        ("pathItems", "map", "path item"), ("callbacks", "map", "callback"),
    ),
    "path item": (
        ("parameters", "list", "parameter"), ("additionalOperations", "map", "operation"),
        *((method, "one", "operation") for method in _METHODS),
    ),
    "operation": (
        ("parameters", "list", "parameter"), ("requestBody", "one", "content"), ("responses", "map", "response"),
        ("callbacks", "map", "callback"),
    ),
    "response": (("content", "map", "media type"), ("headers", "map", "header"), ("links", "map", "link")),
    "content": (("content", "map", "media type"),),
    "parameter": (("content", "map", "media type"),),
    "header": (("content", "map", "media type"),),
    "header component": (("content", "map", "media type"),),
    "media type": (("encoding", "map", "encoding"),),
    "encoding": (("headers", "map", "header"),),
    "link": (),
}  # fmt: skip
_WITH_EXAMPLES: Final = frozenset({"parameter", "header", "header component", "media type"})
_LINK: Final = frozenset(
    {"$ref", "summary", "operationRef", "operationId", "parameters", "requestBody", "description", "server"}
)
#: Field name by RFC 9110.
_TOKEN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z")


def own_problems(document: Any, documents: DocumentSet) -> Iterator[Problem]:
    """Return problems of a parsed document of OpenAPI 3.0 to 3.2, in no particular order."""
    stack: list[tuple[str, Any, str, str]] = [("document", document, "", "")]
    while stack:
        kind, node, pointer, name = stack.pop()
        if not isinstance(node, dict):
            continue
        for fault in _faults(kind, node, name):
            yield Problem(Level.NOTE, fault, pointer, documents.line(documents.entry, node))
        if kind == "callback":
            stack += [("path item", inner, child(pointer, key), key) for key, inner in node.items()]
        for key, container, inner_kind in _MEMBERS.get(kind, ()):
            place, member = child(pointer, key), node.get(key)
            if container == "one":
                stack.append((inner_kind, member, place, key))
            elif container == "map" and isinstance(member, dict):
                stack += [(inner_kind, inner, child(place, each), each) for each, inner in member.items()]
            elif container == "list" and isinstance(member, list):
                stack += [(inner_kind, inner, child(place, index), "") for index, inner in enumerate(member)]


def _faults(kind: str, node: dict[str, Any], name: str) -> Iterator[str]:
    """Yield the faults of one object."""
    if kind in _WITH_EXAMPLES and "example" in node and "examples" in node:
        yield "`example` and `examples` exclude each other"
    if kind == "link":
        unknown = [key for key in node if key not in _LINK and not key.startswith("x-")]
        if unknown:
            yield f"{unknown[0]!r} is not a field of a link"
    if kind == "parameter" and node.get("in") == "header" and isinstance(node.get("name"), str):
        name, kind = node["name"], "header"
    if kind == "header" and name and not _TOKEN.match(name):
        yield f"{name!r} cannot be the name of a header"
