"""CHG: changes since the decision, and since the signed packet that the review knows last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.model import DecisionState, Severity, SincePacket, ToolState, ToolType
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_decision, example_state

if TYPE_CHECKING:
    from collections.abc import Iterator


def _since(since: SincePacket, *, decided: bool = False) -> ToolState:
    made = example_decision(DecisionState.APPROVED) if decided else None
    return replace(example_state("getOrder", ToolType.READ, made), since_packet=since)


_NEW = SincePacket(new=True)
_WIDENED = SincePacket(widened=("new scope orders:write",))
_GROWN = SincePacket(grown=("new input include_customer",))


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


@rule(
    id="CHG-002",
    title="New tool since the signed packet",
    kind="state",
    severity=Severity.MEDIUM,
    groups_findings=True,
    remedy="Decide on it: the signed packet does not cover it.",
    standards=("nist-800-53:5.1.1/CM-3",),
    hits=(_since(_NEW),),
    clean=(_since(_NEW, decided=True), _since(SincePacket()), example_state()),
)
def new_since_packet(tool: ToolState) -> Iterator[Hit]:
    """No one who signed has seen this tool, and no one has decided on it."""
    if tool.undecided and tool.since_packet is not None and tool.since_packet.new:
        yield Hit("not in the signed packet")


@rule(
    id="CHG-003",
    title="Reaches more than the signed definition",
    kind="state",
    severity=Severity.HIGH,
    remedy="Look at what has been added, and decide again.",
    standards=("nist-800-53:5.1.1/CM-4", "owasp-mcp:2025/MCP02"),
    hits=(_since(_WIDENED),),
    clean=(_since(_WIDENED, decided=True), _since(_GROWN), example_state()),
)
def widened_since_packet(tool: ToolState) -> Iterator[Hit]:
    """Its type, credential, scopes or servers go beyond those that were signed for."""
    if tool.undecided and tool.since_packet is not None and tool.since_packet.widened:
        yield Hit("; ".join(tool.since_packet.widened))


@rule(
    id="CHG-004",
    title="Takes or returns more than the signed definition",
    kind="state",
    severity=Severity.MEDIUM,
    remedy="Look at the new inputs and data, and decide again.",
    standards=("nist-800-53:5.1.1/CM-4", "safe-mcp:2025-08/T1501"),
    false_positives="Inputs that narrow the call, such as a new filter.",
    hits=(_since(_GROWN),),
    clean=(_since(_GROWN, decided=True), _since(_WIDENED), example_state()),
)
def grown_since_packet(tool: ToolState) -> Iterator[Hit]:
    """It has inputs, or returns classes of data, that no one who signed has seen."""
    if tool.undecided and tool.since_packet is not None and tool.since_packet.grown:
        yield Hit("; ".join(tool.since_packet.grown))
