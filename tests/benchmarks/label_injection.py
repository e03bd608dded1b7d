"""Planted instructions: which labelled descriptions the injection rules flag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assess import assess_all
from analysis.rules import Definition, SharedTexts, run_definitions

if TYPE_CHECKING:
    from tests.benchmarks.label_rows import Row

RULES = frozenset({"INJ-001", "INJ-002", "INJ-004", "INJ-005", "INJ-006"})


def injection_outcomes(rows: list[Row]) -> list[tuple[Row, bool, bool]]:
    """Return (row, planted, flagged) for every labelled description."""
    marked = [row for row in rows if "injection" in row.labels]
    tools = [row.tool for row in marked]
    shared = SharedTexts({})
    cases = [Definition(tool, said, shared) for tool, said in zip(tools, assess_all(tools), strict=True)]
    findings, _ = run_definitions(cases)
    flagged = {finding.tool for finding in findings if finding.rule in RULES}
    return [(row, row.labels["injection"], row.tool.id in flagged) for row in marked]
