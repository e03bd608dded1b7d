"""Facts per referenced part of a document, joined along references with cycles collapsed.

A *unit* is whatever a `$ref` points to. Each is read once: the field names it states, the texts a model can
read, its size and digest, and the units it refers to. What an operation reaches is then a union of bit masks,
so a densely cyclic document (Stripe: some 980 field names per operation) costs no more than a flat one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.cycles import join
from analysis.ingest.schemas import discriminated, field_names
from analysis.model import Level, Passage, ToolId

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from analysis.ingest.library import Library

#: Below these keys stands data: a `$ref` there is a value, not a reference.
_LITERAL: Final = frozenset({"example", "default", "enum", "const"})
#: Keys whose text is grammar, not prose a model is told.
_GRAMMAR: Final = frozenset({"$ref", "type", "format", "in", "style", "operationId", "$schema", "jsonSchemaDialect"})
#: So many units are looked through from one: a limit for documents made to be slow.
_MAX_PASSED: Final = 256
#: Fields within so many references of a response are what a call returns; beyond it, in densely linked documents,
#: everything reaches everything and says nothing of a tool.
NEAR: Final = 2
#: From this length on a run without blanks may hold an encoded instruction.
_LONG: Final = 80


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of a definition: sorted keys, no blanks, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str).encode()


def child(pointer: str, key: str | int) -> str:
    """Return the JSON pointer of a member."""
    token = str(key)
    if "~" in token or "/" in token:
        token = token.replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{token}"


def unused(wanted: ToolId, taken: Container[str], numbers: dict[str, int]) -> ToolId:
    """Return an identity that no other tool has: whatever a document spells, no two tools become one.

    `numbers` remembers how far each spelling has been counted.
    """
    identity = wanted
    while identity in taken:
        numbers[wanted] = numbers.get(wanted, 1) + 1
        identity = ToolId(f"{wanted} #{numbers[wanted]}")
    return identity


def _tells(text: str) -> bool:
    """Whether a string can tell a model anything: prose, a long run, or characters that are not plainly printable."""
    return " " in text or len(text) >= _LONG or not (text.isascii() and text.isprintable())


def passages_and_refs(node: Any, pointer: str) -> tuple[list[Passage], list[tuple[str, str]]]:
    """Return the texts under a node that a model can read, and its references as (ref, pointer)."""
    texts: list[Passage] = []
    refs: list[tuple[str, str]] = []
    stack: list[tuple[Any, str, bool]] = [(node, pointer, False)]
    while stack:
        current, place, literal = stack.pop()
        if isinstance(current, dict):
            for key, value in current.items():
                if not (key.isascii() and key.isprintable()):
                    texts.append(Passage(place, key))
                if isinstance(value, dict | list):
                    stack.append((value, child(place, key), literal or key in _LITERAL))
                    if key == "discriminator" and not literal:
                        refs.extend((target, place) for target in discriminated(value))
                elif isinstance(value, str):
                    if key == "$ref" and not literal:
                        refs.append((value, place))
                    elif _tells(value) and (key not in _GRAMMAR or not (value.isascii() and value.isprintable())):
                        texts.append(Passage(child(place, key), value))
        elif isinstance(current, list):
            for index, value in enumerate(current):
                if isinstance(value, dict | list):
                    stack.append((value, child(place, index), literal))
                elif isinstance(value, str) and _tells(value):
                    texts.append(Passage(child(place, index), value))
    return texts, refs


@dataclass(slots=True)
class Unit:
    """One referenced part and what it states itself."""

    label: str
    texts: tuple[Passage, ...]
    size: int
    content: bytes
    fields: frozenset[str]
    field_edges: list[int] = field(default_factory=list)
    near_edges: list[int] = field(default_factory=list)  # field edges, led through units that state no field
    edges: list[int] = field(default_factory=list)


class Units:
    """All units of a source. `add` while walking, `close` once, then ask."""

    def __init__(self, library: Library, *, siblings: bool) -> None:
        self.library = library
        self.siblings = siblings
        self.units: list[Unit] = []
        self._index: dict[tuple[str, str], int] = {}
        self._pending: list[tuple[int, Any, str, str]] = []
        self._full = False
        self._names: dict[str, int] = {}
        self._spelled: list[str] = []
        self._field_masks: list[int] = []
        self._near_masks: list[int] = []
        self._reach: list[int] = []
        self._digests: list[bytes] = []
        self._names_of: dict[int, tuple[str, ...]] = {}
        self._units_of: dict[int, tuple[int, ...]] = {}

    def add(self, file: str, ref: str, pointer: str) -> int | None:
        """Return the number of the unit a reference leads to; None after the library has reported why not."""
        found = self.library.target(file, ref, pointer)
        if found is None:
            return None
        node, target_file, target_pointer = found
        key = (target_file, target_pointer)
        if key not in self._index:
            if len(self.units) >= self.library.limits.units:
                self._refuse_more(pointer)
                return None
            self._index[key] = len(self.units)
            label = target_pointer if target_file == self.library.entry else f"{target_file}#{target_pointer}"
            self.units.append(Unit(label, (), 0, b"", frozenset()))
            self._pending.append((self._index[key], node, target_file, target_pointer))
        return self._index[key]

    def _refuse_more(self, pointer: str) -> None:
        """Say once that facts of further parts are unknown: what is reachable is kept as masks, which grow with the square."""
        if not self._full:
            self._full = True
            limit = self.library.limits.units
            self.library.report(
                Level.ERROR, f"more than {limit:,} referenced parts; fields of the rest are unknown", pointer
            )

    def edges(self, refs: Iterable[tuple[str, str]], file: str) -> list[int]:
        """Return the unit numbers of references found in a file."""
        numbers = (self.add(file, ref, pointer) for ref, pointer in refs)
        return sorted({number for number in numbers if number is not None})

    def close(self) -> None:
        """Read every unit that was reached, then join facts along the references."""
        while self._pending:
            number, node, file, pointer = self._pending.pop()
            texts, refs = passages_and_refs(node, pointer)
            names, field_refs = field_names(node, pointer, siblings=self.siblings)
            content = canonical(node)
            unit = self.units[number]
            unit.texts, unit.size, unit.fields = tuple(texts), len(content), frozenset(names)
            unit.content = hashlib.sha256(content).digest()
            unit.edges = self.edges(refs, file)
            unit.field_edges = self.edges(field_refs, file)
        own = [self.mask(unit.fields) for unit in self.units]
        self._pass_through()
        self._near_masks = own
        for _ in range(NEAR - 1):
            self._near_masks = [self._union(mask, unit.near_edges) for mask, unit in zip(own, self.units, strict=True)]
        self._field_masks, _ = join(own, [unit.field_edges for unit in self.units])
        self._reach, components = join([1 << i for i in range(len(self.units))], [unit.edges for unit in self.units])
        self._digests = self._merkle(components)

    def _pass_through(self) -> None:
        """Work out near edges: a unit that only points on (an `allOf`, an array) is no step away from what it names."""
        for unit in self.units:
            near, waiting, seen = [], list(unit.field_edges), set[int]()
            while waiting and len(seen) < _MAX_PASSED:
                number = waiting.pop()
                if number in seen:
                    continue
                seen.add(number)
                near.append(number)
                if not self.units[number].fields:
                    waiting.extend(self.units[number].field_edges)
            unit.near_edges = near

    def _union(self, own: int, edges: Iterable[int]) -> int:
        for edge in edges:
            own |= self._near_masks[edge]
        return own

    def mask(self, names: Iterable[str]) -> int:
        """Return names as a bit mask."""
        total = 0
        for name in names:
            bit = self._names.get(name)
            if bit is None:
                bit = self._names[name] = len(self._spelled)
                self._spelled.append(name)
            total |= 1 << bit
        return total

    def names(self, own: Iterable[str], edges: Iterable[int]) -> tuple[str, ...]:
        """Return every field name stated by `own` or reachable over `edges`, sorted."""
        total = self.mask(own)
        for edge in edges:
            total |= self._field_masks[edge]
        return self._spell(total)

    def near_names(self, own: Iterable[str], edges: Iterable[int]) -> tuple[str, ...]:
        """Return the field names stated by `own` or within `NEAR` references, sorted."""
        through = [number for edge in edges for number in self._opened(edge)]
        return self._spell(self._union(self.mask(own), through))

    def _opened(self, edge: int) -> list[int]:
        """Return a unit, or what it points to if it states no field itself."""
        return [edge] if self.units[edge].fields else [edge, *self.units[edge].near_edges]

    def _spell(self, total: int) -> tuple[str, ...]:
        if total not in self._names_of:
            self._names_of[total] = tuple(sorted(self._spelled[i] for i in _bits(total)))
        return self._names_of[total]

    def reached(self, edges: Iterable[int]) -> tuple[int, ...]:
        """Return the numbers of all units reachable over `edges`, themselves included."""
        total = 0
        for edge in edges:
            total |= self._reach[edge]
        if total not in self._units_of:
            self._units_of[total] = tuple(_bits(total))
        return self._units_of[total]

    def size(self, edges: Iterable[int]) -> int:
        """Return the characters of all reachable units, each counted once."""
        return sum(self.units[number].size for number in self.reached(edges))

    def digest(self, number: int) -> str:
        """Return the digest of a unit and of everything it reaches."""
        return self._digests[number].hex()

    def _merkle(self, components: list[list[int]]) -> list[bytes]:
        """Digest components bottom up; members of a cycle share the digest of their cycle."""
        digests = [b""] * len(self.units)
        for members in components:  # successors come first
            inside = set(members)
            parts = sorted(self.units[m].label.encode() + self.units[m].content for m in members)
            below = sorted({digests[e] for m in members for e in self.units[m].edges if e not in inside})
            shared = hashlib.sha256(b"\0".join([*parts, *below])).digest()
            for member in members:
                digests[member] = hashlib.sha256(self.units[member].content + shared).digest()
        return digests


def _bits(mask: int) -> list[int]:
    """Return the positions of the set bits, ascending."""
    text = bin(mask)[:1:-1]
    positions, at = [], text.find("1")
    while at >= 0:
        positions.append(at)
        at = text.find("1", at + 1)
    return positions
