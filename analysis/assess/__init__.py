"""From a tool to its assessment: effect, types, reversibility, risk, data, each with reasons. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assess.data import DataClasses
from analysis.assess.data_classes import class_lists
from analysis.assess.effect import judge
from analysis.assess.risk import TABLE, risk_of
from analysis.assess.vocabulary import vocabulary
from analysis.model import Assessment, Effect, Reason
from analysis.words import snake

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.model import DataHit, Tool

__all__ = ["TABLE", "assess", "assess_all"]

_LISTING = frozenset({"list", "search", "find", "browse"})
#: Characters per token of a definition: the customary estimate for English and JSON.
_CHARACTERS_PER_TOKEN = 4


def assess_all(tools: Iterable[Tool]) -> list[Assessment]:
    """Return the assessment of every tool, in order."""
    classes = DataClasses()
    return [_assess(tool, classes) for tool in tools]


def assess(tool: Tool) -> Assessment:
    """Return the assessment of one tool."""
    return _assess(tool, DataClasses())


def _assess(tool: Tool, classes: DataClasses) -> Assessment:
    words = vocabulary()
    verdict = judge(tool, words)
    data = classes.of_tool(tool)
    verdict.reasons.extend(_data_reasons(data))
    pages = tuple(p.name for p in tool.parameters if snake(p.name) in words.page_parameters)
    return Assessment(
        effect=verdict.effect,
        types=verdict.types,
        reversibility=verdict.reversibility,
        risk=risk_of(verdict.types, data),
        data=data,
        reasons=tuple(verdict.reasons),
        confidence=verdict.confidence,
        unclear=verdict.unclear,
        lists=verdict.effect is Effect.READ and _lists(tool, verdict.reasons),
        page_parameters=pages,
        tokens=-(-tool.size // _CHARACTERS_PER_TOKEN),
    )


def _lists(tool: Tool, reasons: list[Reason]) -> bool:
    """Whether a read returns a collection: an array, or a name that lists or searches."""
    named = any(reason.where in {"name", "path"} and reason.matched in _LISTING for reason in reasons)
    return tool.returns_array or named


def _data_reasons(data: tuple[DataHit, ...]) -> list[Reason]:
    says = {"response": "returns", "request": "receives", "deeper": "can be led on to"}
    weighty = class_lists().weighty
    return [
        Reason(hit.direction, ", ".join(hit.fields[:4]), f"{says[hit.direction]} {hit.data} data")
        for hit in data
        if hit.data in weighty
    ]
