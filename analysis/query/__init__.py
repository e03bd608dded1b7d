"""The filter language of the desk, saved views, bulk decisions and `--where`."""

from __future__ import annotations

from analysis.query.completion import completed_field, completions, tally
from analysis.query.parser import MAX_DEPTH, parse
from analysis.query.predicates import EVERY_FLAG, Query
from analysis.query.row import FIELDS, FIXED_VALUES, FLAGS, QueryRow

__all__ = [
    "EVERY_FLAG",
    "FIELDS",
    "FIXED_VALUES",
    "FLAGS",
    "MAX_DEPTH",
    "Query",
    "QueryRow",
    "completed_field",
    "completions",
    "parse",
    "tally",
]
