"""Queries: functions that read a review for front ends and output. They are imported on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.review.queries.findings import (
        QUEUE_QUERIES,
        concerns,
        disposition_for,
        dispositions,
        findings_by_id,
        findings_in_scope,
        listed_findings,
        reopened_reason,
        same_cause,
        single_findings,
    )
    from analysis.review.queries.governance import answer_to, asked_controls, control_state, intake
    from analysis.review.queries.search import (
        conditions_used,
        filter_completions,
        ordered,
        prepare,
        prepare_next,
        saved_views,
        select,
    )
    from analysis.review.queries.tools import (
        audit_trail,
        checks_left_out,
        exported_tools,
        history_of,
        lacking_second_approver,
        last_findings,
        notes,
        recorded_actions,
        reviewed_tool,
        reviewed_tools,
        second_approvals,
        stored_files,
        validated_sources,
    )

_MODULES = {
    "findings": (
        "QUEUE_QUERIES", "concerns", "disposition_for", "dispositions", "findings_by_id", "findings_in_scope", "listed_findings",
        "reopened_reason", "same_cause", "single_findings",
    ),
    "governance": ("answer_to", "asked_controls", "control_state", "intake"),
    "search": ("conditions_used", "filter_completions", "ordered", "prepare", "prepare_next", "saved_views", "select"),
    "tools": (
        "checks_left_out", "history_of", "lacking_second_approver", "last_findings", "audit_trail", "notes", "recorded_actions", "reviewed_tool",
        "exported_tools", "reviewed_tools", "second_approvals", "stored_files", "validated_sources",
    ),
}  # fmt: skip
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "QUEUE_QUERIES",
    "answer_to",
    "asked_controls",
    "audit_trail",
    "checks_left_out",
    "concerns",
    "conditions_used",
    "control_state",
    "disposition_for",
    "dispositions",
    "exported_tools",
    "filter_completions",
    "findings_by_id",
    "findings_in_scope",
    "history_of",
    "intake",
    "lacking_second_approver",
    "last_findings",
    "listed_findings",
    "notes",
    "ordered",
    "prepare",
    "prepare_next",
    "recorded_actions",
    "reopened_reason",
    "reviewed_tool",
    "reviewed_tools",
    "same_cause",
    "saved_views",
    "second_approvals",
    "select",
    "single_findings",
    "stored_files",
    "validated_sources",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
