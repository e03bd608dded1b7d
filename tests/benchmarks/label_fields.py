"""Sensitive fields: what an assessment says of a tool whose response has one field, held against the vendor's mark."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.assess import assess_all

if TYPE_CHECKING:
    from tests.benchmarks.label_rows import Row


def field_outcomes(rows: list[Row]) -> list[tuple[Row, bool, bool]]:
    """Return (row, marked sensitive, found sensitive) for every labelled field."""
    marked = [row for row in rows if "sensitive" in row.labels]
    fields = [(row.stated["field"],) for row in marked]
    tools = [
        replace(row.tool, name="getThing", method="GET", path="/thing", response_fields=field, near_fields=field)
        for row, field in zip(marked, fields, strict=True)
    ]
    said = assess_all(tools)
    return [(row, row.labels["sensitive"], bool(one.data)) for row, one in zip(marked, said, strict=True)]
