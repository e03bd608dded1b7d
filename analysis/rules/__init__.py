"""Rules: from definitions, assessments and decisions to findings. One family per module."""

from __future__ import annotations

from analysis.rules.engine import (
    RULE_PACK,
    Definition,
    Rule,
    SharedTexts,
    rules,
    run_definitions,
    run_each,
    run_set,
    run_states,
    set_rules,
)
from analysis.rules.gathering import gathered

__all__ = [
    "RULE_PACK",
    "Definition",
    "Rule",
    "SharedTexts",
    "gathered",
    "rules",
    "run_definitions",
    "run_each",
    "run_set",
    "run_states",
    "set_rules",
]
