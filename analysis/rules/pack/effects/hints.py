"""EFF: methods, names and hints that contradict the effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import Assessment, Effect, Reason, Reversibility, Severity, ToolType
from analysis.rules.detect.parameter_names import name_set
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_tool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.rules.engine.rule_context import ToolContext

_WRITES: Final = {"effect": Effect.SIDE_EFFECT, "types": (ToolType.SIDE_EFFECT,)}
_DESTROYS: Final = {
    "effect": Effect.CRITICAL,
    "types": (ToolType.CRITICAL,),
    "reversibility": Reversibility.IRREVERSIBLE,
    "destructive": True,
}
_GRANTS: Final = {"effect": Effect.CRITICAL, "types": (ToolType.ADMINISTRATIVE, ToolType.CRITICAL)}
_REMOVING: Final = name_set("delete destroy purge remove erase wipe drop terminate truncate obliterate")
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_CALLS: Final = frozenset({"POST", "PUT", "PATCH"})


_NAMES: Final = ("name", "path", "text")


def _explains(reason: Reason) -> bool:
    """Whether a reason only says that no verb is known."""
    return reason.says.startswith("no known verb")


def _evidence(assessment: Assessment, *places: str) -> str:
    """Return the evidence of an assessment from some places."""
    found = [r.matched for r in assessment.reasons if r.where in places and not r.against]
    return ", ".join(dict.fromkeys(found)) or "the definition as a whole"


@rule(
    id="EFF-001",
    title="GET with side effects",
    kind="definition",
    severity=Severity.HIGH,
    confidence="medium",
    remedy="Decide on it as a write, and change the API to use POST or DELETE.",
    standards=("owasp-api:2023/API8", "mcp-spec:2026-07-28/annotations"),
    false_positives="Nouns that look like verbs; override the type.",
    hits=(example_tool("uninstallApp", assessed=_WRITES | {"reasons": (Reason("name", "uninstall", "acts"),)}),),
    clean=(
        example_tool(),
        example_tool("createOrder", method="POST", assessed=_WRITES),
        example_tool("frob", assessed=_WRITES | {"unclear": True}),
    ),
)
def get_with_side_effects(context: ToolContext) -> Iterator[Hit]:
    """Caches, crawlers, previews and clients that permit every GET can call it and change data."""
    assessment = context.assessment
    if context.tool.method in _SAFE and assessment.effect is not Effect.READ and not assessment.unclear:
        yield Hit(f"{context.tool.method}, but: {_evidence(assessment, 'name', 'path', 'text')}")


@rule(
    id="EFF-002",
    title="readOnlyHint contradicts behaviour",
    kind="definition",
    severity=Severity.HIGH,
    confidence="medium",
    remedy="Correct the hint, and do not let clients approve calls by declared hints.",
    standards=("owasp-mcp:2025/MCP03", "aisvs:1.0/C9.2"),
    false_positives="Queries sent with a writing method.",
    hits=(example_tool(method="", path="", hints=(("readOnlyHint", True),), assessed=_WRITES),),
    clean=(
        example_tool(method="", path="", hints=(("readOnlyHint", True),)),
        example_tool(method="", path="", hints=(("readOnlyHint", False),), assessed=_WRITES),
        example_tool(method="", path="", hints=(("readOnlyHint", True),), assessed=_WRITES | {"unclear": True}),
    ),
)
def hint_claims_read_only(context: ToolContext) -> Iterator[Hit]:
    """Clients skip confirmation for tools declared read-only, so a write would run unconfirmed."""
    assessment = context.assessment
    if ("readOnlyHint", True) in context.tool.hints and assessment.effect is not Effect.READ and not assessment.unclear:
        yield Hit(f"readOnlyHint: true, but: {_evidence(assessment, 'name', 'text', 'parameters')}", key="readOnlyHint")


@rule(
    id="EFF-003",
    title="destructiveHint contradicts behaviour",
    kind="definition",
    severity=Severity.HIGH,
    confidence="medium",
    remedy="Correct the hint, and classify the tool by its behaviour.",
    standards=("owasp-mcp:2025/MCP03",),
    false_positives="Deletions that the service can restore.",
    hits=(example_tool(method="", path="", hints=(("destructiveHint", False),), assessed=_DESTROYS),),
    clean=(
        example_tool(method="", path="", hints=(("destructiveHint", True),), assessed=_DESTROYS),
        example_tool(method="", path="", hints=(("destructiveHint", False),), assessed=_WRITES),
        example_tool(method="", path="", hints=(("destructiveHint", False),), assessed=_GRANTS),
    ),
)
def hint_denies_destruction(context: ToolContext) -> Iterator[Hit]:
    """A server that declares this tool as not destructive suppresses the warning of clients that trust hints."""
    assessment = context.assessment
    destroys = assessment.destructive and assessment.reversibility is Reversibility.IRREVERSIBLE
    if ("destructiveHint", False) in context.tool.hints and assessment.effect is Effect.CRITICAL and destroys:
        yield Hit(
            f"destructiveHint: false, but {assessment.type.value}: {_evidence(assessment, 'name', 'text')}",
            key="destructiveHint",
        )


@rule(
    id="EFF-004",
    title="Hints missing",
    kind="definition",
    severity=Severity.LOW,
    groups_findings=True,
    remedy="Declare the hints, first those of read-only tools, which clients can permit.",
    standards=("mcp-spec:2026-07-28/annotations",),
    false_positives="Servers whose clients ignore hints.",
    hits=(example_tool(method="", path=""),),
    clean=(example_tool(), example_tool(method="", path="", hints=(("readOnlyHint", True),))),
)
def hints_missing(context: ToolContext) -> Iterator[Hit]:
    """Without hints, a client must treat every tool as destructive and open-world, and confirm all calls."""
    if not context.tool.method and not context.tool.hints:
        yield Hit("no annotations")


@rule(
    id="EFF-005",
    title="Method and name disagree",
    kind="definition",
    severity=Severity.MEDIUM,
    groups_findings=True,
    confidence="medium",
    remedy="Determine the effect from the documentation and record it as an override.",
    standards=("aisvs:1.0/C9.2",),
    false_positives="Searches sent by POST because of long filters.",
    hits=(
        example_tool("searchOrders", method="POST"),
        example_tool("deleteOrder", method="POST", assessed=_DESTROYS),
    ),
    clean=(
        example_tool(),
        example_tool("createOrder", method="POST", assessed=_WRITES),
        example_tool("deleteOrder", method="DELETE", assessed=_DESTROYS),
    ),
)
def method_and_name_disagree(context: ToolContext) -> Iterator[Hit]:
    """Policies based on the method and reviewers who rely on the name treat this tool differently."""
    method, assessment = context.tool.method, context.assessment
    if method not in _CALLS:
        return
    if assessment.effect is Effect.READ:
        yield Hit(f"{method}, but read: {_evidence(assessment, 'name', 'path', 'text')}", key="reads")
    elif removing := next((word for word in context.name_words if word in _REMOVING), ""):
        yield Hit(f"{method}, but destructive: {removing}", key="removes")


@rule(
    id="EFF-009",
    title="Effect unclear",
    kind="definition",
    severity=Severity.LOW,
    groups_findings=True,
    confidence="medium",
    remedy="Determine the effect from the documentation and record it as an override.",
    standards=("aisvs:1.0/C9.2",),
    false_positives="Names with a meaning in the product.",
    hits=(example_tool("frobnicate", method="POST", assessed=_WRITES | {"unclear": True}),),
    clean=(example_tool(), example_tool("createOrder", method="POST", assessed=_WRITES)),
)
def effect_unclear(context: ToolContext) -> Iterator[Hit]:
    """The definition does not show whether it reads or writes, so it counts as side-effect until a person decides."""
    if context.assessment.unclear:
        found = [
            r.matched for r in context.assessment.reasons if r.where in _NAMES and not r.against and not _explains(r)
        ]
        words = " ".join(context.name_words) or context.tool.name
        yield Hit(f"read or write: {', '.join(dict.fromkeys(found))}" if found else f"no known verb: {words}")
