"""What follows from the record of a review: views over one table of tools, kept up to date from its one feed of changes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from analysis.review.derived.counts import ToolCounts
from analysis.review.derived.duplicates import Duplicates
from analysis.review.derived.findings import FindingIndex
from analysis.review.derived.flows import Flows
from analysis.review.derived.orders import Orders
from analysis.review.derived.query_rows import QueryRows
from analysis.review.derived.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.model import Finding, RuleNotRun, ToolId
    from analysis.review.derived.summary import ReviewSummary
    from analysis.review.derived.view import ToolTable
    from analysis.review.record.record import Record


class Views:
    """The views of one review, each made when it is first asked for. What they return is up to date."""

    def __init__(
        self, table: ToolTable, record: Record, findings: Sequence[Finding], not_run: Sequence[RuleNotRun]
    ) -> None:
        self._table = table
        self._record = record
        self._definition_findings = findings
        self._not_run = not_run
        self._summary: tuple[object, ReviewSummary] | None = None

    @property
    def findings(self) -> FindingIndex:
        """The findings of every tool."""
        return self._findings.current()

    @property
    def query_rows(self) -> QueryRows:
        """The tools as queries see them."""
        return self._query_rows.current()

    @property
    def orders(self) -> Orders:
        """The orders of a list of tools."""
        return self._orders.current()

    @property
    def flows(self) -> Flows:
        """The exfiltration path."""
        return self._flows.current()

    @property
    def duplicates(self) -> Duplicates:
        """The duplicate tools."""
        return self._duplicates.current()

    @property
    def summary(self) -> ReviewSummary:
        """Findings, score, progress and gates."""
        version = (self._table.version, self._record.version)
        if self._summary is None or self._summary[0] != version:
            made = summarise(self.findings, self._counts.current(), self._record, self._not_run)
            self._summary = (version, made)
        return self._summary[1]

    def last_findings(self) -> Mapping[ToolId, tuple[Finding, ...]]:
        """Return the findings by tool as they were summarised last, which may be before the last events."""
        return (self._summary[1] if self._summary is not None else self.summary).by_tool

    @cached_property
    def _findings(self) -> FindingIndex:
        return FindingIndex(self._table, self._definition_findings, self._record)

    @cached_property
    def _counts(self) -> ToolCounts:
        return ToolCounts(self._table)

    @cached_property
    def _query_rows(self) -> QueryRows:
        return QueryRows(self._table)

    @cached_property
    def _orders(self) -> Orders:
        return Orders(self._table)

    @cached_property
    def _flows(self) -> Flows:
        return Flows(self._table)

    @cached_property
    def _duplicates(self) -> Duplicates:
        return Duplicates(self._table)
