"""The filter language, one grammar for the desk, saved views, bulk decisions and `--where`."""

from __future__ import annotations

from analysis.query.completion import completed_field, completions, tally
from analysis.query.parser import MAX_DEPTH, parse
from analysis.query.subject import CLOSED, FIELDS, FLAGS, Subject
from analysis.query.terms import Query

__all__ = [
    "CLOSED",
    "FIELDS",
    "FLAGS",
    "MAX_DEPTH",
    "Query",
    "Subject",
    "completed_field",
    "completions",
    "parse",
    "tally",
]
