"""The corrections of hints that a review proposes to the owners of its servers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.model import CapabilityKind, SourceId, SourceKind, ToolId
from analysis.model.serialise import reviewed_tool_facts
from analysis.output.corrected_hints import corrected_hints, differing_hints, json_patch
from analysis.review.queries import reviewed_tool
from analysis.review.sources.rebuild import readings_again

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.review.session import Review


@dataclass(frozen=True, slots=True)
class HintCorrection:
    """The hints of one tool as declared, and those that the review corrects, with the patch for its list.

    `by` is `reviewer` where a person re-tagged the type, else `engine`; `decision` is the state of the decision.
    """

    tool: ToolId
    name: str
    source: SourceId
    declared: Mapping[str, bool]
    corrected: Mapping[str, bool]
    patch: tuple[Mapping[str, Any], ...]
    by: str
    decision: str
    why: str


@dataclass(frozen=True, slots=True)
class HintReport:
    """All corrections; `equal` counts the MCP tools without one, `others` what declares no hints: operations of APIs."""

    corrections: tuple[HintCorrection, ...]
    equal: int
    others: int


def hint_report(review: Review) -> HintReport:
    """Return the corrections of the hints of all tools of MCP servers, in document order."""
    servers = {source.info.id for source in review.sources() if source.info.kind is SourceKind.MCP}
    annotated = _annotated(review, servers) if servers else set()
    found, equal, others = [], 0, 0
    for state in review.tools():
        if state.row.source not in servers or state.row.kind is not CapabilityKind.TOOL:
            others += 1
            continue
        facts = reviewed_tool_facts(reviewed_tool(review, state.row.id))
        declared = dict(facts["hints"])
        changed = differing_hints(declared, corrected_hints(facts))
        if not changed:
            equal += 1
            continue
        patch = json_patch(state.row.pointer, declared, changed, has_annotations=state.row.id in annotated)
        by = "reviewer" if state.type_override else "engine"
        why = f"{facts['type']}, {facts['reversibility']}" + (
            f"; {state.type_override.reason}" if state.type_override else ""
        )
        found.append(
            HintCorrection(
                state.row.id, state.row.name, state.row.source, declared, changed, tuple(patch), by,
                state.decision_state.value, why,
            )
        )  # fmt: skip
    return HintReport(tuple(found), equal, others)


def _annotated(review: Review, sources: set[SourceId]) -> set[ToolId]:
    """Return the tools that have an object of annotations already."""
    found = set()
    for _, reading in readings_again(review.store, *sources):
        for tool in reading.inventory.tools if reading.inventory and reading.texts else ():
            text = reading.texts.definitions.get(tool.digest, "") if reading.texts else ""
            node = json.loads(text) if text else {}
            if isinstance(node, dict) and isinstance(node.get("annotations"), dict):
                found.add(tool.id)
    return found
