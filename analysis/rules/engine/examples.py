"""Small invented tools for the examples of rules."""

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


def example_tool(name: str = "listOrders", *, assessed: dict[str, Any] | None = None, **facts: Any) -> ToolContext:
    """Return the context of a `definition` rule; `facts` override fields of the tool."""
    fields = {
        "method": "GET",
        "path": f"/{name}",
        "operation_id": name,
        "summary": "",
        "description": "Returns the orders of a shop, newest first.",
        "pointer": f"/paths/~1{name}/get",
        "digest": "0" * 64,
        "response_fields": ("id", "total"),
    } | facts
    tool = Tool(id=ToolId(f"shop:{name}"), source=_SOURCE, name=name, **fields)
    if "text_spans" not in fields:
        tool = Tool(
            id=tool.id,
            source=_SOURCE,
            name=name,
            **fields,
            text_spans=TextSpans.of(TextSpan(f"{tool.pointer}/description", tool.description)),
        )
    assessment: dict[str, Any] = {
        "effect": Effect.READ,
        "types": (ToolType.READ,),
        "reversibility": Reversibility.READ,
        "risk": Risk.LOW,
        "data": (),
        "reasons": (),
        "confidence": 1.0,
    } | (assessed or {})
    return ToolContext(tool, Assessment(**assessment))


def example_state(
    name: str = "getOrder", kind: ToolType = ToolType.READ, decision: Decision | None = None, **facts: Any
) -> ToolState:
    """Return the input of a `state` or `set` rule; `facts` override fields of the row."""
    effect = {ToolType.READ: Effect.READ, ToolType.SIDE_EFFECT: Effect.SIDE_EFFECT}.get(kind, Effect.CRITICAL)
    fields: dict[str, Any] = {
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
    row = ToolRow(**{"id": ToolId(f"shop:{name}"), "source": _SOURCE, "name": name} | fields)
    decision_state = decision_state_of(decision, row.digest, "2026-01-01", conflict=False)
    return ToolState(row, row.risk, kind, effect, decision_state, decision)


def example_decision(decision_state: DecisionState, *conditions: Any) -> Decision:
    """Return a decision by an invented reviewer."""
    return Decision(decision_state, "agreed", "0" * 64, "j.doe", "2026-01-01T00:00:00Z", tuple(conditions))
