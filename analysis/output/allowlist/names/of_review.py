"""The names of a review's operations at every generator, as the allowlist states them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model import CapabilityKind, SourceKind
from analysis.output.allowlist.document.operations import operations_of
from analysis.output.allowlist.kept_conditions import holds_without_gateway
from analysis.output.allowlist.names.derivation import derived_names
from analysis.output.allowlist.names.generators import current_generators

if TYPE_CHECKING:
    from analysis.model import ReviewSnapshot, SourceId, ToolId, ToolState


def generated_names(review_snapshot: ReviewSnapshot) -> dict[ToolId, dict[str, str | None]]:
    """Return the name of each operation of the OpenAPI sources by `NAME@VERSION`; None where there is no tool.

    They are those of the filtered document for the operations in it, and of the whole document for all others. A document
    that cannot be read again has none.
    """
    by_source: dict[SourceId, list[ToolState]] = {}
    for reviewed in review_snapshot.tools:
        if reviewed.tool.kind is CapabilityKind.TOOL and reviewed.tool.method:
            by_source.setdefault(reviewed.tool.source, []).append(reviewed.state)
    documents = {record.id: record.files for record in review_snapshot.records}
    made: dict[ToolId, dict[str, str | None]] = {}
    for source in review_snapshot.sources:
        states = by_source.get(source.id, [])
        if source.kind is not SourceKind.OPENAPI or not documents.get(source.id) or not states:
            continue
        keys = {(state.row.method, state.row.path): str(state.row.id) for state in states}
        try:
            operations = operations_of(documents[source.id], keys)
        except ValueError:
            continue
        exposed = {str(state.row.id) for state in states if in_document(state)}
        ids = {str(state.row.id): state.row.id for state in states}
        for generator in current_generators():
            for key, name in derived_names(generator, operations, exposed).items():
                if key in ids:
                    made.setdefault(ids[key], {})[generator.label] = name
    return made


def in_document(state: ToolState) -> bool:
    """Whether a tool is in the filtered document of its source, as it is decided."""
    conditions = state.decision.conditions if state.decision is not None else ()
    return state.decision_state.allowed and all(map(holds_without_gateway, conditions))
