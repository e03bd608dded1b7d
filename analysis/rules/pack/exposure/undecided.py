"""EXP: tools that are exposed without a decision.

That a tool waits for its decision is work, and shown as the queue. What must not be exposed even until then, because
it cannot be undone or moves money, is a finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model import Condition, ConditionKind, DecisionState, Effect, Severity, ToolType
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_decision, example_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model import ToolState

_TWO_PERSONS = Condition(ConditionKind.APPROVAL, "two persons", evidence="approval-workflow.pdf")


@rule(
    id="EXP-001",
    title="Irreversible or administrative tool exposed without approval",
    kind="state",
    severity=Severity.CRITICAL,
    groups_findings=True,
    undecided="finding",
    remedy="Block the tool, or approve it with a per-call approval condition.",
    standards=("owasp-llm:2025/LLM06", "owasp-asi:2026/ASI02", "owasp-mcp:2025/MCP07", "owasp-api:2023/API5"),
    hits=(example_state("deleteOrder", ToolType.CRITICAL), example_state("grantRole", ToolType.ADMINISTRATIVE)),
    clean=(
        example_state("deleteOrder", ToolType.CRITICAL, example_decision(DecisionState.BLOCKED)),
        example_state("getOrder"),
        example_state("refundOrder", ToolType.BILLING),
    ),
)
def irreversible_undecided(tool: ToolState) -> Iterator[Hit]:
    """The agent can call this tool by mistake or through prompt injection, and no one has approved it."""
    if tool.undecided and tool.effect is Effect.CRITICAL and tool.type is not ToolType.BILLING:
        yield Hit(matched=f"{tool.type.value}, {tool.row.reversibility.value}, undecided")


@rule(
    id="EXP-002",
    title="Payment tool without approval workflow",
    kind="state",
    severity=Severity.CRITICAL,
    groups_findings=True,
    undecided="finding",
    confidence="medium",
    remedy="Add a per-call approval condition with evidence of the workflow, or block the tool.",
    standards=("owasp-api:2023/API6", "owasp-asi:2026/ASI02", "nist-800-53:5.1.1/AC-5"),
    false_positives="Tools that only mention invoices or payments; override the type.",
    hits=(
        example_state("refundOrder", ToolType.BILLING),
        example_state("refundOrder", ToolType.BILLING, example_decision(DecisionState.APPROVED)),
        example_state(
            "refundOrder",
            ToolType.BILLING,
            example_decision(DecisionState.CONDITIONAL, Condition(ConditionKind.APPROVAL, "one person")),
        ),
    ),
    clean=(
        example_state("refundOrder", ToolType.BILLING, example_decision(DecisionState.CONDITIONAL, _TWO_PERSONS)),
        example_state("refundOrder", ToolType.BILLING, example_decision(DecisionState.BLOCKED)),
    ),
)
def money_without_workflow(tool: ToolState) -> Iterator[Hit]:
    """Money can be moved without a person confirming amount and payee: there is no evidenced per-call approval."""
    if tool.type is not ToolType.BILLING:
        return
    if tool.undecided or tool.decision is None:
        yield Hit(matched=f"billing, {tool.decision_state.value}")
    elif not tool.decision.has(ConditionKind.APPROVAL, evidenced=True):
        claimed = tool.decision.has(ConditionKind.APPROVAL)
        yield Hit(matched="per-call approval without evidence" if claimed else "no per-call approval")


@rule(
    id="EXP-003",
    title="Side-effect tool undecided",
    kind="state",
    severity=Severity.MEDIUM,
    groups_findings=True,
    undecided="queue",
    remedy="Decide: approve, approve with conditions, or block.",
    standards=("owasp-llm:2025/LLM06", "nist-800-53:5.1.1/CM-7(5)"),
    hits=(example_state("createOrder", ToolType.SIDE_EFFECT),),
    clean=(
        example_state("createOrder", ToolType.SIDE_EFFECT, example_decision(DecisionState.APPROVED)),
        example_state("getOrder"),
    ),
)
def side_effect_undecided(tool: ToolState) -> Iterator[Hit]:
    """No one has decided whether the agent may use this writing tool."""
    if tool.undecided and tool.effect is Effect.SIDE_EFFECT and tool.type is not ToolType.BILLING:
        yield Hit(matched=f"{tool.type.value}, undecided")


@rule(
    id="EXP-004",
    title="Read-only tool undecided",
    kind="state",
    severity=Severity.LOW,
    groups_findings=True,
    undecided="queue",
    remedy="Decide; read-only tools without sensitive data can be approved together.",
    standards=("nist-800-53:5.1.1/CM-7(5)",),
    hits=(example_state("getOrder"),),
    clean=(
        example_state("getOrder", ToolType.READ, example_decision(DecisionState.APPROVED)),
        example_state("createOrder", ToolType.SIDE_EFFECT),
    ),
)
def read_undecided(tool: ToolState) -> Iterator[Hit]:
    """No one has decided whether the agent may read this; reading discloses data."""
    if tool.undecided and tool.effect is Effect.READ:
        yield Hit(matched="read-only, undecided")
