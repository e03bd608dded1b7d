"""The schemas of tools: the names of their fields, as sets that the tools of a source share, and the arguments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from analysis.field_names import FieldTable
from analysis.ingest.document.canonical_json import canonical_json
from analysis.ingest.document.reader import Parsed
from analysis.ingest.document.references import DocumentSet
from analysis.ingest.json_schema.choices import choices_of
from analysis.ingest.json_schema.fields import field_names, field_notes, limits, type_name, values, with_values_of
from analysis.ingest.json_schema.ref_graph import RefGraph
from analysis.model import Parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from analysis.field_names import FieldSet

#: Names after which tools share a further table: a set takes a bit for each name of its table.
_MAX_NAMES: Final = 4_096
#: Maximum number of subschemas visited for arguments; also bounds cycles.
_MAX_PARTS: Final = 50


class SchemaFields(NamedTuple):
    """The fields of a schema: all, those within a few references, and (field, schema, description) of these."""

    all: FieldSet
    shallow: FieldSet
    notes: tuple[tuple[str, str, str], ...]


class ToolInput(NamedTuple):
    """What a schema states of the input of a tool. `size` is in characters."""

    fields: FieldSet
    parameters: tuple[Parameter, ...]
    size: int


class ToolSchemas:
    """Reader of the schemas of one source. Tools that take the same, which many do, share what is read."""

    def __init__(self, documents: DocumentSet) -> None:
        self._documents = documents
        self._table = FieldTable()
        self._inputs: dict[str, ToolInput] = {}

    def input(self, schema: dict[str, Any], pointer: str) -> ToolInput:
        """Return what an input schema states; its broken references are reported."""
        text = canonical_json(schema)
        found = self._inputs.get(text)
        if found is None:
            before = len(self._documents.problems)
            found = ToolInput(self.output(schema, pointer).all, tuple(_parameters(schema)), len(text))
            if len(self._documents.problems) == before:  # problems are those of one place
                self._inputs[text] = found
        return found

    def output(self, schema: Any, pointer: str) -> SchemaFields:
        """Return the fields of a schema, which refers to parts of itself only; broken references are reported."""
        if len(self._table.names) > _MAX_NAMES:
            self._table = FieldTable()
        table = self._table
        names, refs = field_names(schema, siblings=True)
        every, shallow = table.bits_of(names | _definitions(schema)), table.bits_of(names)
        if not refs:
            return SchemaFields(table.set_of(every), table.set_of(shallow), field_notes(names, ""))
        own = DocumentSet("schema", Parsed(schema), self._documents.limits)
        graph = RefGraph(own, siblings=True, table=table)
        edges = tuple(graph.edges(refs, "schema", schema, ""))
        graph.close()
        self._documents.problems.extend(
            replace(problem, pointer=f"{pointer}{problem.pointer}") for problem in own.problems
        )
        return SchemaFields(
            graph.names(every, edges), graph.shallow_names(shallow, edges), graph.shallow_notes(names, edges)
        )


def _definitions(schema: Any) -> dict[str, Any]:
    """Return the field names in `$defs`: a model is shown them whether they are referenced or not."""
    names: dict[str, Any] = {}
    for key in ("$defs", "definitions"):
        inner = schema.get(key) if isinstance(schema, dict) else None
        for definition in inner.values() if isinstance(inner, dict) else []:
            names |= field_names(definition, siblings=True)[0]
    return names


def _parameters(schema: dict[str, Any]) -> list[Parameter]:
    """Return the arguments of a schema and of its alternatives; of equal names the first, with the values of all."""

    def resolved(node: Any) -> Any:
        ref = node.get("$ref") if isinstance(node, dict) else None
        return _inside(schema, ref) if isinstance(ref, str) else node

    found: dict[str, Parameter] = {}
    queue: list[tuple[Any, bool]] = [(schema, True)]
    for visited, (part, certain) in enumerate(queue):  # grows during the loop
        if not isinstance(part, dict) or visited > _MAX_PARTS:
            continue
        for parameter in _arguments(part, resolved, certain=certain):
            known = found.get(parameter.name)
            found[parameter.name] = parameter if known is None else with_values_of(known, parameter)
        for key in ("allOf", "anyOf", "oneOf"):
            inner = part.get(key)
            queue.extend((each, certain and key == "allOf") for each in (inner if isinstance(inner, list) else ()))
        if isinstance(part.get("$ref"), str):
            queue.append((_inside(schema, part["$ref"]), certain))
    return list(found.values())


def _arguments(part: dict[str, Any], resolved: Callable[[Any], Any], *, certain: bool) -> Iterator[Parameter]:
    properties, stated = part.get("properties"), part.get("required")
    required = set(map(str, stated)) if certain and isinstance(stated, list) else set()
    for name, inner in properties.items() if isinstance(properties, dict) else ():
        text = str(inner.get("description") or "") if isinstance(inner, dict) else ""
        yield Parameter(
            name, "argument", name in required, type_name(inner), text, values(inner), limits(inner),
            choices_of(inner, resolved),
        )  # fmt: skip


def _inside(schema: dict[str, Any], ref: str) -> Any:
    """Return the target of a reference inside a schema, or None."""
    node: Any = schema
    for token in ref.removeprefix("#").split("/")[1:] if ref.startswith("#/") else ():
        node = node.get(token.replace("~1", "/").replace("~0", "~")) if isinstance(node, dict) else None
    return node if ref.startswith("#/") else None
