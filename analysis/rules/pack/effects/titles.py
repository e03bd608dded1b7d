"""EFF: titles that contradict the tool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import Effect, Severity, TextSpan, TextSpans
from analysis.rules.detect.parameter_names import name_set
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_tool
from analysis.text import visible
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.rules.engine.rule_context import ToolContext

_REMOVING: Final = name_set(
    "delete deletes destroy destroys purge purges remove removes erase erases wipe wipes drop drops terminate terminates"
)
_MAX_TITLE: Final = 120


def _removes(text: str) -> str:
    """Return the first word of a short text if it removes something, else an empty string."""
    if len(text) > _MAX_TITLE:
        return ""
    first = split_words(text.partition(" ")[0])[:1]
    return first[0] if first and first[0] in _REMOVING else ""


def _titled(title: str) -> TextSpans:
    return TextSpans.of(TextSpan("/tools/0/annotations/title", title))


@rule(
    id="EFF-010",
    title="Title contradicts behaviour",
    kind="definition",
    severity=Severity.MEDIUM,
    confidence="medium",
    remedy="Correct the title: it is what a person reads when a client asks to confirm a call.",
    standards=("owasp-mcp:2025/MCP03",),
    false_positives="Titles that name the screen on which a tool is used.",
    hits=(
        example_tool(method="", path="", pointer="/tools/0", text_spans=_titled("Erase the ledger")),
        example_tool(
            method="",
            path="",
            pointer="/tools/0",
            text_spans=TextSpans.of(TextSpan("/tools/0/title", "Purges the queue")),
        ),
    ),
    clean=(
        example_tool(method="", path="", pointer="/tools/0", text_spans=_titled("Orders of a shop")),
        example_tool(
            method="",
            path="",
            pointer="/tools/0",
            text_spans=_titled("Erase the ledger"),
            assessed={"effect": Effect.CRITICAL},
        ),
        example_tool(
            method="",
            path="",
            pointer="/tools/0",
            text_spans=TextSpans.of(TextSpan("/tools/0/outputSchema/title", "Drop zone")),
        ),
    ),
)
def contradicting_title(context: ToolContext) -> Iterator[Hit]:
    """A tool that only reads is titled as one that removes: its users confirm something else than what is called."""
    tool = context.tool
    if tool.method or context.assessment.effect is not Effect.READ:
        return
    places = {f"{tool.pointer}/title", f"{tool.pointer}/annotations/title"}
    for text_span in context.matching(_removes):
        if text_span.pointer in places:
            yield Hit(f"title: {visible(text_span.text, _MAX_TITLE)}", pointer=text_span.pointer)
            return
