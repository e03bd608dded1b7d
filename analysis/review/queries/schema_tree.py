"""The schemas of a tool as a tree of fields, parsed on demand from the stored source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.collector import collector_paused, keep_for_good
from analysis.ingest.json_schema.tree import SchemaField
from analysis.ingest.schema_source import schema_source
from analysis.review import queries

if TYPE_CHECKING:
    from analysis.model import ToolId
    from analysis.review.session import Review

__all__ = ["SchemaField", "tool_schema"]


def tool_schema(review: Review, tool: ToolId) -> tuple[SchemaField, ...]:
    """Return the inputs and outputs of a tool as lines of a tree; empty where the source declares none."""
    row = review.tool(tool).row
    sha256 = next(source.info.sha256 for source in review.sources() if source.info.id == row.source)
    if review.last_document is None or review.last_document[0] != sha256:
        files = queries.stored_files(review, row.source)
        if not files:
            return ()
        with collector_paused():
            review.last_document = (sha256, schema_source(files[0][1]))
            keep_for_good()  # or it would be gone through at once, which takes longer than reading it
    return review.last_document[1].tree(row.pointer)
