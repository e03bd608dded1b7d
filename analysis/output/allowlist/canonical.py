"""The canonical allowlist: one record of every reviewed capability, default deny, from which each target is derived.

Each kind has a list of its own; targets that name tools read `tools` only.

Whatever is in doubt is blocked here: no consumer of this file has to know what "stale" or "conflicting" means.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from analysis.model import CapabilityKind, ConditionKind, DecisionState, SourceKind
from analysis.model.serialise import class_facts, identity_facts
from analysis.model.terms import terms, terms_data
from analysis.output.allowlist.names.of_review import generated_names
from analysis.output.allowlist.names.served import SERVED, served_names
from analysis.output.header import file_label, inventory_digest, status
from analysis.output.scopes import minimum_scopes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.model import Condition, ReviewedTool, ReviewSnapshot, SourceId, SourceInfo, Tool, ToolId, ToolState

FORMAT: Final = "clearance-allowlist"
FORMAT_VERSION: Final = 4
#: Name of the file in a packet.
ALLOWLIST: Final = "allowlist.json"
ALLOW: Final = "allow"
CONDITIONAL: Final = "conditional"
BLOCK: Final = "block"

_DECISION: Final = {DecisionState.APPROVED: ALLOW, DecisionState.CONDITIONAL: CONDITIONAL}
#: Why a tool is blocked without a decision in force; a recorded block needs no such reason.
_WHY: Final = {
    DecisionState.CONFLICT: "reviewers differ, and the conflict is not resolved",
    DecisionState.STALE: "the definition has changed since the decision",
    DecisionState.UNDECIDED: "undecided",
    DecisionState.EXPIRED: "the approval has expired",
    DecisionState.AWAITING_SECOND: "high risk, approved by one person; a second approver has to decide the same",
}
_WHY_DRAFT: Final = "the review is a draft"
#: Key of the address of a resource, by kind.
_URIS: Final = {CapabilityKind.RESOURCE: "uri", CapabilityKind.RESOURCE_TEMPLATE: "uri_template"}
#: Facts of a capability that the allowlist repeats, under the same names.
_FACTS: Final = ("id", "source", "kind", "type", "effect", "risk", "digest", "hints")


_ENCODER: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=True, allow_nan=False)

#: List of an allowlist for each kind of capability. Each is whole: what it does not name is denied.
LISTS: Final = {
    CapabilityKind.TOOL: "tools",
    CapabilityKind.RESOURCE: "resources",
    CapabilityKind.RESOURCE_TEMPLATE: "resource_templates",
    CapabilityKind.PROMPT: "prompts",
    CapabilityKind.INSTRUCTIONS: "instructions",
    CapabilityKind.CLIENT_REQUEST: "client_requests",
}


def entries(allowlist: Mapping[str, Any]) -> list[Any]:
    """Return the entries of all lists of an allowlist; one of an earlier version has tools only. Raises KeyError."""
    others = [name for kind, name in LISTS.items() if kind is not CapabilityKind.TOOL]
    return [*allowlist["tools"], *(entry for name in others for entry in allowlist.get(name, ()))]


def canonical(review_snapshot: ReviewSnapshot) -> dict[str, Any]:
    """Return the allowlist of a review. Blocked tools are in it too: targets with deny lists need their names.

    That of a draft blocks every tool; `as_decided` states what would be allowed once the review is complete.
    `scopes` are those that the tools decided as allowed need, for each scheme, and those beyond them.
    """
    kinds = {source.id: source.kind for source in review_snapshot.sources}
    names = _names(review_snapshot)
    in_order = sorted(review_snapshot.tools, key=lambda reviewed: reviewed.tool.id)
    listed = [
        (each.tool.kind, _entry(each, kinds.get(each.tool.source), names, draft=review_snapshot.draft))
        for each in in_order
    ]
    ends = [entry["expires"] for _, entry in listed if entry["expires"] and entry["as_decided"] != BLOCK]
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "status": status(review_snapshot).lower(),
        "generated_at": review_snapshot.as_of,
        "generator": {"name": review_snapshot.product.name, "version": review_snapshot.product.version},
        "sources": [_source(source) for source in review_snapshot.sources],
        "review": {
            "workspace_id": review_snapshot.workspace,
            "decided_by": sorted({r.state.decision.actor for r in in_order if r.state.decision}),
            "expires_at": min(ends, default=None),
            "score": review_snapshot.score.value,
            "verdict": review_snapshot.score.verdict,
        },
        "default": "deny",
        **{name: [entry for of, entry in listed if of is kind] for kind, name in LISTS.items()},
        "scopes": minimum_scopes(review_snapshot.tools),
        "inventory_sha256": inventory_digest(review_snapshot),
        "unrepresentable": [],
    }


def dumps(data: Mapping[str, Any]) -> bytes:
    """Return an allowlist or another record as the bytes of its file."""
    return b"".join(record_pieces(data))


def record_pieces(data: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield the bytes of a record's file in pieces: ASCII only, so that nothing hides in it.

    Keys are sorted; every key of the record, and every entry of a list of records, has a line of its own.
    """
    before = b"{"
    for key in sorted(data):
        yield b'%b\n"%b": ' % (before, key.encode("ascii"))
        yield from _value(data[key])
        before = b","
    yield b"\n}\n"


