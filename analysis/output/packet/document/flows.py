"""The exfiltration path over the allowed tools, and over the undecided ones as well; the diagrams of the flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.model.serialise import path_facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import Diagram, ReviewSnapshot


def exfiltration_path(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    """Return what is known of the exfiltration path, over approved tools and over undecided ones as well."""
    stated = {"approved": review_snapshot.approved_path, "approved_and_undecided": review_snapshot.exposed_path}
    return {over: path_facts(path) for over, path in stated.items() if path is not None}


def diagram_rows(diagrams: Sequence[Diagram]) -> list[dict[str, Any]]:
    """Return the diagrams as data: boundaries, nodes, and the flows between them."""
    return [
        {
            "id": each.id,
            "title": each.title,
            "boundaries": [{"id": b.id, "label": b.label} for b in each.boundaries],
            "nodes": [
                {"id": n.id, "label": n.label, "kind": n.kind, "boundary": n.boundary, "stated": n.stated}
                for n in each.nodes
            ],
            "edges": [
                {"from": e.source, "to": e.target, "label": e.label, "details": list(e.details), "tools": e.tools}
                for e in each.edges
            ],
        }
        for each in diagrams
    ]
