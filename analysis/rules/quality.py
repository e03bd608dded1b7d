"""QLT: definitions that make an agent guess. Quality never buys security points."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from analysis.model import Severity, ToolType
from analysis.rules.data import WEIGHTY
from analysis.rules.engine import Hit, rule
from analysis.rules.examples import definition, state
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import ToolState
    from analysis.rules.engine import Definition

_SHORT: Final = 20
_LONG: Final = 1_000
_VARIANT: Final = re.compile(r"^(v\d+|legacy|old|new|beta|deprecated|copy)$")


@rule(
    id="QLT-001",
    title="Missing or thin description",
    kind="definition",
    severity=Severity.LOW,
    gathers=True,
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
def thin_description(case: Definition) -> Iterator[Hit]:
    """Agents choose tools by their descriptions; a missing one means guessing, an endless one costs every call."""
    text = (case.tool.description or case.tool.summary).strip()
    if not text:
        yield Hit(matched="no description")
    elif split_words(text) == split_words(case.tool.name):
        yield Hit(matched="the description repeats the name")
    elif len(text) < _SHORT:
        yield Hit(matched=f"{len(text)} characters: {text}")
    elif len(text) > _LONG:
        yield Hit(matched=f"{len(text):,} characters")


def _called(tool: ToolState) -> str:
    return tool.row.operation_id or ("" if tool.row.path else tool.row.name)


@lru_cache(maxsize=65_536)
def _stem(name: str) -> tuple[tuple[str, ...], bool]:
    """Return the words of a name without those that tell versions apart, and whether it had any."""
    words = split_words(name)
    stem = tuple(word for at, word in enumerate(words) if at == 0 or not _VARIANT.match(word))
    return stem, stem != words


@rule(
    id="QLT-002",
    title="Version twin",
    kind="set",
    decisions=False,
    group=lambda tool: (tool.row.source, _stem(_called(tool))[0]),
    severity=Severity.LOW,
    remedy="Keep one of the variants and block the others.",
    standards=("owasp-api:2023/API9",),
    false_positives="A REST action that is called copy.",
    hits=([state("createOrder", ToolType.SIDE_EFFECT), state("createOrderV2", ToolType.SIDE_EFFECT)],),
    clean=(
        [state("createOrder", ToolType.SIDE_EFFECT), state("createOrderItem", ToolType.SIDE_EFFECT)],
        [state("copyOrder", ToolType.SIDE_EFFECT), state("getOrder")],
        [state("getOrderLegacy")],
    ),
)
def version_twin(tools: Sequence[ToolState]) -> Iterator[Hit]:
    """Two tools that differ by a version word only: an agent cannot know which one is meant."""
    families: dict[tuple[str, ...], list[tuple[ToolState, bool]]] = {}
    for tool in tools:
        stem, variant = _stem(_called(tool))
        if stem:
            families.setdefault((tool.row.source, *stem), []).append((tool, variant))
    for members in families.values():
        if len(members) < 2:
            continue
        plain = next((tool for tool, variant in members if not variant), members[0][0])
        for tool, variant in members:
            if variant and tool is not plain:
                yield Hit(matched=f"{tool.row.name} beside {plain.row.name}", tool=tool.row.id)


@rule(
    id="QLT-003",
    title="Missing pagination",
    kind="definition",
    severity=Severity.LOW,
    gathers=True,
    confidence="medium",
    remedy="Add a limit and a cursor, or cap the result at the gateway.",
    standards=("owasp-api:2023/API4", "owasp-llm:2025/LLM10"),
    false_positives="Small lists of fixed length.",
    hits=(definition(assessed={"lists": True}),),
    clean=(definition(assessed={"lists": True, "page_parameters": ("limit",)}), definition()),
)
def missing_pagination(case: Definition) -> Iterator[Hit]:
    """A list without a limit can fill the whole context of a model with one call."""
    if case.assessment.lists and not case.assessment.page_parameters:
        personal = any(hit.direction == "response" and hit.data in WEIGHTY for hit in case.assessment.data)
        yield Hit(matched="list without page parameters", severity=Severity.MEDIUM if personal else None)
