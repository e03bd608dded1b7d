"""What a baseline proposes for undecided tools, kept tool by tool: a decision is followed without asking all rules again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model import DecisionProposal, ProposalKind, ProposalSource
from analysis.query import parse
from analysis.review.derived.view import DerivedView

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from analysis.model import Policy, ToolId
    from analysis.review.derived.query_rows import QueryRows
    from analysis.review.derived.view import ToolTable


class BaselineProposals(DerivedView):
    """The proposals of one baseline at a time, whose rules have to depend on the rows of tools alone.

    `rows` returns the tools as queries see them, up to date.
    """

    def __init__(self, table: ToolTable, rows: Callable[[], QueryRows]) -> None:
        self._rows = rows
        self._baseline: Policy | None = None
        super().__init__(table)

    def rebuild(self) -> None:
        """Ask every rule about every tool."""
        self._made: dict[ToolId, DecisionProposal] = {}
        self._rules = () if self._baseline is None else self._baseline.baseline
        self._tests = [parse(rule.where) for rule in self._rules]
        name = "" if self._baseline is None else self._baseline.name
        self._sources = [ProposalSource(ProposalKind.BASELINE, rule.name, by=name) for rule in self._rules]
        if self._rules:
            rows = self._rows()
            left = [rows.row(place) for place, state in enumerate(self.table.states) if state.undecided]
            for number, test in enumerate(self._tests):
                found = {row.id: row for row in test.select(left)}
                for row in found.values():
                    self._propose(self.table.ids[self.table.places[row.id]], number)  # type: ignore[index]
                left = [row for row in left if row.id not in found]

    def update(self, places: set[int]) -> None:
        """Ask the rules about the tools at some places."""
        rows = self._rows() if self._rules else None
        for place in places:
            self._made.pop(self.table.ids[place], None)
            if rows is not None and self.table.states[place].undecided:
                row = rows.row(place)
                number = next((n for n, test in enumerate(self._tests) if test.matches(row)), None)
                if number is not None:
                    self._propose(self.table.ids[place], number)

    def _propose(self, tool: ToolId, number: int) -> None:
        rule = self._rules[number]
        self._made[tool] = DecisionProposal(tool, rule.decision, rule.reason, self._sources[number], rule.conditions)

    def of(self, baseline: Policy) -> Mapping[ToolId, DecisionProposal]:
        """Return the proposals of a baseline by tool: that of the first rule that selects it. It changes with the review."""
        if baseline != self._baseline:
            self._baseline = baseline
            self.rebuild()
        return self._made
