"""The five questions of every security review, answered from the inventory, the decisions and the controls."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from analysis.model import ConditionKind, DecisionState, Risk, ToolType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.model import ReviewedTool, ReviewSnapshot


def questions(review_snapshot: ReviewSnapshot, controls: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the answers to the five questions; `controls` are the rows of the governance checklist."""
    return {
        "access": _access(review_snapshot) | {"controls": _about("q1", "inv-", controls)},
        "actions": _actions(review_snapshot) | {"controls": _about("q2", "act-", controls)},
        "credentials": _credentials(review_snapshot) | {"controls": _about("q3", "cred-", controls)},
        "approvals": _approvals(review_snapshot) | {"controls": _about("q4", "appr-", controls)},
        "audit": _audit(review_snapshot) | {"controls": _about("q5", "log-", controls)},
    }


def _about(question: str, prefix: str, controls: Sequence[dict[str, Any]]) -> list[str]:
    """Return the ids of the controls that a question asks for, by their list or by the prefix of their ids."""
    return [c["id"] for c in controls if question in c["lists"] or c["id"].startswith(prefix)]


def _allowed(reviews: Iterable[ReviewedTool]) -> int:
    return sum(r.state.decision_state.allowed for r in reviews)


def _access(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    """Return what the agent can reach: for each class of data, how many tools return or receive it."""
    by_class: dict[str, dict[str, ReviewedTool]] = defaultdict(dict)
    directions: dict[str, Counter[str]] = defaultdict(Counter)
    for review in review_snapshot.tools:
        for data, direction in {(hit.data, hit.direction) for hit in review.assessment.data}:
            by_class[data][review.tool.id] = review
            directions[data][direction] += 1
    rows = [
        {
            "data": data,
            "returned_by": directions[data]["response"],
            "received_by": directions[data]["request"],
            "tools": sorted(found),
            "allowed": _allowed(found.values()),
        }
        for data, found in sorted(by_class.items())
    ]
    without = [r for r in review_snapshot.tools if not r.assessment.data]
    servers = sorted({s for source in review_snapshot.sources for s in source.servers})
    return {
        "tools": len(review_snapshot.tools),
        "allowed": _allowed(review_snapshot.tools),
        "data": rows,
        "no_data_class": len(without),
        "servers": servers,
    }


def _actions(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    """Return what it can do: tools by type."""
    rows = []
    for tool_type in ToolType:
        found = [r for r in review_snapshot.tools if r.state.type is tool_type]
        rows.append({"type": tool_type.value, "tools": len(found), "allowed": _allowed(found)})
    return {"types": rows}


def _credentials(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    """Return how it authenticates: each scheme and scope with the tools that need it, and the tools that need none."""
    uses: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    none_needed, not_stated = [], []
    for review in review_snapshot.tools:
        security = review.tool.security
        if security is None:
            not_stated.append(review.tool.id)
        elif not security or any(not alternative for alternative in security):
            none_needed.append(review.tool.id)
        for alternative in security or ():
            for use in alternative:
                for scope in use.scopes or ("",):
                    uses[use.name, use.kind, scope].add(review.tool.id)
    rows = [
        {"scheme": name, "kind": kind, "scope": scope, "tools": sorted(tools)}
        for (name, kind, scope), tools in sorted(uses.items())
    ]
    return {"schemes": rows, "no_credential": none_needed, "not_stated": not_stated}


def _approvals(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    """Return who approves: decisions by person, the conditions of allowed tools, and the approvals at run time."""
    people: Counter[str] = Counter(r.state.decision.actor for r in review_snapshot.tools if r.state.decision)
    conditions: dict[tuple[str, str], list[tuple[str, bool]]] = defaultdict(list)
    for review in review_snapshot.tools:
        if review.state.decision and review.state.decision_state is DecisionState.CONDITIONAL:
            for c in review.state.decision.conditions:
                conditions[c.kind.value, c.value].append((review.tool.id, bool(c.evidence)))
    rows: list[dict[str, Any]] = [
        {
            "kind": kind,
            "value": value,
            "tools": [t for t, _ in tools],
            "evidenced": sum(has_evidence for _, has_evidence in tools),
        }
        for (kind, value), tools in sorted(conditions.items())
    ]
    waiting = [r.state for r in review_snapshot.tools if r.state.decision_state.allowed]
    confirmed = [s for s in waiting if s.decision and s.decision.has(ConditionKind.APPROVAL)]
    high = [r for r in review_snapshot.tools if r.state.risk is Risk.HIGH and r.state.decision_state.allowed]
    unconfirmed = [r.tool.id for r in high if not (r.state.decision and r.state.decision.has(ConditionKind.APPROVAL))]
    return {
        "decided_by": [{"by": actor, "decisions": count} for actor, count in sorted(people.items())],
        "conditions": rows,
        "run_time_approval": len(confirmed),
        "run_time_approval_proven": sum(state.confirmed for state in confirmed),
        "high_risk_allowed": len(high),
        "high_risk_without_approval": unconfirmed,
        "high_risk_unproven": [r.tool.id for r in high if not r.state.confirmed],
    }


def _audit(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    """Return how many allowed tools have an audit event as a condition. Whether calls are logged, the controls answer."""
    allowed = [r.state for r in review_snapshot.tools if r.state.decision_state.allowed]
    return {"audit_conditions": sum(bool(s.decision and s.decision.has(ConditionKind.AUDIT)) for s in allowed)}
