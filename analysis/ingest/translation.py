"""Formats that are read by way of OpenAPI: their operations are translated in memory, and keep their own pointers.

What a translation has no place for stays in the operation as an extension, so that the digest of a definition covers all
of it, and its texts are scanned.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical_json import child
from analysis.ingest.document.reader import Parsed
from analysis.ingest.document.references import DocumentSet
from analysis.ingest.openapi.walk import read_openapi
from analysis.model import Inventory, TextSpans

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.ingest.document.loading import Options
    from analysis.model import SourceId, SourceKind, TextSpan, Tool

#: Methods that have a key of their own in a path item; others are additional operations of OpenAPI 3.2.
_METHODS: Final = frozenset({"GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY"})
_VERSION: Final = "3.2.0"


@dataclass(frozen=True, slots=True)
class Operation:
    """One translated operation.

    `pointer` is its place in the source, `places` maps pointers inside `node` to pointers inside the original.
    `states_security`: the source says which credential a call needs, or that it needs none.
    """

    method: str
    path: str
    node: dict[str, Any]
    original: dict[str, Any]
    pointer: str
    places: tuple[tuple[str, str], ...] = ()
    name: str = ""
    states_security: bool = False


@dataclass(frozen=True, slots=True)
class Translation:
    """A translated source. `schemas` are at `/schemas`, as in the source; `shared` are texts of the source as a whole."""

    kind: SourceKind
    format: str
    title: str
    version: str
    operations: tuple[Operation, ...]
    servers: tuple[str, ...] = ()
    security_schemes: Mapping[str, Any] = field(default_factory=dict)
    schemas: Mapping[str, Any] = field(default_factory=dict)
    shared: Mapping[str, TextSpans] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TranslatedDocument:
    """The translation as an OpenAPI document, its operations by their pointer in it, and the lines of its mappings."""

    data: dict[str, Any]
    operations: Mapping[str, Operation]
    lines: Mapping[int, int]


def as_document(documents: DocumentSet, made: Translation) -> TranslatedDocument:
    """Return a translation as an OpenAPI document. `documents` knows the lines of the source."""
    placed = _placed(made.operations)
    paths: dict[str, Any] = {}
    by_pointer: dict[str, Operation] = {}
    lines: dict[int, int] = {}
    for operation, path in placed:
        item, pointer = paths.setdefault(path, {}), child("/paths", path)
        if operation.method in _METHODS:
            key, pointer = operation.method.lower(), child(pointer, operation.method.lower())
        else:
            item, pointer = item.setdefault("additionalOperations", {}), child(pointer, "additionalOperations")
            key, pointer = operation.method, child(pointer, operation.method)
        item[key], by_pointer[pointer] = operation.node, operation
        if (line := documents.line(documents.entry, operation.original)) is not None:
            lines[id(operation.node)] = line
    doc = {
        "openapi": _VERSION,
        "info": {"title": made.title, "version": made.version},
        "servers": [{"url": url} for url in made.servers],
        "components": {"securitySchemes": dict(made.security_schemes)},
        "schemas": dict(made.schemas),
        "paths": paths,
    }
    return TranslatedDocument(doc, by_pointer, lines)


def read_translated(
    documents: DocumentSet, made: Translation, source: SourceId, uri: str, raw: bytes, options: Options
) -> Inventory:
    """Return the inventory of a translated source; faults are in `documents.problems`, with its own pointers."""
    document = as_document(documents, made)
    by_pointer = document.operations
    own = DocumentSet(documents.entry, Parsed(document.data, lines=document.lines), documents.limits)
    own.kept = documents.kept
    inventory = read_openapi(own, document.data, source, uri, raw, options)
    documents.problems.extend(
        replace(problem, pointer=_original(problem.pointer, by_pointer)) for problem in own.problems
    )
    documents.problems_dropped += own.problems_dropped
    documents.limits_reached |= own.limits_reached
    tools = tuple(_relocated(tool, by_pointer, tuple(made.shared)) for tool in inventory.tools)
    info = replace(inventory.source, kind=made.kind, format=made.format, servers=made.servers)
    return Inventory(info, tools, {**inventory.text_spans, **made.shared})


def _placed(operations: Iterable[Operation]) -> list[tuple[Operation, str]]:
    """Return operations with paths that are different for each method: equal ones get the name of the operation."""
    listed = list(operations)
    counts = Counter((operation.method, operation.path) for operation in listed)
    taken: Counter[tuple[str, str]] = Counter()
    placed = []
    for operation in listed:
        path = operation.path
        if counts[operation.method, path] > 1:
            path = f"{path}#{operation.name}"
        taken[operation.method, path] += 1
        repeated = taken[operation.method, path]
        placed.append((operation, f"{path} ({repeated})" if repeated > 1 else path))
    return placed


def _relocated(tool: Tool, by_pointer: Mapping[str, Operation], shared: tuple[str, ...]) -> Tool:
    """Return a tool with the pointers of its source, and its name there."""
    operation = by_pointer[tool.pointer]
    own = tool.text_spans

    def spans() -> Iterable[TextSpan]:
        return [replace(span, pointer=_original(span.pointer, by_pointer)) for span in own]

    return replace(
        tool,
        name=operation.name or tool.name,
        pointer=operation.pointer,
        security=tool.security if operation.states_security else None,
        text_spans=TextSpans(lambda: own.strings, spans),
        referenced_schemas=(*tool.referenced_schemas, *shared),
    )


def _original(pointer: str, by_pointer: Mapping[str, Operation]) -> str:
    """Return the pointer in the source of a pointer in the translated document."""
    tokens = pointer.split("/")
    depth = 5 if tokens[3:4] == ["additionalOperations"] else 4
    operation = by_pointer.get("/".join(tokens[:depth]))
    if operation is None:
        return pointer
    inside = "".join(f"/{token}" for token in tokens[depth:])
    for made, original in operation.places:
        if inside == made or inside.startswith(f"{made}/"):
            return f"{operation.pointer}{original}{inside[len(made) :]}"
    return f"{operation.pointer}{inside}"
