"""What the desk works on: an open review, the tools that are shown, and what is marked. No widget writes a review."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.errors import ClearanceError
from analysis.model import DecisionState, Risk
from analysis.review import commands, queries
from analysis.text import visible
from tui import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import Condition, ToolId, ToolState
    from analysis.review.commands.outcome import Outcome
    from analysis.review.session import Review


@dataclass(slots=True)
class Session:
    """The state of one sitting."""

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
    range_from: ToolId | None = None  # where marking a range began

    def __post_init__(self) -> None:
        self.filter("")

    def filter(self, text: str) -> bool:
        """Show what a query selects. A faulty query keeps the last good result and is remembered in `fault`."""
        try:
            found = queries.select(self.review, text, actor=self.actor, marked=self.marks, seen=self.opened)
        except ClearanceError as error:
            self.fault = error
            return False
        self.fault, self.query = None, text
        self.shown = queries.ordered(self.review, found, self.order)
        return True

    def sample(self) -> None:
        """Remember where the review stands now, if it stands elsewhere than before."""
        summary = self.review.summary()
        now = (summary.figures.value or 0, summary.progress.decided)
        if not self.trend or self.trend[-1] != now:
            self.trend.append(now)

    def again(self) -> None:
        """Run the filter again, after something changed."""
        self.filter(self.query)

    def next_order(self) -> str:
        """Order the shown tools by the next criterion and return its name."""
        from analysis.review.derived.orders import ORDERS  # noqa: PLC0415 - the first rows are on the screen before it

        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        self.again()
        return self.order

    def next_undecided(self, tool: ToolId | None, step: int = 1) -> ToolId | None:
        """Return the next undecided tool after one, in the order shown; None when there is none that way."""
        start = self.shown.index(tool) if tool in self.shown else -1
        places = range(start + 1, len(self.shown)) if step > 0 else range(start - 1, -1, -1)
        return next((t for place in places if self.review.tool(t := self.shown[place]).undecided), None)

    def toggle_all(self) -> int:
        """Mark every tool that is shown, or unmark them if all are marked. Returns how many are marked then."""
        if set(self.shown) <= self.marks:
            self.marks -= set(self.shown)
        else:
            self.marks |= set(self.shown)
        return len(self.marks)

    def targets(self, tool: ToolId | None) -> list[ToolId]:
        """Return what a verdict applies to: the marked tools in order, else the one under the cursor."""
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
        """Record a verdict and drop the marks."""
        done = commands.decide(
            self.review, tools, decision_state, reason=reason, actor=self.actor, at=clock.now(), conditions=conditions
        )
        self.marks.clear()
        return done

    def bulk_preview(self, tools: Sequence[ToolId]) -> str:
        """Return what a bulk would touch, in a line: how many, how risky, how many decided already."""
        states = [self.review.tool(tool) for tool in tools]
        high = sum(1 for s in states if s.risk is Risk.HIGH)
        decided = sum(1 for s in states if not s.undecided)
        parts = [f"{len(states)} tools"]
        if high:
            parts.append(f"{high} HIGH")
        if decided:
            parts.append(f"{decided} decided already")
        return ", ".join(parts)

    def bulk_changes(self, tools: Sequence[ToolId], decision_state: DecisionState | None) -> str:
        """Return what a bulk changes: from what to what, how often, and which tools come first."""
        wanted = decision_state.value if decision_state else "undecided"
        states = [self.review.tool(tool) for tool in tools]
        counts = Counter("as it is" if s.decision_state.simple == wanted else s.decision_state.simple for s in states)
        moves = ", ".join(f"{count} {status}" for status, count in counts.most_common())
        names = ", ".join(visible(s.row.name, 30) for s in states[:3])
        more = f" and {len(states) - 3} more" if len(states) > 3 else ""
        return f"now {moves}; then all {wanted}. {names}{more}"

    def alike(self, tool: ToolId) -> list[ToolId]:
        """Return the shown tools of one's method, type, risk and beginning of the path."""

        def kind(state: ToolState) -> tuple[object, ...]:
            parts = [part for part in state.row.path.split("/") if part and not part.startswith("{")]
            return (state.row.source, state.row.method, state.type, state.risk, parts[:2])

        wanted = kind(self.review.tool(tool))
        return [each for each in self.shown if kind(self.review.tool(each)) == wanted]

    def mark_to(self, tool: ToolId) -> int:
        """Mark from where the range began to a tool; return how many are marked then."""
        if self.range_from in self.shown and tool in self.shown:
            first, last = sorted((self.shown.index(self.range_from), self.shown.index(tool)))
            self.marks |= set(self.shown[first : last + 1])
        self.range_from = None
        return len(self.marks)

    def unseen_high(self, tools: Sequence[ToolId]) -> list[ToolId]:
        """Return the high-risk tools that nobody looked at in this sitting: they are not approved in bulk."""
        return [t for t in tools if self.review.tool(t).risk is Risk.HIGH and t not in self.opened]


def own_reason(tool: ToolState) -> str:
    """Return the reason that stands in the record when a verdict is one key: the assessment it agreed with."""
    row = tool.row
    data = f", returns {', '.join(row.data)} data" if row.data else ""
    unclear = " (effect unclear)" if row.unclear else ""
    return f"on the assessment: {tool.type.value}{unclear}, {row.reversibility.value}, {tool.risk.value} risk{data}"
