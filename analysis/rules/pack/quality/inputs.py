"""QLT: inputs and outputs that make an agent guess, or let it take too much."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.model import Effect, Parameter, Severity, ToolType
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import definition
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
#: One of these stands in whatever `_LISTED` finds.
_SIGNS: Final = ("ne of", "alues", "ptions", "ither", "an be")
_HEAVY: Final = 2_000
_HUGE: Final = 8_000


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
    grouped_when=True,
    remedy="State a maximum, or cap the size at the gateway.",
    standards=("owasp-api:2023/API4",),
    false_positives="Maxima that the service enforces and does not state.",
    hits=(definition(parameters=(_input("limit", "integer"),), assessed={"lists": True}),),
    clean=(
        definition(parameters=(_input("limit", "integer", maximum="100"),), assessed={"lists": True}),
        definition(parameters=(_input("limit", "integer", values=("10", "50")),), assessed={"lists": True}),
        definition(method="POST", parameters=(_input("count", "integer"),), assessed=_WRITES),
    ),
)
def unlimited_page(case: ToolContext) -> Iterator[Hit]:
    """An agent that wants everything asks for a million, and the service may try to answer."""
    if case.assessment.effect is not Effect.READ:
        return
    for parameter in case.inputs("size"):
        stated = parameter.values or any(name in _BOUNDS for name, _ in parameter.limits)
        if not stated and parameter.type.startswith(_NUMBERS):
            yield Hit(parameter.name)
            return


@rule(
    id="QLT-005",
    title="Nothing to filter by",
    kind="definition",
    severity=Severity.INFO,
    grouped_when=True,
    remedy="Add filters, so that a question can be asked instead of a page turned.",
    standards=("owasp-llm:2025/LLM10",),
    false_positives="Lists of a few entries.",
    hits=(definition(assessed={"lists": True}),),
    clean=(definition(parameters=(_input("status"),), assessed={"lists": True}), definition()),
)
def nothing_to_filter(case: ToolContext) -> Iterator[Hit]:
    """To find one entry the agent has to read all of them, and pays for each in context."""
    said = case.assessment
    if said.lists and not any(
        p.place not in {"path", "header"} and p.name not in said.page_parameters for p in case.tool.parameters
    ):
        yield Hit("no input but page parameters")


@rule(
    id="QLT-006",
    title="Generic schema",
    kind="definition",
    severity=Severity.LOW,
    grouped_when=True,
    remedy="State the properties, and close the object against others.",
    standards=("aisvs:1.0/C10.4",),
    false_positives="Labels and other maps whose keys people choose.",
    hits=(definition(method="POST", parameters=(_input("payload", "object", open=""),), assessed=_WRITES),),
    clean=(
        definition(method="POST", parameters=(_input("payload", "object"),), assessed=_WRITES),
        definition(parameters=(_input("payload", "object", open=""),)),
    ),
)
def generic_schema(case: ToolContext) -> Iterator[Hit]:
    """Whatever the model makes up is sent, and no gateway can tell a permitted field from a smuggled one."""
    if case.assessment.effect is Effect.READ:
        return
    found = [p.name for p in case.tool.parameters if ("open", "") in p.limits]
    if found:
        yield Hit(f"any content: {', '.join(found[:5])}")


@rule(
    id="QLT-007",
    title="Undescribed parameters",
    kind="definition",
    severity=Severity.LOW,
    grouped_when=True,
    remedy="Say of each parameter what it is and what values it takes.",
    standards=("cosai:2026-01/T9",),
    false_positives="Names that need no words, such as an id in the path.",
    hits=(definition(parameters=(_input("a", description=""), _input("b", description=""), _input("c"))),),
    clean=(definition(parameters=(_input("a", description=""), _input("b"))), definition()),
)
def undescribed_parameters(case: ToolContext) -> Iterator[Hit]:
    """The agent fills them in by guessing from their names."""
    silent = [p.name for p in case.tool.parameters if not p.description]
    if 2 * len(silent) > len(case.tool.parameters):
        yield Hit(f"{len(silent)} of {len(case.tool.parameters)}: {', '.join(silent[:5])}")


@rule(
    id="QLT-008",
    title="Hidden enumeration",
    kind="definition",
    severity=Severity.INFO,
    grouped_when=True,
    confidence="low",
    remedy="Turn the listed values into an enumeration of the schema.",
    standards=("aisvs:1.0/C10.4",),
    false_positives="Examples that look like a list.",
    hits=(definition(parameters=(_input("sort", description="One of `name`, `date` or `size`."),)),),
    clean=(
        definition(parameters=(_input("sort", description="One of `name`, `date`.", values=("name", "date")),)),
        definition(parameters=(_input("sort", description="How to sort."),)),
    ),
)
def hidden_enumeration(case: ToolContext) -> Iterator[Hit]:
    """The text lists the values, the schema takes any: nothing checks what the agent sends."""
    for parameter in case.tool.parameters:
        text = parameter.description
        if not parameter.values and parameter.type == "string" and any(sign in text for sign in _SIGNS):
            found = _LISTED.search(text)
            if found:
                yield Hit(f"{parameter.name}: {visible(found.group(), 80)}")
                return


@rule(
    id="QLT-011",
    title="Token-heavy tool",
    kind="definition",
    severity=Severity.LOW,
    grouped_when=True,
    remedy="Cut the texts down and drop inputs that no agent needs.",
    standards=("owasp-llm:2025/LLM10",),
    false_positives="Clients that load definitions only when they are asked for.",
    hits=(definition(assessed={"tokens": _HEAVY + 1}), definition(assessed={"tokens": _HUGE + 1})),
    clean=(definition(assessed={"tokens": _HEAVY}),),
)
def token_heavy(case: ToolContext) -> Iterator[Hit]:
    """Its definition alone takes a good part of the context, at every turn and before anything is asked."""
    tokens = case.assessment.tokens
    if tokens > _HEAVY:
        yield Hit(f"about {tokens:,} tokens", severity=Severity.MEDIUM if tokens > _HUGE else None)
