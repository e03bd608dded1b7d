"""QLT: names that clients refuse or change, and argument names with two meanings."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from analysis.model import Parameter, Severity
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_tool
from analysis.rules.engine.rule_context import SourceContext
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.rules.engine.rule_context import ToolContext

#: Maximum length of a name that the interfaces of model vendors accept.
_MAX_NAME: Final = 64
#: Names that every client passes on unchanged.
_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")
#: Names that the protocol allows; the interfaces of model vendors refuse the dot.
_IN_PROTOCOL: Final = re.compile(r"[A-Za-z0-9_.-]+")
_SHOWN: Final = 80


def _source(*names: str, **facts: Any) -> SourceContext:
    contexts = [example_tool(name, **facts) for name in names]
    return SourceContext(contexts[0].tool.source, contexts, contexts[0].shared)


@rule(
    id="QLT-010",
    title="Name that clients refuse or change",
    kind="source",
    severity=Severity.LOW,
    groups_findings=True,
    remedy="Map it to a short, unique name of letters, digits, _ and - in the gateway.",
    standards=("mcp-spec:2026-07-28/tool-names",),
    false_positives="Servers that derive their own tool names.",
    hits=(
        _source("orders/list all"),
        _source("orders.list"),
        _source("x" * 65),
        _source("list_orders" + "_of_one_shop" * 5, "list_orders" + "_of_one_shop" * 5 + "_and_close_them"),
    ),
    clean=(
        _source("list_orders", "getOrder"),
        _source("x" * 64),
        _source("GET /orders/{id}", operation_id="", path="/orders/{id}"),
    ),
)
def refused_name(source: SourceContext) -> Iterator[Hit]:
    """Clients refuse, cut or rewrite such names, so an approval may refer to a tool under another name."""
    named = [context.tool for context in source.tools if context.tool.operation_id or not context.tool.method]
    by_cut: dict[str, Counter[str]] = defaultdict(Counter)
    for tool in named:
        by_cut[tool.name[:_MAX_NAME]][tool.name] += 1
    for tool in named:
        faults = list(_faults(tool.name, by_cut[tool.name[:_MAX_NAME]]))
        if faults:
            yield Hit("; ".join(faults), tool=tool.id)


def _faults(name: str, same: Counter[str]) -> Iterator[str]:
    """Yield what is wrong with a name; `same` are the names that equal it once they are cut, with their tools counted."""
    other = next((each for each in same if each != name), None)
    if other is not None:
        yield f"cut at {_MAX_NAME} characters, as some clients do, it equals {visible(other, 2 * _SHOWN)}"
    elif same[name] > 1:
        yield f"{same[name]} tools are named {visible(name, _SHOWN)}"
    if len(name) > _MAX_NAME:
        yield f"{len(name)} characters; some clients cut names at {_MAX_NAME} or refuse them"
    if not _IN_PROTOCOL.fullmatch(name):
        yield f"characters other than letters, digits, _, . and -: {visible(name, _SHOWN)}"
    elif not _NAME.fullmatch(name):
        yield f"a dot, which some clients refuse: {visible(name, _SHOWN)}"


def _input(name: str, place: str) -> Parameter:
    return Parameter(name, place, required=True, type="string", description="Which order.")


@rule(
    id="QLT-014",
    title="Argument name with two meanings",
    kind="definition",
    severity=Severity.LOW,
    groups_findings=True,
    remedy="Rename one of them in the gateway, and state which value is sent where.",
    standards=("cosai:2026-01/T9",),
    false_positives="Servers that keep path, query and body apart; values that have to be equal.",
    hits=(example_tool(parameters=(_input("id", "path"), _input("id", "body"))),),
    clean=(example_tool(parameters=(_input("id", "path"), _input("customer_id", "body"))), example_tool()),
)
def argument_clash(context: ToolContext) -> Iterator[Hit]:
    """Most generators put path, query and body into one list of arguments, in which a name can occur only once."""
    places: dict[str, list[str]] = {}
    for parameter in context.tool.parameters:
        places.setdefault(parameter.name, []).append(parameter.place)
    clashes = [f"{visible(name, _SHOWN)} in {' and '.join(found)}" for name, found in places.items() if len(found) > 1]
    if clashes:
        yield Hit(", ".join(clashes[:3]))
