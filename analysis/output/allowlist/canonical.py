"""The canonical allowlist: one file about every reviewed tool, default deny, from which each target is derived.

Whatever is in doubt is blocked here: no consumer of this file has to know what "stale" or "conflicting" means.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from analysis.model import DecisionState, SourceKind

if TYPE_CHECKING:
    from analysis.model import ReviewedTool, ReviewSnapshot, SourceInfo

FORMAT: Final = "clearance-allowlist"
FORMAT_VERSION: Final = 1


def canonical(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    """Return the allowlist of a review. Blocked tools are in it too: targets with deny lists need their names."""
    kinds = {source.id: source.kind for source in review_snapshot.sources}
    deciders = {r.state.decision.actor for r in review_snapshot.tools if r.state.decision}
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "status": "DRAFT" if review_snapshot.draft else "FINAL",
        "generated_at": review_snapshot.as_of,
        "generator": {"name": review_snapshot.product.name, "version": review_snapshot.product.version},
        "sources": [_source(source) for source in review_snapshot.sources],
        "review": {
            "workspace_id": review_snapshot.workspace,
            "decided_by": sorted(deciders),
            "expires_at": None,
            "score": review_snapshot.score.value,
            "verdict": review_snapshot.score.verdict,
        },
        "default": "deny",
        "tools": [_tool(r, kinds.get(r.tool.source)) for r in _in_order(review_snapshot)],
        "inventory_sha256": inventory_digest(review_snapshot),
        "unrepresentable": [],
    }


def dumps(allowlist: dict[str, Any]) -> bytes:
    """Return an allowlist as the bytes of its file: sorted keys, ASCII only, so that nothing hides in it."""
    return (json.dumps(allowlist, indent=2, sort_keys=True, ensure_ascii=True, allow_nan=False) + "\n").encode("ascii")


def inventory_digest(review_snapshot: ReviewSnapshot) -> str:
    """Return the SHA-256 over the compact ASCII JSON of the sorted pairs (tool id, definition digest)."""
    pairs = sorted([r.tool.id, r.tool.digest] for r in review_snapshot.tools)
    return hashlib.sha256(json.dumps(pairs, separators=(",", ":")).encode("ascii")).hexdigest()


def _in_order(review_snapshot: ReviewSnapshot) -> list[ReviewedTool]:
    return sorted(review_snapshot.tools, key=lambda review: review.tool.id)


def _source(source: SourceInfo) -> dict[str, Any]:
    return {
        "id": source.id,
        "kind": source.kind.value,
        "uri": _file_name(source.uri),
        "sha256": source.sha256,
        "title": source.title,
        "version": source.version,
    }


def _file_name(uri: str) -> str:
    """Return the last part of an address: folders, log-ins and queries do not leave the house."""
    if "://" in uri:
        uri = uri.partition("?")[0].partition("#")[0].rpartition("@")[2]
    return uri.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _tool(review: ReviewedTool, kind: SourceKind | None) -> dict[str, Any]:
    tool = review.tool
    decision, why = _verdict(review)
    said = review.state.decision
    conditions = [{"kind": c.kind.value, "value": c.value} for c in said.conditions] if said else []
    return {
        "id": tool.id,
        "source": tool.source,
        **_callable(review, kind),
        "decision": decision,
        "decided": not why,
        "why": why,
        "conditions": conditions if decision == "conditional" else [],
        "class": review.state.type.value,
        "effect": review.state.effect.value,
        "risk": review.state.risk.value,
        "declared_hints": dict(tool.hints),
        "definition_sha256": tool.digest,
        "finding_ids": sorted(review.findings),
    }


def _callable(review: ReviewedTool, kind: SourceKind | None) -> dict[str, Any]:
    """Return how the tool is called: an operation of an API, or the name an MCP server gives it."""
    tool = review.tool
    if kind is SourceKind.MCP or not tool.method:
        return {"mcp_name": tool.name} | ({"mcp_server": tool.tags[0]} if tool.tags else {})
    operation = {"method": tool.method, "path": tool.path, "operation_id": tool.operation_id, "tags": list(tool.tags)}
    return {"operation": operation}


#: Why no valid decision stands behind a refusal; a plain block needs no such reason.
_WHY: Final = {
    DecisionState.CONFLICT: "reviewers differ and nobody has settled it",
    DecisionState.STALE: "the definition has changed since it was decided",
    DecisionState.UNDECIDED: "nobody has decided",
    DecisionState.EXPIRED: "the approval has expired",
    DecisionState.AWAITING_SECOND: "a high risk that one person alone has let through; a second has to decide the same",
}
_DECISION: Final = {DecisionState.APPROVED: "allow", DecisionState.CONDITIONAL: "conditional"}


def _verdict(review: ReviewedTool) -> tuple[str, str]:
    """Return allow, conditional or block, and why nobody's decision stands behind it where that is so."""
    stands = review.state.decision_state
    return _DECISION.get(stands, "block"), _WHY.get(stands, "")
