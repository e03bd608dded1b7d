"""FLO: what one tool lends to a flow: foreign words, a way out, a lasting outlet, a hand on its own limits."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from analysis.model import (
    Condition,
    ConditionKind,
    DecisionState,
    Effect,
    FlowRole,
    FlowRoleSignal,
    Parameter,
    Severity,
    ToolType,
)
from analysis.rules.detect.parameter_names import names
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import decided, definition, state
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model import ToolState
    from analysis.rules.engine.rule_context import ToolContext

_APPROVED: Final = decided(
    DecisionState.CONDITIONAL, Condition(ConditionKind.APPROVAL, "one person", evidence="test run of the confirmation")
)
_WRITES: Final = {"effect": Effect.SIDE_EFFECT, "types": (ToolType.SIDE_EFFECT,)}
_SENDS: Final = _WRITES | {
    "flow_roles": (FlowRoleSignal(FlowRole.SINK, "parameters", "url", "the caller chooses where it goes"),)
}
_FETCHES: Final = {
    "flow_roles": (FlowRoleSignal(FlowRole.SINK, "parameters", "url", "the caller chooses where it goes"),)
}
_LIMITED: Final = frozenset({"pattern", "const"})
_ADDRESSES: Final = frozenset({"email", "phone", "idn-email", "hostname-list"})
_MAKING: Final = names("create add new register set enable subscribe generate start share update put insert")
_OUTLETS: Final = names("webhook webhooks hook hooks forwarding sharelink exports")
_PAIRS: Final = (
    ("share", "link"), ("shared", "link"), ("invite", "link"), ("public", "link"), ("forward", "rule"),
    ("forwarding", "rule"), ("data", "export"), ("export", "job"), ("log", "sink"), ("event", "destination"),
    ("log", "stream"), ("log", "drain"), ("webhook", "endpoint"), ("event", "subscription"),
)  # fmt: skip


def _url(**limits: str) -> Parameter:
    return Parameter("callback_url", "body", required=True, type="string", description="", limits=tuple(limits.items()))


@rule(
    id="FLO-001",
    title="Reads what strangers write",
    kind="state",
    severity=Severity.LOW,
    grouped_when=True,
    confidence="medium",
    remedy="Label its answers as foreign text, screen them, and keep grave tools out of the same session.",
    standards=("owasp-llm:2025/LLM01", "aisvs:1.0/C9.3"),
    false_positives="Content that only staff can write; correct the tool's leg.",
    hits=(state("listMessages", flow_roles=(FlowRole.UNTRUSTED,)),),
    clean=(state(), state("listMessages", flow_roles=(FlowRole.PRIVATE,))),
)
def foreign_content(tool: ToolState) -> Iterator[Hit]:
    """Words that anybody may have written enter the model's context, where they can pass for orders."""
    if FlowRole.UNTRUSTED in tool.flow_roles:
        yield Hit(f"{tool.row.name}: untrusted content")


@rule(
    id="FLO-002",
    title="Way out without approval",
    kind="state",
    severity=Severity.MEDIUM,
    grouped_when=True,
    confidence="medium",
    remedy="Attach run-time approval with proof, or have the gateway fix the recipients.",
    standards=("atlas:5.6.0/AML.T0086", "safe-mcp:2025-08/T1914"),
    false_positives="Addresses that are stored and that nothing is sent to; correct the tool's leg.",
    hits=(state("sendMessage", ToolType.SIDE_EFFECT, flow_roles=(FlowRole.SINK,)),),
    clean=(
        state("sendMessage", ToolType.SIDE_EFFECT, _APPROVED, flow_roles=(FlowRole.SINK,)),
        state("fetchUrl", flow_roles=(FlowRole.SINK,)),
        state("createOrder", ToolType.SIDE_EFFECT),
    ),
)
def way_out(tool: ToolState) -> Iterator[Hit]:
    """Whatever the model has read can leave through this tool, to whom the model was told to send it."""
    if FlowRole.SINK in tool.flow_roles and tool.effect is not Effect.READ and not tool.confirmed:
        yield Hit("reaches somebody outside, and nobody approves each call")


