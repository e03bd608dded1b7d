"""The whole inventory, folded by resource; on paper the figures of each resource alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.chapters.blocks import Block, Cell, Code, FoldItem, Folds, Heading, Para, SafeText
from analysis.output.packet.chapters.decisions import conditions_line, operation
from analysis.output.packet.chapters.inline import DOT, badge, number, population, small, tool_count, word
from analysis.output.packet.csv_files import TOOLS_CSV

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Characters of a digest that the page shows; the data has it whole.
_DIGEST = 12
_ALLOWED = frozenset({"approved", "conditional"})


def inventory(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield every tool with its class, decision and digest: the population an auditor samples from."""
    yield Heading(2, SafeText("Inventory"), "inventory", numbered=False)
    yield Para(
        (
            population(doc["counts"]["by_kind"]),
            SafeText(
                " by resource. Find in page opens a fold in most browsers; on paper there are counts, and every row is in "
            ),
            Code(TOOLS_CSV),
            SafeText("."),
        ),
        "lead",
    )
    by_id = {tool["id"]: tool for tool in doc["tools"]}
    resources: dict[str, list[dict[str, Any]]] = {}
    for group in doc["resources"]:
        resources[group["name"]] = [by_id[identity] for identity in group["tools"]]
    items = tuple(_item(name, tools) for name, tools in resources.items())
    yield Folds(("Tool", "Type", "Risk", "Decision", "Definition"), items)


def _item(name: str, tools: Sequence[dict[str, Any]]) -> FoldItem:
    allowed = sum(tool["decision"] in _ALLOWED for tool in tools)
    summary = (tool_count(len(tools)), SafeText(", "), number(allowed), SafeText(" allowed"))
    return FoldItem(name, summary, tuple(map(_row, tools)))


def _row(tool: dict[str, Any]) -> tuple[Cell, ...]:
    under = conditions_line(tool["conditions"])
    decision: Cell = (badge(tool["decision"]), small(*under)) if under else badge(tool["decision"])
    kind: Cell = (word(tool["type"]), DOT, SafeText("unclear")) if tool["unclear"] else word(tool["type"])
    return (
        (Code(tool["name"]), small(*operation(tool))),
        kind,
        badge(tool["risk"]),
        decision,
        Code(tool["digest"][:_DIGEST]),
    )
