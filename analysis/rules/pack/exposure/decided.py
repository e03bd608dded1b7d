"""EXP: approvals without the required conditions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from analysis.model import Condition, ConditionKind, DecisionState, Effect, Override, Risk, Severity, ToolType
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_decision, example_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model import ToolState

_APPROVAL: Final = Condition(ConditionKind.APPROVAL, "one person", evidence="test run of the confirmation")
_TWO: Final = Condition(ConditionKind.APPROVAL, "two persons", evidence="workflow export")
_GROUP: Final = Condition(ConditionKind.GROUP, "support-l3", evidence="directory export")
_PRODUCTION: Final = Condition(ConditionKind.ENVIRONMENT, "production", evidence="gateway export")
_UNMET_RATE: Final = Condition(ConditionKind.RATE, "20 per hour")
_DUAL_CONTROL: Final = ("two", "2 ", "second", "dual", "four eyes", "four-eyes", "several")


@rule(
    id="EXP-005",
    title="Irreversible tool approved without per-call approval",
    kind="state",
    severity=Severity.HIGH,
    groups_findings=True,
    remedy="Add a per-call approval condition with evidence, or block the tool.",
    standards=("aisvs:1.0/C9.2", "aiact:2024-1689/14"),
    false_positives="A confirmation enforced by another system; attach it as evidence.",
    hits=(
        example_state("deleteOrder", ToolType.CRITICAL, example_decision(DecisionState.APPROVED)),
        example_state("grantRole", ToolType.ADMINISTRATIVE, example_decision(DecisionState.CONDITIONAL, _GROUP)),
    ),
    clean=(
        example_state("deleteOrder", ToolType.CRITICAL, example_decision(DecisionState.CONDITIONAL, _APPROVAL)),
        example_state("deleteOrder", ToolType.CRITICAL, example_decision(DecisionState.BLOCKED)),
        example_state("deleteOrder", ToolType.CRITICAL),
        example_state("getOrder", ToolType.READ, example_decision(DecisionState.APPROVED)),
    ),
)
def irreversible_unconfirmed(tool: ToolState) -> Iterator[Hit]:
    """The agent can call the tool without confirmation, and the effect cannot be undone."""
    critical = tool.effect is Effect.CRITICAL and tool.type is not ToolType.BILLING
    if critical and tool.decision_state.allowed and not tool.confirmed:
        promised = tool.decision is not None and tool.decision.has(ConditionKind.APPROVAL)
        yield Hit("per-call approval without evidence" if promised else "no per-call approval")


@rule(
    id="EXP-006",
    title="Condition not met",
    kind="state",
    severity=Severity.MEDIUM,
    groups_findings=True,
    remedy="Attach evidence for each condition, or withdraw the approval until it is met.",
    standards=("nist-800-53:5.1.1/CA-5",),
    false_positives="Conditions that need no evidence, such as remarks; record them as a note.",
    hits=(
        example_state("createOrder", ToolType.SIDE_EFFECT, example_decision(DecisionState.CONDITIONAL, _UNMET_RATE)),
    ),
    clean=(
        example_state("createOrder", ToolType.SIDE_EFFECT, example_decision(DecisionState.CONDITIONAL, _APPROVAL)),
        example_state("createOrder", ToolType.SIDE_EFFECT, example_decision(DecisionState.APPROVED)),
        example_state("createOrder", ToolType.SIDE_EFFECT),
        # Covered by EXP-002.
        example_state("refundOrder", ToolType.BILLING, example_decision(DecisionState.CONDITIONAL, _UNMET_RATE)),
    ),
)
def condition_not_met(tool: ToolState) -> Iterator[Hit]:
    """The tool was approved under a condition without evidence, so it is exposed without it."""
    if (
        tool.decision is None
        or not tool.decision_state.allowed
        or (tool.type is ToolType.BILLING and not tool.confirmed)
    ):
        return
    critical = tool.effect is Effect.CRITICAL
    unmet = Counter(c.kind for c in tool.decision.unmet if not (critical and c.kind is ConditionKind.APPROVAL))
    if unmet:
        # By kind: values differ from tool to tool, and one cause would read like many.
        listed = ", ".join(f"{kind.value}{f' ({count})' if count > 1 else ''}" for kind, count in sorted(unmet.items()))
        yield Hit(f"without evidence: {listed}", severity=Severity.LOW if tool.effect is Effect.READ else None)


def _has_dual_control(tool: ToolState) -> bool:
    conditions = tool.decision.conditions if tool.decision else ()
    asked = [c.value.lower() + " " for c in conditions if c.kind is ConditionKind.APPROVAL and c.evidence]
    return any(word in value for value in asked for word in _DUAL_CONTROL)


@rule(
    id="EXP-007",
    title="No dual control on payments",
    kind="state",
    severity=Severity.HIGH,
    groups_findings=True,
    remedy="Require two approvers per call who see amount and payee, and attach evidence.",
    standards=("nist-800-53:5.1.1/AC-5", "iso27001:2022/A.5.3"),
    false_positives="Small teams, and amounts below a limit.",
    hits=(
        example_state("refundOrder", ToolType.BILLING, example_decision(DecisionState.CONDITIONAL, _APPROVAL)),
        example_state("refundOrder", ToolType.BILLING, example_decision(DecisionState.APPROVED)),
    ),
    clean=(
        example_state("refundOrder", ToolType.BILLING, example_decision(DecisionState.CONDITIONAL, _TWO)),
        example_state("refundOrder", ToolType.BILLING, example_decision(DecisionState.BLOCKED)),
        example_state("deleteOrder", ToolType.CRITICAL, example_decision(DecisionState.CONDITIONAL, _APPROVAL)),
    ),
)
def no_dual_control(tool: ToolState) -> Iterator[Hit]:
    """A single person can approve a payment that they requested, or that an injected text caused."""
    if tool.type is ToolType.BILLING and not _has_dual_control(tool):
        yield Hit("fewer than two approvers")


@rule(
    id="EXP-008",
    title="Audience unrestricted",
    kind="state",
    severity=Severity.MEDIUM,
    groups_findings=True,
    remedy="Add group and environment conditions with evidence.",
    standards=("nist-800-53:5.1.1/AC-6", "soc2:2017/CC6.3"),
    false_positives="Audiences restricted by the credential of the agent.",
    hits=(
        example_state("deleteOrder", ToolType.CRITICAL),
        example_state("deleteOrder", ToolType.CRITICAL, example_decision(DecisionState.CONDITIONAL, _GROUP)),
    ),
    clean=(
        example_state(
            "deleteOrder", ToolType.CRITICAL, example_decision(DecisionState.CONDITIONAL, _GROUP, _PRODUCTION)
        ),
        example_state("createOrder", ToolType.SIDE_EFFECT, example_decision(DecisionState.APPROVED)),
        example_state("deleteOrder", ToolType.CRITICAL, example_decision(DecisionState.BLOCKED)),
    ),
)
def audience_unrestricted(tool: ToolState) -> Iterator[Hit]:
    """Without conditions on users or teams and on environments, everyone who can use the agent can use this critical tool."""
    if tool.effect is not Effect.CRITICAL:
        return
    required = {"group": (ConditionKind.GROUP, ConditionKind.USER), "environment": (ConditionKind.ENVIRONMENT,)}
    decision = tool.decision if tool.decision_state.allowed else None
    missing = [name for name, kinds in required.items() if decision is None or not any(map(decision.has, kinds))]
    if missing:
        yield Hit(f"no {' and no '.join(missing)} condition")


_LOWERED: Final = example_state("deleteOrder", ToolType.CRITICAL)


@rule(
    id="EXP-009",
    title="Risk lowered without a reason",
    kind="state",
    severity=Severity.MEDIUM,
    remedy="State why the risk is lower than proposed, or remove the override.",
    standards=("nist-800-53:5.1.1/RA-3",),
    false_positives="Reasons recorded elsewhere; copy them here.",
    hits=(replace(_LOWERED, risk=Risk.LOW, risk_override=Override("low", "", "j.doe", "2026-01-01T00:00:00Z")),),
    clean=(
        _LOWERED,
        replace(_LOWERED, risk=Risk.LOW, risk_override=Override("low", "a sandbox", "j.doe", "2026-01-01T00:00:00Z")),
    ),
)
def risk_lowered_silently(tool: ToolState) -> Iterator[Hit]:
    """A lowered risk without a reason cannot be justified, and exempts the tool from stricter rules."""
    override = tool.risk_override
    if override is not None and tool.risk.rank < tool.row.risk.rank and not override.reason.strip():
        yield Hit(f"{tool.row.risk.value} proposed, {tool.risk.value} set by {override.actor}")
