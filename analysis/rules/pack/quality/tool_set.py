"""QLT: duplicate and deprecated tools, names in several sources, and the size of the tool set."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from analysis.model import CapabilityKind, DecisionState, Severity, ToolType
from analysis.rules.detect.similar_tools import duplicate_key, name_duplicates
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_decision, example_state
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import ToolState
    from analysis.rules.engine.index import IndexedTools

#: (live tools, total tokens, severity) that a set exceeds, most severe first.
_SIZES: Final = ((500, 100_000, Severity.MEDIUM), (128, 25_000, Severity.LOW))
_MAX_TOOLS: Final = 40


def _prompt(name: str) -> ToolState:
    state = example_state(name, source="second", id=f"second:prompt {name}")
    return replace(state, row=replace(state.row, kind=CapabilityKind.PROMPT))


@rule(
    id="QLT-002",
    title="Duplicate tools",
    kind="set",
    partition_key=lambda tool: duplicate_key(tool.row),
    severity=Severity.LOW,
    remedy="Keep the suggested tool and block the others.",
    standards=("owasp-api:2023/API9",),
    false_positives="REST actions named `copy`.",
    hits=(
        [example_state("createOrder", ToolType.SIDE_EFFECT), example_state("createOrderV2", ToolType.SIDE_EFFECT)],
        [example_state("getOrder", inputs=("id",)), example_state("fetchOrder", inputs=("id",))],
    ),
    clean=(
        [example_state("createOrder", ToolType.SIDE_EFFECT), example_state("createOrderItem", ToolType.SIDE_EFFECT)],
        [example_state("copyOrder", ToolType.SIDE_EFFECT), example_state("getOrder")],
        [example_state("getOrder", inputs=("id",)), example_state("fetchOrder", inputs=("from", "to"))],
        [example_state("getOrderLegacy")],
    ),
)
def duplicate_tools(tools: Sequence[ToolState]) -> Iterator[Hit]:
    """Two tools have equivalent names, so an agent cannot tell which one to call."""
    reported: set[str] = set()
    for group in name_duplicates(tool.row for tool in tools):
        for row in group.others:
            if row.id in reported:
                continue
            reported.add(row.id)
            differs = f"; differ in {', '.join(group.differing_inputs[:5])}" if group.differing_inputs else ""
            yield Hit(f"{row.name} overlaps with {group.suggested.name}: {group.reason}{differs}", tool=row.id)


@rule(
    id="QLT-009",
    title="Deprecated tool exposed",
    kind="state",
    severity=Severity.LOW,
    groups_findings=True,
    remedy="Block it and expose its replacement.",
    standards=("owasp-api:2023/API9",),
    false_positives="Operations without a replacement.",
    hits=(example_state(deprecated=True),),
    clean=(
        example_state(),
        example_state("getOrder", ToolType.READ, example_decision(DecisionState.BLOCKED), deprecated=True),
    ),
)
def deprecated_exposed(tool: ToolState) -> Iterator[Hit]:
    """A deprecated tool is no longer maintained and may be removed without notice."""
    if tool.row.deprecated:
        yield Hit("deprecated")


@rule(
    id="QLT-013",
    title="Name used by several sources",
    kind="set",
    partition_key=lambda tool: tool.row.name,
    severity=Severity.LOW,
    groups_findings=True,
    remedy="Map it to a unique name in the gateway.",
    standards=("mcp-spec:2026-07-28/tool-names",),
    false_positives="Clients that put the name of the server before each name.",
    hits=([example_state("getOrder"), example_state("getOrder", source="second", id="second:getOrder")],),
    clean=(
        [example_state("list_orders"), example_state("getOrder")],
        [example_state("orders"), _prompt("orders")],
    ),
)
def name_of_several_sources(tools: Sequence[ToolState]) -> Iterator[Hit]:
    """A client that connects to both sources offers only one of them, and the approval may be for the other."""
    if len({tool.row.source for tool in tools}) < 2:
        return
    named = [tool for tool in tools if tool.row.kind is CapabilityKind.TOOL]
    sources = {name: set[str]() for name in {tool.row.name for tool in named}}
    for tool in named:
        sources[tool.row.name].add(tool.row.source)
    for tool in named:
        if len(sources[tool.row.name]) > 1:
            listed = ", ".join(sorted(sources[tool.row.name]))
            yield Hit(f"{visible(tool.row.name, 80)} is in {visible(listed, 120)}", tool=tool.row.id)


@rule(
    id="QLT-012",
    title="Too many tools",
    kind="set",
    index_key=lambda tool: (tool.row.tokens,) if tool.row.kind is CapabilityKind.TOOL else (),
    severity=Severity.INFO,
    remedy="Block tools that the task does not need, or split the set between agents.",
    standards=("owasp-asi:2026/ASI02", "cosai:2026-01/T9"),
    false_positives="Clients that search for tools instead of loading all.",
    hits=(
        [example_state(f"getOrder{n}") for n in range(_MAX_TOOLS + 1)],
        [example_state(tokens=25_001)],
        [example_state(tokens=100_001)],
    ),
    clean=([example_state(f"getOrder{n}") for n in range(_MAX_TOOLS)],),
)
def too_many_tools(tools: IndexedTools) -> Iterator[Hit]:
    """With more tools, a model selects the wrong one more often and has less context for the task."""
    live = sum(map(len, tools.values()))
    tokens = sum(size * len(same_size) for size, same_size in tools.items())
    for many, heavy, severity in _SIZES:
        if live > many or tokens > heavy:
            yield Hit(f"{live:,} live tools, about {tokens:,} tokens", severity=severity)
            return
    if live > _MAX_TOOLS:
        yield Hit(f"{live:,} live tools, about {tokens:,} tokens")
