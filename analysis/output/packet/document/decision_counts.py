"""What was decided, counted: groups of equal decisions, types by risk, permissions, high-risk tools that are allowed."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from analysis.model import ConditionKind, DecisionState, Effect, Risk, ToolType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.model import RecommendedControls, ReviewedTool, Tool, ToolState

#: The order in which groups are listed.
_ORDER: Final = (
    DecisionState.CONDITIONAL, DecisionState.APPROVED, DecisionState.BLOCKED, DecisionState.UNDECIDED, DecisionState.STALE,
    DecisionState.CONFLICT, DecisionState.EXPIRED, DecisionState.AWAITING_SECOND,
)  # fmt: skip


def resource_of(tool: Tool) -> str:
    """Return the resource that a tool belongs to: its first tag, the first part of its path, or its source."""
    if tool.tags:
        return tool.tags[0]
    parts = [part for part in tool.path.split("/") if part and not part.startswith("{")]
    return parts[0] if parts else tool.source


def decision_groups(tools: Sequence[ReviewedTool]) -> list[dict[str, Any]]:
    """Return the groups of tools with one state, person, reason and conditions (with their evidence), largest first."""
    found: dict[tuple[Any, ...], list[ReviewedTool]] = defaultdict(list)
    for reviewed in tools:
        decision = reviewed.state.decision
        said = (decision.actor, decision.reason, decision.conditions) if decision else ("", "", ())
        found[reviewed.state.decision_state, *said].append(reviewed)
    ordered = sorted(found.items(), key=lambda item: (_ORDER.index(item[0][0]), -len(item[1]), item[1][0].tool.id))
    return [
        {
            "state": state.value,
            "by": actor,
            "reason": reason,
            "conditions": [{"kind": c.kind.value, "value": c.value, "evidence": c.evidence} for c in conditions],
            "tools": [reviewed.tool.id for reviewed in members],
            "resources": _counted(resource_of(reviewed.tool) for reviewed in members),
            "last_at": max((r.state.decision.at for r in members if r.state.decision), default=""),
        }
        for (state, actor, reason, conditions), members in ordered
    ]


def _counted(words: Iterable[str]) -> list[dict[str, Any]]:
    counts = Counter(words)
    return [{"name": name, "tools": n} for name, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def resources(tools: Sequence[ReviewedTool]) -> list[dict[str, Any]]:
    """Return the tools of each resource, in the order of their names."""
    found: dict[str, list[str]] = defaultdict(list)
    for reviewed in tools:
        found[resource_of(reviewed.tool)].append(reviewed.tool.id)
    return [{"name": name, "tools": found[name]} for name in sorted(found)]


def by_type_and_risk(tools: Sequence[ReviewedTool]) -> list[dict[str, Any]]:
    """Return for each type and risk how many tools are approved, conditional, blocked, and without a valid decision."""
    cells: Counter[tuple[ToolType, Risk, str]] = Counter()
    for reviewed in tools:
        state = reviewed.state
        cells[state.type, state.risk, state.decision_state.simple.value] += 1
    states = (DecisionState.APPROVED, DecisionState.CONDITIONAL, DecisionState.BLOCKED, DecisionState.UNDECIDED)
    return [
        {"type": kind.value, "risk": risk.value} | {s.value: cells[kind, risk, s.value] for s in states}
        for kind in ToolType
        for risk in Risk
    ]


def permission_rows(tools: Sequence[ReviewedTool]) -> list[dict[str, Any]]:
    """Return who may call how many allowed tools where: by audience and environment, counted by effect."""
    found: dict[tuple[str, str], Counter[Effect]] = defaultdict(Counter)
    for reviewed in tools:
        if reviewed.state.decision_state.allowed:
            audience = _values(reviewed.state, ConditionKind.GROUP, ConditionKind.USER)
            found[audience, _values(reviewed.state, ConditionKind.ENVIRONMENT)][reviewed.state.effect] += 1
    return [
        {"audience": audience, "environment": environment, "tools": sum(counts.values())}
        | {effect.value: counts[effect] for effect in Effect}
        for (audience, environment), counts in sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    ]


def _values(state: ToolState, *kinds: ConditionKind) -> str:
    conditions = state.decision.conditions if state.decision else ()
    return ", ".join(sorted(c.value for c in conditions if c.kind in kinds))


def high_risk_allowed(tools: Sequence[ReviewedTool]) -> list[str]:
    """Return the ids of the high-risk tools that are allowed, those without run-time approval first."""
    found = [r for r in tools if r.state.risk is Risk.HIGH and r.state.decision_state.allowed]
    return [r.tool.id for r in sorted(found, key=lambda r: (r.state.confirmed, r.tool.id))]


def recommended(tools: Sequence[ReviewedTool], proposals: Iterable[RecommendedControls]) -> list[dict[str, Any]]:
    """Return for each tool type the recommended controls and, for its allowed tools, which conditions are in place."""
    rows = []
    for proposal in proposals:
        of_type = [r for r in tools if r.state.type is proposal.type]
        allowed = [r for r in of_type if r.state.decision_state.allowed]
        rows.append(
            {
                "type": proposal.type.value,
                "tools": len(of_type),
                "allowed": len(allowed),
                "examples": [r.tool.name for r in (allowed or of_type)[:2]],
                "controls": list(proposal.controls),
                "conditions": [_in_place(allowed, each) for each in proposal.conditions],
            }
        )
    return rows


def _in_place(allowed: Sequence[ReviewedTool], kind: ConditionKind) -> dict[str, Any]:
    decisions = [r.state.decision for r in allowed if r.state.decision]
    return {
        "kind": kind.value,
        "stated": sum(decision.has(kind) for decision in decisions),
        "proven": sum(decision.has(kind, evidenced=True) for decision in decisions),
    }
