"""FLO: attack paths over the tools of one agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import (
    TRIFECTA,
    Condition,
    ConditionKind,
    DecisionState,
    Effect,
    FlowRole,
    OpenFlowRole,
    PathState,
    Severity,
    ToolType,
)
from analysis.rules.detect.lethal_trifecta import PathPart, path_keys, state_of
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_decision, example_state
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import ToolState
    from analysis.rules.engine.index import IndexedTools

_SCORE_CAP: Final = 79
_MAX_NAMES: Final = 5
_APPROVED: Final = example_decision(
    DecisionState.CONDITIONAL, Condition(ConditionKind.APPROVAL, "one person", evidence="test run of the confirmation")
)
_INBOX: Final = example_state("readInbox", flow_roles=(FlowRole.PRIVATE_DATA, FlowRole.UNTRUSTED_CONTENT))
_OPEN_SINK: Final = OpenFlowRole(FlowRole.EXFILTRATION_SINK, "the effect is unclear")
_SEND: Final = ("sendMessage", ToolType.SIDE_EFFECT)


def _named(tools: Sequence[ToolState]) -> str:
    more = f" and {len(tools) - _MAX_NAMES:,} more" if len(tools) > _MAX_NAMES else ""
    return ", ".join(tool.row.name for tool in tools[:_MAX_NAMES]) + more


@rule(
    id="FLO-006",
    title="Lethal trifecta in the exposed set",
    kind="set",
    index_key=path_keys,
    severity=Severity.HIGH,
    confidence="medium",
    remedy="Remove one role: block all its tools, or require per-call approval for every sink; or split the agent.",
    standards=("owasp-asi:2026/ASI01", "owasp-mcp:2025/MCP06", "owasp-llm:2025/LLM01"),
    false_positives="Content that only staff can write, and sinks with fixed recipients; override their flow roles.",
    hits=([_INBOX, example_state(*_SEND, flow_roles=(FlowRole.EXFILTRATION_SINK,))],),
    clean=(
        [_INBOX, example_state(*_SEND, _APPROVED, flow_roles=(FlowRole.EXFILTRATION_SINK,))],
        [
            _INBOX,
            example_state(*_SEND, example_decision(DecisionState.BLOCKED), flow_roles=(FlowRole.EXFILTRATION_SINK,)),
        ],
        [_INBOX],
        [example_state(*_SEND, flow_roles=(FlowRole.EXFILTRATION_SINK, FlowRole.PRIVATE_DATA))],
    ),
)
def lethal_trifecta(tools: IndexedTools) -> Iterator[Hit]:
    """Untrusted content can make the agent read private data and send it out, through tools that are each harmless."""
    if state_of(tools).state is not PathState.PRESENT:
        return
    flow_roles = {role: tools[PathPart.PLAYS, role] for role in TRIFECTA}
    sizes = ", ".join(f"{len(found):,} × {flow_role.value}" for flow_role, found in flow_roles.items())
    fewest = min(TRIFECTA, key=lambda flow_role: len(flow_roles[flow_role]))
    yield Hit(f"{sizes}; smallest role: {fewest.value} ({_named(flow_roles[fewest])})", cap=_SCORE_CAP)


@rule(
    id="FLO-008",
    title="Exfiltration path not known",
    kind="set",
    index_key=path_keys,
    severity=Severity.MEDIUM,
    confidence="medium",
    remedy="Settle the open roles: add or remove each on the tool's page with a reason, or block the tools; read sources again that had errors.",
    standards=("owasp-asi:2026/ASI01", "owasp-llm:2025/LLM01"),
    false_positives="Tools whose behaviour is known from elsewhere; override their flow roles.",
    hits=([_INBOX, example_state("processRecord", ToolType.SIDE_EFFECT, open_flow_roles=(_OPEN_SINK,))],),
    clean=(
        [_INBOX, example_state(*_SEND, flow_roles=(FlowRole.EXFILTRATION_SINK,))],
        [example_state("processRecord", ToolType.SIDE_EFFECT, open_flow_roles=(_OPEN_SINK,))],
        [_INBOX],
    ),
)
def path_not_known(tools: IndexedTools) -> Iterator[Hit]:
    """Definitions leave open whether private data could be sent out at the word of untrusted content."""
    path = state_of(tools)
    if path.state is not PathState.NOT_KNOWN:
        return
    if path.unread:
        yield Hit(f"read with errors, so that tools may be missing: {', '.join(map(visible, path.unread))}")
        return
    left_open = [role for role in TRIFECTA if (PathPart.PLAYS, role) not in tools]
    fewest = min(left_open, key=lambda role: len(tools[PathPart.POSSIBLE, role]))
    found = tools[PathPart.POSSIBLE, fewest]
    roles = ", ".join(role.value for role in left_open)
    yield Hit(f"open: {roles}; fewest tools to settle: {len(found):,} for {fewest.value} ({_named(found)})")


def _path_ends(tool: ToolState) -> Iterator[bool]:
    """Yield True for a tool with untrusted content, False for an unconfirmed critical tool."""
    if FlowRole.UNTRUSTED_CONTENT in tool.flow_roles:
        yield True
    if tool.effect is Effect.CRITICAL and not tool.confirmed:
        yield False


@rule(
    id="FLO-007",
    title="Untrusted content can trigger a high-impact action",
    kind="set",
    index_key=_path_ends,
    severity=Severity.HIGH,
    confidence="medium",
    remedy="Require per-call approval for every critical tool, or process untrusted content with an agent that has none.",
    standards=("owasp-llm:2025/LLM06", "owasp-asi:2026/ASI01"),
    false_positives="Sessions with only one of the two; document what separates them.",
    hits=(
        [
            example_state("listMessages", flow_roles=(FlowRole.UNTRUSTED_CONTENT,)),
            example_state("deleteOrder", ToolType.CRITICAL),
        ],
    ),
    clean=(
        [
            example_state("listMessages", flow_roles=(FlowRole.UNTRUSTED_CONTENT,)),
            example_state("deleteOrder", ToolType.CRITICAL, _APPROVED),
        ],
        [example_state("deleteOrder", ToolType.CRITICAL)],
        [
            example_state("listMessages", flow_roles=(FlowRole.UNTRUSTED_CONTENT,)),
            example_state("createOrder", ToolType.SIDE_EFFECT),
        ],
    ),
)
def untrusted_content_triggers(tools: IndexedTools) -> Iterator[Hit]:
    """Untrusted content can instruct the agent to delete, pay or grant access, and no person confirms it."""
    sources, critical = tools.get(True, ()), tools.get(False, ())
    if sources and critical:
        yield Hit(f"{_named(critical)}; untrusted content from {_named(sources)}")
