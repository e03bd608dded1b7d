"""CHG: decisions about a definition that is no longer the one that was reviewed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.model import DecisionState, Severity, ToolState, ToolType
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import decided, state

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    id="CHG-001",
    title="Approved definition changed",
    kind="state",
    severity=Severity.HIGH,
    remedy="Look at what has changed and decide anew.",
    standards=("aisvs:1.0/C10.4", "safe-mcp:2025-08/T1201"),
    false_positives="Changes of the documentation only.",
    hits=(
        replace(state("getOrder", ToolType.READ, decided(DecisionState.APPROVED)), decision_state=DecisionState.STALE),
    ),
    clean=(state("getOrder", ToolType.READ, decided(DecisionState.APPROVED)), state()),
)
def definition_changed(tool: ToolState) -> Iterator[Hit]:
    """The decision was about another definition; what the tool is now, nobody has looked at."""
    if tool.stale and tool.decision is not None:
        yield Hit(f"{tool.decision.state.value} by {tool.decision.actor}, definition changed since")
