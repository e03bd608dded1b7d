"""Tools, findings, controls, request and policy as rows of the review document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.model import Intake, Status
from analysis.model.serialise import decided_tool_facts, whole_finding

if TYPE_CHECKING:
    from analysis.model import Answer, Control, Disposition, Evidence, Finding, Policy, ReviewedTool


def finding_row(
    finding: Finding, disposition: Disposition | None, reviewed: ReviewedTool | None, gain: int
) -> dict[str, Any]:
    """Return a finding with its disposition. `gain`: points won by fixing it; `residual`: it weighs on an exposed tool."""
    in_effect = finding.status in {Status.OPEN, Status.FIXING, Status.ACCEPTED}
    return whole_finding(finding) | {
        "gain": gain,
        "tool_name": reviewed.tool.name if reviewed else "",
        "residual": in_effect and (reviewed is None or reviewed.state.live),
        "disposition": _disposition(disposition),
    }


def _disposition(disposition: Disposition | None) -> dict[str, Any] | None:
    if disposition is None:
        return None
    return {
        "status": disposition.status.value,
        "reason": disposition.reason,
        "code": disposition.code,
        "evidence": disposition.evidence,
        "voids": list(disposition.voids),
        "owner": disposition.owner,
        "until": disposition.until,
        "by": disposition.actor,
        "at": disposition.at,
    }


def control_row(control: Control, answer: Answer | None) -> dict[str, Any]:
    """Return a governance question with its answer and evidence; without an answer its state is "unanswered"."""
    return {
        "id": control.id,
        "title": control.title,
        "question": control.question,
        "lists": list(control.lists),
        "who": control.who,
        "min_level": control.min_level,
        "points": control.points,
        "maps_to": list(control.maps_to),
        "state": answer.state.value if answer else "unanswered",
        "text": answer.text if answer else "",
        "by": answer.actor if answer else "",
        "at": answer.at if answer else "",
        "profile": control.profile.value,
        "raises": list(control.raises),
        "evidence": [_evidence(e) for e in (answer.evidence if answer else ())],
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "title": evidence.title,
        "kind": evidence.kind.value,
        "level": evidence.level,
        "where": evidence.where,
        "source": evidence.source,
        "sha256": evidence.sha256,
        "size": evidence.size,
        "collected_by": evidence.collected_by,
        "collected_at": evidence.collected_at,
        "valid_until": evidence.valid_until,
    }


def request_row(intake: Intake | None) -> dict[str, Any]:
    """Return the access request: what the tools are requested for, and by whom they are owned. Empty: not stated."""
    request = intake or Intake()
    return {
        "stated": intake is not None,
        "server": request.server,
        "owner": request.owner,
        "purpose": request.purpose,
        "data": list(request.data),
        "writes": request.writes,
        "agent": request.agent,
        "environment": request.environment,
        "audience": list(request.audience),
        "ends_early": list(request.ends_early),
        "roles": list(request.roles),
        "grant": list(request.grant),
    }


#: Facts of a tool that the document repeats; its whole definition is in the file of definitions.
_FACTS: Final = (
    "id", "source", "kind", "name", "method", "path", "operation_id", "summary", "deprecated", "tags", "digest", "pointer", "line",
    "effect", "type", "types", "risk", "reversibility", "data", "confidentiality", "confidential", "roles", "open_roles", "unclear", "confidence", "tokens", "scopes",
    "decision", "recorded", "by", "at", "reason", "decided_digest", "conditions", "overrides", "notes", "reasons",
    "data_classes", "finding_ids", "note_records",
)  # fmt: skip


def tool_row(reviewed: ReviewedTool) -> dict[str, Any]:
    """Return the facts of a tool in effect, its decision, and the signals for its class."""
    facts = decided_tool_facts(reviewed)
    return {name: facts[name] for name in _FACTS}


def policy_row(policy: Policy, file: str) -> dict[str, Any]:
    """Return the policy in force: where its text is, and what it changed. Rules that it switched off are not run."""
    changed = [
        {"rule": s.rule, "severity": s.severity.value, "reason": s.reason} for s in policy.rules.values() if s.severity
    ]
    return {
        "name": policy.name,
        "file": file,
        "sha256": policy.sha256,
        "profile": policy.profile.value if policy.profile else None,
        "severities": changed,
        "switched_off": [{"rule": s.rule, "reason": s.reason} for s in policy.rules.values() if s.off],
        "own_words": {kind: [w for group in groups for w in group.words] for kind, groups in policy.vocabulary.items()},
        "sign_off": {"roles": list(policy.roles), "needed": policy.sign_offs},
        "expiry_days": {"approvals": policy.approval_days, "acceptances": policy.acceptance_days},
    }
