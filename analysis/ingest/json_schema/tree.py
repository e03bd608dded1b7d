"""Schemas of one definition as a tree of fields for display: references followed, cycles marked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from analysis.ingest.document.loading import Limits
from analysis.ingest.document.reader import parse_document
from analysis.ingest.document.references import DocumentSet
from analysis.ingest.json_schema.fields import type_name, values

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Maximum depth and number of fields shown; the tree says when something was left out.
_MAX_DEPTH: Final = 8
_MAX_FIELDS: Final = 400
#: Maximum number of schemas visited; nested parts can far outnumber their fields.
_MAX_STEPS: Final = 20_000
_ENTRY: Final = "entry"
#: First characters of status codes that are not errors: 2xx, and `default`.
_SUCCESS: Final = frozenset("2d")
_CHOICES: Final = {"oneOf": "one of", "anyOf": "any of"}
_TOOL_SCHEMAS: Final = (("input", ("inputSchema", "input_schema", "parameters")), ("output", ("outputSchema",)))


@dataclass(frozen=True, slots=True)
class SchemaField:
    """One line of the tree: a field or a heading, with its depth."""

    depth: int
    name: str
    type: str
    required: bool = False
    description: str = ""


def document_set(raw: bytes) -> DocumentSet:
    """Parse a stored file for `schema_tree`. Other files of the source are not opened."""
    return DocumentSet(_ENTRY, parse_document(raw, Limits()), Limits())


def schema_tree(documents: DocumentSet, pointer: str) -> tuple[SchemaField, ...]:
    """Return the inputs and outputs of a definition as lines of a tree; empty if there is none at the pointer."""
    found = documents.target(_ENTRY, f"#{quote(pointer)}", pointer)
    node = found[0] if found else None
    if not isinstance(node, dict):
        return ()
    walk = _Tree(documents)
    lines = tuple(islice(walk.operation(node) if "responses" in node else walk.tool(node), _MAX_FIELDS + 1))
    whole = len(lines) <= _MAX_FIELDS and walk.finished
    return lines if whole else (*lines[:_MAX_FIELDS], SchemaField(0, "…", "the rest is in the source"))


class _Tree:
    """Walks the schemas of one definition."""

    def __init__(self, documents: DocumentSet) -> None:
        self._documents = documents
        self._left = _MAX_STEPS

    @property
    def finished(self) -> bool:
        """Whether every schema was visited."""
        return self._left >= 0

    def tool(self, node: dict[str, Any]) -> Iterator[SchemaField]:
        """Yield the schemas of an MCP tool."""
        body = node.get("function") if isinstance(node.get("function"), dict) else node
        for title, keys in _TOOL_SCHEMAS:
            schema = next((body[key] for key in keys if isinstance(body.get(key), dict)), None) if body else None
            if schema is not None:
                yield SchemaField(0, title, type_name(schema))
                yield from self._fields(schema, 1, ())

    def operation(self, node: dict[str, Any]) -> Iterator[SchemaField]:
        """Yield parameters, body and responses of an operation."""
        for stated in _listed(node, "parameters"):
            parameter = self._node(stated)
            schema = parameter.get("schema", parameter)
            place, required = str(parameter.get("in", "")), parameter.get("required") is True
            yield self._field(0, f"{place} {parameter.get('name', '')}", schema, required, parameter.get("description"))
            yield from self._fields(schema, 1, ())
        yield from self._content("body", self._node(node.get("requestBody")))
        responses = node.get("responses")
        for code, stated in responses.items() if isinstance(responses, dict) else ():
            yield from self._content(f"response {code}", self._node(stated), whole=str(code)[:1] in _SUCCESS)

    def _content(self, title: str, holder: dict[str, Any], *, whole: bool = True) -> Iterator[SchemaField]:
        """Yield the content of a body or response; of error responses, which rarely differ, only the heading."""
        content = holder.get("content")
        media = content.items() if isinstance(content, dict) else [("", holder)] if "schema" in holder else []
        for kind, stated in media:
            schema = self._node(stated).get("schema", {})
            yield self._field(0, f"{title} {kind}".rstrip(), schema, holder.get("required") is True, None)
            yield from self._fields(schema, 1, ()) if whole else ()

    def _node(self, node: Any) -> dict[str, Any]:
        found = self._documents.resolve(node, _ENTRY, "")[0]
        return found if isinstance(found, dict) else {}

    def _field(self, depth: int, name: str, schema: Any, required: bool, description: object) -> SchemaField:
        target = self._node(schema)
        named = str(schema["$ref"]).rpartition("/")[2] if isinstance(schema, dict) and "$ref" in schema else ""
        stated = values(target)
        notes = [f"one of {', '.join(stated)}"] if stated else []
        notes += [str(each) for each in (description or target.get("description"),) if each]
        kind = type_name(target)
        return SchemaField(
            depth, name, f"{named} {kind}" if named and named != kind else kind, required, " · ".join(notes)
        )

    def _fields(self, schema: Any, depth: int, trail: tuple[str, ...]) -> Iterator[SchemaField]:
        """Yield the fields of a schema, each followed by its own fields."""
        self._left -= 1
        if self._left < 0:
            return
        ref = schema.get("$ref") if isinstance(schema, dict) else None
        if isinstance(ref, str):
            if ref in trail:
                yield SchemaField(depth, "…", f"{ref.rpartition('/')[2]} again")
                return
            trail = (*trail, ref)
        node = self._node(schema)
        if depth > _MAX_DEPTH:
            if any(key in node for key in ("properties", "items", "allOf", *_CHOICES)):
                yield SchemaField(depth, "…", "deeper fields; see the source")
            return
        for part in _listed(node, "allOf"):
            yield from self._fields(part, depth, trail)
        required = node.get("required")
        properties = node.get("properties")
        for name, stated in properties.items() if isinstance(properties, dict) else ():
            yield self._field(depth, str(name), stated, isinstance(required, list) and name in required, None)
            yield from self._fields(stated, depth + 1, trail)
        if isinstance(node.get("items"), dict):
            yield self._field(depth, "[each]", node["items"], False, None)
            yield from self._fields(node["items"], depth + 1, trail)
        if isinstance(node.get("additionalProperties"), dict):
            yield self._field(depth, "[any name]", node["additionalProperties"], False, None)
            yield from self._fields(node["additionalProperties"], depth + 1, trail)
        for key, word in _CHOICES.items():
            for number, part in enumerate(_listed(node, key), 1):
                yield self._field(depth, f"{word} ({number})", part, False, None)
                yield from self._fields(part, depth + 1, trail)


def _listed(node: dict[str, Any], key: str) -> list[Any]:
    found = node.get(key)
    return found if isinstance(found, list) else []
