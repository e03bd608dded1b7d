"""FLO: flow roles of single tools: untrusted content, sinks, persistent channels, self-modification."""

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
from analysis.rules.detect.parameter_names import name_set
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_decision, example_state, example_tool
from analysis.text import visible
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model import ToolState
    from analysis.rules.engine.rule_context import ToolContext

_APPROVED: Final = example_decision(
    DecisionState.CONDITIONAL, Condition(ConditionKind.APPROVAL, "one person", evidence="test run of the confirmation")
)
_WRITES: Final = {"effect": Effect.SIDE_EFFECT, "types": (ToolType.SIDE_EFFECT,)}
_SENDS: Final = _WRITES | {
    "flow_roles": (FlowRoleSignal(FlowRole.EXFILTRATION_SINK, "parameters", "url", "caller-controlled destination"),)
}
_FETCHES: Final = {
    "flow_roles": (FlowRoleSignal(FlowRole.EXFILTRATION_SINK, "parameters", "url", "caller-controlled destination"),)
}
_RESTRICTING: Final = frozenset({"pattern", "const"})
_ADDRESSES: Final = frozenset({"email", "phone", "idn-email", "hostname-list"})
_CREATING: Final = name_set("create add new register set enable subscribe generate start share update put insert")
_CHANNELS: Final = name_set("webhook webhooks hook hooks forwarding sharelink exports")
_PAIRS: Final = (
    ("share", "link"), ("shared", "link"), ("invite", "link"), ("public", "link"), ("forward", "rule"),
    ("forwarding", "rule"), ("data", "export"), ("export", "job"), ("log", "sink"), ("event", "destination"),
    ("log", "stream"), ("log", "drain"), ("webhook", "endpoint"), ("event", "subscription"),
)  # fmt: skip


def _url(**limits: str) -> Parameter:
    return Parameter("callback_url", "body", required=True, type="string", description="", limits=tuple(limits.items()))


@rule(
    id="FLO-001",
    title="Returns untrusted content",
    kind="state",
    severity=Severity.LOW,
    groups_findings=True,
    confidence="medium",
    remedy="Label and screen its results, and keep critical tools out of the same session.",
    standards=("owasp-llm:2025/LLM01", "aisvs:1.0/C9.3"),
    false_positives="Content that only staff can write; override the flow role.",
    hits=(example_state("listMessages", flow_roles=(FlowRole.UNTRUSTED_CONTENT,)),),
    clean=(example_state(), example_state("listMessages", flow_roles=(FlowRole.PRIVATE_DATA,))),
)
def untrusted_content(tool: ToolState) -> Iterator[Hit]:
    """Text from outsiders enters the context of the model, which may follow it as instructions."""
    if FlowRole.UNTRUSTED_CONTENT in tool.flow_roles:
        yield Hit(f"{tool.row.name}: untrusted content")


@rule(
    id="FLO-002",
    title="Exfiltration sink without approval",
    kind="state",
    severity=Severity.MEDIUM,
    groups_findings=True,
    confidence="medium",
    remedy="Require per-call approval with evidence, or restrict recipients in the gateway.",
    standards=("atlas:5.6.0/AML.T0086", "safe-mcp:2025-08/T1914"),
    false_positives="Addresses that are stored but never used for sending; override the flow role.",
    hits=(example_state("sendMessage", ToolType.SIDE_EFFECT, flow_roles=(FlowRole.EXFILTRATION_SINK,)),),
    clean=(
        example_state("sendMessage", ToolType.SIDE_EFFECT, _APPROVED, flow_roles=(FlowRole.EXFILTRATION_SINK,)),
        example_state("fetchUrl", flow_roles=(FlowRole.EXFILTRATION_SINK,)),
        example_state("createOrder", ToolType.SIDE_EFFECT),
    ),
)
def unapproved_sink(tool: ToolState) -> Iterator[Hit]:
    """Any data in the context can leave through this tool, to recipients chosen by injected instructions."""
    if FlowRole.EXFILTRATION_SINK in tool.flow_roles and tool.effect is not Effect.READ and not tool.confirmed:
        yield Hit("sends data to external recipients without per-call approval")


