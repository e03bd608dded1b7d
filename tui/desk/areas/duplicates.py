"""Families of alike tools side by side: in what they differ, and which one is better kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review.queries.duplicates import differences
from analysis.text import visible
from tui.desk.areas.list_area import ListArea, Target
from tui.desk.widgets.columns import beside
from tui.desk.widgets.line_table import Cell, Column
from tui.desk.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import DecisionState, ToolId
    from analysis.review.derived.duplicates import DuplicateGroup

_LIKENESS = {"version": "versions", "synonym": "synonyms", "near-identical": "near-identical"}
_LABEL = 13
_LETTERS = "123456789abcdefghijklmnopqrstuvwxyz"


class DuplicatesArea(ListArea):
    """Tools among which an agent cannot choose."""

    COLUMNS = (Column("LIKENESS", 15), Column("LEFT", 5), Column("BETTER KEPT", 0), Column("BESIDE", 0))
    EMPTY = "no tools are so alike that an agent could not choose; 1 shows the tools"

    def rows(self) -> Sequence[str]:
        """Return the families in document order."""
        self._found: dict[str, DuplicateGroup] = {
            f"{each.similarity} {each.members[0].id}": each for each in self.session.review.views.duplicates.groups
        }
        return list(self._found)

    def family(self) -> DuplicateGroup | None:
        """Return the family under the cursor."""
        return self._found.get(self.table.key or "")

    def subject(self) -> str | None:
        """Return what a note is about: the tool that is better kept."""
        family = self.family()
        return family.suggested.id if family else None

    def tool(self) -> ToolId | None:
        """Return the tool that is better kept."""
        family = self.family()
        return family.suggested.id if family else None

    def target(self) -> Target | None:
        """Lead to the members, all marked."""
        family = self.family()
        return Target(query="is:marked", marks=tuple(row.id for row in family.members)) if family else None

    def _live(self, family: DuplicateGroup) -> int:
        return sum(1 for row in family.members if self.session.review.tool(row.id).live)

    def cells(self, key: str) -> Sequence[Cell]:
        """Return one family as cells: how alike, how many are not blocked, which to keep, and the rest."""
        family = self._found[key]
        left = self._live(family)
        return [
            (_LIKENESS[family.similarity], ""),
            (f"{left}/{len(family.members)}", "medium" if left > 1 else "approved"),
            (visible(family.suggested.name, 200), "strong"),
            (", ".join(visible(row.name, 80) for row in family.others), "dim"),
        ]

    def page(self, key: str) -> Sequence[Line]:
        """Return the members side by side: what differs, row by row."""
        family, review = self._found[key], self.session.review
        found = differences(review, family)
        names = tuple(visible(row.name, 80) for row in family.members)
        table = [("", names), *((each.what, each.values) for each in found)]
        kept = next((row for row in family.members if self._live(family) == 1 and review.tool(row.id).live), None)
        state = f"only {visible(kept.name, 80)} is left" if kept else "an agent cannot choose among them"
        return [
            line((state, "good" if kept else "warn")),
            line(f"better kept: {visible(family.suggested.name, 80)}, for {family.reason}"),
            *beside(table, self.app.size.width - 3, _LABEL),
            line(("a keeps one and blocks the rest as one step", "dim")),
            *(self.notes_on(family.suggested.id)),
        ]


def letters(family: DuplicateGroup, states: Sequence[DecisionState]) -> list[tuple[str, str, ToolId]]:
    """Return the members to choose from as (letter, label, tool), the one that is better kept first."""
    order = sorted(zip(family.members, states, strict=True), key=lambda each: each[0] is not family.suggested)
    return [
        (letter, f"{visible(row.name, 50)}  ({state.value})", row.id)
        for letter, (row, state) in zip(_LETTERS, order, strict=False)
    ]
