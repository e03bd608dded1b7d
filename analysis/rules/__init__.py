"""Rules: from definitions, assessments and decisions to findings. One family per module."""

from __future__ import annotations

from analysis.rules.cases import Definition, ReviewFacts, SharedTexts, Source
from analysis.rules.engine import (
    RULE_PACK,
    Rule,
    rules,
    run_counted,
    run_definitions,
    run_each,
    run_review,
    run_set,
    run_states,
    set_rules,
)
from analysis.rules.gathering import gathered

__all__ = [
    "RULE_PACK",
    "Definition",
    "ReviewFacts",
    "Rule",
    "SharedTexts",
    "Source",
    "gathered",
    "rules",
    "run_counted",
    "run_definitions",
    "run_each",
    "run_review",
    "run_set",
    "run_states",
    "set_rules",
]
