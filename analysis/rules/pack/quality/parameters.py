"""QLT: parameters and page sizes that leave an agent guessing or return too much."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from analysis.model import Effect, Parameter, Severity, ToolType
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_tool
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.rules.engine.rule_context import ToolContext

_WRITES: Final = {"effect": Effect.SIDE_EFFECT, "types": (ToolType.SIDE_EFFECT,)}
_BOUNDS: Final = frozenset({"maximum", "exclusiveMaximum"})
_NUMBERS: Final = ("integer", "number", "string(int")
_LISTED: Final = re.compile(
    r"\b(?:one of|either|(?:valid|allowed|possible|accepted|supported) (?:values|options)|can be)\b[^.\n]{0,20}?"
    r"[`'\"]\w[\w.-]*[`'\"](?:\s*(?:,|or|and|/|\|)+\s*(?:or\s+)?[`'\"]\w)",
    re.IGNORECASE,
)
#: Substrings, one of which is in every match of `_LISTED`.
_SIGNS: Final = ("ne of", "alues", "ptions", "ither", "an be")
_LARGE_TOKENS: Final = 2_000
_VERY_LARGE_TOKENS: Final = 8_000


@lru_cache(maxsize=16_384)
def _listed(text: str) -> str:
    """Return the part of a description that lists values, or an empty string: tools share most descriptions."""
    for sign in _SIGNS:
        if sign in text:
            found = _LISTED.search(text)
            return found.group() if found else ""
    return ""


def _input(
    name: str,
    kind: str = "string",
    *,
    description: str = "Narrows it.",
    values: tuple[str, ...] = (),
    **limits: str,
) -> Parameter:
    return Parameter(name, "query", False, kind, description, values, tuple(limits.items()))


@rule(
    id="QLT-004",
    title="Page size without a maximum",
    kind="definition",
    severity=Severity.LOW,
    groups_findings=True,
    remedy="State a maximum, or cap the size at the gateway.",
    standards=("owasp-api:2023/API4",),
    false_positives="Maximum sizes that the service enforces without stating them.",
    hits=(example_tool(parameters=(_input("limit", "integer"),), assessed={"lists": True}),),
    clean=(
        example_tool(parameters=(_input("limit", "integer", maximum="100"),), assessed={"lists": True}),
        example_tool(parameters=(_input("limit", "integer", values=("10", "50")),), assessed={"lists": True}),
        example_tool(method="POST", parameters=(_input("count", "integer"),), assessed=_WRITES),
    ),
)
def unlimited_page(context: ToolContext) -> Iterator[Hit]:
    """An agent can request an unlimited page, which overloads the service and fills the context."""
    if context.assessment.effect is not Effect.READ:
        return
    for parameter in context.parameters_tagged("size"):
        stated = parameter.values or any(name in _BOUNDS for name, _ in parameter.limits)
        if not stated and parameter.type.startswith(_NUMBERS):
            yield Hit(parameter.name)
            return


@rule(
    id="QLT-005",
    title="No filter parameters",
    kind="definition",
    severity=Severity.INFO,
    groups_findings=True,
    remedy="Add filters, so that an agent can query instead of paging.",
    standards=("owasp-llm:2025/LLM10",),
    false_positives="Short lists.",
    hits=(example_tool(assessed={"lists": True}),),
    clean=(example_tool(parameters=(_input("status"),), assessed={"lists": True}), example_tool()),
)
def nothing_to_filter(context: ToolContext) -> Iterator[Hit]:
    """To find one entry, an agent has to read all of them, which uses context."""
    assessment = context.assessment
    if assessment.lists and not any(
        p.place not in {"path", "header"} and p.name not in assessment.page_parameters for p in context.tool.parameters
    ):
        yield Hit("no input but page parameters")


@rule(
    id="QLT-006",
    title="Generic schema",
    kind="definition",
    severity=Severity.LOW,
    groups_findings=True,
    remedy="State the properties and set `additionalProperties: false`.",
    standards=("aisvs:1.0/C10.4",),
    false_positives="Labels and other maps with user-defined keys.",
    hits=(example_tool(method="POST", parameters=(_input("payload", "object", open=""),), assessed=_WRITES),),
    clean=(
        example_tool(method="POST", parameters=(_input("payload", "object"),), assessed=_WRITES),
        example_tool(parameters=(_input("payload", "object", open=""),)),
    ),
)
def generic_schema(context: ToolContext) -> Iterator[Hit]:
    """Any field that the model invents is sent, and a gateway cannot distinguish permitted fields from others."""
    if context.assessment.effect is Effect.READ:
        return
    found = [p.name for p in context.tool.parameters if ("open", "") in p.limits]
    if found:
        yield Hit(f"any content: {', '.join(found[:5])}")


@rule(
    id="QLT-007",
    title="Undescribed parameters",
    kind="definition",
    severity=Severity.LOW,
    groups_findings=True,
    remedy="Describe each parameter and its allowed values.",
    standards=("cosai:2026-01/T9",),
    false_positives="Self-explanatory names, such as an id in the path.",
    hits=(example_tool(parameters=(_input("a", description=""), _input("b", description=""), _input("c"))),),
    clean=(example_tool(parameters=(_input("a", description=""), _input("b"))), example_tool()),
)
def undescribed_parameters(context: ToolContext) -> Iterator[Hit]:
    """An agent can only guess their values from their names."""
    undescribed = [p.name for p in context.tool.parameters if not p.description]
    if 2 * len(undescribed) > len(context.tool.parameters):
        yield Hit(f"{len(undescribed)} of {len(context.tool.parameters)}: {', '.join(undescribed[:5])}")


@rule(
    id="QLT-008",
    title="Values listed only in prose",
    kind="definition",
    severity=Severity.INFO,
    groups_findings=True,
    confidence="low",
    remedy="Declare the listed values as an `enum` in the schema.",
    standards=("aisvs:1.0/C10.4",),
    false_positives="Examples that look like an enumeration.",
    hits=(example_tool(parameters=(_input("sort", description="One of `name`, `date` or `size`."),)),),
    clean=(
        example_tool(parameters=(_input("sort", description="One of `name`, `date`.", values=("name", "date")),)),
        example_tool(parameters=(_input("sort", description="How to sort."),)),
    ),
)
def hidden_enumeration(context: ToolContext) -> Iterator[Hit]:
    """The text lists the allowed values but the schema accepts any, so invalid values are not rejected."""
    for parameter in context.tool.parameters:
        text = parameter.description
        if not parameter.values and parameter.type == "string" and text and (listed := _listed(text)):
            yield Hit(f"{parameter.name}: {visible(listed, 80)}")
            return


@rule(
    id="QLT-011",
    title="Token-heavy tool",
    kind="definition",
    severity=Severity.LOW,
    groups_findings=True,
    remedy="Shorten the texts and remove parameters that no agent needs.",
    standards=("owasp-llm:2025/LLM10",),
    false_positives="Clients that load definitions on demand.",
    hits=(
        example_tool(assessed={"tokens": _LARGE_TOKENS + 1}),
        example_tool(assessed={"tokens": _VERY_LARGE_TOKENS + 1}),
    ),
    clean=(example_tool(assessed={"tokens": _LARGE_TOKENS}),),
)
def token_heavy(context: ToolContext) -> Iterator[Hit]:
    """The definition alone uses a large part of the context, in every turn."""
    tokens = context.assessment.tokens
    if tokens > _LARGE_TOKENS:
        yield Hit(f"about {tokens:,} tokens", severity=Severity.MEDIUM if tokens > _VERY_LARGE_TOKENS else None)
