"""Inputs of an operation: declared parameters, and the top-level fields of its body."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from analysis.ingest.document.canonical_json import child
from analysis.ingest.json_schema.choices import choices_of
from analysis.ingest.json_schema.fields import field_names, limits, type_name, values, with_values_of
from analysis.model import Level, Parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.ingest.document.references import DocumentSet
    from analysis.ingest.json_schema.choices import Choices
    from analysis.ingest.json_schema.ref_graph import RefGraph

#: Maximum number of subschemas of a body visited: more than any real one has; also bounds cycles.
_MAX_PARTS: Final = 50
#: Keywords of a field that may hold a union.
_UNION: Final = frozenset({"oneOf", "anyOf", "items"})
_QUERY_STRING: Final = "querystring"
#: Name of a body that is one argument, and the types of such a body.
_BODY: Final = "body"
_WHOLE: Final = frozenset({"array", "string", "number", "integer", "boolean"})
_Declared: TypeAlias = dict[tuple[str, str], Parameter]


@dataclass(frozen=True, slots=True)
class PathLevel:
    """Facts of a path item for all its operations. Operations of one path share the object."""

    common: dict[str, Any]  # summary, description, parameters
    parameters: list[Any]
    pointer: str
    servers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperationInputs:
    """Parameters and body fields, the mask of all field names stated inline, and graph nodes with further fields."""

    parameters: tuple[Parameter, ...] = ()
    mask: int = 0
    edges: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _ParameterList:
    """A list of parameters.

    Parameters by (place, name) and as a tuple, all field names as a mask, graph nodes with further fields, and the
    schemas, with their files, of body parameters (Swagger 2.0).
    """

    declared: _Declared = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    mask: int = 0
    edges: tuple[int, ...] = ()
    bodies: tuple[tuple[Any, str], ...] = ()


_NO_PARAMETERS: Final = _ParameterList()
_NO_INPUTS: Final = OperationInputs()


class InputReader:
    """Reads the inputs of operations of one document. Shared parts are read once, and not copied."""

    def __init__(self, documents: DocumentSet, graph: RefGraph, doc_version: str) -> None:
        self.documents = documents
        self.graph = graph
        self.version = doc_version
        self._shared: dict[tuple[str, str], Parameter | None] = {}
        self._of_paths: dict[int, _ParameterList] = {}
        self._fields: dict[tuple[int, bool], dict[str, Parameter]] = {}
        self._tuples: dict[int, tuple[Parameter, ...]] = {}
        self._enumerations: dict[int, tuple[str, ...]] = {}

    def read(self, node: dict[str, Any], file: str, pointer: str, level: PathLevel) -> OperationInputs:
        """Return the inputs of an operation, its own parameters before the path's on equal (in, name)."""
        path = self._of_path(level, file)
        own = self._list(self._own(node, pointer), file, f"{pointer}/parameters")
        bodies = self._body_schemas(node, file, pointer) if self.version != "2.0" else [*own.bodies, *path.bodies]
        fields = self._body_fields(bodies, pointer)
        mask, edges = own.mask | path.mask, {*own.edges, *path.edges}
        body = node.get("requestBody")
        if body is not None:
            names, refs = field_names(body, siblings=self.graph.siblings)
            mask |= self.graph.mask(names)
            edges.update(self.graph.edges(refs, file, body, child(pointer, "requestBody")))
            if not isinstance(body, dict):
                self.documents.report(Level.ERROR, "`requestBody` is not an object", pointer)
        both = {**own.declared, **path.declared, **own.declared}
        declared = tuple(both.values()) if own.declared else path.parameters
        if not declared and not fields and not mask and not edges:
            return _NO_INPUTS
        return OperationInputs(declared + fields if declared else fields, mask, tuple(sorted(edges)))

    def _own(self, node: dict[str, Any], pointer: str) -> list[Any]:
        own = node.get("parameters", [])
        if isinstance(own, list):
            return own
        self.documents.report(Level.ERROR, "`parameters` is not a list", pointer)
        return []

    def _of_path(self, level: PathLevel, file: str) -> _ParameterList:
        """Return the parameters of a path, for all its operations."""
        key = id(level.parameters)
        if key not in self._of_paths:
            self._of_paths[key] = self._list(level.parameters, file, f"{level.pointer}/parameters")
        return self._of_paths[key]

    def _list(self, stated: list[Any], file: str, pointer: str) -> _ParameterList:
        if not stated:
            return _NO_PARAMETERS
        declared: _Declared = {}
        for index, raw in enumerate(stated):
            parameter = self._parameter(raw, file, child(pointer, index))
            if parameter is not None:
                declared.setdefault((parameter.place, parameter.name), parameter)
                if parameter.place == _QUERY_STRING:
                    for each in self._query_fields(raw, file, child(pointer, index)):
                        declared.setdefault((each.place, each.name), each)
        names, refs = field_names(stated, siblings=self.graph.siblings)
        names |= {name: None for place, name in declared if place != "body"}
        edges = tuple(self.graph.edges(refs, file, stated, pointer))
        bodies = self._bodies(stated, file, pointer) if self.version == "2.0" else ()
        return _ParameterList(declared, tuple(declared.values()), self.graph.mask(names), edges, bodies)

    def _bodies(self, stated: list[Any], file: str, pointer: str) -> tuple[tuple[Any, str], ...]:
        found = (self.documents.resolve(raw, file, pointer) for raw in stated)
        return tuple((p.get("schema"), at) for p, at, _ in found if isinstance(p, dict) and p.get("in") == "body")

    def _parameter(self, raw: Any, file: str, pointer: str) -> Parameter | None:
        """Return a declared parameter, or None after reporting the problem; a shared one is read once."""
        ref = raw.get("$ref") if isinstance(raw, dict) else None
        if not isinstance(ref, str):
            return self._read_parameter(raw, file, pointer)
        if (file, ref) not in self._shared:
            self._shared[file, ref] = self._read_parameter(raw, file, pointer)
        return self._shared[file, ref]

    def _read_parameter(self, raw: Any, file: str, pointer: str) -> Parameter | None:
        stated, file, _ = self.documents.resolve(raw, file, pointer)
        if not isinstance(stated, dict) or not isinstance(stated.get("name"), str):
            if stated != {}:
                self.documents.report(Level.ERROR, "a parameter has no name", pointer.rpartition("/")[0])
            return None
        place = str(stated.get("in", "unknown"))
        schema = stated if self.version == "2.0" and place != "body" else stated.get("schema")
        schema = _content_schema(stated) if schema is None else schema
        resolved, _, _ = self.documents.resolve(schema, file, pointer) if schema is not None else ({}, "", "")
        return Parameter(
            stated["name"],
            {"formData": "form"}.get(place, place),
            stated.get("required") is True,
            type_name(resolved or schema),
            str(stated.get("description") or ""),
            self._values(resolved),
            limits(resolved),
        )

    def _query_fields(self, raw: Any, file: str, pointer: str) -> Iterator[Parameter]:
        """Yield the fields of a parameter that is the whole query string (OpenAPI 3.2) as query parameters."""
        stated, file, pointer = self.documents.resolve(raw, file, pointer)
        found = self._body_fields([(_content_schema(stated), file)], pointer)
        yield from (replace(each, place="query") for each in found if each.name != _BODY)

    def _values(self, schema: Any) -> tuple[str, ...]:
        """Return the values of an enumeration; parameters that share it get the same tuple."""
        if not isinstance(schema, dict):
            return ()
        stated = schema.get("enum", schema)
        if id(stated) not in self._enumerations:
            self._enumerations[id(stated)] = values(schema)
        return self._enumerations[id(stated)]

    def _body_schemas(self, node: dict[str, Any], file: str, pointer: str) -> list[tuple[Any, str]]:
        """Return (schema, file) of the body for each media type."""
        body, where, _ = self.documents.resolve(node.get("requestBody"), file, pointer)
        content = body.get("content") if isinstance(body, dict) else None
        forms = content.values() if isinstance(content, dict) else ()
        media = [each for each in forms if isinstance(each, dict)]
        streamed = [({"type": "array", "items": each["itemSchema"]}, where) for each in media if "itemSchema" in each]
        return [*((each.get("schema"), where) for each in media if "schema" in each or not streamed), *streamed]

    def _body_fields(self, schemas: list[tuple[Any, str]], pointer: str) -> tuple[Parameter, ...]:
        """Return the top-level fields of a request body as parameters in place `body`.

        Including those of alternatives and of list items. Fields are required only where every form has them. A body that
        is a list or a plain value is a parameter itself.
        """
        parts: list[dict[str, Parameter]] = [self._whole_body(schemas, pointer)] if self.version != "2.0" else []
        queue = [(schema, file, len(schemas) == 1) for schema, file in schemas]
        for visited, (raw, file, certain) in enumerate(queue):  # grows during the loop
            node, where, _ = self.documents.resolve(raw, file, pointer)
            if not isinstance(node, dict) or visited > _MAX_PARTS:
                continue
            if isinstance(node.get("properties"), dict):
                parts.append(self._fields_of(node, where, certain=certain))
            for key in ("allOf", "anyOf", "oneOf"):
                inner = node[key] if visited < _MAX_PARTS and isinstance(node.get(key), list) else ()
                queue.extend((part, where, certain and key == "allOf") for part in inner)
            if visited < _MAX_PARTS and isinstance(node.get("items"), dict):
                queue.append((node["items"], where, False))
        return self._merged([part for part in parts if part])

    def _whole_body(self, schemas: list[tuple[Any, str]], pointer: str) -> dict[str, Parameter]:
        """Return the body as one parameter, where it is a list or a plain value; it has no field of that name."""
        for raw, file in schemas:
            schema, _, _ = self.documents.resolve(raw, file, pointer)
            stated = schema.get("type") if isinstance(schema, dict) else None
            types = stated if isinstance(stated, list) else [stated]
            if isinstance(schema, dict) and "properties" not in schema and not _WHOLE.isdisjoint(map(str, types)):
                return {_BODY: self._body_field(_BODY, schema, file, required=False)}
        return {}

    def _fields_of(self, node: dict[str, Any], file: str, *, certain: bool) -> dict[str, Parameter]:
        """Return the fields of one schema, read once for all operations."""
        properties = node["properties"]
        self.documents.expansion.use_all(properties, len(properties))
        key = (id(node), certain)
        if key not in self._fields:
            stated = node.get("required")
            required = set(map(str, stated)) if certain and isinstance(stated, list) else set()
            self._fields[key] = {
                name: self._body_field(name, inner, file, required=name in required)
                for name, inner in properties.items()
            }
        return self._fields[key]

    def _merged(self, parts: list[dict[str, Parameter]]) -> tuple[Parameter, ...]:
        """Return the fields of several schemas; of equal names the first, with the values of all."""
        if len(parts) == 1:
            if id(parts[0]) not in self._tuples:
                self._tuples[id(parts[0])] = tuple(parts[0].values())
            return self._tuples[id(parts[0])]
        merged: dict[str, Parameter] = {}
        for part in parts:
            for name, parameter in part.items():
                known = merged.get(name)
                merged[name] = parameter if known is None else with_values_of(known, parameter)
        return tuple(merged.values())

    def _body_field(self, name: str, schema: Any, file: str, *, required: bool) -> Parameter:
        description = str(schema.get("description") or "") if isinstance(schema, dict) else ""
        choices: Choices = ()
        if isinstance(schema, dict) and not _UNION.isdisjoint(schema):
            choices = choices_of(schema, lambda node: self.documents.resolve(node, file, "")[0])
        return Parameter(
            name, "body", required, type_name(schema), description, values(schema), limits(schema), choices
        )  # fmt: skip


def _content_schema(stated: Any) -> Any:
    """Return the schema of a parameter that is described by a media type."""
    content = stated.get("content") if isinstance(stated, dict) else None
    media = next(iter(content.values()), None) if isinstance(content, dict) else None
    return media.get("schema") if isinstance(media, dict) else None
