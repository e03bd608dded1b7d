"""Rules: findings from definitions, assessments and decisions."""

from __future__ import annotations

from analysis.rules.engine.engine import (
    RULE_PACK,
    Rule,
    review_rules,
    rules,
    run_definitions,
    run_each,
    run_indexed,
    run_review,
    run_set,
    run_states,
    set_rules,
)
from analysis.rules.engine.grouping import FindingRows, cause_in, cause_of, grouped, queue_rows, worst_first
from analysis.rules.engine.rule_context import ReviewFacts, SharedTexts, SourceContext, ToolContext
from analysis.rules.engine.texts_ahead import take_tested, texts_tested

__all__ = [
    "RULE_PACK",
    "FindingRows",
    "ReviewFacts",
    "Rule",
    "SharedTexts",
    "SourceContext",
    "ToolContext",
    "cause_in",
    "cause_of",
    "grouped",
    "queue_rows",
    "review_rules",
    "rules",
    "run_definitions",
    "run_each",
    "run_indexed",
    "run_review",
    "run_set",
    "run_states",
    "set_rules",
    "take_tested",
    "texts_tested",
    "worst_first",
]
