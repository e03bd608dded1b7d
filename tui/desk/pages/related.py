"""Sections of a tool's page about its relations: flow roles, duplicates, recommended controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.text import visible
from tui.desk.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import ToolState
    from analysis.review.derived.flows import ToolFlowRole
    from analysis.review.queries.related_tools import RelatedTools, RequiredControls

#: Maximum number of duplicates named.
_MAX_NAMED = 8


def relation_lines(found: RelatedTools) -> list[Line]:
    """Return flow roles and duplicates of a tool as paragraphs."""
    return [*_flows(found), *_duplicates(found)]


def flow_role_lines(role: ToolFlowRole, style: str = "") -> Iterator[Line]:
    """Yield one flow role of a tool: its signals, and the override by a reviewer."""
    if role.open_because:
        yield line((f"not settled: {role.flow_role.value}", style or "warn"), f"  {visible(role.open_because, 120)}")
        return
    absent = "" if role.holds else "not: "
    yield line((f"{absent}{role.flow_role.value}", style or ("warn" if role.holds else "dim")))
    for signal in role.signals:
        yield line((f"{signal.where:9} ", "dim"), (visible(signal.matched, 120), "mark"), f" {signal.says}", indent=10)
    override = role.override
    if override is not None:
        by = f"override by {visible(override.actor, 40)} at {override.at}"
        yield line(f"{by}: {override.value}; {visible(override.reason, 300)}", indent=2)


def _flows(found: RelatedTools) -> Iterator[Line]:
    if not found.flow_roles:
        return
    yield from _heading("Flows")
    for role in found.flow_roles:
        yield from flow_role_lines(role)
    for cut in found.cuts:
        others = len(cut.tools) - 1
        together = f" with {others:,} other tool{'s' if others != 1 else ''}" if others else ""
        what = f"exfiltration path {found.path_state.value}; blocking this tool{together} removes {cut.flow_role.value}"
        yield line((what, "warn"), indent=2)


def _duplicates(found: RelatedTools) -> Iterator[Line]:
    if found.group is None:
        return
    yield from _heading("Duplicates")
    yield line(_named(found.duplicates))
    suggested = visible(found.group.suggested.name, 80)
    yield line((f"suggested: {suggested} ({found.group.reason})", "dim"))


def _named(tools: Sequence[ToolState]) -> str:
    more = f" and {len(tools) - _MAX_NAMED:,} more" if len(tools) > _MAX_NAMED else ""
    return (
        ", ".join(f"{visible(tool.row.name, 60)} ({tool.decision_state.value})" for tool in tools[:_MAX_NAMED]) + more
    )


def required_control_lines(required: RequiredControls) -> Iterator[Line]:
    """Yield the controls recommended for a type of tool: conditions, and questions with their state."""
    yield from _heading(f"Recommended controls ({required.kind.value})")
    for condition in required.conditions:
        yield line(f"if {visible(condition, 200)}{'...' if condition.endswith('=') else ''}", indent=3)
    for question in required.questions:
        level = f", needs {question.level}" if question.level else ""
        state = (f"{question.state}{level}", "good" if question.enough else "warn")
        yield line((f"{question.control:12}  ", "dim"), state, f"  {question.title}", indent=14)


def _heading(text: str) -> list[Line]:
    return [line(""), line((text, "title"))]