@rule(
    id="FLO-003",
    title="Caller-controlled destination (SSRF, exfiltration)",
    kind="definition",
    every_kind=True,
    severity=Severity.MEDIUM,
    groups_findings=True,
    confidence="medium",
    remedy="Restrict hosts or recipients to an allowlist in the gateway.",
    standards=("owasp-api:2023/API7", "mcp-spec:2026-07-28/ssrf", "nsa-csi:1.0/egress-filtering"),
    false_positives="URLs that are stored and never requested.",
    hits=(
        example_tool(parameters=(_url(format="uri"),), assessed=_SENDS),
        example_tool("fetchUrl", parameters=(_url(),), assessed=_FETCHES),
    ),
    clean=(
        example_tool(parameters=(_url(pattern="^https://hooks.shop.example/"),), assessed=_SENDS),
        example_tool(parameters=(_url(),)),
        example_tool(),
    ),
)
def caller_controlled_destination(context: ToolContext) -> Iterator[Hit]:
    """Injected instructions can choose where the server connects and what it sends, including the internal network."""
    assessment = context.assessment
    if not any(signal.flow_role is FlowRole.EXFILTRATION_SINK for signal in assessment.flow_roles):
        return
    for parameter in (*context.parameters_tagged("url"), *context.parameters_tagged("recipient")):
        limits = dict(parameter.limits)
        stated = parameter.values or _RESTRICTING & limits.keys() or limits.get("format") in _ADDRESSES
        if not stated and parameter.place != "path" and parameter.type != "boolean":
            yield Hit(
                f"{parameter.place} {visible(parameter.name)}, unrestricted",
                key=parameter.name,
                severity=Severity.HIGH if assessment.effect is Effect.READ else None,
            )


@rule(
    id="FLO-004",
    title="Creates a persistent outbound channel (webhook, forward, share)",
    kind="definition",
    severity=Severity.HIGH,
    groups_findings=True,
    confidence="medium",
    remedy="Block it; a person should set up channels that outlive the session.",
    standards=("atlas:5.6.0/AML.T0086", "safe-mcp:2025-08/T1911"),
    false_positives="Channels with a destination fixed by the organisation.",
    hits=(
        example_tool("createWebhook", method="POST", assessed=_WRITES),
        example_tool("addForwardingRule", method="POST", assessed=_WRITES),
    ),
    clean=(
        example_tool("listWebhooks"),
        example_tool("deleteWebhook", method="DELETE", assessed=_WRITES),
        example_tool(),
    ),
)
def persistent_channel(context: ToolContext) -> Iterator[Hit]:
    """After a single call, data keeps leaving without further calls that could be monitored or approved."""
    words = context.name_words
    if context.assessment.effect is Effect.READ or _CREATING.isdisjoint(words):
        return
    channel = next((word for word in words if word in _CHANNELS), "")
    channel = channel or next((" ".join(pair) for pair in itertools.pairwise(words) if pair in _PAIRS), "")
    if channel:
        yield Hit(f"{next(word for word in words if word in _CREATING)} {channel}")


#: Names of credentials, and of what decides who may do what. A tool about the first alone controls no permissions.
_CREDENTIALS: Final = name_set("token tokens credential credentials entitlement entitlements")
_KEYS: Final = name_set("key keys")
_KEY_OF: Final = name_set("api access service project")
_PERMISSIONS: Final = name_set(
    "role roles permission permissions policy policies privilege privileges scope scopes admin admins access acl rbac "
    "tool tools prompt prompts approval approvals guardrail guardrails"
)


@rule(
    id="FLO-005",
    title="Can escalate its own privileges",
    kind="state",
    severity=Severity.CRITICAL,
    groups_findings=True,
    confidence="medium",
    remedy="Block it; permissions and instructions of an agent are managed outside it.",
    standards=("aisvs:1.0/C9.2", "owasp-asi:2026/ASI03"),
    false_positives="Roles and policies of a system in which the agent has no identity; override the flow role.",
    hits=(example_state("updatePolicy", ToolType.ADMINISTRATIVE, flow_roles=(FlowRole.SELF_MODIFICATION,)),),
    clean=(
        example_state(
            "updatePolicy",
            ToolType.ADMINISTRATIVE,
            example_decision(DecisionState.BLOCKED),
            flow_roles=(FlowRole.SELF_MODIFICATION,),
        ),
        example_state("updatePolicy", ToolType.ADMINISTRATIVE, _APPROVED, flow_roles=(FlowRole.SELF_MODIFICATION,)),
        example_state("createToken", ToolType.SIDE_EFFECT, flow_roles=(FlowRole.SELF_MODIFICATION,)),
        example_state("listPolicies", flow_roles=(FlowRole.SELF_MODIFICATION,)),
    ),
)
def privilege_escalation(tool: ToolState) -> Iterator[Hit]:
    """An agent that edits roles, policies, tools or prompts can grant itself what this review denied."""
    if FlowRole.SELF_MODIFICATION in tool.flow_roles and tool.type is ToolType.ADMINISTRATIVE and not tool.confirmed:
        words = [*split_words(tool.row.operation_id or tool.row.name), *split_words(tool.row.path)]
        credentials = {
            at for at, word in enumerate(words) if word in _CREDENTIALS or (word in _KEYS and words[at - 1] in _KEY_OF)
        }
        others = {word for at, word in enumerate(words) if not (word == "access" and at + 1 in credentials)}
        if not credentials or not _PERMISSIONS.isdisjoint(others):
            yield Hit("controls the permissions of the agent itself")
        else:  # a token may be anyone's, and for anything: of a card, of a device
            yield Hit("controls credentials, which may be those of the agent", severity=Severity.HIGH)
