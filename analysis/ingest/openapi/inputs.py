"""What a caller of an operation may send: declared parameters, and the top-level fields of its body."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from analysis.ingest.document.canonical import child
from analysis.ingest.openapi.schemas import field_names, limits, type_name, values
from analysis.model import Level, Parameter

if TYPE_CHECKING:
    from analysis.ingest.document.references import DocumentSet
    from analysis.ingest.openapi.ref_graph import RefGraph

#: So many parts of a body are looked into; more than any real one has, and a circle ends here.
_MAX_PARTS: Final = 50
_Declared: TypeAlias = dict[tuple[str, str], Parameter]


@dataclass(frozen=True, slots=True)
class PathLevel:
    """What a path item says for all its operations, and where it stands. One item, one object."""

    common: dict[str, Any]  # summary, description, parameters
    parameters: list[Any]
    pointer: str
    servers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperationInputs:
    """Parameters and body fields, the mask of all field names stated inline, and the units where more come from."""

    parameters: tuple[Parameter, ...] = ()
    mask: int = 0
    edges: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list of parameters.

    Those declared by (place, name), also as a tuple, all field names as a mask, units where more come from, and the
    schemas, with their files, of parameters that are a body (Swagger 2.0).
    """

    declared: _Declared = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    mask: int = 0
    edges: tuple[int, ...] = ()
    bodies: tuple[tuple[Any, str], ...] = ()


_NOTHING: Final = _Listed()
_NO_INPUTS: Final = OperationInputs()


class InputReader:
    """Reads the inputs of operations of one document. What operations share is read once, and not copied."""

    def __init__(self, documents: DocumentSet, units: RefGraph, doc_version: str) -> None:
        self.documents = documents
        self.units = units
        self.version = doc_version
        self._shared: dict[tuple[str, str], Parameter | None] = {}
        self._of_paths: dict[int, _Listed] = {}
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
            names, refs = field_names(body, siblings=self.units.siblings)
            mask |= self.units.mask(names)
            edges.update(self.units.edges(refs, file, body, child(pointer, "requestBody")))
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

    def _of_path(self, level: PathLevel, file: str) -> _Listed:
        """Return the parameters that a path states for all its operations."""
        key = id(level.parameters)
        if key not in self._of_paths:
            self._of_paths[key] = self._list(level.parameters, file, f"{level.pointer}/parameters")
        return self._of_paths[key]

    def _list(self, stated: list[Any], file: str, pointer: str) -> _Listed:
        if not stated:
            return _NOTHING
        declared: _Declared = {}
        for index, raw in enumerate(stated):
            parameter = self._parameter(raw, file, child(pointer, index))
            if parameter is not None:
                declared.setdefault((parameter.place, parameter.name), parameter)
        names, refs = field_names(stated, siblings=self.units.siblings)
        names |= {name: None for place, name in declared if place != "body"}
        edges = tuple(self.units.edges(refs, file, stated, pointer))
        bodies = self._bodies(stated, file, pointer) if self.version == "2.0" else ()
        return _Listed(declared, tuple(declared.values()), self.units.mask(names), edges, bodies)

    def _bodies(self, stated: list[Any], file: str, pointer: str) -> tuple[tuple[Any, str], ...]:
        found = (self.documents.resolve(raw, file, pointer) for raw in stated)
        return tuple((p.get("schema"), at) for p, at, _ in found if isinstance(p, dict) and p.get("in") == "body")

    def _parameter(self, raw: Any, file: str, pointer: str) -> Parameter | None:
        """Return a declared parameter, or None after reporting why not; a shared one is read once."""
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

    def _values(self, schema: Any) -> tuple[str, ...]:
        """Return the values of an enumeration; one that many parameters refer to is one object."""
        stated = schema.get("enum") if isinstance(schema, dict) else None
        if stated is None:
            return ()
        if id(stated) not in self._enumerations:
            self._enumerations[id(stated)] = values(schema)
        return self._enumerations[id(stated)]

    def _body_schemas(self, node: dict[str, Any], file: str, pointer: str) -> list[tuple[Any, str]]:
        """Return (schema, file) of the body in each form in which it may be sent."""
        body, where, _ = self.documents.resolve(node.get("requestBody"), file, pointer)
        content = body.get("content") if isinstance(body, dict) else None
        forms = content.values() if isinstance(content, dict) else ()
        return [(media.get("schema"), where) for media in forms if isinstance(media, dict)]

    def _body_fields(self, schemas: list[tuple[Any, str]], pointer: str) -> tuple[Parameter, ...]:
        """Return the top-level fields of a request body as parameters in place `body`.

        Of alternatives and of the items of a list, too: a caller may send them. What one form requires, another may not.
        """
        parts: list[dict[str, Parameter]] = []
        queue = [(schema, file, len(schemas) == 1) for schema, file in schemas]
        for looked_at, (raw, file, certain) in enumerate(queue):  # grows while we look
            node, where, _ = self.documents.resolve(raw, file, pointer)
            if not isinstance(node, dict) or looked_at > _MAX_PARTS:
                continue
            if isinstance(node.get("properties"), dict):
                parts.append(self._fields_of(node, certain=certain))
            for key in ("allOf", "anyOf", "oneOf"):
                inner = node[key] if looked_at < _MAX_PARTS and isinstance(node.get(key), list) else ()
                queue.extend((part, where, certain and key == "allOf") for part in inner)
            if looked_at < _MAX_PARTS and isinstance(node.get("items"), dict):
                queue.append((node["items"], where, False))
        return self._merged([part for part in parts if part])

    def _fields_of(self, node: dict[str, Any], *, certain: bool) -> dict[str, Parameter]:
        """Return the fields of one schema, read once for all operations that send it."""
        properties = node["properties"]
        self.documents.expansion.use_all(properties, len(properties))
        key = (id(node), certain)
        if key not in self._fields:
            stated = node.get("required")
            required = set(map(str, stated)) if certain and isinstance(stated, list) else set()
            self._fields[key] = {
                name: _body_field(name, inner, required=name in required) for name, inner in properties.items()
            }
        return self._fields[key]

    def _merged(self, parts: list[dict[str, Parameter]]) -> tuple[Parameter, ...]:
        """Return the fields of several schemas, the first of each name."""
        if len(parts) == 1:
            if id(parts[0]) not in self._tuples:
                self._tuples[id(parts[0])] = tuple(parts[0].values())
            return self._tuples[id(parts[0])]
        merged: dict[str, Parameter] = {}
        for part in parts:
            for name, parameter in part.items():
                merged.setdefault(name, parameter)
        return tuple(merged.values())


def _body_field(name: str, schema: Any, *, required: bool) -> Parameter:
    told = str(schema.get("description") or "") if isinstance(schema, dict) else ""
    return Parameter(name, "body", required, type_name(schema), told, values(schema), limits(schema))
