"""FLO: what the tools of one agent can do together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import Condition, ConditionKind, DecisionState, Effect, FlowRole, Severity, ToolType
from analysis.rules.detect.lethal_trifecta import TRIFECTA, open_roles
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import decided, state

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import ToolState
    from analysis.rules.engine.index import Groups

_SCORE_CAP: Final = 79
_NAMED: Final = 5
_APPROVED: Final = decided(
    DecisionState.CONDITIONAL, Condition(ConditionKind.APPROVAL, "one person", evidence="test run of the confirmation")
)
_INBOX: Final = state("readInbox", flow_roles=(FlowRole.PRIVATE, FlowRole.UNTRUSTED))
_SEND: Final = ("sendMessage", ToolType.SIDE_EFFECT)


def _named(tools: Sequence[ToolState]) -> str:
    more = f" and {len(tools) - _NAMED:,} more" if len(tools) > _NAMED else ""
    return ", ".join(tool.row.name for tool in tools[:_NAMED]) + more


@rule(
    id="FLO-006",
    title="Private data, foreign words and a way out in one set",
    kind="set",
    index_key=open_roles,
    severity=Severity.HIGH,
    confidence="medium",
    remedy="Close one leg whole: block its tools, or attach run-time approval to every way out; or split the agent.",
    standards=("owasp-asi:2026/ASI01", "owasp-mcp:2025/MCP06", "owasp-llm:2025/LLM01"),
    false_positives="Content that only staff can write, and outlets whose recipients are fixed; correct their legs.",
    hits=([_INBOX, state(*_SEND, flow_roles=(FlowRole.SINK,))],),
    clean=(
        [_INBOX, state(*_SEND, _APPROVED, flow_roles=(FlowRole.SINK,))],
        [_INBOX, state(*_SEND, decided(DecisionState.BLOCKED), flow_roles=(FlowRole.SINK,))],
        [_INBOX],
        [state(*_SEND, flow_roles=(FlowRole.SINK, FlowRole.PRIVATE))],
    ),
)
def lethal_trifecta(tools: Groups) -> Iterator[Hit]:
    """A stranger's text can make the agent read what is private and send it out; no single tool looks guilty."""
    flow_roles = {flow_role: tools.get(flow_role, ()) for flow_role in TRIFECTA}
    if all(flow_roles.values()):
        sizes = ", ".join(f"{len(found):,} × {flow_role.value}" for flow_role, found in flow_roles.items())
        fewest = min(TRIFECTA, key=lambda flow_role: len(flow_roles[flow_role]))
        yield Hit(f"{sizes}; fewest to close: {fewest.value} ({_named(flow_roles[fewest])})", cap=_SCORE_CAP)


def _ends(tool: ToolState) -> Iterator[bool]:
    """Yield True for a tool that reads foreign words, False for one whose grave act nobody confirms."""
    if FlowRole.UNTRUSTED in tool.flow_roles:
        yield True
    if tool.effect is Effect.CRITICAL and not tool.confirmed:
        yield False


@rule(
    id="FLO-007",
    title="Foreign words can set off a grave act",
    kind="set",
    index_key=_ends,
    severity=Severity.HIGH,
    confidence="medium",
    remedy="Attach run-time approval to every grave tool, or give foreign text to an agent that has none.",
    standards=("owasp-llm:2025/LLM06", "owasp-asi:2026/ASI01"),
    false_positives="Sessions that hold either the one or the other; say what keeps them apart.",
    hits=([state("listMessages", flow_roles=(FlowRole.UNTRUSTED,)), state("deleteOrder", ToolType.CRITICAL)],),
    clean=(
        [state("listMessages", flow_roles=(FlowRole.UNTRUSTED,)), state("deleteOrder", ToolType.CRITICAL, _APPROVED)],
        [state("deleteOrder", ToolType.CRITICAL)],
        [state("listMessages", flow_roles=(FlowRole.UNTRUSTED,)), state("createOrder", ToolType.SIDE_EFFECT)],
    ),
)
def foreign_words_act(tools: Groups) -> Iterator[Hit]:
    """What a stranger wrote can ask for a deletion, a payment or a right, and no person stands between."""
    reading, granted_high_risk = tools.get(True, ()), tools.get(False, ())
    if reading and granted_high_risk:
        yield Hit(f"{_named(granted_high_risk)}; foreign words by {_named(reading)}")
