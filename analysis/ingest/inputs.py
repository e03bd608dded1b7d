"""What a caller of an operation may send: declared parameters, and the top-level fields of its body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.ingest.schemas import field_names, limits, type_name, values
from analysis.ingest.texts import child
from analysis.model import Level, Parameter

if TYPE_CHECKING:
    from analysis.ingest.library import Library
    from analysis.ingest.units import Units

#: So many parts of a body are looked into; more than any real one has, and a circle ends here.
_MAX_PARTS = 50


class InputReader:
    """Reads the inputs of operations of one document."""

    def __init__(self, library: Library, units: Units, doc_version: str) -> None:
        self.library = library
        self.units = units
        self.version = doc_version
        self._shared: dict[tuple[str, str], Parameter | None] = {}

    def parameters(self, node: dict[str, Any], file: str, pointer: str, shared: list[Any]) -> list[Parameter]:
        """Return the declared parameters, the operation's own before the path's on equal (in, name)."""
        own = node.get("parameters", [])
        if not isinstance(own, list):
            self.library.report(Level.ERROR, "`parameters` is not a list", pointer)
            own = []
        found: dict[tuple[str, str], Parameter] = {}
        for index, raw in enumerate([*own, *shared]):
            parameter = self._parameter(raw, file, child(child(pointer, "parameters"), index))
            if parameter is not None:
                found.setdefault((parameter.place, parameter.name), parameter)
        return list(found.values())

    def _parameter(self, raw: Any, file: str, pointer: str) -> Parameter | None:
        """Return a declared parameter, or None after reporting why not; a shared one is read once."""
        ref = raw.get("$ref") if isinstance(raw, dict) else None
        if not isinstance(ref, str):
            return self._read_parameter(raw, file, pointer)
        if (file, ref) not in self._shared:
            self._shared[file, ref] = self._read_parameter(raw, file, pointer)
        return self._shared[file, ref]

    def _read_parameter(self, raw: Any, file: str, pointer: str) -> Parameter | None:
        stated, file, _ = self.library.resolve(raw, file, pointer)
        if not isinstance(stated, dict) or not isinstance(stated.get("name"), str):
            if stated != {}:
                self.library.report(Level.ERROR, "a parameter has no name", pointer.rpartition("/")[0])
            return None
        place = str(stated.get("in", "unknown"))
        schema = stated if self.version == "2.0" and place != "body" else stated.get("schema")
        resolved, _, _ = self.library.resolve(schema, file, pointer) if schema is not None else ({}, "", "")
        return Parameter(
            stated["name"],
            {"formData": "form"}.get(place, place),
            stated.get("required") is True,
            type_name(resolved or schema),
            str(stated.get("description") or ""),
            values(resolved),
            limits(resolved),
        )

    def request(
        self, parameters: list[Parameter], node: dict[str, Any], file: str, pointer: str, shared: list[Any]
    ) -> tuple[dict[str, Any], list[int]]:
        """Return the field names a caller may send and the units where more come from; add body fields."""
        names: dict[str, Any] = {p.name: None for p in parameters if p.place != "body"}
        edges: set[int] = set()
        own = node.get("parameters")
        stated = [*(own if isinstance(own, list) else []), *shared]
        found, refs = field_names(stated, siblings=self.units.siblings)
        names |= found
        edges.update(self.units.edges(refs, file, stated, child(pointer, "parameters")))
        body = node.get("requestBody")
        if body is not None:
            found, refs = field_names(body, siblings=self.units.siblings)
            names |= found
            edges.update(self.units.edges(refs, file, body, child(pointer, "requestBody")))
            if not isinstance(body, dict):
                self.library.report(Level.ERROR, "`requestBody` is not an object", pointer)
        parameters.extend(self._body_fields(self._body_schemas(node, file, pointer, stated), pointer))
        return names, sorted(edges)

    def _body_schemas(
        self, node: dict[str, Any], file: str, pointer: str, parameters: list[Any]
    ) -> list[tuple[Any, str]]:
        """Return (schema, file) of the body in each form in which it may be sent."""
        if self.version == "2.0":
            found = (self.library.resolve(raw, file, pointer) for raw in parameters)
            return [(p.get("schema"), at) for p, at, _ in found if isinstance(p, dict) and p.get("in") == "body"]
        body, where, _ = self.library.resolve(node.get("requestBody"), file, pointer)
        content = body.get("content") if isinstance(body, dict) else None
        forms = content.values() if isinstance(content, dict) else ()
        return [(media.get("schema"), where) for media in forms if isinstance(media, dict)]

    def _body_fields(self, schemas: list[tuple[Any, str]], pointer: str) -> list[Parameter]:
        """Return the top-level fields of a request body as parameters in place `body`.

        Of alternatives and of the items of a list, too: a caller may send them. What one form requires, another may not.
        """
        found: dict[str, Parameter] = {}
        queue = [(schema, file, len(schemas) == 1) for schema, file in schemas]
        for looked_at, (raw, file, certain) in enumerate(queue):  # grows while we look
            node, where, _ = self.library.resolve(raw, file, pointer)
            if not isinstance(node, dict) or looked_at > _MAX_PARTS:
                continue
            stated = node.get("required")
            required = set(map(str, stated)) if certain and isinstance(stated, list) else set()
            properties = node.get("properties")
            for name, inner in properties.items() if isinstance(properties, dict) else []:
                found.setdefault(name, _body_field(name, inner, required=name in required))
            for key in ("allOf", "anyOf", "oneOf"):
                parts = node[key] if looked_at < _MAX_PARTS and isinstance(node.get(key), list) else ()
                queue.extend((part, where, certain and key == "allOf") for part in parts)
            if looked_at < _MAX_PARTS and isinstance(node.get("items"), dict):
                queue.append((node["items"], where, False))
        return list(found.values())


def _body_field(name: str, schema: Any, *, required: bool) -> Parameter:
    told = str(schema.get("description") or "") if isinstance(schema, dict) else ""
    return Parameter(name, "body", required, type_name(schema), told, values(schema), limits(schema))
