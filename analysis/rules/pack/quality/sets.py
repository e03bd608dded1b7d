"""QLT: what an agent cannot tell apart, call, or hold in its context; looked at in the live tools together."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from analysis.model import DecisionState, Severity, ToolType
from analysis.rules.detect.similar_tools import common, near_duplicates
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import decided, state
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model import ToolState
    from analysis.rules.engine.index import Groups

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_LONGEST: Final = 64
#: (more live tools, or more tokens in all, than this; severity), the gravest first.
_SIZES: Final = ((500, 100_000, Severity.MEDIUM), (128, 25_000, Severity.LOW))
_MANY: Final = 40


@rule(
    id="QLT-002",
    title="Version twin",
    kind="set",
    group=lambda tool: common(tool.row),
    severity=Severity.LOW,
    remedy="Keep the one that is named and block the others.",
    standards=("owasp-api:2023/API9",),
    false_positives="A REST action that is called copy.",
    hits=(
        [state("createOrder", ToolType.SIDE_EFFECT), state("createOrderV2", ToolType.SIDE_EFFECT)],
        [state("getOrder", inputs=("id",)), state("fetchOrder", inputs=("id",))],
    ),
    clean=(
        [state("createOrder", ToolType.SIDE_EFFECT), state("createOrderItem", ToolType.SIDE_EFFECT)],
        [state("copyOrder", ToolType.SIDE_EFFECT), state("getOrder")],
        [state("getOrder", inputs=("id",)), state("fetchOrder", inputs=("from", "to"))],
        [state("getOrderLegacy")],
    ),
)
def version_twin(tools: Sequence[ToolState]) -> Iterator[Hit]:
    """Two tools whose names say the same: an agent cannot know which one is meant."""
    told: set[str] = set()
    for family in near_duplicates(tool.row for tool in tools):
        for row in family.rest:
            if row.id in told:
                continue
            told.add(row.id)
            differs = f"; differ in {', '.join(family.differing[:5])}" if family.differing else ""
            yield Hit(f"{row.name} beside {family.keep.name}: {family.why}{differs}", tool=row.id)


@rule(
    id="QLT-009",
    title="Deprecated tool exposed",
    kind="state",
    severity=Severity.LOW,
    grouped_when=True,
    remedy="Block it, and expose what has taken its place.",
    standards=("owasp-api:2023/API9",),
    false_positives="Operations that have no successor yet.",
    hits=(state(deprecated=True),),
    clean=(state(), state("getOrder", ToolType.READ, decided(DecisionState.BLOCKED), deprecated=True)),
)
def deprecated_exposed(tool: ToolState) -> Iterator[Hit]:
    """Its owner has given it up: it goes unpatched, and away without notice."""
    if tool.row.deprecated:
        yield Hit("deprecated")


@rule(
    id="QLT-010",
    title="Bad, long or double name",
    kind="set",
    group=lambda tool: tool.row.name,
    severity=Severity.LOW,
    grouped_when=True,
    remedy="Give it a short name of its own in the gateway's list of names.",
    standards=("mcp-spec:2026-07-28/tool-names",),
    false_positives="Servers that make their own names out of these.",
    hits=(
        [state("orders/list all")],
        [state("x" * 65)],
        [state("getOrder"), state("getOrder", source="second", id="second:getOrder")],
    ),
    clean=([state("list_orders"), state("getOrder")], [state("x" * 64)]),
)
def bad_name(tools: Sequence[ToolState]) -> Iterator[Hit]:
    """Clients cut, change or refuse such names, and then an approval is about a tool that is called otherwise."""
    counts = Counter(tool.row.name for tool in tools)
    for tool in tools:
        name = tool.row.name
        if counts[name] > 1:
            yield Hit(f"{counts[name]} tools are called {visible(name, 80)}", tool=tool.row.id)
        elif len(name) > _LONGEST:
            yield Hit(f"{len(name)} characters", tool=tool.row.id)
        elif not _NAME.fullmatch(name):
            yield Hit(f"other characters than letters, digits, _ . and -: {visible(name, 80)}", tool=tool.row.id)


@rule(
    id="QLT-012",
    title="Set too large",
    kind="set",
    index_key=lambda tool: (tool.row.tokens,),
    severity=Severity.INFO,
    remedy="Block what the task does not need, or split the set among several agents.",
    standards=("owasp-asi:2026/ASI02", "cosai:2026-01/T9"),
    false_positives="Clients that search for tools instead of loading all of them.",
    hits=([state(f"getOrder{n}") for n in range(_MANY + 1)], [state(tokens=25_001)], [state(tokens=100_001)]),
    clean=([state(f"getOrder{n}") for n in range(_MANY)],),
)
def set_too_large(tools: Groups) -> Iterator[Hit]:
    """The more tools a model is shown, the more often it takes a wrong one, and the less room is left for the task."""
    live = sum(map(len, tools.values()))
    tokens = sum(each * len(alike) for each, alike in tools.items())
    for many, heavy, severity in _SIZES:
        if live > many or tokens > heavy:
            yield Hit(f"{live:,} live tools, about {tokens:,} tokens", severity=severity)
            return
    if live > _MANY:
        yield Hit(f"{live:,} live tools, about {tokens:,} tokens")
