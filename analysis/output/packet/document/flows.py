"""The exfiltration path over the allowed tools, and over the undecided ones as well; the diagrams of the flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.model import FlowRole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from analysis.model import Diagram, ReviewedTool, ToolState

_ROLES: Final = (FlowRole.PRIVATE_DATA, FlowRole.UNTRUSTED_CONTENT, FlowRole.EXFILTRATION_SINK)


def exfiltration_path(tools: Sequence[ReviewedTool]) -> dict[str, Any]:
    """Return what is known of the exfiltration path over two sets of tools."""
    return {
        "approved": _over(tools, lambda state: state.decision_state.allowed),
        "approved_and_undecided": _over(tools, lambda state: state.live),
    }


def _over(tools: Sequence[ReviewedTool], chosen: Callable[[ToolState], bool]) -> dict[str, Any]:
    found: dict[FlowRole, list[str]] = {role: [] for role in _ROLES}
    held: list[str] = []
    for state in (reviewed.state for reviewed in tools if chosen(reviewed.state)):
        for role in state.flow_roles.intersection(_ROLES):
            is_held = role is FlowRole.EXFILTRATION_SINK and state.confirmed
            (held if is_held else found[role]).append(state.row.id)
    others = found[FlowRole.PRIVATE_DATA] and found[FlowRole.UNTRUSTED_CONTENT]
    return {
        "exfiltration_path": "present" if all(found.values()) else "broken by condition" if others and held else "absent",
        "flow_roles": {role.value: tools for role, tools in found.items()},
        "unsettled": [],
        "held": held,
        "unread": [],
    }


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
