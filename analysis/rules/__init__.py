"""Rules: from definitions, assessments and decisions to findings. One family per module."""

from __future__ import annotations

from analysis.rules.cases import Definition, ReviewFacts, SharedTexts, Source
from analysis.rules.engine import RULE_PACK, Memory, Rule, rules, run_definitions, run_review, run_states
from analysis.rules.gathering import gathered

__all__ = [
    "RULE_PACK",
    "Definition",
    "Memory",
    "ReviewFacts",
    "Rule",
    "SharedTexts",
    "Source",
    "gathered",
    "rules",
    "run_definitions",
    "run_review",
    "run_states",
]
