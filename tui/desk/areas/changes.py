"""Changes by a re-import: each tool before and after, and the earlier decision that waits to be confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.output.drift.records import ChangeGroup, DriftKind
from analysis.output.drift.reports import shown_value
from analysis.output.drift.wording import word_changes
from analysis.review.queries.changes import changes_of, pending_decisions
from analysis.text import visible
from tui.desk.areas.list_area import ListArea, Target
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.table_columns import Cell, Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import ToolId
    from analysis.output.drift.records import Drift
    from analysis.review.queries.changes import DefinitionChange, PendingDecision

_ORDER = list(ChangeGroup)
_STYLES = {DriftKind.REMOVED: "dim"}
#: Passages of a text: removed, added, unchanged; with their signs, because not every terminal has colours.
_SIGNS = {"-": ("[-{}-]", "gone"), "+": ("{{+{}+}}", "added"), " ": ("{}", "")}
_MAX_TEXT = 1_500


class ChangesArea(ListArea):
    """Changed tools, those to decide again first, by group."""

    COLUMNS = (
        Column("Change", 8),
        Column("Decision", 11),
        Column("Tool", 0),
        Column("Group", 17),
        Column("What differs", 0),
    )
    EMPTY = "no re-import, or no change in it; I imports a source"
    TITLE, PAGE = "Changes", "Before and after"

    def rows(self) -> Sequence[str]:
        """Return the changed tools, those to decide again first."""
        review = self.session.review
        self._states = {state.row.id: state for state in review.tools()}
        self._pending = pending_decisions(review)
        found = sorted(changes_of(review), key=lambda each: (not self._undecided(each), self._rank(each)))
        self._found: dict[str, DefinitionChange] = {f"{each.kind} {each.tool}": each for each in found}
        return list(self._found)

    def _rank(self, change: DefinitionChange) -> tuple[bool, int]:
        """Return the place of a change: what has substance first, the gravest group first."""
        return not change.substance, _ORDER.index(change.group)

    def _undecided(self, change: DefinitionChange) -> bool:
        return change.tool in self._states and self._states[change.tool].undecided

    def _state(self, tool: ToolId) -> str:
        return self._states[tool].decision_state.value if tool in self._states else ""

    def head(self) -> str:
        """Return the number of changed tools, of those to decide, and of those that are confirmed by groups."""
        if not self._found:
            return ""
        undecided = sum(1 for each in self._found.values() if self._undecided(each))
        grouped = sum(1 for each in self._pending.values() if not each.alone)
        waiting = f", {grouped:,} without anything new: y confirms a group" if grouped else ""
        return f" {len(self._found):,} tools differ, {undecided:,} to decide{waiting}"

    def tool(self) -> ToolId | None:
        """Return the tool under the cursor, if it still exists."""
        found = self._found.get(self.table.key or "")
        return found.tool if found is not None and found.tool in self._states else None

    def pending(self) -> PendingDecision | None:
        """Return the earlier decision on the tool under the cursor that waits to be confirmed."""
        tool = self.tool()
        return self._pending.get(tool) if tool is not None else None

    def marked_pending(self) -> list[PendingDecision]:
        """Return the earlier decisions on the marked tools that wait to be confirmed."""
        tools = dict.fromkeys(self._found[key].tool for key in self.marks.rows())
        return [self._pending[tool] for tool in tools if tool in self._pending]

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
        single = found.kind in {DriftKind.NEW, DriftKind.REMOVED}
        differs = ", ".join(dict.fromkeys(each.field.rpartition(".")[2] for each in found.drift))
        return [
            (found.kind.value, _STYLES.get(found.kind, "changed")),
            (self._state(found.tool), "strong" if self._undecided(found) else "dim"),
            (visible(found.name, 200), "strong"),
            ("" if single else found.group.value, "strong" if found.substance and not single else "dim"),
            ("" if single else visible(differs, 200), ""),
        ]

    def page(self, key: str) -> Sequence[Line]:
        """Return before and after, field by field, and what waits."""
        found = self._found[key]
        lines = [
            line((visible(found.name, 120), "title"), f"  {found.kind.value}"),
            line((f"{visible(found.source, 80)}, imported by {visible(found.actor, 40)} at {found.at}", "dim")),
            *self._waiting(found),
        ]
        for each in found.drift:
            marks = ", ".join(part for part in (each.direction.value, each.group.value) if part)
            weight = "" if each.substance else ", no substance"
            lines.append(
                line((visible(each.field, 200), "strong"), (f"  {marks}{weight}", "warn" if each.substance else "dim"))
            )
            if each.why:
                lines.append(line((visible(each.why, 300), "warn" if each.substance else "dim"), indent=2))
            lines.extend(_values(each))
        return [*lines, *self.notes_on(found.tool)]

    def _waiting(self, found: DefinitionChange) -> list[Line]:
        """Return what is known of an earlier decision, and the key that confirms it."""
        pending = self._pending.get(found.tool)
        if pending is None:
            return []
        earlier = pending.decision
        under = f" as {visible(pending.origin, 100)}" if pending.renamed else ""
        text = f"{earlier.state.value}{under} by {visible(earlier.actor, 40)}, {earlier.at[:10]}, on the earlier definition"
        how = f"{visible(pending.alone, 200)}: y confirms this one alone" if pending.alone else "y confirms its group"
        if not pending.drift:
            how = f"{pending.alone}: Enter goes there to decide again"
        return [line((text, "warn")), line((how, "dim"))]


def _values(each: Drift) -> list[Line]:
    """Return the values before and after; of texts the words that differ."""
    if isinstance(each.before, str) and isinstance(each.after, str) and " " in each.before + each.after:
        parts = word_changes(each.before, each.after)
        return [line(*((_SIGNS[sign][0].format(_one_line(text)), _SIGNS[sign][1]) for sign, text in parts), indent=2)]
    values = (("-", "soft", each.before), ("+", "changed", each.after))
    return [
        line((f"{sign} ", style), (shown_value(value, 400), style), indent=2)
        for sign, style, value in values
        if value is not None
    ]


def _one_line(text: str) -> str:
    """Return a passage on one line; a blank at its ends stays."""
    return visible(f"|{text}|", _MAX_TEXT).removeprefix("|").removesuffix("|")