def _value(value: Any) -> Iterator[bytes]:
    if not (isinstance(value, list) and value and isinstance(value[0], dict)):
        yield _line(value)
        return
    before = b"[\n"
    for entry in value:
        yield before
        yield _line(entry)
        before = b",\n"
    yield b"\n]"


def _line(value: Any) -> bytes:
    return _ENCODER.encode(value).encode("ascii")


def decision_entry(state: ToolState, *, draft: bool = False) -> dict[str, Any]:
    """Return the decision on one tool as the allowlist states it: allow, conditional or block, why, conditions."""
    decision = _DECISION.get(state.decision_state, BLOCK)
    why = _WHY.get(state.decision_state, "")
    conditions = state.decision.conditions if state.decision and decision == CONDITIONAL else ()
    return {
        "decision": BLOCK if draft else decision,
        "as_decided": decision,
        "decided": not why,
        "why": why or (_WHY_DRAFT if draft and decision != BLOCK else ""),
        "conditions": [_condition(condition) for condition in conditions],
        "expires": min((c.value for c in conditions if c.kind is ConditionKind.EXPIRES), default=None),
    }


def _condition(condition: Condition) -> dict[str, Any]:
    """Return a condition as written, and as data; without terms it says nothing that could be checked."""
    stated = terms(condition)
    return {
        "kind": condition.kind.value,
        "value": condition.value,
        "evidence": condition.evidence,
        "terms": None if stated is None else terms_data(stated),
    }


def stated_conditions(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return kind and value of the conditions of an entry, which an allowlist of every version states."""
    return [(str(condition["kind"]), str(condition["value"])) for condition in entry["conditions"]]


def allowed_under(entry: Mapping[str, Any]) -> str:
    """Return under which conditions a tool is approved in an allowlist, final or draft, in words; empty when it is not."""
    if entry["as_decided"] not in {ALLOW, CONDITIONAL}:
        return ""
    return "; ".join(f"{c['kind']}={c['value']}" for c in entry["conditions"]) or "without conditions"


def _source(source: SourceInfo) -> dict[str, Any]:
    return {
        "id": source.id,
        "kind": source.kind.value,
        "uri": file_label(source.uri),
        "sha256": source.sha256,
        "title": source.title,
        "version": source.version,
    }


def _names(review_snapshot: ReviewSnapshot) -> dict[ToolId, dict[str, str | None]]:
    """Return the names of each tool by target: that of the gateway, which is one of all tools of a source, and others."""
    by_source: dict[SourceId, list[Tool]] = {}
    for reviewed in review_snapshot.tools:
        if reviewed.tool.kind is CapabilityKind.TOOL:
            by_source.setdefault(reviewed.tool.source, []).append(reviewed.tool)
    generated = generated_names(review_snapshot)
    served = {tool: name for tools in by_source.values() for tool, name in served_names(tools).items()}
    return {tool: {SERVED: name, **generated.get(tool, {})} for tool, name in served.items()}


def _entry(
    reviewed: ReviewedTool, kind: SourceKind | None, names: Mapping[ToolId, Mapping[str, str | None]], *, draft: bool
) -> dict[str, Any]:
    facts = identity_facts(reviewed.state.row) | class_facts(reviewed.state) | {"hints": dict(reviewed.tool.hints)}
    named = names.get(reviewed.tool.id)
    return {
        **{name: facts[name] for name in _FACTS},
        **({} if named is None else {"names": dict(named)}),
        **({"hosted": reviewed.tool.hosted} if reviewed.tool.hosted else _operation_or_name(facts, kind)),
        **decision_entry(reviewed.state, draft=draft),
        "finding_ids": sorted(reviewed.findings),
    }


def _operation_or_name(facts: Mapping[str, Any], kind: SourceKind | None) -> dict[str, Any]:
    """Return how it is reached: an operation of an API, the name an MCP server gives it, or the URI of a resource."""
    server = {"mcp_server": facts["tags"][0]} if facts["tags"] else {}
    if facts["kind"] in _URIS:
        return {_URIS[facts["kind"]]: facts["path"], "title": facts["name"]} | server
    if kind is SourceKind.MCP or not facts["method"]:
        return {"mcp_name": facts["name"]} | server
    return {"operation": {name: facts[name] for name in ("method", "path", "operation_id", "tags")}}
