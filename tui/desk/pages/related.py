"""The part of a tool's page that looks beyond the tool: flows it takes part in, tools like it, what its type calls for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.text import visible
from tui.desk.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import ToolState
    from analysis.review.derived.flows import ToolFlowRole
    from analysis.review.queries.related_tools import RelatedTools, RequiredControls

_NAMED = 8


def relation_lines(found: RelatedTools) -> list[Line]:
    """Return the flows that a tool takes part in and the tools like it, as paragraphs."""
    return [*_flows(found), *_alike(found)]


def flow_role_lines(lent: ToolFlowRole, style: str = "") -> Iterator[Line]:
    """Yield one leg of a tool: what shows it, and what a reviewer said of it."""
    gone = "" if lent.holds else "no "
    yield line((f"{gone}{lent.flow_role.value}", style or ("warn" if lent.holds else "dim")))
    for seen in lent.signals:
        yield line((f"{seen.where:10}", "dim"), (visible(seen.matched, 120), "mark"), f" {seen.says}", indent=10)
    if lent.override is not None:
        said = lent.override
        yield line(f"{said.value}, says {visible(said.actor, 40)} at {said.at}: {visible(said.reason, 300)}", indent=2)


def _flows(found: RelatedTools) -> Iterator[Line]:
    if not found.flow_roles:
        return
    yield from _heading("Flows")
    for lent in found.flow_roles:
        yield from flow_role_lines(lent)
    for cut in found.cuts:
        others = len(cut.tools) - 1
        beside = f"with {others:,} other tool{'s' if others != 1 else ''}" if others else "alone"
        yield line(
            (f"all three legs stand; {cut.flow_role.value} goes when this tool is blocked {beside}", "warn"), indent=2
        )


def _alike(found: RelatedTools) -> Iterator[Line]:
    if found.group is None:
        return
    yield from _heading("Alike")
    yield line(_named(found.duplicates))
    better = visible(found.group.keep.name, 80)
    yield line((f"better kept: {better}, for {found.group.why}", "dim"))


def _named(tools: Sequence[ToolState]) -> str:
    more = f" and {len(tools) - _NAMED:,} more" if len(tools) > _NAMED else ""
    return ", ".join(f"{visible(tool.row.name, 60)} ({tool.decision_state.value})" for tool in tools[:_NAMED]) + more


def required_control_lines(called: RequiredControls) -> Iterator[Line]:
    """Yield what a type of tool calls for: questions as they stand, and conditions."""
    yield from _heading(f"What a {called.kind.value} tool calls for")
    for condition in called.conditions:
        yield line(f"if {visible(condition, 200)}{'...' if condition.endswith('=') else ''}", indent=3)
    for asked in called.questions:
        wanted = f", wants {asked.level}" if asked.level else ""
        state = (f"{asked.state}{wanted}", "good" if asked.enough else "warn")
        yield line((f"{asked.control:12}  ", "dim"), state, f"  {asked.title}", indent=14)


def _heading(text: str) -> list[Line]:
    return [line(""), line((text, "title"))]
