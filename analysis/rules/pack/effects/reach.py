"""EFF: effects chosen by the caller, and bulk operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import Effect, FlowRole, FlowRoleSignal, Parameter, Reason, Reversibility, Severity, ToolType
from analysis.rules.detect.parameter_names import name_set
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_tool
from analysis.words import snake, split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.rules.engine.rule_context import ToolContext

_READING: Final = name_set("get list read search find fetch view show query describe preview export check")
_WRITING: Final = name_set(
    "create add update set edit modify send post start stop enable disable move copy write insert "
    "append import approve reject assign publish run execute replace merge rename"
)
_REMOVING: Final = name_set("delete remove purge destroy drop erase wipe revoke cancel archive terminate clear")
_SWITCHES: Final = frozenset({"boolean", "bool"})
_BULK: Final = name_set("all bulk batch mass many everything")
_DESTROYS: Final = {
    "effect": Effect.CRITICAL,
    "types": (ToolType.CRITICAL,),
    "reversibility": Reversibility.IRREVERSIBLE,
}
_STATEMENT: Final = FlowRoleSignal(FlowRole.CODE_EXECUTION, "parameters", "sql", "contains a statement to execute")


def _input(name: str, kind: str = "string", *, values: tuple[str, ...] = (), place: str = "argument") -> Parameter:
    return Parameter(name, place, required=True, type=kind, description="", values=values)


def _effects(values: tuple[str, ...]) -> set[str]:
    """Return the kinds of effect among the values of an enumeration."""
    words = {word for value in values for word in split_words(value)[:1]}
    effects = {"reads": _READING, "writes": _WRITING, "removes": _REMOVING}
    return {name for name, verbs in effects.items() if words & verbs}


@rule(
    id="EFF-006",
    title="Effect depends on an argument",
    kind="definition",
    severity=Severity.MEDIUM,
    groups_findings=True,
    confidence="medium",
    remedy="Split the tool by effect, or fix the argument to a safe value in the gateway.",
    standards=("owasp-api:2023/API5", "cosai:2026-01/T9"),
    false_positives="Values that select a filter, not an action.",
    hits=(
        example_tool(parameters=(_input("action", values=("list", "delete")),)),
        example_tool(parameters=(_input("hardDelete", "boolean"),)),
        example_tool(assessed={"reasons": (Reason("parameters", "steps.kind: wipe", "destructive value"),)}),
    ),
    clean=(
        example_tool(parameters=(_input("action", values=("list", "search")),)),
        example_tool(parameters=(_input("dry_run", "boolean"),)),
        example_tool(parameters=(_input("action"),)),
    ),
)
def effect_by_argument(context: ToolContext) -> Iterator[Hit]:
    """One approval covers every effect that the argument can select, including the most dangerous."""
    found: set[str] = set()
    for parameter in context.parameters_tagged("mode"):
        effects = _effects(parameter.values) if len(parameter.values) > 1 else set()
        switch = parameter.type in _SWITCHES and parameter.name.lower() not in {"all", "hard"}
        if len(effects) > 1 or switch:
            found.add(parameter.name)
            yield Hit(f"{parameter.name}: {', '.join(parameter.values) or parameter.type}", key=parameter.name)
    for reason in context.assessment.reasons:
        name = reason.matched.partition(":")[0]
        if reason.where == "parameters" and name not in found:
            found.add(name)
            yield Hit(f"{reason.matched}: {reason.says}", key=name)


#: Endings of parameters that name one callback of several.
_CALLBACK_ENDS: Final = ("_callback", "_callback_url", "_callback_method", "fallback_url", "fallback_method")


@rule(
    id="EFF-007",
    title="Generic dispatcher or executor",
    kind="definition",
    every_kind=True,
    severity=Severity.CRITICAL,
    groups_findings=True,
    confidence="medium",
    remedy="Block it: this tool can perform any action that the allowlist denies.",
    standards=("owasp-asi:2026/ASI05", "owasp-mcp:2025/MCP05", "safe-mcp:2025-08/T1104"),
    false_positives="Read-only query languages over public data.",
    hits=(
        example_tool("runSql", assessed={"flow_roles": (_STATEMENT,)}),
        example_tool("rawRequest", parameters=(_input("method"), _input("path"))),
        example_tool("callConnector", path="/connectors/{id}/request", parameters=(_input("method"), _input("url"))),
        example_tool("callTool", parameters=(_input("tool_name"), _input("arguments", "object"))),
    ),
    clean=(
        example_tool(),
        example_tool(parameters=(_input("method"),)),
        example_tool(parameters=(_input("Url"), _input("Method"), _input("FallbackUrl"))),
        example_tool("updateMember", path="/members/{id}.json", parameters=(_input("Url"), _input("Method"))),
        example_tool(parameters=(_input("method", place="path"), _input("path", place="path"))),
        example_tool(parameters=(_input("tool"),)),
    ),
)
def generic_executor(context: ToolContext) -> Iterator[Hit]:
    """The caller defines the action, so approving this tool approves everything that it can reach."""
    for signal in context.assessment.flow_roles:
        if signal.flow_role is FlowRole.CODE_EXECUTION:
            yield Hit(f"{signal.matched}: {signal.says}", key="code")
            return
    pairs = {"request": ("method", "target"), "tool": ("tool-name", "tool-arguments")}
    for key, (one, other) in pairs.items():
        first = [p.name for p in context.parameters_tagged(one) if p.place != "path"]
        second = [p.name for p in context.parameters_tagged(other) if p.place != "path"]
        if first and second and not (key == "request" and _names_a_callback(context)):
            yield Hit(f"the caller sets {first[0]} and {second[0]}", key=key)
            return


def _names_a_callback(context: ToolContext) -> bool:
    """Whether method and URL of a tool are those of a callback that the service makes, not of the request itself.

    Callbacks come in several (`status_callback`, `fallback_url`), or are a property of one resource.
    """
    others = (parameter.name for parameter in context.tool.parameters if parameter.place != "path")
    several = any(snake(name).endswith(_CALLBACK_ENDS) for name in others)
    return several or "{" in context.tool.path.rstrip("/").rpartition("/")[2]


def _on_collection(path: str) -> bool:
    last = path.rstrip("/").rpartition("/")[2]
    return "{" not in last and last.endswith("s") and not last.endswith(("ss", "us", "is"))


@rule(
    id="EFF-008",
    title="Bulk destruction",
    kind="definition",
    severity=Severity.HIGH,
    confidence="medium",
    remedy="Block it, or require identifiers and limit their number in the gateway.",
    standards=("atlas:5.6.0/AML.T0101",),
    false_positives="Small collections, and reversible deletions.",
    hits=(
        example_tool("deleteOrders", method="DELETE", path="/orders", assessed=_DESTROYS),
        example_tool("delete_orders", method="", path="", parameters=(_input("ids", "array"),), assessed=_DESTROYS),
        example_tool("purgeAllOrders", method="POST", path="/purge", assessed=_DESTROYS),
    ),
    clean=(
        example_tool("deleteOrder", method="DELETE", path="/orders/{id}", assessed=_DESTROYS),
        example_tool("delete_order", method="", path="", parameters=(_input("id"),), assessed=_DESTROYS),
        example_tool("listOrders", path="/orders"),
    ),
)
def bulk_destruction(context: ToolContext) -> Iterator[Hit]:
    """A single call can delete a whole collection, and a confirmation does not list what is affected."""
    tool, assessment = context.tool, context.assessment
    if assessment.effect is not Effect.CRITICAL or assessment.type is ToolType.BILLING:
        return
    if tool.method != "DELETE" and _REMOVING.isdisjoint(context.name_words):
        return
    if tool.method == "DELETE" and _on_collection(tool.path):
        yield Hit(f"DELETE {tool.path}", key="collection")
    elif several := next((p.name for p in context.parameters_tagged("selector") if p.place != "path"), ""):
        yield Hit(f"selected by {several}", key="selector")
    elif word := next((word for word in context.name_words if word in _BULK), ""):
        yield Hit(f'"{word}" in the name', key="name")
