"""The names of the fields in the schemas of tools, as sets that the tools of a source share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from analysis.field_names import FieldTable
from analysis.ingest.document.reader import Parsed
from analysis.ingest.document.references import DocumentSet
from analysis.ingest.json_schema.fields import field_names, field_notes
from analysis.ingest.json_schema.ref_graph import RefGraph

if TYPE_CHECKING:
    from analysis.field_names import FieldSet

_Notes: TypeAlias = tuple[tuple[str, str, str], ...]

#: Names after which tools share a further table: a set takes a bit for each name of its table.
_MAX_NAMES: Final = 4_096


class ToolFields:
    """Reader of the fields of schemas. Each schema refers to parts of itself only."""

    def __init__(self, documents: DocumentSet) -> None:
        self._documents = documents
        self._table = FieldTable()

    def of(self, schema: Any, pointer: str) -> tuple[FieldSet, FieldSet, _Notes]:
        """Return (all field names, shallow ones, notes on these) of a schema; broken references are reported."""
        if len(self._table.names) > _MAX_NAMES:
            self._table = FieldTable()
        table = self._table
        names, refs = field_names(schema, siblings=True)
        all_names = table.bits_of(names | _definitions(schema))
        shallow = table.bits_of(names)
        if not refs:
            return table.set_of(all_names), table.set_of(shallow), field_notes(names, "")
        own = DocumentSet("schema", Parsed(schema), self._documents.limits)
        graph = RefGraph(own, siblings=True, table=table)
        edges = tuple(graph.edges(refs, "schema", schema, ""))
        graph.close()
        self._documents.problems.extend(
            replace(problem, pointer=f"{pointer}{problem.pointer}") for problem in own.problems
        )
        return graph.names(all_names, edges), graph.shallow_names(shallow, edges), graph.shallow_notes(names, edges)


def _definitions(schema: Any) -> dict[str, Any]:
    """Return the field names in `$defs`: a model is shown them whether they are referenced or not."""
    names: dict[str, Any] = {}
    for key in ("$defs", "definitions"):
        inner = schema.get(key) if isinstance(schema, dict) else None
        for definition in inner.values() if isinstance(inner, dict) else []:
            names |= field_names(definition, siblings=True)[0]
    return names
