"""Tools and findings as plain JSON data: the one serialiser behind every command, packet and allowlist.

A key means the same wherever it appears. `summary` is shortened in lists; `data_classes` are the classes of data in the
response, `data` the fields that show them, by class and direction; `request_fields` and `response_fields` are names, and
where many tools are listed numbers of sets, `request_field_set`, of which `field_sets` has the names once; `confidential` are the kinds of confidential content that a call returns,
`confidential_signals` what shows them; `finding_ids` are identities, `findings` whole findings; numbers are
integers, but for `confidence` (0 to 1, two decimals).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.model.assessment import ToolType
from analysis.model.exfiltration import TRIFECTA
from analysis.model.review import ToolRow

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from analysis.model.assessment import Assessment, OpenFlowRole
    from analysis.model.exfiltration import ExfiltrationPath
    from analysis.model.finding import Finding
    from analysis.model.people import Note, Override
    from analysis.model.review import ReviewedTool, ToolState
    from analysis.model.source import Tool

#: Types in the order of their weight; every type that is not named weighs most.
_WEIGHT: Final = {ToolType.READ: 0, ToolType.SIDE_EFFECT: 1}
_MAX_WEIGHT: Final = 2


def path_facts(path: ExfiltrationPath) -> dict[str, Any]:
    """Return the statement on the exfiltration path over one set of tools.

    `flow_roles` are the tools that play each role, `unsettled` those that keep the path from being known, `held` the sinks
    of which a person approves each call, and `unread` the sources with errors.
    """
    return {
        "exfiltration_path": path.state.value,
        "flow_roles": {role.value: list(path.flow_roles[role]) for role in TRIFECTA},
        "unsettled": list(path.unsettled),
        "held": list(path.held),
        "unread": list(path.unread),
    }


def identity_facts(row: ToolRow) -> dict[str, Any]:
    """Return by what a tool is known and reached, and the digest of its definition."""
    return {
        "id": row.id,
        "source": row.source,
        "kind": row.kind.value,
        "name": row.name,
        "method": row.method,
        "path": row.path,
        "operation_id": row.operation_id,
        "tags": list(row.tags),
        "digest": row.digest,
    }


def row_facts(row: ToolRow) -> dict[str, Any]:
    """Return the light facts of a tool: what its source states and the engine proposes."""
    return identity_facts(row) | {
        "summary": row.summary,
        "deprecated": row.deprecated,
        "pointer": row.pointer,
        "line": row.line,
        "effect": row.effect.value,
        "type": row.types[0].value,
        "types": [tool_type.value for tool_type in row.types],
        "risk": row.risk.value,
        "reversibility": row.reversibility.value,
        "data_classes": list(row.data),
        "confidentiality": row.confidentiality.value,
        "confidential": list(row.confidential),
        "roles": [role.value for role in row.flow_roles],
        "open_roles": _open_roles(row.open_flow_roles),
        "unclear": row.unclear,
        "confidence": round(row.confidence, 2),
        "tokens": row.tokens,
        "scopes": list(row.scopes),
    }


def class_facts(state: ToolState) -> dict[str, Any]:
    """Return effect, type and risk of a tool in effect."""
    return {"effect": state.effect.value, "type": state.type.value, "risk": state.risk.value}


def state_facts(state: ToolState) -> dict[str, Any]:
    """Return the light facts of a tool in a review: effect, type, risk and roles in effect, and its decision."""
    decision = state.decision
    return (
        row_facts(state.row)
        | class_facts(state)
        | {
            "roles": [role.value for role in sorted(state.flow_roles)],
            "open_roles": _open_roles(state.open_flow_roles),
            "decision": state.decision_state.value,
            "recorded": decision.state.value if decision else None,
            "by": decision.actor if decision else "",
            "at": decision.at if decision else "",
            "reason": decision.reason if decision else "",
            "decided_digest": decision.definition if decision else "",
            "conditions": [
                {"kind": condition.kind.value, "value": condition.value, "evidence": condition.evidence}
                for condition in (decision.conditions if decision else ())
            ],
            "proposal": decision.proposal if decision else None,
            "sampled": decision.sampled if decision else False,
            "overrides": _overrides(state),
            "notes": state.notes,
        }
    )


def _open_roles(roles: Iterable[OpenFlowRole]) -> list[dict[str, str]]:
    return [{"role": role.flow_role.value, "why": role.why} for role in roles]


def tool_evidence(tool: Tool, assessment: Assessment) -> dict[str, Any]:
    """Return what the facts of a tool rest on: its definition but for its fields, and every signal for and against them."""
    return {
        "summary": tool.summary or tool.description,
        "description": tool.description,
        "parameters": [
            {"name": p.name, "in": p.place, "required": p.required, "type": p.type} for p in tool.parameters
        ],
        "hints": dict(tool.hints),
        "reasons": _reasons(assessment),
        "data": _data(assessment),
        "role_signals": [
            {"role": signal.flow_role.value, "where": signal.where, "matched": signal.matched, "says": signal.says}
            for signal in assessment.flow_roles
        ],
        "confidential_signals": [
            {"kind": found.kind, "level": found.level.value, "where": found.where, "matched": found.matched}
            for found in assessment.confidential
        ],
        "areas": [area.value for area in assessment.areas],
        "paginated": assessment.paginated,
        "page_parameters": list(assessment.page_parameters),
        "filter_parameters": list(assessment.filter_parameters),
    }


def _reasons(assessment: Assessment) -> list[dict[str, Any]]:
    return [{"where": r.where, "matched": r.matched, "says": r.says, "against": r.against} for r in assessment.reasons]


def _data(assessment: Assessment) -> list[dict[str, Any]]:
    return [{"data": hit.data, "direction": hit.direction, "fields": list(hit.fields)} for hit in assessment.data]


def tool_fields(tool: Tool) -> dict[str, Any]:
    """Return the names of all fields that a call takes and that its responses reach, which may be thousands."""
    return {"request_fields": list(tool.request_fields), "response_fields": list(tool.response_fields)}


def numbered_fields(tool: Tool, number: Callable[[Collection[str]], int]) -> dict[str, Any]:
    """Return the same as numbers of sets, where many tools are listed."""
    return {
        "request_field_set": number(tool.request_fields),
        "response_field_set": number(tool.response_fields),
    }


def assessed_tool(row: ToolRow, tool: Tool, assessment: Assessment, findings: Iterable[Finding]) -> dict[str, Any]:
    """Return a tool outside a review: the facts of its row, evidence and findings."""
    facts = row_facts(row) | tool_evidence(tool, assessment)
    return facts | {"findings": [finding_facts(finding) for finding in findings]}


def reviewed_tool_facts(reviewed: ReviewedTool) -> dict[str, Any]:
    """Return a tool of a review whole: facts in effect, decision, evidence, identities of findings, notes."""
    return decided_tool_facts(reviewed) | tool_evidence(reviewed.tool, reviewed.assessment)


def decided_tool_facts(reviewed: ReviewedTool) -> dict[str, Any]:
    """Return a tool of a review without its definition: facts in effect, decision, findings, notes.

    It is what a packet states of each tool: of the evidence only the signals for its class and data; `summary` is whole.
    """
    return state_facts(reviewed.state) | {
        "summary": reviewed.tool.summary or reviewed.tool.description,
        "reasons": _reasons(reviewed.assessment),
        "data": _data(reviewed.assessment),
        "finding_ids": list(reviewed.findings),
        "note_records": [note_facts(note) for note in reviewed.notes],
    }


def finding_facts(finding: Finding) -> dict[str, Any]:
    """Return a finding: the rule, how bad and how sure, and the evidence with its place."""
    return {
        "id": finding.id,
        "rule": finding.rule,
        "title": finding.title,
        "severity": finding.severity.value,
        "confidence": finding.confidence,
        "matched": finding.matched,
        "pointer": finding.pointer,
        "line": finding.line,
    }


def whole_finding(finding: Finding) -> dict[str, Any]:
    """Return a finding of a review whole: its subjects, why it matters, what to do, its status and its weight."""
    return finding_facts(finding) | {
        "family": finding.family,
        "why": finding.why,
        "remedy": finding.remedy,
        "tool": finding.tool,
        "tools": list(finding.tools),
        "members": list(finding.members),
        "control": finding.control,
        "status": finding.status.value,
        "points": finding.severity.points if finding.points is None else finding.points,
        "cap": finding.cap,
        "claimed": finding.claimed,
    }


def note_facts(note: Note) -> dict[str, Any]:
    """Return a note."""
    return {"subject": note.subject, "text": note.text, "by": note.actor, "at": note.at}


def _overrides(state: ToolState) -> dict[str, Any]:
    """Return the risk and type a reviewer gave, by name; what was not overridden is left out."""
    row = state.row
    found: dict[str, Any] = {}
    if state.risk_override is not None:
        lowers = state.risk.rank < row.risk.rank
        found["risk"] = _override(state.risk_override, row.risk.value, lowers=lowers)
    if state.type_override is not None:
        lowers = _weight(state.type) < _weight(row.types[0])
        found["type"] = _override(state.type_override, row.types[0].value, lowers=lowers)
    return found


def _weight(tool_type: ToolType) -> int:
    return _WEIGHT.get(tool_type, _MAX_WEIGHT)


def _override(override: Override, before: str, *, lowers: bool) -> dict[str, Any]:
    recorded = {"reason": override.reason, "by": override.actor, "at": override.at}
    return {"from": before, "to": override.value, "lowers": lowers, **recorded}
