"""The schemas of a tool as a tree of fields, read from the stored source when somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from analysis.ingest.json_schema.tree import SchemaField, document_set, schema_tree
from analysis.review import queries

if TYPE_CHECKING:
    from analysis.ingest.document.references import DocumentSet
    from analysis.model import ToolId
    from analysis.review.session import Review

__all__ = ["SchemaField", "schema_of"]

#: The document that was looked at last: whoever reads one schema reads the next in the same source.
_READ: WeakKeyDictionary[Review, tuple[str, DocumentSet]] = WeakKeyDictionary()


def schema_of(review: Review, tool: ToolId) -> tuple[SchemaField, ...]:
    """Return what a tool takes and gives back as lines of a tree; empty where the source states nothing."""
    row = review.tool(tool).row
    sha256 = next(source.info.sha256 for source in review.sources() if source.info.id == row.source)
    held = _READ.get(review)
    if held is None or held[0] != sha256:
        files = queries.stored_files(review, row.source)
        if not files:
            return ()
        held = _READ[review] = (sha256, document_set(files[0][1]))
    return schema_tree(held[1], row.pointer)
