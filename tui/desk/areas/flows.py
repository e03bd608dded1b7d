"""Flows over several tools: which stand on which leg, and which few would break the flow if they were blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review import queries
from analysis.review.derived.flows import TRIFECTA, flow_roles_of
from analysis.text import visible
from tui.desk.areas.list_area import ListArea, Target
from tui.desk.areas.tool_row import tool_cells
from tui.desk.pages.related import flow_role_lines
from tui.desk.widgets.line_table import Cell, Column
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.symbols import SEP

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import FlowRole, ToolId
    from analysis.review.derived.flows import BlockingSet, ExfiltrationPath

_NAMED = 40


class FlowsArea(ListArea):
    """The ways to break the flow first, then every tool that lends a leg."""

    COLUMNS = (Column("LEG", 23), Column("", 3), Column("RISK", 4), Column("TOOL", 0), Column("CALL", 0, below=100))
    EMPTY = "no tool that is not blocked lends a leg to a flow; 1 shows the tools"

    def rows(self) -> Sequence[str]:
        """Return the cuts, and the tools leg by leg, the leg with the fewest first."""
        self._flows = self.session.review.views.flows.all()
        self._cuts = {f"cut {number}": cut for number, cut in enumerate(self._flows.exposed.blocking_sets)}
        self._flow_roles: dict[str, tuple[FlowRole, ToolId]] = {
            f"{flow_role.name} {tool}": (flow_role, tool)
            for flow_role, tools in sorted(
                self._flows.by_role, key=lambda each: (each[0] not in TRIFECTA, len(each[1]))
            )
            for tool in tools
        }
        return [*self._cuts, *self._flow_roles]

    def head(self) -> str:
        """Say whether the three legs stand, over all tools that are not blocked and over the allowed ones."""
        now = self._flows
        counts = ", ".join(f"{flow_role.value} {len(now.exposed.flow_roles[flow_role]):,}" for flow_role in TRIFECTA)
        return f" trifecta {_word(now.exposed)}; over allowed tools {_word(now.allowed)}{SEP}{counts}"

    def tool(self) -> ToolId | None:
        """Return the tool under the cursor."""
        found = self._flow_roles.get(self.table.key or "")
        return found[1] if found else None

    def subject(self) -> str | None:
        """Return what a note is about: the tool, or the review."""
        return self.tool() or "review"

    def target(self) -> Target | None:
        """Lead to the tool, or to all tools of a cut, marked, so that one verdict takes them."""
        cut = self._cuts.get(self.table.key or "")
        if cut is not None:
            return Target(query="is:marked", marks=cut.tools)
        found = self.tool()
        return Target(key=found) if found else None

    def cells(self, key: str) -> Sequence[Cell]:
        """Return a cut, or one tool on one leg, as cells."""
        if key in self._cuts:
            cut = self._cuts[key]
            count = f"block {len(cut.tools):,} tool{'s' if len(cut.tools) != 1 else ''}"
            return [
                ("breaks the flow", "medium"),
                ("", ""),
                ("", ""),
                (f"{count}: all of {cut.flow_role.value}", "strong"),
                (self._names(cut), "dim"),
            ]
        flow_role, tool = self._flow_roles[key]
        mark, risk, _, name, call, _ = tool_cells(self.session.review.tool(tool))
        return [(flow_role.value, "" if flow_role in TRIFECTA else "dim"), mark, risk, name, call]

    def _names(self, cut: BlockingSet) -> str:
        named = [visible(self.session.review.tool(tool).row.name, 60) for tool in cut.tools[:_NAMED]]
        return ", ".join(named) + (f" and {len(cut.tools) - _NAMED:,} more" if len(cut.tools) > _NAMED else "")

    def page(self, key: str) -> Sequence[Line]:
        """Return what a cut takes away, or what shows a leg of a tool."""
        if key in self._cuts:
            return list(self._cut_page(self._cuts[key]))
        flow_role, tool = self._flow_roles[key]
        row = self.session.review.tool(tool).row
        lines = [line((visible(row.name, 120), "title"), f"  {visible(f'{row.method} {row.path}'.strip(), 200)}")]
        review = self.session.review
        for lent in flow_roles_of(review.tool(tool), queries.reviewed_tool(review, tool).assessment.flow_roles):
            lines.extend(flow_role_lines(lent, "strong" if lent.flow_role is flow_role else ""))
        if flow_role in TRIFECTA and tool not in self._flows.exposed.flow_roles[flow_role]:
            lines.append(line(("a person approves each call, and that is proved: it is no way out", "good")))
        return [*lines, line(("l says that a leg is there, or is not", "dim")), *self.notes_on(tool)]

    def _cut_page(self, cut: BlockingSet) -> Iterator[Line]:
        yield line((f"Without {cut.flow_role.value} the flow is broken", "title"))
        yield line(("Enter shows these tools, all marked: one verdict takes them as one step", "dim"))
        if cut.flow_role is TRIFECTA[-1]:
            yield line("Run-time approval of each call, proved, breaks it as well.")
        yield line(f"Block all {len(cut.tools):,}: {self._names(cut)}", indent=2)


def _word(flow: ExfiltrationPath) -> str:
    return "CLOSED" if flow.present else "broken"
