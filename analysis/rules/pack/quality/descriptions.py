"""QLT: definitions that make an agent guess. Quality never buys security points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import Severity
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import definition
from analysis.rules.pack.data import WEIGHTY
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.rules.engine.rule_context import ToolContext

_SHORT: Final = 20
_LONG: Final = 1_000
_NAME: Final = 200  # no name is as long


@rule(
    id="QLT-001",
    title="Missing or thin description",
    kind="definition",
    severity=Severity.LOW,
    grouped_when=True,
    remedy="Say in one or two sentences what the tool does, when to use it and what it changes.",
    standards=("cosai:2026-01/T9",),
    hits=(
        definition(description=""),
        definition(description="Orders."),
        definition(description="List orders"),
        definition(description="Long. " * 200),
    ),
    clean=(definition(), definition(description="", summary="Returns the orders of one shop")),
)
def thin_description(case: ToolContext) -> Iterator[Hit]:
    """Agents choose tools by their descriptions; a missing one means guessing, an endless one costs every call."""
    text = (case.tool.description or case.tool.summary).strip()
    if not text:
        yield Hit(matched="no description")
    elif len(text) < _NAME and split_words(text) == split_words(case.tool.name):
        yield Hit(matched="the description repeats the name")
    elif len(text) < _SHORT:
        yield Hit(matched=f"{len(text)} characters: {text}")
    elif len(text) > _LONG:
        yield Hit(matched=f"{len(text):,} characters")


@rule(
    id="QLT-003",
    title="Missing pagination",
    kind="definition",
    severity=Severity.LOW,
    grouped_when=True,
    confidence="medium",
    remedy="Add a limit and a cursor, or cap the result at the gateway.",
    standards=("owasp-api:2023/API4", "owasp-llm:2025/LLM10"),
    false_positives="Small lists of fixed length.",
    hits=(definition(assessed={"lists": True}),),
    clean=(definition(assessed={"lists": True, "page_parameters": ("limit",)}), definition()),
)
def missing_pagination(case: ToolContext) -> Iterator[Hit]:
    """A list without a limit can fill the whole context of a model with one call."""
    if case.assessment.lists and not case.assessment.page_parameters:
        personal = any(hit.direction == "response" and hit.data in WEIGHTY for hit in case.assessment.data)
        yield Hit(matched="list without page parameters", severity=Severity.MEDIUM if personal else None)
