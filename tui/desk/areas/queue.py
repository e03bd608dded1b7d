"""The queue: groups of tools that are decided as one, with what is proposed for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import DecisionState, Risk
from analysis.review.queries import decision_proposals
from analysis.text import visible
from tui.desk.areas.list_area import ListArea, Target
from tui.desk.widgets.line_table import Cell, Column
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.symbols import SEP

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import DecisionProposal, ToolId, ToolState
    from analysis.review.derived.groups import ToolGroup

_RISK: Final = {Risk.HIGH: "high", Risk.MEDIUM: "medium", Risk.LOW: "low"}
#: Features of a tool that its line names, of those that set it apart.
_FEATURES: Final = 3


class QueueArea(ListArea):
    """Groups with undecided tools first, high risk on top; then those that are decided."""

    COLUMNS = (
        Column("Left", 7), Column("Risk", 4), Column("Type", 14), Column("Group", 0), Column("Proposed", 0, below=64),
    )  # fmt: skip
    EMPTY = "no group contains these words; Esc shows all"
    TITLE, PAGE = "Groups to decide", "Group"

    def rows(self) -> Sequence[str]:
        """Return the identities of the groups."""
        review = self.session.review
        self._groups: dict[str, ToolGroup] = {group.key.id: group for group in review.views.groups.ordered()}
        made = decision_proposals.propose(review, decision_proposals.baseline_of(review))
        self._proposals: dict[ToolId, DecisionProposal] = {each.tool: each for each in made}
        return list(self._groups)

    def head(self) -> str:
        """Return how much is left, and the keys of a verdict."""
        left = [group for group in self._groups.values() if group.undecided]
        tools = sum(group.undecided for group in left)
        high = sum(group.key.risk is Risk.HIGH for group in left)
        return f" {len(left):,} groups left, {high:,} of high risk{SEP}{tools:,} undecided tools"

    def group(self) -> ToolGroup | None:
        """Return the group under the cursor."""
        return self._groups.get(self.table.key or "")

    def next_group(self) -> str | None:
        """Return the identity of the next group with undecided tools, from the top after the last; None when none is left."""
        keys = list(self.table.keys)
        here = keys.index(self.table.key) if self.table.key in keys else -1
        turned = [*keys[here + 1 :], *keys[:here]]
        return next((key for key in turned if self._groups[key].undecided), None)

    def undecided(self) -> list[ToolId]:
        """Return the undecided tools of the group under the cursor: those that a verdict takes."""
        group = self.group()
        return [tool for tool in group.tools if self.session.review.tool(tool).undecided] if group else []

    def proposals(self) -> list[DecisionProposal]:
        """Return what is proposed for the undecided tools of the group under the cursor."""
        return [self._proposals[tool] for tool in self.undecided() if tool in self._proposals]

    def subject(self) -> str | None:
        """Return the subject of a note: the first tool."""
        group = self.group()
        return group.tools[0] if group else None

    def tool(self) -> ToolId | None:
        """Return the first tool of the group."""
        group = self.group()
        return group.tools[0] if group else None

    def target(self) -> Target | None:
        """Lead to the tools of the group."""
        group = self.group()
        return Target(query=f"group:{group.key.id}") if group else None

    def cells(self, key: str) -> Sequence[Cell]:
        """Return a group as cells: undecided of all tools, risk, type, what it is about, what is proposed."""
        group = self._groups[key]
        proposed = decision_proposals.of_group(group, self._proposals)
        special = ", runs code" * group.key.executes + ", effect unclear" * group.key.unclear
        return [
            (f"{group.undecided}/{len(group.tools)}", "undecided" if group.undecided else "dim"),
            (_RISK[group.key.risk], group.key.risk.value),
            (group.key.type.value, ""),
            (f"{visible(group.key.resource, 120)}{special}", "strong" if group.undecided else ""),
            (visible(proposed.words, 200) if proposed else self._decided(group), "dim"),
        ]

    def _decided(self, group: ToolGroup) -> str:
        if group.undecided:
            return "no proposal: left to you"
        states = [self.session.review.tool(tool).decision_state.simple for tool in group.tools]
        return ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))

    def page(self, key: str) -> Sequence[Line]:
        """Return the group with each of its tools: what it is called, its call, what sets it apart from the others."""
        return list(self._page(self._groups[key]))

    def _page(self, group: ToolGroup) -> Iterator[Line]:
        yield line((visible(group.title, 160), "title"))
        made = [self._proposals[tool] for tool in group.tools if tool in self._proposals]
        proposed = decision_proposals.of_group(group, self._proposals)
        if proposed is not None:
            reasons = "; ".join(dict.fromkeys(each.reason for each in made))
            yield line(("proposed: ", "dim"), visible(f"{proposed.words}: {reasons}", 400), indent=2)
            yield line(("from ", "dim"), visible("; ".join(dict.fromkeys(p.source.words for p in made)), 200), indent=2)
        if group.data:
            yield line(("returns ", "dim"), f"{', '.join(group.data)} data", indent=2)
        if group.flow_roles:
            yield line(("flow roles ", "dim"), ", ".join(role.value for role in group.flow_roles), indent=2)
        yield line("")
        for tool in group.tools:
            yield from self._tool(self.session.review.tool(tool), group.unlike.get(tool, ()))
        yield line("")
        yield line(
            ("Enter lists the tools: one that is decided there is no longer part of the verdict on the rest", "dim")
        )

    def _tool(self, state: ToolState, unlike: Sequence[str]) -> Iterator[Line]:
        row = state.row
        status = "" if state.decision_state is DecisionState.UNDECIDED else f" [{state.decision_state.value}]"
        seen = " opened" if row.id in self.session.opened else ""
        yield line(
            (visible(row.name, 80), "strong"), f"  {visible(row.call, 120)}", (f"{status}{seen}", "dim"), indent=2
        )
        summary = visible(row.summary, 160)
        sure = f"{row.confidence:.0%} sure"
        yield line((f"{summary} ({sure})" if summary else sure, "dim"), indent=4)
        if unlike:
            yield line((f"unlike the others: {visible('; '.join(unlike[:_FEATURES]), 200)}", "warn"), indent=4)
