"""FLO: what the tools of one agent can do together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import Condition, ConditionKind, Effect, Exposure, Leg, Severity, ToolType
from analysis.rules.engine import Hit, rule
from analysis.rules.examples import decided, state
from analysis.rules.flows import TRIFECTA, open_legs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import ToolState
    from analysis.rules.index import Groups

_CEILING: Final = 79
_NAMED: Final = 5
_APPROVED: Final = decided(
    Exposure.CONDITIONAL, Condition(ConditionKind.APPROVAL, "one person", evidence="test run of the confirmation")
)
_INBOX: Final = state("readInbox", legs=(Leg.PRIVATE, Leg.UNTRUSTED))
_SEND: Final = ("sendMessage", ToolType.SIDE_EFFECT)


def _named(tools: Sequence[ToolState]) -> str:
    more = f" and {len(tools) - _NAMED:,} more" if len(tools) > _NAMED else ""
    return ", ".join(tool.row.name for tool in tools[:_NAMED]) + more


@rule(
    id="FLO-006",
    title="Private data, foreign words and a way out in one set",
    kind="set",
    under=open_legs,
    severity=Severity.HIGH,
    confidence="medium",
    remedy="Close one leg whole: block its tools, or attach run-time approval to every way out; or split the agent.",
    standards=("owasp-asi:2026/ASI01", "owasp-mcp:2025/MCP06", "owasp-llm:2025/LLM01"),
    false_positives="Content that only staff can write, and outlets whose recipients are fixed; correct their legs.",
    hits=([_INBOX, state(*_SEND, legs=(Leg.WAY_OUT,))],),
    clean=(
        [_INBOX, state(*_SEND, _APPROVED, legs=(Leg.WAY_OUT,))],
        [_INBOX, state(*_SEND, decided(Exposure.BLOCKED), legs=(Leg.WAY_OUT,))],
        [_INBOX],
        [state(*_SEND, legs=(Leg.WAY_OUT, Leg.PRIVATE))],
    ),
)
def all_three_legs(tools: Groups) -> Iterator[Hit]:
    """A stranger's text can make the agent read what is private and send it out; no single tool looks guilty."""
    legs = {leg: tools.get(leg, ()) for leg in TRIFECTA}
    if all(legs.values()):
        sizes = ", ".join(f"{len(found):,} × {leg.value}" for leg, found in legs.items())
        fewest = min(TRIFECTA, key=lambda leg: len(legs[leg]))
        yield Hit(f"{sizes}; fewest to close: {fewest.value} ({_named(legs[fewest])})", ceiling=_CEILING)


def _ends(tool: ToolState) -> Iterator[bool]:
    """Yield True for a tool that reads foreign words, False for one whose grave act nobody confirms."""
    if Leg.UNTRUSTED in tool.legs:
        yield True
    if tool.effect is Effect.CRITICAL and not tool.confirmed:
        yield False


@rule(
    id="FLO-007",
    title="Foreign words can set off a grave act",
    kind="set",
    under=_ends,
    severity=Severity.HIGH,
    confidence="medium",
    remedy="Attach run-time approval to every grave tool, or give foreign text to an agent that has none.",
    standards=("owasp-llm:2025/LLM06", "owasp-asi:2026/ASI01"),
    false_positives="Sessions that hold either the one or the other; say what keeps them apart.",
    hits=([state("listMessages", legs=(Leg.UNTRUSTED,)), state("deleteOrder", ToolType.CRITICAL)],),
    clean=(
        [state("listMessages", legs=(Leg.UNTRUSTED,)), state("deleteOrder", ToolType.CRITICAL, _APPROVED)],
        [state("deleteOrder", ToolType.CRITICAL)],
        [state("listMessages", legs=(Leg.UNTRUSTED,)), state("createOrder", ToolType.SIDE_EFFECT)],
    ),
)
def foreign_words_act(tools: Groups) -> Iterator[Hit]:
    """What a stranger wrote can ask for a deletion, a payment or a right, and no person stands between."""
    reading, grave = tools.get(True, ()), tools.get(False, ())
    if reading and grave:
        yield Hit(f"{_named(grave)}; foreign words by {_named(reading)}")
