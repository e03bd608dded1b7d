"""EXP: decisions that say yes without what a yes needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from analysis.model import Condition, ConditionKind, DecisionState, Effect, Override, Risk, Severity, ToolType
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import decided, state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model import ToolState

_APPROVAL: Final = Condition(ConditionKind.APPROVAL, "one person", evidence="test run of the confirmation")
_TWO: Final = Condition(ConditionKind.APPROVAL, "two persons", evidence="workflow export")
_GROUP: Final = Condition(ConditionKind.GROUP, "support-l3", evidence="directory export")
_PRODUCTION: Final = Condition(ConditionKind.ENVIRONMENT, "production", evidence="gateway export")
_PROMISE: Final = Condition(ConditionKind.RATE, "20 per hour")
_SEVERAL: Final = ("two", "2 ", "second", "dual", "four eyes", "four-eyes", "several")


@rule(
    id="EXP-005",
    title="Irreversible tool approved without run-time approval",
    kind="state",
    severity=Severity.HIGH,
    grouped_when=True,
    remedy="Attach run-time approval as a condition and name what proves it, or block the tool.",
    standards=("aisvs:1.0/C9.2", "aiact:2024-1689/14"),
    false_positives="A confirmation that another system enforces; attach it as the evidence.",
    hits=(
        state("deleteOrder", ToolType.CRITICAL, decided(DecisionState.APPROVED)),
        state("grantRole", ToolType.ADMINISTRATIVE, decided(DecisionState.CONDITIONAL, _GROUP)),
    ),
    clean=(
        state("deleteOrder", ToolType.CRITICAL, decided(DecisionState.CONDITIONAL, _APPROVAL)),
        state("deleteOrder", ToolType.CRITICAL, decided(DecisionState.BLOCKED)),
        state("deleteOrder", ToolType.CRITICAL),
        state("getOrder", ToolType.READ, decided(DecisionState.APPROVED)),
    ),
)
def irreversible_unconfirmed(tool: ToolState) -> Iterator[Hit]:
    """The tool is open to the agent and nobody sees a call before it happens; what it does cannot be taken back."""
    granted_high_risk = tool.effect is Effect.CRITICAL and tool.type is not ToolType.BILLING
    if granted_high_risk and tool.decision_state.allowed and not tool.confirmed:
        promised = tool.decision is not None and tool.decision.has(ConditionKind.APPROVAL)
        yield Hit("run-time approval is promised, not proved" if promised else "no run-time approval")


@rule(
    id="EXP-006",
    title="Condition not met",
    kind="state",
    severity=Severity.MEDIUM,
    grouped_when=True,
    remedy="Name what proves each condition, or take the approval back until it holds.",
    standards=("nist-800-53:5.1.1/CA-5",),
    false_positives="Conditions that need no proof, such as a remark; write them as a note on the tool.",
    hits=(state("createOrder", ToolType.SIDE_EFFECT, decided(DecisionState.CONDITIONAL, _PROMISE)),),
    clean=(
        state("createOrder", ToolType.SIDE_EFFECT, decided(DecisionState.CONDITIONAL, _APPROVAL)),
        state("createOrder", ToolType.SIDE_EFFECT, decided(DecisionState.APPROVED)),
        state("createOrder", ToolType.SIDE_EFFECT),
        # Said by EXP-002 already.
        state("refundOrder", ToolType.BILLING, decided(DecisionState.CONDITIONAL, _PROMISE)),
    ),
)
def condition_not_met(tool: ToolState) -> Iterator[Hit]:
    """The tool was allowed under a condition that nobody has shown to hold, so it is open without it."""
    if (
        tool.decision is None
        or not tool.decision_state.allowed
        or (tool.type is ToolType.BILLING and not tool.confirmed)
    ):
        return
    granted_high_risk = tool.effect is Effect.CRITICAL
    promised = [c for c in tool.decision.unmet if not (granted_high_risk and c.kind is ConditionKind.APPROVAL)]
    if promised:
        listed = ", ".join(f"{c.kind.value} {c.value}" for c in promised)
        yield Hit(listed, severity=Severity.LOW if tool.effect is Effect.READ else None)


def _two_persons(tool: ToolState) -> bool:
    conditions = tool.decision.conditions if tool.decision else ()
    asked = [c.value.lower() + " " for c in conditions if c.kind is ConditionKind.APPROVAL and c.evidence]
    return any(word in value for value in asked for word in _SEVERAL)


@rule(
    id="EXP-007",
    title="One person can let money go",
    kind="state",
    severity=Severity.HIGH,
    grouped_when=True,
    remedy="Have two persons approve each call, with amount and payee in front of them, and attach the proof.",
    standards=("nist-800-53:5.1.1/AC-5", "iso27001:2022/A.5.3"),
    false_positives="Small teams, and amounts that a limit keeps small.",
    hits=(
        state("refundOrder", ToolType.BILLING, decided(DecisionState.CONDITIONAL, _APPROVAL)),
        state("refundOrder", ToolType.BILLING, decided(DecisionState.APPROVED)),
    ),
    clean=(
        state("refundOrder", ToolType.BILLING, decided(DecisionState.CONDITIONAL, _TWO)),
        state("refundOrder", ToolType.BILLING, decided(DecisionState.BLOCKED)),
        state("deleteOrder", ToolType.CRITICAL, decided(DecisionState.CONDITIONAL, _APPROVAL)),
    ),
)
def one_person_money(tool: ToolState) -> Iterator[Hit]:
    """Whoever asks for the payment and whoever lets it pass may be the same person, or fooled by the same text."""
    if tool.type is ToolType.BILLING and not _two_persons(tool):
        yield Hit("fewer than two approvers")


@rule(
    id="EXP-008",
    title="Audience unrestricted",
    kind="state",
    severity=Severity.MEDIUM,
    grouped_when=True,
    remedy="Name the groups that may use the tool and the environments in which they may, as conditions with proof.",
    standards=("nist-800-53:5.1.1/AC-6", "soc2:2017/CC6.3"),
    false_positives="Audiences that the agent's own credential limits.",
    hits=(
        state("deleteOrder", ToolType.CRITICAL),
        state("deleteOrder", ToolType.CRITICAL, decided(DecisionState.CONDITIONAL, _GROUP)),
    ),
    clean=(
        state("deleteOrder", ToolType.CRITICAL, decided(DecisionState.CONDITIONAL, _GROUP, _PRODUCTION)),
        state("createOrder", ToolType.SIDE_EFFECT, decided(DecisionState.APPROVED)),
        state("deleteOrder", ToolType.CRITICAL, decided(DecisionState.BLOCKED)),
    ),
)
def audience_unrestricted(tool: ToolState) -> Iterator[Hit]:
    """A grave tool that names no group and no environment is open to everybody who can reach the agent."""
    if tool.effect is not Effect.CRITICAL:
        return
    wanted = {ConditionKind.GROUP: "group", ConditionKind.ENVIRONMENT: "environment"}
    said = tool.decision if tool.decision_state.allowed else None
    missing = [name for kind, name in wanted.items() if said is None or not said.has(kind)]
    if missing:
        yield Hit(f"no {' and no '.join(missing)} named")


_LOWERED: Final = state("deleteOrder", ToolType.CRITICAL)


@rule(
    id="EXP-009",
    title="Risk lowered without a reason",
    kind="state",
    severity=Severity.MEDIUM,
    remedy="Write down why the risk is lower than proposed, or set it back.",
    standards=("nist-800-53:5.1.1/RA-3",),
    false_positives="Reasons that were given elsewhere; copy them here.",
    hits=(replace(_LOWERED, risk=Risk.LOW, risk_override=Override("low", "", "j.doe", "2026-01-01T00:00:00Z")),),
    clean=(
        _LOWERED,
        replace(_LOWERED, risk=Risk.LOW, risk_override=Override("low", "a sandbox", "j.doe", "2026-01-01T00:00:00Z")),
    ),
)
def risk_lowered_silently(tool: ToolState) -> Iterator[Hit]:
    """A risk that somebody lowered without saying why cannot be defended, and takes the tool out of stricter rules."""
    override = tool.risk_override
    if override is not None and tool.risk.rank < tool.row.risk.rank and not override.reason.strip():
        yield Hit(f"{tool.row.risk.value} proposed, {tool.risk.value} set by {override.actor}")
