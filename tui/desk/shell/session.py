"""The session of a reviewer: an open review, the tools shown, and the marks. Widgets never write to a review."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.errors import ClearanceError
from analysis.model import DecisionState, Risk
from analysis.review import commands, queries
from analysis.text import visible
from tui import clock
from tui.desk.areas.tool_row import USUAL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.model import Condition, ToolId
    from analysis.review.commands.outcome import Outcome
    from analysis.review.session import Review


@dataclass(frozen=True, slots=True)
class Origin:
    """Where Enter was pressed, as it was: the area, its row to go on with, filter and marks of the inventory."""

    area: str
    row: str | None
    query: str
    marks: frozenset[ToolId]
    took_marks: bool = False  # the marks in force are those of the row that was entered


@dataclass(slots=True)
class Session:
    """State of the desk that is not recorded in the review."""

    review: Review
    actor: str
    query: str = ""
    order: str = "document"
    shown: list[ToolId] = field(default_factory=list)
    marks: set[ToolId] = field(default_factory=set)
    opened: set[ToolId] = field(default_factory=set)
    last_conditions: str = ""
    fault: ClearanceError | None = None
    trend: list[tuple[int, int]] = field(default_factory=list)  # (score, tools decided) after each change
    range_from: ToolId | None = None  # the start of a range that is being marked
    typed_source: str = ""  # the source that was named last for an import
    exported_to: Path | None = None  # the folder of the last export
    columns: tuple[str, ...] = USUAL  # of the inventory, by name
    tabs: list[str] = field(default_factory=list)  # filters kept as tabs
    tab_rows: dict[str, ToolId | None] = field(default_factory=dict)  # the tool under the cursor, by filter of a tab
    came_from: list[Origin] = field(default_factory=list)  # the way to the area on the screen; Esc goes it back
    last_verdict: tuple[DecisionState, Sequence[Condition], str] | None = None  # of a group, to be repeated
    _reasons: list[str] | None = None  # written for decisions, the last one at the end; read when first asked for

    def __post_init__(self) -> None:
        self.filter("")

    def filter(self, text: str) -> bool:
        """Show the tools that a query selects. An invalid query keeps the last result, and its error in `fault`."""
        try:
            found = queries.select(self.review, text, actor=self.actor, marked=self.marks, seen=self.opened)
        except ClearanceError as error:
            self.fault = error
            return False
        self.fault, self.query = None, text
        self.shown = queries.ordered(self.review, found, self.order)
        return True

    def words_of(self, query: str) -> str:
        """Return a filter in words: as typed, a group of the queue by its title, as its identity says nothing."""
        name, _, identity = query.partition(":")
        if name != "group":
            return query
        found = (group.title for group in self.review.views.groups.ordered() if group.key.id == identity)
        return next(found, query)

    def enter(self, area: str, row: str | None, marks: Sequence[ToolId] = ()) -> None:
        """Remember where Enter was pressed; `marks` are the tools of its row, marked in place of others."""
        origin = Origin(area, row, self.query, frozenset(self.marks), took_marks=bool(marks))
        self.came_from.append(origin)
        if marks:
            self.marks = set(marks)

    def go_back(self) -> Origin:
        """Put filter and marks back to where Enter was pressed last, and return where that was."""
        origin = self.came_from.pop()
        self.marks = set(origin.marks)
        self.filter(origin.query)
        return origin

    def recalled_reasons(self) -> list[str]:
        """Return the reasons that the reviewer wrote, in earlier sessions too, the last one at the end."""
        from analysis.review.queries.decision_support.decision_reasons import (  # noqa: PLC0415 - the first rows do not wait for it
            reasons_used,
        )

        if self._reasons is None:
            self._reasons = reasons_used(self.review, self.actor)
        return self._reasons

    def remember_reason(self, reason: str) -> None:
        """Keep a reason that was typed, so that it can be recalled."""
        reasons = self.recalled_reasons()
        if reason in reasons:
            reasons.remove(reason)
        reasons.append(reason)

    def record_trend(self) -> None:
        """Append score and decided tools to the trend, if they have changed."""
        summary = self.review.summary()
        point = (summary.figures.value or 0, summary.progress.decided)
        if not self.trend or self.trend[-1] != point:
            self.trend.append(point)

    @property
    def version(self) -> object:
        """What changes with all that is recorded, and with the time that decisions are judged at."""
        record = self.review.record
        return len(record.events), record.now

    def refilter(self) -> None:
        """Run the filter again, after a change."""
        self.filter(self.query)

    def next_order(self) -> str:
        """Order the shown tools by the next criterion and return its name."""
        from analysis.review.derived.orders import ORDERS  # noqa: PLC0415 - the first rows do not wait for it

        here = ORDERS.index(self.order) if self.order in ORDERS else -1
        self.order = ORDERS[(here + 1) % len(ORDERS)]
        self.refilter()
        return self.order

    def set_order(self, order: str) -> None:
        """Order the shown tools by a criterion, by its name."""
        self.order = order
        self.refilter()

    def next_undecided(self, tool: ToolId | None, step: int = 1) -> ToolId | None:
        """Return the next undecided tool in the order shown, backwards with `step` -1; None when there is none."""
        start = self.shown.index(tool) if tool in self.shown else -1
        places = range(start + 1, len(self.shown)) if step > 0 else range(start - 1, -1, -1)
        return next((t for place in places if self.review.tool(t := self.shown[place]).undecided), None)

    def toggle_all(self) -> int:
        """Mark every tool that is shown, or unmark them if all are marked. Returns the number of marks."""
        if set(self.shown) <= self.marks:
            self.marks -= set(self.shown)
        else:
            self.marks |= set(self.shown)
        return len(self.marks)

    def targets(self, tool: ToolId | None) -> list[ToolId]:
        """Return the tools that a decision applies to: the marked ones in order, else the one under the cursor."""
        if self.marks:
            return [t.row.id for t in self.review.tools() if t.row.id in self.marks]
        return [tool] if tool is not None else []

    def decide(
        self,
        tools: Sequence[ToolId],
        decision_state: DecisionState | None,
        reason: str,
        conditions: Sequence[Condition] = (),
    ) -> Outcome:
        """Record a decision and clear the marks."""
        outcome = commands.decide(
            self.review, tools, decision_state, reason=reason, actor=self.actor, at=clock.now(), conditions=conditions,
            opened=self.opened,
        )  # fmt: skip
        self.marks.clear()
        return outcome

    def bulk_preview(self, tools: Sequence[ToolId]) -> str:
        """Return the tools of a bulk as one line: how many, how many HIGH, how many already decided."""
        states = [self.review.tool(tool) for tool in tools]
        high = sum(1 for s in states if s.risk is Risk.HIGH)
        decided = sum(1 for s in states if not s.undecided)
        parts = [f"{len(states)} tools"]
        if high:
            parts.append(f"{high} HIGH")
        if decided:
            parts.append(f"{decided} already decided")
        return ", ".join(parts)

    def bulk_changes(self, tools: Sequence[ToolId], decision_state: DecisionState | None) -> str:
        """Return the change of a bulk as one line: states before and after, with counts, and the first names."""
        target = decision_state.value if decision_state else "undecided"
        states = [self.review.tool(tool) for tool in tools]
        counts = Counter("unchanged" if s.decision_state.simple == target else s.decision_state.simple for s in states)
        moves = ", ".join(f"{count} {status}" for status, count in counts.most_common())
        names = ", ".join(visible(s.row.name, 30) for s in states[:3])
        more = f" and {len(states) - 3} more" if len(states) > 3 else ""
        return f"now {moves}; then all {target}. {names}{more}"

    def similar(self, tool: ToolId) -> list[ToolId]:
        """Return the shown tools with the same source, method, type, risk and start of path."""

        def start_of(path: str) -> list[str]:
            return [part for part in path.split("/") if part and not part.startswith("{")][:2]

        wanted = self.review.tool(tool)
        start = start_of(wanted.row.path)
        return [
            state.row.id
            for state in map(self.review.tool, self.shown)
            if state.type is wanted.type
            and state.risk is wanted.risk
            and state.row.method == wanted.row.method
            and state.row.source == wanted.row.source
            and start_of(state.row.path) == start
        ]

    def mark_to(self, tool: ToolId) -> int:
        """Mark from the start of the range to a tool. Returns the number of marks."""
        if self.range_from in self.shown and tool in self.shown:
            first, last = sorted((self.shown.index(self.range_from), self.shown.index(tool)))
            self.marks |= set(self.shown[first : last + 1])
        self.range_from = None
        return len(self.marks)
