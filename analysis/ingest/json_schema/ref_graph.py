"""Graph of the referenced parts of a document, with the field names reachable from each.

A node is the target of a `$ref` (a unit of the limit `units`). Each is read once, for its own field names and its
references. The fields an operation reaches are then a union of sets over one table of names, so a densely cyclic document
(Stripe: some 980 field names per operation) costs no more than a flat one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from analysis.field_names import FieldTable
from analysis.ingest.document.canonical_json import places_of_refs
from analysis.ingest.json_schema.components import join
from analysis.ingest.json_schema.fields import field_names, field_notes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.field_names import FieldSet
    from analysis.ingest.document.references import DocumentSet

_Notes: TypeAlias = tuple[tuple[str, str, str], ...]

#: Maximum number of nodes without fields skipped from one node; bounds documents made to be slow.
_MAX_SKIPPED: Final = 256
#: Maximum number of references between a response and a shallow field. Beyond it, in densely linked documents,
#: everything reaches everything, which says nothing about a tool.
SHALLOW_REFERENCES: Final = 2


class RefGraph:
    """All referenced parts of a source. Call `edges` while walking, `close` once, then `names` and the rest.

    Its sets of names are over its own table, or over one that several graphs share.
    """

    def __init__(self, documents: DocumentSet, *, siblings: bool, table: FieldTable | None = None) -> None:
        self.documents = documents
        self.siblings = siblings
        self.nodes: list[tuple[Any, str, str]] = []  # (node, file, JSON pointer)
        self._index: dict[tuple[str, str], int] = {}
        self._number_of: dict[tuple[str, str], int | None] = {}
        self._located_refs: tuple[Any, dict[str, str]] | None = (
            None  # the part last searched, and the pointers of its references
        )
        self._table = FieldTable() if table is None else table
        self._fields: list[dict[str, Any]] = []
        self.field_refs: list[int] = []  # number of references to fields, of the nodes known at `close`
        self._field_edges: list[list[int]] = []
        self._shallow_edges: list[list[int]] = []  # field edges, skipping nodes without fields
        self._field_masks: list[int] = []
        self._shallow_masks: list[int] = []
        self._reached_of: dict[tuple[int, ...], int] = {}  # by edges: mask of all reachable fields
        self._shallow_of: dict[tuple[int, ...], int] = {}
        self._notes_of: dict[tuple[int, ...], _Notes] = {}
        self._notes_of_node: dict[int, _Notes] = {}
        self._own_notes: dict[tuple[int, tuple[int, ...]], tuple[dict[str, Any], _Notes]] = {}

    # numbering -----------------------------------------------------------------------------------------

    def edges(self, refs: Iterable[str], file: str, node: Any, pointer: str) -> list[int]:
        """Return the numbers of the nodes that references lead to; broken references are reported."""
        numbers: set[int] = set()
        for ref in refs:
            key = (file, ref)
            if key not in self._number_of:
                self._number_of[key] = self._number(file, ref, node, pointer)
            number = self._number_of[key]
            if number is not None:
                numbers.add(number)
        return sorted(numbers)

    def _number(self, file: str, ref: str, node: Any, pointer: str) -> int | None:
        known = len(self.documents.problems)
        found = self.documents.target(file, ref, pointer)
        if found is None:
            self._locate_problems(known, ref, node, pointer)
            return None
        key = found[1:]
        if key not in self._index:
            if len(self.nodes) >= self.documents.limits.units:
                self._report_limit(pointer)
                return None
            self._index[key] = len(self.nodes)
            self.nodes.append(found)
        return self._index[key]

    def _locate_problems(self, known: int, ref: str, node: Any, pointer: str) -> None:
        """Set the exact pointers of problems of a broken reference; located only then, because it is slow."""
        problems = self.documents.problems
        if len(problems) == known:
            return
        if self._located_refs is None or self._located_refs[0] is not node:
            self._located_refs = node, places_of_refs(node, pointer)
        exact = self._located_refs[1].get(ref, pointer)
        problems[known:] = [replace(problem, pointer=exact) for problem in problems[known:]]

    def _report_limit(self, pointer: str) -> None:
        """Report that fields of further parts are unknown: the masks of reachable parts grow with their square."""
        what = f"more than {self.documents.limits.units:,} referenced parts; fields of the rest are unknown"
        self.documents.report_limit("units", what, pointer)

    # joining -------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Read the fields of every node, then join them along the references."""
        for node, file, pointer in self.nodes:  # grows during the loop
            names, refs = field_names(node, siblings=self.siblings)
            self._fields.append(names)
            self.field_refs.append(len(refs))
            self._field_edges.append(self.edges(refs, file, node, pointer))
        own = [self.mask(names) for names in self._fields]
        self._shallow_edges = [[] for _ in self.nodes]
        for number in reversed(range(len(self.nodes))):
            self._shallow_edges[number] = self._skip_fieldless(number)
        self._shallow_masks = own
        for _ in range(SHALLOW_REFERENCES - 1):
            self._shallow_masks = [self._union(mask, at) for mask, at in zip(own, self._shallow_edges, strict=True)]
        self._field_masks, _ = join(own.__getitem__, self._field_edges)

    def field_edges(self, number: int) -> list[int]:
        """Return the nodes that the fields of a node refer to."""
        return self._field_edges[number]

    def _skip_fieldless(self, of: int) -> list[int]:
        """Return the edges of a node with the targets of nodes without fields (an `allOf`, an array): these count as no distance.

        A node with one such edge has what its target has, which is usually known: chains are long in hostile documents.
        """
        edges = self._field_edges[of]
        if len(edges) == 1 and edges[0] > of and not self._fields[edges[0]]:
            known = self._shallow_edges[edges[0]]
            if edges[0] not in known:
                return [*edges, *known[: _MAX_SKIPPED - 1]]
        targets, waiting, seen = [], list(edges), set[int]()
        while waiting and len(seen) < _MAX_SKIPPED:
            number = waiting.pop()
            if number not in seen:
                seen.add(number)
                targets.append(number)
                if not self._fields[number]:
                    waiting.extend(self._field_edges[number])
        return targets

    def _union(self, own: int, edges: Iterable[int]) -> int:
        for edge in edges:
            own |= self._shallow_masks[edge]
        return own

    def mask(self, names: Iterable[str]) -> int:
        """Return field names as a bit mask."""
        return self._table.bits_of(names)

    # results -------------------------------------------------------------------------------------------

    def names(self, own: int, edges: tuple[int, ...]) -> FieldSet:
        """Return every field name in the mask `own` or reachable over `edges`."""
        if edges not in self._reached_of:
            reached = 0
            for edge in edges:
                reached |= self._field_masks[edge]
            self._reached_of[edges] = reached
        return self._table.set_of(own | self._reached_of[edges])

    def shallow_names(self, own: int, edges: tuple[int, ...]) -> FieldSet:
        """Return the field names in the mask `own` or within the distance `SHALLOW_REFERENCES`."""
        if edges not in self._shallow_of:
            self._shallow_of[edges] = self._union(0, (number for edge in edges for number in self._with_targets(edge)))
        return self._table.set_of(own | self._shallow_of[edges])

    def shallow_notes(self, own: dict[str, Any], edges: tuple[int, ...]) -> _Notes:
        """Return the notes of each shallow field, one for every schema that states it."""
        if edges not in self._notes_of:
            through = {number for edge in edges for number in self._with_targets(edge)}
            shallow = sorted(through.union(*(self._shallow_edges[number] for number in through)))
            self._notes_of[edges] = tuple(note for number in shallow for note in self._node_notes(number))
        if not own:
            return self._notes_of[edges]
        key = (id(own), edges)
        if key not in self._own_notes:  # the reference to `own` keeps its id from being reused
            self._own_notes[key] = own, (*field_notes(own, ""), *self._notes_of[edges])
        return self._own_notes[key][1]

    def _node_notes(self, number: int) -> _Notes:
        if number not in self._notes_of_node:
            name = self.nodes[number][2].rpartition("/")[2]
            self._notes_of_node[number] = field_notes(self._fields[number], name)
        return self._notes_of_node[number]

    def _with_targets(self, edge: int) -> list[int]:
        """Return a node, with its targets if it states no field itself."""
        return [edge] if self._fields[edge] else [edge, *self._shallow_edges[edge]]
