"""Facts per referenced part of a document, joined along references with cycles collapsed.

A *unit* is whatever a `$ref` points to. Each is read once, for the field names it states and the units where more
come from. What an operation reaches is then a union of bit masks, so a densely cyclic document (Stripe: some 980 field
names per operation) costs no more than a flat one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from analysis.ingest.document.canonical import places_of_refs
from analysis.ingest.openapi.schemas import field_names, notes
from analysis.ingest.openapi.tarjan import join
from analysis.model import ToolId

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from analysis.ingest.document.references import DocumentSet

_Notes: TypeAlias = tuple[tuple[str, str, str], ...]

#: So many units are looked through from one: a limit for documents made to be slow.
_MAX_PASSED: Final = 256
#: Fields within so many references of a response are what a call returns; beyond it, in densely linked documents,
#: everything reaches everything and says nothing of a tool.
NEAR: Final = 2


def unused(wanted: ToolId, taken: Container[str], numbers: dict[str, int]) -> ToolId:
    """Return an identity that no other tool has: whatever a document spells, no two tools become one.

    `numbers` remembers how far each spelling has been counted.
    """
    identity = wanted
    while identity in taken:
        numbers[wanted] = numbers.get(wanted, 1) + 1
        identity = ToolId(f"{wanted} #{numbers[wanted]}")
    return identity


class RefGraph:
    """All units of a source. Number them with `edges` while walking, `close` once, then ask for names."""

    def __init__(self, documents: DocumentSet, *, siblings: bool) -> None:
        self.documents = documents
        self.siblings = siblings
        self.nodes: list[tuple[Any, str, str]] = []  # (node, file, JSON pointer) of each unit
        self._index: dict[tuple[str, str], int] = {}
        self._number_of: dict[tuple[str, str], int | None] = {}
        self._placed: tuple[Any, dict[str, str]] | None = None  # the part last searched for where references stand
        self._names: dict[str, int] = {}
        self._spelled: list[str] = []
        self._fields: list[dict[str, Any]] = []
        self.field_refs: list[int] = []  # how many references lead on to fields, of the units known at `close`
        self._field_edges: list[list[int]] = []
        self._near_edges: list[list[int]] = []  # field edges, led through units that state no field
        self._field_masks: list[int] = []
        self._near_masks: list[int] = []
        self._names_of: dict[int, tuple[str, ...]] = {}
        self._reached_of: dict[tuple[int, ...], int] = {}  # by the units asked for: all fields they reach
        self._near_of: dict[tuple[int, ...], int] = {}
        self._notes_of: dict[tuple[int, ...], _Notes] = {}
        self._noted_of: dict[int, _Notes] = {}
        self._own_notes: dict[tuple[int, tuple[int, ...]], tuple[dict[str, Any], _Notes]] = {}

    # numbering -----------------------------------------------------------------------------------------

    def edges(self, refs: Iterable[str], file: str, node: Any, pointer: str) -> list[int]:
        """Return the numbers of the units that references under a node lead to; the library hears of broken ones."""
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
        told = len(self.documents.problems)
        found = self.documents.target(file, ref, pointer)
        if found is None:
            self._pinpoint(told, ref, node, pointer)
            return None
        key = found[1:]
        if key not in self._index:
            if len(self.nodes) >= self.documents.limits.units:
                self._refuse_more(pointer)
                return None
            self._index[key] = len(self.nodes)
            self.nodes.append(found)
        return self._index[key]

    def _pinpoint(self, told: int, ref: str, node: Any, pointer: str) -> None:
        """Say of a broken reference where exactly it stands: nobody needs to know that of the others."""
        problems = self.documents.problems
        if len(problems) == told:
            return
        if self._placed is None or self._placed[0] is not node:
            self._placed = node, places_of_refs(node, pointer)
        exact = self._placed[1].get(ref, pointer)
        problems[told:] = [replace(problem, pointer=exact) for problem in problems[told:]]

    def _refuse_more(self, pointer: str) -> None:
        """Say that facts of further parts are unknown: what is reachable is kept as masks, which grow with the square."""
        what = f"more than {self.documents.limits.units:,} referenced parts; fields of the rest are unknown"
        self.documents.stop("units", what, pointer)

    # joining -------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Read the fields of every unit that was reached, then join them along the references."""
        for node, file, pointer in self.nodes:  # grows while we look
            names, refs = field_names(node, siblings=self.siblings)
            self._fields.append(names)
            self.field_refs.append(len(refs))
            self._field_edges.append(self.edges(refs, file, node, pointer))
        own = [self.mask(names) for names in self._fields]
        self._near_edges = [self._passed_through(edges) for edges in self._field_edges]
        self._near_masks = own
        for _ in range(NEAR - 1):
            self._near_masks = [self._union(mask, at) for mask, at in zip(own, self._near_edges, strict=True)]
        self._field_masks, _ = join(own, self._field_edges)

    def field_edges(self, number: int) -> list[int]:
        """Return the units that a unit's fields lead on to."""
        return self._field_edges[number]

    def _passed_through(self, edges: list[int]) -> list[int]:
        """Return near edges: a unit that only points on (an `allOf`, an array) is no step away from what it names."""
        near, waiting, seen = [], list(edges), set[int]()
        while waiting and len(seen) < _MAX_PASSED:
            number = waiting.pop()
            if number not in seen:
                seen.add(number)
                near.append(number)
                if not self._fields[number]:
                    waiting.extend(self._field_edges[number])
        return near

    def _union(self, own: int, edges: Iterable[int]) -> int:
        for edge in edges:
            own |= self._near_masks[edge]
        return own

    def mask(self, names: Iterable[str]) -> int:
        """Return field names as a bit mask."""
        total = 0
        for name in names:
            bit = self._names.get(name)
            if bit is None:
                bit = self._names[name] = len(self._spelled)
                self._spelled.append(name)
            total |= 1 << bit
        return total

    # asking --------------------------------------------------------------------------------------------

    def names(self, own: int, edges: tuple[int, ...]) -> tuple[str, ...]:
        """Return every field name in the mask `own` or reachable over `edges`, sorted."""
        if edges not in self._reached_of:
            reached = 0
            for edge in edges:
                reached |= self._field_masks[edge]
            self._reached_of[edges] = reached
        return self._spell(own | self._reached_of[edges])

    def near_names(self, own: int, edges: tuple[int, ...]) -> tuple[str, ...]:
        """Return the field names in the mask `own` or within `NEAR` references, sorted."""
        if edges not in self._near_of:
            self._near_of[edges] = self._union(0, (number for edge in edges for number in self._opened(edge)))
        return self._spell(own | self._near_of[edges])

    def near_notes(self, own: dict[str, Any], edges: tuple[int, ...]) -> _Notes:
        """Return what is said of each near field: once for every schema that states it."""
        if edges not in self._notes_of:
            through = {number for edge in edges for number in self._opened(edge)}
            near = sorted(through.union(*(self._near_edges[number] for number in through)))
            self._notes_of[edges] = tuple(note for number in near for note in self._noted(number))
        if not own:
            return self._notes_of[edges]
        key = (id(own), edges)
        if key not in self._own_notes:  # holding `own` keeps its id its own
            self._own_notes[key] = own, (*notes(own, ""), *self._notes_of[edges])
        return self._own_notes[key][1]

    def _noted(self, number: int) -> _Notes:
        if number not in self._noted_of:
            name = self.nodes[number][2].rpartition("/")[2]
            self._noted_of[number] = notes(self._fields[number], name)
        return self._noted_of[number]

    def _opened(self, edge: int) -> list[int]:
        """Return a unit, or what it points to if it states no field itself."""
        return [edge] if self._fields[edge] else [edge, *self._near_edges[edge]]

    def _spell(self, total: int) -> tuple[str, ...]:
        if total not in self._names_of:
            self._names_of[total] = tuple(sorted(self._spelled[i] for i in bits(total)))
        return self._names_of[total]


def bits(mask: int) -> list[int]:
    """Return the positions of the set bits, ascending."""
    text = bin(mask)[:1:-1]
    positions, at = [], text.find("1")
    while at >= 0:
        positions.append(at)
        at = text.find("1", at + 1)
    return positions
