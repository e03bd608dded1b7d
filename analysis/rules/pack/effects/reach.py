"""EFF: tools whose effect a caller chooses, and tools that act on more than one thing at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import Effect, FlowRole, FlowRoleSignal, Parameter, Reversibility, Severity, ToolType
from analysis.rules.detect.parameter_names import names
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import definition
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.rules.engine.rule_context import ToolContext

_READING: Final = names("get list read search find fetch view show query describe preview export check")
_WRITING: Final = names(
    "create add update set edit modify send post start stop enable disable move copy write insert "
    "append import approve reject assign publish run execute replace merge rename"
)
_REMOVING: Final = names("delete remove purge destroy drop erase wipe revoke cancel archive terminate clear")
_SWITCHES: Final = frozenset({"boolean", "bool"})
_BULK: Final = names("all bulk batch mass many everything")
_DESTROYS: Final = {
    "effect": Effect.CRITICAL,
    "types": (ToolType.CRITICAL,),
    "reversibility": Reversibility.IRREVERSIBLE,
}
_STATEMENT: Final = FlowRoleSignal(FlowRole.CODE, "parameters", "sql", "carries a statement that is run")


def _input(name: str, kind: str = "string", *, values: tuple[str, ...] = (), place: str = "argument") -> Parameter:
    return Parameter(name, place, required=True, type=kind, description="", values=values)


def _sorts(values: tuple[str, ...]) -> set[str]:
    """Return which sorts of verb an enumeration mixes."""
    words = {word for value in values for word in split_words(value)[:1]}
    sorts = {"reads": _READING, "writes": _WRITING, "removes": _REMOVING}
    return {name for name, verbs in sorts.items() if words & verbs}


@rule(
    id="EFF-006",
    title="Effect depends on an argument",
    kind="definition",
    severity=Severity.MEDIUM,
    grouped_when=True,
    confidence="medium",
    remedy="Split the tool by what it does, or have the gateway pin the argument to the harmless value.",
    standards=("owasp-api:2023/API5", "cosai:2026-01/T9"),
    false_positives="Words that name a filter and not an act.",
    hits=(
        definition(parameters=(_input("action", values=("list", "delete")),)),
        definition(parameters=(_input("hardDelete", "boolean"),)),
    ),
    clean=(
        definition(parameters=(_input("action", values=("list", "search")),)),
        definition(parameters=(_input("dry_run", "boolean"),)),
        definition(parameters=(_input("action"),)),
    ),
)
def effect_by_argument(case: ToolContext) -> Iterator[Hit]:
    """One approval covers everything the argument can turn the call into, the worst of it included."""
    for parameter in case.inputs("mode"):
        sorts = _sorts(parameter.values) if len(parameter.values) > 1 else set()
        switch = parameter.type in _SWITCHES and parameter.name.lower() not in {"all", "hard"}
        if len(sorts) > 1 or switch:
            yield Hit(f"{parameter.name}: {', '.join(parameter.values) or parameter.type}", key=parameter.name)


@rule(
    id="EFF-007",
    title="Generic dispatcher or executor",
    kind="definition",
    severity=Severity.CRITICAL,
    grouped_when=True,
    confidence="medium",
    remedy="Block it: whatever the allowlist refuses can still be done through this tool.",
    standards=("owasp-asi:2026/ASI05", "owasp-mcp:2025/MCP05", "safe-mcp:2025-08/T1104"),
    false_positives="Query languages that can only read, over data that anybody may see.",
    hits=(
        definition("runSql", assessed={"flow_roles": (_STATEMENT,)}),
        definition("rawRequest", parameters=(_input("method"), _input("path"))),
        definition("callTool", parameters=(_input("tool_name"), _input("arguments", "object"))),
    ),
    clean=(
        definition(),
        definition(parameters=(_input("method"),)),
        definition(parameters=(_input("method", place="path"), _input("path", place="path"))),
        definition(parameters=(_input("tool"),)),
    ),
)
def generic_executor(case: ToolContext) -> Iterator[Hit]:
    """What it does is written by whoever calls it, so approving it approves everything behind it."""
    for flow_role in case.assessment.flow_roles:
        if flow_role.flow_role is FlowRole.CODE:
            yield Hit(f"{flow_role.matched}: {flow_role.says}", key="code")
            return
    pairs = {"request": ("method", "target"), "tool": ("tool-name", "tool-arguments")}
    for key, (one, other) in pairs.items():
        first = [p.name for p in case.inputs(one) if p.place != "path"]
        second = [p.name for p in case.inputs(other) if p.place != "path"]
        if first and second:
            yield Hit(f"the caller names {first[0]} and {second[0]}", key=key)
            return


def _on_collection(path: str) -> bool:
    last = path.rstrip("/").rpartition("/")[2]
    return "{" not in last and last.endswith("s") and not last.endswith(("ss", "us", "is"))


@rule(
    id="EFF-008",
    title="Bulk destruction",
    kind="definition",
    severity=Severity.HIGH,
    confidence="medium",
    remedy="Block it, or have the gateway demand identifiers and cap how many one call may name.",
    standards=("atlas:5.6.0/AML.T0101",),
    false_positives="Collections that hold a handful of things, and removals that can be taken back.",
    hits=(
        definition("deleteOrders", method="DELETE", path="/orders", assessed=_DESTROYS),
        definition("delete_orders", method="", path="", parameters=(_input("ids", "array"),), assessed=_DESTROYS),
        definition("purgeAllOrders", method="POST", path="/purge", assessed=_DESTROYS),
    ),
    clean=(
        definition("deleteOrder", method="DELETE", path="/orders/{id}", assessed=_DESTROYS),
        definition("delete_order", method="", path="", parameters=(_input("id"),), assessed=_DESTROYS),
        definition("listOrders", path="/orders"),
    ),
)
def bulk_destruction(case: ToolContext) -> Iterator[Hit]:
    """A single call can take away a whole collection; nobody can confirm what is not listed."""
    tool, said = case.tool, case.assessment
    if said.effect is not Effect.CRITICAL or said.type is ToolType.BILLING:
        return
    if tool.method != "DELETE" and _REMOVING.isdisjoint(case.spoken):
        return
    if tool.method == "DELETE" and _on_collection(tool.path):
        yield Hit(f"DELETE {tool.path}", key="collection")
    elif several := next((p.name for p in case.inputs("selector") if p.place != "path"), ""):
        yield Hit(f"what goes is chosen by {several}", key="selector")
    elif word := next((word for word in case.spoken if word in _BULK), ""):
        yield Hit(f"named {word}", key="name")
