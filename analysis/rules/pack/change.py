"""CHG: changes since the decision."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.model import DecisionState, Severity, ToolState, ToolType
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_decision, example_state

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    id="CHG-001",
    title="Approved definition changed",
    kind="state",
    severity=Severity.HIGH,
    remedy="Review the change and decide again.",
    standards=("aisvs:1.0/C10.4", "safe-mcp:2025-08/T1201"),
    false_positives="Changes to documentation only.",
    hits=(
        replace(
            example_state("getOrder", ToolType.READ, example_decision(DecisionState.APPROVED)),
            decision_state=DecisionState.STALE,
        ),
    ),
    clean=(example_state("getOrder", ToolType.READ, example_decision(DecisionState.APPROVED)), example_state()),
)
def definition_changed(tool: ToolState) -> Iterator[Hit]:
    """The decision applies to an earlier definition; the current one has not been reviewed."""
    if tool.stale and tool.decision is not None:
        yield Hit(f"{tool.decision.state.value} by {tool.decision.actor}, definition changed since")
