"""EFF: what a tool says it does, against what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import Assessment, Effect, Reason, Reversibility, Severity, ToolType
from analysis.rules.detect.parameter_names import names
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import definition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.rules.engine.rule_context import ToolContext

_WRITES: Final = {"effect": Effect.SIDE_EFFECT, "types": (ToolType.SIDE_EFFECT,)}
_DESTROYS: Final = {
    "effect": Effect.CRITICAL,
    "types": (ToolType.CRITICAL,),
    "reversibility": Reversibility.IRREVERSIBLE,
}
_REMOVING: Final = names("delete destroy purge remove erase wipe drop terminate truncate obliterate")
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_CALLS: Final = frozenset({"POST", "PUT", "PATCH"})


def _said(assessment: Assessment, *places: str) -> str:
    """Return the words on which an assessment rests, from some places."""
    found = [r.matched for r in assessment.reasons if r.where in places and not r.against]
    return ", ".join(dict.fromkeys(found)) or "the definition as a whole"


@rule(
    id="EFF-001",
    title="Safe method, acting tool",
    kind="definition",
    severity=Severity.HIGH,
    confidence="medium",
    remedy="Decide on it as on a write, and have the API serve it by POST or DELETE.",
    standards=("owasp-api:2023/API8", "mcp-spec:2026-07-28/annotations"),
    false_positives="Nouns that read like verbs; re-tag the tool.",
    hits=(definition("uninstallApp", assessed=_WRITES | {"reasons": (Reason("name", "uninstall", "acts"),)}),),
    clean=(
        definition(),
        definition("createOrder", method="POST", assessed=_WRITES),
        definition("frob", assessed=_WRITES | {"unclear": True}),
    ),
)
def safe_method_acts(case: ToolContext) -> Iterator[Hit]:
    """Caches, crawlers, previews and clients that allow every GET will call this one, and it changes something."""
    said = case.assessment
    if case.tool.method in _SAFE and said.effect is not Effect.READ and not said.unclear:
        yield Hit(f"{case.tool.method}, yet: {_said(said, 'name', 'path', 'text')}")


@rule(
    id="EFF-002",
    title="Hint claims read-only, tool writes",
    kind="definition",
    severity=Severity.HIGH,
    confidence="medium",
    remedy="Have the hint corrected, and let no client approve calls by what a server says of itself.",
    standards=("owasp-mcp:2025/MCP03", "aisvs:1.0/C9.2"),
    false_positives="Queries that are sent like writes.",
    hits=(definition(method="", path="", hints=(("readOnlyHint", True),), assessed=_WRITES),),
    clean=(
        definition(method="", path="", hints=(("readOnlyHint", True),)),
        definition(method="", path="", hints=(("readOnlyHint", False),), assessed=_WRITES),
        definition(method="", path="", hints=(("readOnlyHint", True),), assessed=_WRITES | {"unclear": True}),
    ),
)
def hint_claims_read_only(case: ToolContext) -> Iterator[Hit]:
    """Clients skip the confirmation of what is called read-only; here it would let a change through unseen."""
    said = case.assessment
    if ("readOnlyHint", True) in case.tool.hints and said.effect is not Effect.READ and not said.unclear:
        yield Hit(f"readOnlyHint: true, yet: {_said(said, 'name', 'text', 'parameters')}", key="readOnlyHint")


@rule(
    id="EFF-003",
    title="Hint denies destruction",
    kind="definition",
    severity=Severity.HIGH,
    confidence="medium",
    remedy="Have the hint corrected, and classify the tool by what it does.",
    standards=("owasp-mcp:2025/MCP03",),
    false_positives="Removals that the service keeps in a bin.",
    hits=(definition(method="", path="", hints=(("destructiveHint", False),), assessed=_DESTROYS),),
    clean=(
        definition(method="", path="", hints=(("destructiveHint", True),), assessed=_DESTROYS),
        definition(method="", path="", hints=(("destructiveHint", False),), assessed=_WRITES),
    ),
)
def hint_denies_destruction(case: ToolContext) -> Iterator[Hit]:
    """A server that calls this harmless takes the warning away from whoever relies on its hints."""
    said = case.assessment
    if ("destructiveHint", False) in case.tool.hints and said.effect is Effect.CRITICAL:
        yield Hit(
            f"destructiveHint: false, yet {said.type.value}: {_said(said, 'name', 'text')}", key="destructiveHint"
        )


@rule(
    id="EFF-004",
    title="Hints missing",
    kind="definition",
    severity=Severity.LOW,
    grouped_when=True,
    remedy="Have the server state its hints, the reads first: they are what clients can let pass.",
    standards=("mcp-spec:2026-07-28/annotations",),
    false_positives="Servers for clients that pay no attention to hints.",
    hits=(definition(method="", path=""),),
    clean=(definition(), definition(method="", path="", hints=(("readOnlyHint", True),))),
)
def hints_missing(case: ToolContext) -> Iterator[Hit]:
    """Without hints a client has to take the tool for destructive and open to the world, so all are confirmed alike."""
    if not case.tool.method and not case.tool.hints:
        yield Hit("no annotations")


@rule(
    id="EFF-005",
    title="Method and name disagree",
    kind="definition",
    severity=Severity.MEDIUM,
    grouped_when=True,
    confidence="medium",
    remedy="Settle what the tool does by its documentation, and record it as its type.",
    standards=("aisvs:1.0/C9.2",),
    false_positives="Searches that are sent by POST because their filters are long.",
    hits=(
        definition("searchOrders", method="POST"),
        definition("deleteOrder", method="POST", assessed=_DESTROYS),
    ),
    clean=(
        definition(),
        definition("createOrder", method="POST", assessed=_WRITES),
        definition("deleteOrder", method="DELETE", assessed=_DESTROYS),
    ),
)
def method_and_name_disagree(case: ToolContext) -> Iterator[Hit]:
    """Policies that go by the method and reviewers that go by the name treat this tool differently."""
    method, said = case.tool.method, case.assessment
    if method not in _CALLS:
        return
    if said.effect is Effect.READ:
        yield Hit(f"{method}, yet it reads: {_said(said, 'name', 'path', 'text')}", key="reads")
    elif removing := next((word for word in case.spoken if word in _REMOVING), ""):
        yield Hit(f"{method}, yet it takes away: {removing}", key="removes")


@rule(
    id="EFF-009",
    title="Effect undecidable",
    kind="definition",
    severity=Severity.LOW,
    grouped_when=True,
    confidence="medium",
    remedy="Read what the tool does, and record it as its type.",
    standards=("aisvs:1.0/C9.2",),
    false_positives="Names that make sense to those who know the product.",
    hits=(definition("frobnicate", method="POST", assessed=_WRITES | {"unclear": True}),),
    clean=(definition(), definition("createOrder", method="POST", assessed=_WRITES)),
)
def effect_undecidable(case: ToolContext) -> Iterator[Hit]:
    """Nothing in the definition says whether it asks or acts, so it is treated as a write until a person knows."""
    if case.assessment.unclear:
        yield Hit(f"no known verb: {' '.join(case.spoken) or case.tool.name}")
