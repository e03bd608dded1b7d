"""QLT: descriptions and pagination. Quality never offsets security points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import Severity
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_tool
from analysis.rules.pack.returned_data import SENSITIVE_CLASSES
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.rules.engine.rule_context import ToolContext

_MIN_LENGTH: Final = 20
_MAX_LENGTH: Final = 1_000
_MAX_NAME: Final = 200  # characters; no name is longer


@rule(
    id="QLT-001",
    title="Missing or thin description",
    kind="definition",
    severity=Severity.LOW,
    groups_findings=True,
    remedy="State in one or two sentences what the tool does, when to use it and what it changes.",
    standards=("cosai:2026-01/T9",),
    hits=(
        example_tool(description=""),
        example_tool(description="Orders."),
        example_tool(description="List orders"),
        example_tool(description="Long. " * 200),
    ),
    clean=(example_tool(), example_tool(description="", summary="Returns the orders of one shop")),
)
def thin_description(context: ToolContext) -> Iterator[Hit]:
    """Agents select tools by their descriptions. Without one they guess; an overlong one uses context in every call."""
    text = (context.tool.description or context.tool.summary).strip()
    if not text:
        yield Hit(matched="no description")
    elif len(text) < _MAX_NAME and split_words(text) == split_words(context.tool.name):
        yield Hit(matched="the description repeats the name")
    elif len(text) < _MIN_LENGTH:
        yield Hit(matched=f"{len(text)} characters: {text}")
    elif len(text) > _MAX_LENGTH:
        yield Hit(matched=f"{len(text):,} characters")


@rule(
    id="QLT-003",
    title="Missing pagination",
    kind="definition",
    severity=Severity.LOW,
    groups_findings=True,
    confidence="medium",
    remedy="Add a limit and a cursor, or cap the result at the gateway.",
    standards=("owasp-api:2023/API4", "owasp-llm:2025/LLM10"),
    false_positives="Short lists of fixed length.",
    hits=(example_tool(assessed={"lists": True}),),
    clean=(example_tool(assessed={"lists": True, "page_parameters": ("limit",)}), example_tool()),
)
def missing_pagination(context: ToolContext) -> Iterator[Hit]:
    """One call of an unlimited list can fill the context of the model."""
    if context.assessment.lists and not context.assessment.page_parameters:
        personal = any(hit.direction == "response" and hit.data in SENSITIVE_CLASSES for hit in context.assessment.data)
        yield Hit(matched="list without page parameters", severity=Severity.MEDIUM if personal else None)
