"""Small invented tools with which rules show what they hit and what they leave alone."""

from __future__ import annotations

from typing import Any

from analysis.model import (
    Assessment,
    Decision,
    DecisionState,
    Effect,
    Reversibility,
    Risk,
    SourceId,
    TextSpan,
    TextSpans,
    Tool,
    ToolId,
    ToolRow,
    ToolState,
    ToolType,
    decision_state_of,
)
from analysis.rules.engine.rule_context import ToolContext

_SOURCE = SourceId("shop")
_ORDER = (ToolType.BILLING, ToolType.ADMINISTRATIVE, ToolType.CRITICAL, ToolType.SIDE_EFFECT, ToolType.READ)


def definition(name: str = "listOrders", *, assessed: dict[str, Any] | None = None, **facts: Any) -> ToolContext:
    """Return a tool as a `definition` rule sees it; `facts` override fields of the tool."""
    stated = {
        "method": "GET",
        "path": f"/{name}",
        "operation_id": name,
        "summary": "",
        "description": "Returns the orders of a shop, newest first.",
        "pointer": f"/paths/~1{name}/get",
        "digest": "0" * 64,
        "response_fields": ("id", "total"),
    } | facts
    tool = Tool(id=ToolId(f"shop:{name}"), source=_SOURCE, name=name, **stated)
    if "text_spans" not in stated:
        tool = Tool(
            id=tool.id,
            source=_SOURCE,
            name=name,
            **stated,
            text_spans=TextSpans.of(TextSpan(f"{tool.pointer}/description", tool.description)),
        )
    said: dict[str, Any] = {
        "effect": Effect.READ,
        "types": (ToolType.READ,),
        "reversibility": Reversibility.READ,
        "risk": Risk.LOW,
        "data": (),
        "reasons": (),
        "confidence": 1.0,
    } | (assessed or {})
    return ToolContext(tool, Assessment(**said))


def state(
    name: str = "getOrder", kind: ToolType = ToolType.READ, decision: Decision | None = None, **facts: Any
) -> ToolState:
    """Return a tool as a `state` or `set` rule sees it; `facts` override fields of the row."""
    effect = {ToolType.READ: Effect.READ, ToolType.SIDE_EFFECT: Effect.SIDE_EFFECT}.get(kind, Effect.CRITICAL)
    stated: dict[str, Any] = {
        "position": 0,
        "method": "POST" if effect is not Effect.READ else "GET",
        "path": f"/{name}",
        "operation_id": name,
        "summary": "",
        "digest": "0" * 64,
        "pointer": f"/paths/~1{name}",
        "line": None,
        "tags": (),
        "deprecated": False,
        "effect": effect,
        "types": tuple(dict.fromkeys((kind, ToolType(effect.value)))),
        "reversibility": Reversibility.IRREVERSIBLE if effect is Effect.CRITICAL else Reversibility.REVERSIBLE,
        "risk": Risk.HIGH if effect is Effect.CRITICAL else Risk.LOW,
        "data": (),
        "unclear": False,
        "confidence": 1.0,
        "credential": "required",
        "scopes": (),
        "servers": ("https://api.shop.example",),
        "tokens": 100,
    } | facts
    row = ToolRow(**{"id": ToolId(f"shop:{name}"), "source": _SOURCE, "name": name} | stated)
    stands = decision_state_of(decision, row.digest, "2026-01-01", conflict=False)
    return ToolState(row, row.risk, kind, effect, stands, decision)


def decided(decision_state: DecisionState, *conditions: Any) -> Decision:
    """Return a decision by an invented reviewer."""
    return Decision(decision_state, "agreed", "0" * 64, "j.doe", "2026-01-01T00:00:00Z", tuple(conditions))
