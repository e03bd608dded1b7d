"""Duplicate tools side by side: how they differ, and which one is suggested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review.queries.duplicates import differences
from analysis.text import visible
from tui.desk.areas import AREAS
from tui.desk.areas.list_area import ListArea, Target
from tui.desk.widgets.columns import side_by_side
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.table_columns import Cell, Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import DecisionState, ToolId
    from analysis.review.derived.duplicates import DuplicateGroup


_SIMILARITY = {"version": "versions", "synonym": "synonyms", "near-identical": "near-identical"}
_LABEL_WIDTH = 13
_LETTERS = "123456789abcdefghijklmnopqrstuvwxyz"


class DuplicatesArea(ListArea):
    """Tools that an agent cannot tell apart."""

    COLUMNS = (Column("Likeness", 15), Column("Live", 5), Column("Suggested", 0), Column("Overlaps with", 0))
    EMPTY = f"no duplicate tools; {AREAS['tools'].key} shows the tools"
    TITLE, PAGE = "Duplicate tools", "Side by side"

    def rows(self) -> Sequence[str]:
        """Return the groups in document order."""
        self._groups: dict[str, DuplicateGroup] = {
            f"{each.similarity} {each.members[0].id}": each for each in self.session.review.views.duplicates.groups
        }
        return list(self._groups)

    def group(self) -> DuplicateGroup | None:
        """Return the group under the cursor."""
        return self._groups.get(self.table.key or "")

    def subject(self) -> str | None:
        """Return the subject of a note: the suggested tool."""
        group = self.group()
        return group.suggested.id if group else None

    def tool(self) -> ToolId | None:
        """Return the suggested tool."""
        group = self.group()
        return group.suggested.id if group else None

    def target(self) -> Target | None:
        """Lead to the members, all marked."""
        group = self.group()
        return Target(query="is:marked", marks=tuple(row.id for row in group.members)) if group else None

    def _live(self, group: DuplicateGroup) -> int:
        return sum(1 for row in group.members if self.session.review.tool(row.id).live)

    def cells(self, key: str) -> Sequence[Cell]:
        """Return a group as cells: likeness, tools not blocked, suggested tool, the others."""
        group = self._groups[key]
        live = self._live(group)
        return [
            (_SIMILARITY[group.similarity], ""),
            (f"{live}/{len(group.members)}", "strong" if live > 1 else "dim"),
            (visible(group.suggested.name, 200), "strong"),
            (", ".join(visible(row.name, 80) for row in group.others), "dim"),
        ]

    def page(self, key: str) -> Sequence[Line]:
        """Return the members side by side, one difference per row."""
        group, review = self._groups[key], self.session.review
        names = tuple(visible(row.name, 80) for row in group.members)
        table = [("", names), *((each.what, each.values) for each in differences(review, group))]
        kept = next((row for row in group.members if self._live(group) == 1 and review.tool(row.id).live), None)
        state = f"only {visible(kept.name, 80)} is not blocked" if kept else "an agent cannot tell them apart"
        return [
            line((state, "good" if kept else "warn")),
            line(f"suggested: {visible(group.suggested.name, 80)} ({group.reason})"),
            *side_by_side(table, self.app.size.width - 5, _LABEL_WIDTH),
            line(("a keeps one and blocks the rest as one step", "dim")),
            *(self.notes_on(group.suggested.id)),
        ]


def member_choices(group: DuplicateGroup, states: Sequence[DecisionState]) -> list[tuple[str, str, ToolId]]:
    """Return the members as (letter, label, tool), the suggested one first."""
    order = sorted(zip(group.members, states, strict=True), key=lambda each: each[0] is not group.suggested)
    return [
        (letter, f"{visible(row.name, 50)}  ({state.value})", row.id)
        for letter, (row, state) in zip(_LETTERS, order, strict=False)
    ]
