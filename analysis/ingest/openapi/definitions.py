"""What definitions say as a whole: digests, sizes, texts, and which parts they reach.

Made after the inventory, over the same units: every part is written out once in canonical form, and that text is
what is hashed, measured and searched.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical import canonical, may_refer, refs_under, sha256, text_spans
from analysis.ingest.openapi.ref_graph import bits
from analysis.ingest.openapi.tarjan import join
from analysis.model import NO_PASSAGES, TextSpans

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.ingest.openapi.operation_draft import OperationDraft
    from analysis.ingest.openapi.ref_graph import RefGraph

#: What a caller has to be told about an operation, beside its name and text.
_INPUTS: Final = frozenset({"parameters", "requestBody"})


@dataclass(frozen=True, slots=True)
class DefinitionText:
    """What a tool's definition says as a whole. `input_size` is in characters, shared schemas counted once."""

    digest: str = ""
    input_size: int = 0
    text_spans: TextSpans = NO_PASSAGES
    reaches: tuple[str, ...] = ()


#: Of an inventory whose definitions were not read.
UNREAD: Final = DefinitionText()


class Definitions:
    """The contents of all units. `add` every operation, `close` once, then ask."""

    def __init__(self, units: RefGraph) -> None:
        self.units = units
        self._operations: dict[int, tuple[str, str, list[int], list[int]]] = {}
        self._edges: list[list[int]] = []
        self._sizes: list[int] = []
        self._contents: list[bytes] = []
        self._texts: list[TextSpans] = []
        self._reach: list[int] = []
        self._digests: list[str] = []
        self._labels: list[str] = []
        self._reached: dict[int, tuple[tuple[str, ...], int]] = {}

    def edges(self, node: Any, file: str, pointer: str) -> list[int]:
        """Return the numbers of the units that anything under a node refers to."""
        return self.units.edges(refs_under(node), file, node, pointer)

    def add(self, draft: OperationDraft) -> None:
        """Write out an operation and number the units it refers to."""
        node, common = draft.node, draft.common
        inputs = {"shared": common["parameters"], **{key: node[key] for key in _INPUTS & node.keys()}}
        rest = {key: value for key, value in node.items() if key not in _INPUTS}
        shown = {key: value for key, value in common.items() if key != "parameters"}
        told, untold = canonical(inputs), canonical([shown, rest])
        input_edges = self.edges(inputs, draft.file, draft.pointer) if may_refer(told) else []
        edges = self.edges(rest, draft.file, draft.pointer) if may_refer(untold) else []
        self._operations[id(draft)] = (told, untold, sorted({*input_edges, *edges}), input_edges)

    def close(self) -> None:
        """Write out every unit that was reached, then join what they reach."""
        known = len(self.units.field_refs)
        for number, (node, file, pointer) in enumerate(self.units.nodes):  # grows while we look
            dump = canonical(node)
            if number < known and _only_fields(dump, self.units.field_refs[number]):
                self._edges.append(self.units.field_edges(number))
            else:
                self._edges.append(self.edges(node, file, pointer))
            self._sizes.append(len(dump))
            self._contents.append(sha256(dump))
            self._texts.append(text_spans(dump, (node, pointer), of_document=True))
        self._reach, components = join([1 << i for i in range(len(self._edges))], self._edges)
        self._labels = [self.label(number) for number in range(len(self._edges))]
        self._digests = self._merkle(components)

    def definition(self, draft: OperationDraft) -> DefinitionText:
        """Return what an operation's definition says, after `close`; once, as what was written out is let go."""
        inputs, rest, edges, input_edges = self._operations.pop(id(draft))
        head = {
            "method": draft.method,
            "path": draft.path,
            "security": [[[use.name, use.kind, list(use.scopes)] for use in uses] for uses in draft.security],
            "schemes": dict(draft.schemes),
            "servers": list(draft.servers),
            "refs": {self.label(number): self.digest(number) for number in edges},
        }
        labels, _ = self.reached(edges)
        return DefinitionText(
            digest=sha256("\n".join((canonical(head), inputs, rest))).hex(),
            input_size=len(inputs) + self.reached(input_edges)[1],
            text_spans=text_spans(f"{inputs}\n{rest}", (draft.node, draft.pointer), (draft.common, draft.above)),
            reaches=labels,
        )

    def label(self, number: int) -> str:
        """Return the address of a unit inside its source."""
        _, file, pointer = self.units.nodes[number]
        return pointer if file == self.units.documents.entry else f"{file}#{pointer}"

    def digest(self, number: int) -> str:
        """Return the digest of a unit and of everything it reaches."""
        return self._digests[number]

    def reached(self, edges: Iterable[int]) -> tuple[tuple[str, ...], int]:
        """Return (labels, characters) of all units reachable over `edges`, themselves included, each counted once."""
        total = 0
        for edge in edges:
            total |= self._reach[edge]
        if total not in self._reached:
            numbers = bits(total)
            self._reached[total] = (
                tuple([self._labels[number] for number in numbers]), sum([self._sizes[number] for number in numbers])
            )  # fmt: skip
        return self._reached[total]

    def text_spans(self) -> dict[str, TextSpans]:
        """Return the texts of every unit, by label."""
        return {self.label(number): texts for number, texts in enumerate(self._texts)}

    def _merkle(self, components: list[list[int]]) -> list[str]:
        """Digest components bottom up; members of a cycle share the digest of their cycle."""
        digests = [b""] * len(self._edges)
        for members in components:  # successors come first
            inside = set(members)
            parts = sorted(self.label(m).encode() + self._contents[m] for m in members)
            below = sorted({digests[e] for m in members for e in self._edges[m] if e not in inside})
            shared = hashlib.sha256(b"\0".join([*parts, *below])).digest()
            for member in members:
                digests[member] = hashlib.sha256(self._contents[member] + shared).digest()
        return [digest.hex() for digest in digests]


def _only_fields(dump: str, field_refs: int) -> bool:
    """Whether a part refers to nothing but what its fields lead on to, so that it need not be walked again."""
    return dump.count('"$ref":') == field_refs and '"discriminator":' not in dump
