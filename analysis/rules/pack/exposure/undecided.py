"""EXP: what is exposed without anybody having said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model import Condition, ConditionKind, DecisionState, Effect, Severity, ToolType
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import decided, state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model import ToolState

_TWO_PERSONS = Condition(ConditionKind.APPROVAL, "two persons", evidence="approval-workflow.pdf")


@rule(
    id="EXP-001",
    title="Irreversible or administrative tool exposed without approval",
    kind="state",
    severity=Severity.CRITICAL,
    grouped_when=True,
    remedy="Block the tool, or approve it with conditions that name who confirms each call.",
    standards=("owasp-llm:2025/LLM06", "owasp-asi:2026/ASI02", "owasp-mcp:2025/MCP07", "owasp-api:2023/API5"),
    hits=(state("deleteOrder", ToolType.CRITICAL), state("grantRole", ToolType.ADMINISTRATIVE)),
    clean=(
        state("deleteOrder", ToolType.CRITICAL, decided(DecisionState.BLOCKED)),
        state("getOrder"),
        state("refundOrder", ToolType.BILLING),
    ),
)
def irreversible_undecided(tool: ToolState) -> Iterator[Hit]:
    """An agent that picks tools by itself can call this one by mistake or by persuasion, and nobody agreed to it."""
    if tool.undecided and tool.effect is Effect.CRITICAL and tool.type is not ToolType.BILLING:
        yield Hit(matched=f"{tool.type.value}, {tool.row.reversibility.value}, undecided")


@rule(
    id="EXP-002",
    title="Money-moving tool lacks an approval workflow",
    kind="state",
    severity=Severity.CRITICAL,
    grouped_when=True,
    confidence="medium",
    remedy="Attach run-time approval as a condition, with evidence that the workflow exists; or block the tool.",
    standards=("owasp-api:2023/API6", "owasp-asi:2026/ASI02", "nist-800-53:5.1.1/AC-5"),
    false_positives="Tools that only mention invoices or payments; re-tag their type.",
    hits=(
        state("refundOrder", ToolType.BILLING),
        state("refundOrder", ToolType.BILLING, decided(DecisionState.APPROVED)),
        state(
            "refundOrder",
            ToolType.BILLING,
            decided(DecisionState.CONDITIONAL, Condition(ConditionKind.APPROVAL, "one person")),
        ),
    ),
    clean=(
        state("refundOrder", ToolType.BILLING, decided(DecisionState.CONDITIONAL, _TWO_PERSONS)),
        state("refundOrder", ToolType.BILLING, decided(DecisionState.BLOCKED)),
    ),
)
def money_without_workflow(tool: ToolState) -> Iterator[Hit]:
    """Money can leave without a person having seen amount and payee: no proven run-time approval is attached."""
    if tool.type is not ToolType.BILLING:
        return
    if tool.undecided or tool.decision is None:
        yield Hit(matched=f"billing, {tool.decision_state.value}")
    elif not tool.decision.has(ConditionKind.APPROVAL, evidenced=True):
        promised = tool.decision.has(ConditionKind.APPROVAL)
        yield Hit(matched="run-time approval without evidence" if promised else "no run-time approval")


@rule(
    id="EXP-003",
    title="Side-effect tool undecided",
    kind="state",
    severity=Severity.MEDIUM,
    grouped_when=True,
    remedy="Decide: approve, approve with conditions, or block.",
    standards=("owasp-llm:2025/LLM06", "nist-800-53:5.1.1/CM-7(5)"),
    hits=(state("createOrder", ToolType.SIDE_EFFECT),),
    clean=(state("createOrder", ToolType.SIDE_EFFECT, decided(DecisionState.APPROVED)), state("getOrder")),
)
def side_effect_undecided(tool: ToolState) -> Iterator[Hit]:
    """Nobody has said that an agent may change this."""
    if tool.undecided and tool.effect is Effect.SIDE_EFFECT and tool.type is not ToolType.BILLING:
        yield Hit(matched=f"{tool.type.value}, undecided")


@rule(
    id="EXP-004",
    title="Read-only tool undecided",
    kind="state",
    severity=Severity.LOW,
    grouped_when=True,
    remedy="Decide; reads without sensitive data can be approved together.",
    standards=("nist-800-53:5.1.1/CM-7(5)",),
    hits=(state("getOrder"),),
    clean=(
        state("getOrder", ToolType.READ, decided(DecisionState.APPROVED)),
        state("createOrder", ToolType.SIDE_EFFECT),
    ),
)
def read_undecided(tool: ToolState) -> Iterator[Hit]:
    """Nobody has said that an agent may read this; reading is disclosure."""
    if tool.undecided and tool.effect is Effect.READ:
        yield Hit(matched="read-only, undecided")
