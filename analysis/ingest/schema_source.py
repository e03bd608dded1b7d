"""Where the schemas of a stored source are read from, for display: the document itself, or its translation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.ingest.discovery.methods import is_discovery, translated_discovery
from analysis.ingest.document.reader import Parsed
from analysis.ingest.document.references import DocumentSet
from analysis.ingest.json_schema.tree import SchemaField, document_set, schema_tree
from analysis.ingest.postman.collection import is_postman, translated_collection
from analysis.ingest.translation import as_document

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class SchemaSource:
    """A document with schemas. `places` maps pointers in the source to pointers in the document, where they differ."""

    documents: DocumentSet
    places: Mapping[str, str] = field(default_factory=dict)

    def tree(self, pointer: str) -> tuple[SchemaField, ...]:
        """Return the inputs and outputs of the definition at a pointer as lines of a tree; empty if it has none."""
        return schema_tree(self.documents, self.places.get(pointer, pointer))


def schema_source(raw: bytes) -> SchemaSource:
    """Return the document with the schemas of a stored file. Other files of the source are not opened."""
    documents = document_set(raw)
    found = documents.target(documents.entry, "#", "")
    data = found[0] if found else None
    if is_discovery(data):
        made = translated_discovery(documents, data)
    elif is_postman(data):
        made = translated_collection(documents, data)
    else:
        return SchemaSource(documents)
    document = as_document(documents, made)
    places = {operation.pointer: pointer for pointer, operation in document.operations.items()}
    return SchemaSource(DocumentSet(documents.entry, Parsed(document.data), documents.limits), places)