@rule(
    id="FLO-003",
    title="Free destination",
    kind="definition",
    severity=Severity.MEDIUM,
    grouped_when=True,
    confidence="medium",
    remedy="Limit the hosts or recipients to a list at the gateway.",
    standards=("owasp-api:2023/API7", "mcp-spec:2026-07-28/ssrf", "nsa-csi:1.0/egress-filtering"),
    false_positives="Links that are stored and never followed.",
    hits=(
        definition(parameters=(_url(format="uri"),), assessed=_SENDS),
        definition("fetchUrl", parameters=(_url(),), assessed=_FETCHES),
    ),
    clean=(
        definition(parameters=(_url(pattern="^https://hooks.shop.example/"),), assessed=_SENDS),
        definition(parameters=(_url(),)),
        definition(),
    ),
)
def free_destination(case: ToolContext) -> Iterator[Hit]:
    """Whoever can whisper to the model chooses where the server goes or what it sends there, inside the network too."""
    said = case.assessment
    if not any(flow_role.flow_role is FlowRole.SINK for flow_role in said.flow_roles):
        return
    for parameter in (*case.inputs("url"), *case.inputs("recipient")):
        limits = dict(parameter.limits)
        stated = parameter.values or _LIMITED & limits.keys() or limits.get("format") in _ADDRESSES
        if not stated and parameter.place != "path" and parameter.type != "boolean":
            yield Hit(
                f"{parameter.place} {visible(parameter.name)}, no limit stated",
                key=parameter.name,
                severity=Severity.HIGH if said.effect is Effect.READ else None,
            )


@rule(
    id="FLO-004",
    title="Makes a lasting outlet",
    kind="definition",
    severity=Severity.HIGH,
    grouped_when=True,
    confidence="medium",
    remedy="Block it; a person sets up what goes on sending after the agent has stopped.",
    standards=("atlas:5.6.0/AML.T0086", "safe-mcp:2025-08/T1911"),
    false_positives="Outlets whose destination is fixed by the organisation.",
    hits=(
        definition("createWebhook", method="POST", assessed=_WRITES),
        definition("addForwardingRule", method="POST", assessed=_WRITES),
    ),
    clean=(definition("listWebhooks"), definition("deleteWebhook", method="DELETE", assessed=_WRITES), definition()),
)
def lasting_outlet(case: ToolContext) -> Iterator[Hit]:
    """One call is enough for data to leave from then on, with no further call that anybody could see or approve."""
    words = case.spoken
    if case.assessment.effect is Effect.READ or _MAKING.isdisjoint(words):
        return
    outlet = next((word for word in words if word in _OUTLETS), "")
    outlet = outlet or next((" ".join(pair) for pair in itertools.pairwise(words) if pair in _PAIRS), "")
    if outlet:
        yield Hit(f"{next(word for word in words if word in _MAKING)} {outlet}")


@rule(
    id="FLO-005",
    title="Can change its own limits",
    kind="state",
    severity=Severity.CRITICAL,
    grouped_when=True,
    confidence="medium",
    remedy="Block it; what an agent may do, and is told, is decided outside of it.",
    standards=("aisvs:1.0/C9.2", "owasp-asi:2026/ASI03"),
    false_positives="Roles and policies of other people in a system that does not know the agent; correct the leg.",
    hits=(state("updatePolicy", ToolType.ADMINISTRATIVE, flow_roles=(FlowRole.LIMITS,)),),
    clean=(
        state("updatePolicy", ToolType.ADMINISTRATIVE, decided(DecisionState.BLOCKED), flow_roles=(FlowRole.LIMITS,)),
        state("updatePolicy", ToolType.ADMINISTRATIVE, _APPROVED, flow_roles=(FlowRole.LIMITS,)),
        state("createToken", ToolType.SIDE_EFFECT, flow_roles=(FlowRole.LIMITS,)),
        state("listPolicies", flow_roles=(FlowRole.LIMITS,)),
    ),
)
def own_limits(tool: ToolState) -> Iterator[Hit]:
    """An agent that edits roles, policies, tools or prompts can give itself what this review has refused."""
    if FlowRole.LIMITS in tool.flow_roles and tool.type is ToolType.ADMINISTRATIVE and not tool.confirmed:
        yield Hit("decides what the agent itself may do")
