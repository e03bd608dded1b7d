"""What follows from the record of a review: views over one table of tools, kept up to date from its one feed of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from analysis.collector import collector_paused
from analysis.review.derived.baseline_proposals import BaselineProposals
from analysis.review.derived.counts import ToolCounts
from analysis.review.derived.duplicates import Duplicates
from analysis.review.derived.findings import FindingIndex
from analysis.review.derived.flows import Flows
from analysis.review.derived.groups import Groups
from analysis.review.derived.orders import Orders
from analysis.review.derived.query_rows import QueryRows
from analysis.review.derived.summary import summarise
from analysis.review.derived.view import DerivedView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from analysis.model import Finding, FindingId, RuleNotRun, SourceId, ToolId
    from analysis.review.derived.summary import ReviewSummary
    from analysis.review.derived.view import ToolTable
    from analysis.review.record.record import Record


V = TypeVar("V", bound=DerivedView)


class Views:
    """The views of one review, each made when it is first asked for. What they return is up to date."""

    def __init__(
        self,
        table: ToolTable,
        record: Record,
        findings: Callable[[], Sequence[Finding]],
        not_run: Sequence[RuleNotRun],
        unread: Sequence[SourceId] = (),
    ) -> None:
        self._table = table
        self._record = record
        self._definition_findings = findings
        self._not_run = not_run
        self._unread = unread
        self._views: dict[type[DerivedView], DerivedView] = {}
        self._summary: tuple[object, ReviewSummary] | None = None

    @property
    def findings(self) -> FindingIndex:
        """The findings of every tool."""
        return self._current(FindingIndex, self._made_findings)

    def _made_findings(self) -> FindingIndex:
        return FindingIndex(self._table, self._definition_findings(), self._record, self._unread)

    @property
    def query_rows(self) -> QueryRows:
        """The tools as queries see them."""
        return self._current(QueryRows)

    @property
    def baseline_proposals(self) -> BaselineProposals:
        """The proposals of a baseline."""
        return self._current(BaselineProposals, lambda: BaselineProposals(self._table, lambda: self.query_rows))

    @property
    def orders(self) -> Orders:
        """The orders of a list of tools."""
        return self._current(Orders)

    @property
    def flows(self) -> Flows:
        """The exfiltration path."""
        return self._current(Flows, lambda: Flows(self._table, self._unread))

    @property
    def duplicates(self) -> Duplicates:
        """The duplicate tools."""
        return self._current(Duplicates)

    @property
    def groups(self) -> Groups:
        """The tools that are decided as one."""
        return self._current(Groups)

    @property
    def counts(self) -> ToolCounts:
        """The counts over all tools."""
        return self._current(ToolCounts)

    @property
    def summary(self) -> ReviewSummary:
        """Findings, score, progress and gates."""
        version = (self._table.version, self._record.version)
        if self._summary is None or self._summary[0] != version:
            with collector_paused():
                made = summarise(self.findings, self._current(ToolCounts), self._record, self._not_run)
            self._summary = (version, made)
        return self._summary[1]

    def last_findings(self) -> Mapping[ToolId, tuple[Finding, ...]]:
        """Return the findings by tool as they were summarised last, which may be before the last events."""
        return (self._summary[1] if self._summary is not None else self.summary).by_tool

    def tools_of(self, findings: Iterable[FindingId]) -> list[ToolId]:
        """Return the tools that findings are about, as far as findings were asked for before."""
        index = self._views.get(FindingIndex)
        return index.tools_of(findings) if isinstance(index, FindingIndex) else []

    def _current(self, kind: type[V], make: Callable[[], V] | None = None) -> V:
        view = self._views.get(kind)
        if view is None:
            view = self._views[kind] = make() if make is not None else kind(self._table)
        assert isinstance(view, kind), "each view is kept under its own class"
        return view.current()
