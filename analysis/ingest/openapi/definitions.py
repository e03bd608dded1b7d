"""Digests, sizes, texts and referenced parts of whole definitions.

Computed after the inventory, over the same graph: every part is serialised once in canonical form, and that text is
hashed, measured and searched.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.field_names import positions
from analysis.ingest.document.canonical_json import canonical_json, may_refer, refs_under, sha256, text_spans
from analysis.ingest.json_schema.components import join
from analysis.model import NO_TEXT_SPANS, DefinitionParts, TextSpans

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.ingest.json_schema.ref_graph import RefGraph
    from analysis.ingest.openapi.operation_draft import OperationDraft

#: Keys of an operation that describe its inputs.
_INPUTS: Final = frozenset({"parameters", "requestBody"})


@dataclass(frozen=True, slots=True)
class DefinitionText:
    """Digest, size and texts of a definition. `input_size` is in characters, shared schemas counted once."""

    digest: str = ""
    input_size: int = 0
    text_spans: TextSpans = NO_TEXT_SPANS
    referenced_schemas: tuple[str, ...] = ()


#: Placeholder when definitions are not read.
UNREAD: Final = DefinitionText()


class Definitions:
    """Definitions of all operations. `add` each operation, `close` once, then call `definition` for each."""

    def __init__(self, graph: RefGraph) -> None:
        self.graph = graph
        self._operations: dict[int, tuple[str, str, list[int], list[int]]] = {}
        self._edges: list[list[int]] = []
        self._sizes: list[int] = []
        self._contents: list[bytes] = []
        self._texts: list[TextSpans] = []
        self._reach: list[int] = []
        self._digests: list[str] = []
        self._labels: list[str] = []
        self._reached: dict[int, tuple[tuple[str, ...], int]] = {}
        self._kept = graph.documents.kept
        self._dumps: list[str] = []  # of the parts, where texts are kept

    def edges(self, node: Any, file: str, pointer: str) -> list[int]:
        """Return the numbers of the graph nodes that references under a node lead to."""
        return self.graph.edges(refs_under(node), file, node, pointer)

    def add(self, draft: OperationDraft) -> None:
        """Serialise an operation and add the parts it refers to to the graph."""
        node, common = draft.node, draft.common
        inputs = {"shared": common["parameters"], **{key: node[key] for key in _INPUTS & node.keys()}}
        rest = {key: value for key, value in node.items() if key not in _INPUTS}
        shown = {key: value for key, value in common.items() if key != "parameters"}
        input_text, other_text = canonical_json(inputs), canonical_json([shown, rest])
        input_edges = self.edges(inputs, draft.file, draft.pointer) if may_refer(input_text) else []
        edges = self.edges(rest, draft.file, draft.pointer) if may_refer(other_text) else []
        self._operations[id(draft)] = (input_text, other_text, sorted({*input_edges, *edges}), input_edges)

    def close(self) -> None:
        """Serialise every node of the graph, then join the nodes reachable from each."""
        known = len(self.graph.field_refs)
        for number, (node, file, pointer) in enumerate(self.graph.nodes):  # grows during the loop
            dump = canonical_json(node)
            if number < known and _only_fields(dump, self.graph.field_refs[number]):
                self._edges.append(self.graph.field_edges(number))
            else:
                self._edges.append(self.edges(node, file, pointer))
            self._sizes.append(len(dump))
            self._contents.append(sha256(dump))
            if self._kept is not None:
                self._dumps.append(dump)
            self._texts.append(text_spans(dump, (node, pointer), of_document=True))
        self._reach, components = join([1 << i for i in range(len(self._edges))], self._edges)
        self._labels = [self.label(number) for number in range(len(self._edges))]
        self._digests = self._merkle(components)

    def definition(self, draft: OperationDraft) -> DefinitionText:
        """Return the definition of an operation, after `close`; only once, because its text is then released."""
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
            digest=self.graph.documents.definition_digest("\n".join((canonical_json(head), inputs, rest))),
            input_size=len(inputs) + self.reached(input_edges)[1],
            text_spans=text_spans(f"{inputs}\n{rest}", (draft.node, draft.pointer), (draft.common, draft.path_pointer)),
            referenced_schemas=labels,
        )

    def label(self, number: int) -> str:
        """Return the address of a node inside its source."""
        _, file, pointer = self.graph.nodes[number]
        return pointer if file == self.graph.documents.entry else f"{file}#{pointer}"

    def digest(self, number: int) -> str:
        """Return the digest of a node and of everything reachable from it."""
        return self._digests[number]

    def reached(self, edges: Iterable[int]) -> tuple[tuple[str, ...], int]:
        """Return (labels, characters) of all nodes reachable over `edges`, including their ends, each counted once."""
        total = 0
        for edge in edges:
            total |= self._reach[edge]
        if total not in self._reached:
            numbers = positions(total)
            self._reached[total] = (
                tuple([self._labels[number] for number in numbers]), sum([self._sizes[number] for number in numbers])
            )  # fmt: skip
        return self._reached[total]

    def text_spans(self) -> dict[str, TextSpans]:
        """Return the texts of every node, by label."""
        return {self.label(number): texts for number, texts in enumerate(self._texts)}

    def _merkle(self, components: list[list[int]]) -> list[str]:
        """Digest components bottom up; members of a cycle share the digest of their cycle."""
        digests = [b""] * len(self._edges)
        for members in components:  # successors come first
            inside = set(members)
            parts = sorted(self.label(m).encode() + self._contents[m] for m in members)
            below = sorted({digests[e] for m in members for e in self._edges[m] if e not in inside})
            shared = hashlib.sha256(b"\0".join([*parts, *below])).digest()
            if self._kept is not None:
                texts = sorted((self.label(m), self._dumps[m]) for m in members)
                self._kept.parts.append(DefinitionParts(tuple(texts), tuple(each.hex() for each in below)))
            for member in members:
                digests[member] = hashlib.sha256(self._contents[member] + shared).digest()
        return [digest.hex() for digest in digests]


def _only_fields(dump: str, field_refs: int) -> bool:
    """Whether all references of a part are those of its fields, so that it need not be walked again."""
    return dump.count('"$ref":') == field_refs and '"discriminator":' not in dump
