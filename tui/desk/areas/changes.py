"""Changes by a re-import: each tool before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review.queries.changes import changes_of
from analysis.text import visible
from tui.desk.areas.list_area import ListArea, Target
from tui.desk.widgets.line_table import Cell, Column
from tui.desk.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import ToolId
    from analysis.review.queries.changes import DefinitionChange


class ChangesArea(ListArea):
    """Changed tools, those to decide again first."""

    COLUMNS = (Column("CHANGE", 8), Column("DECISION", 11), Column("TOOL", 0), Column("WHAT DIFFERS", 0))
    EMPTY = "no re-import, or no change in it; I imports a source"

    def rows(self) -> Sequence[str]:
        """Return the changed tools, those to decide again first."""
        self._states = {state.row.id: state for state in self.session.review.tools()}
        found = sorted(changes_of(self.session.review), key=lambda each: not self._undecided(each))
        self._found: dict[str, DefinitionChange] = {f"{each.kind} {each.tool}": each for each in found}
        return list(self._found)

    def _undecided(self, change: DefinitionChange) -> bool:
        return change.tool in self._states and self._states[change.tool].undecided

    def _state(self, tool: ToolId) -> str:
        return self._states[tool].decision_state.value if tool in self._states else ""

    def head(self) -> str:
        """Return the number of changed tools, and of those to decide."""
        if not self._found:
            return ""
        undecided = sum(1 for each in self._found.values() if self._undecided(each))
        wording = sum(1 for each in self._found.values() if each.wording_only)
        return f" {len(self._found):,} tools differ, {undecided:,} to decide, {wording:,} in wording only"

    def tool(self) -> ToolId | None:
        """Return the tool under the cursor, if it still exists."""
        found = self._found.get(self.table.key or "")
        return found.tool if found is not None and found.tool in self._states else None

    def subject(self) -> str | None:
        """Return the subject of a note: the tool, or the review."""
        return self.tool() or "review"

    def target(self) -> Target | None:
        """Lead to the tool."""
        tool = self.tool()
        return Target(key=tool) if tool else None

    def cells(self, key: str) -> Sequence[Cell]:
        """Return one change as cells."""
        found = self._found[key]
        style = {"changed": "medium", "new": "approved"}.get(found.kind, "dim")
        differs = "wording only" if found.wording_only else ", ".join(name for name, _, _ in found.fields)
        return [
            (found.kind, style),
            (self._state(found.tool), "undecided" if self._undecided(found) else "dim"),
            (visible(found.name, 200), "strong"),
            (differs, ""),
        ]

    def page(self, key: str) -> Sequence[Line]:
        """Return before and after, field by field."""
        found = self._found[key]
        lines = [
            line((visible(found.name, 120), "title"), f"  {found.kind}"),
            line((f"{visible(found.source, 80)}, imported by {visible(found.actor, 40)} at {found.at}", "dim")),
        ]
        for name, before, after in found.fields:
            lines.append(line((name, "strong")))
            lines.extend(
                line((f"{sign} ", style), (visible(text, 400), style), indent=2)
                for sign, style, text in (("-", "bad", before), ("+", "good", after))
                if text
            )
        if self._state(found.tool) == "stale":
            lines.append(line(("stale decision, on the earlier definition: Enter goes there to decide again", "warn")))
        return [*lines, *self.notes_on(found.tool)]
