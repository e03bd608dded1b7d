"""CHG: what is no longer what was looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from analysis.model import DecisionState, Effect, Severity, ToolRow, ToolState, ToolType
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import decided, state
from analysis.rules.engine.rule_context import ReviewFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

_EFFECTS: Final = tuple(Effect)
_CREDENTIALS: Final = ("required", "unknown", "optional", "none")
_NOW: Final = state("updateOrder", ToolType.SIDE_EFFECT, inputs=("id", "note"), scopes=("orders:write",))


def _unsigned(review: ReviewFacts) -> str:
    """Say what is missing, and what tells the same until it is there."""
    if review.baseline is not None:
        return ""
    return (
        "a review file keeps the tools as they are now and no signed packet, so there is nothing to compare with; "
        "decisions lapse by themselves when a definition changes (CHG-001)"
    )


def _since(before: ToolRow | None, now: ToolState = _NOW) -> ReviewFacts:
    return ReviewFacts((now,), baseline={before.id: before} if before else {})


def _compared(review: ReviewFacts) -> Iterator[tuple[ToolRow, ToolRow]]:
    """Yield each live tool of the last signed packet as it was then, and as it is now."""
    for tool in review.tools:
        before = (review.baseline or {}).get(tool.row.id)
        if before is not None:
            yield before, tool.row


@rule(
    id="CHG-001",
    title="Approved definition changed",
    kind="state",
    severity=Severity.HIGH,
    remedy="Look at what has changed and decide anew.",
    standards=("aisvs:1.0/C10.4", "safe-mcp:2025-08/T1201"),
    false_positives="Changes of the documentation only.",
    hits=(
        replace(state("getOrder", ToolType.READ, decided(DecisionState.APPROVED)), decision_state=DecisionState.STALE),
    ),
    clean=(state("getOrder", ToolType.READ, decided(DecisionState.APPROVED)), state()),
)
def definition_changed(tool: ToolState) -> Iterator[Hit]:
    """The decision was about another definition; what the tool is now, nobody has looked at."""
    if tool.stale and tool.decision is not None:
        yield Hit(f"{tool.decision.state.value} by {tool.decision.actor}, definition changed since")


@rule(
    id="CHG-002",
    title="New since the last sign-off",
    kind="review",
    severity=Severity.MEDIUM,
    grouped_when=True,
    remedy="Decide on it before the next packet is signed.",
    standards=("nist-800-53:5.1.1/CM-3",),
    false_positives="Tools that were renamed.",
    missing_input=_unsigned,
    hits=(_since(None),),
    clean=(_since(_NOW.row),),
)
def new_since_baseline(review: ReviewFacts) -> Iterator[Hit]:
    """Nobody who signed the last packet knew of this tool."""
    for tool in review.tools:
        if tool.row.id not in (review.baseline or {}):
            yield Hit("not in the last signed packet", tool=tool.row.id)


@rule(
    id="CHG-003",
    title="Risk, scope or server widened",
    kind="review",
    severity=Severity.HIGH,
    remedy="Decide anew, with the difference in front of you.",
    standards=("nist-800-53:5.1.1/CM-4", "owasp-mcp:2025/MCP02"),
    false_positives="Hosts that were only renamed.",
    missing_input=_unsigned,
    hits=(
        _since(replace(_NOW.row, effect=Effect.READ)),
        _since(replace(_NOW.row, scopes=())),
        _since(replace(_NOW.row, servers=("https://old.shop.example",))),
        _since(_NOW.row, replace(_NOW, row=replace(_NOW.row, credential="none"))),
    ),
    clean=(_since(_NOW.row), _since(None)),
)
def widened(review: ReviewFacts) -> Iterator[Hit]:
    """The tool can do more, with more rights or elsewhere, than those who signed have agreed to."""
    for before, now in _compared(review):
        said = {
            f"effect {before.effect.value} → {now.effect.value}": _rank(now) > _rank(before),
            "needs less proof of who calls": _CREDENTIALS.index(now.credential) > _CREDENTIALS.index(before.credential),
            f"scopes added: {', '.join(sorted(set(now.scopes) - set(before.scopes)))}": bool(
                set(now.scopes) - set(before.scopes)
            ),
            "another server": bool(set(now.servers) - set(before.servers)),
        }
        if any(said.values()):
            yield Hit("; ".join(what for what, holds in said.items() if holds), tool=now.id)


def _rank(row: ToolRow) -> int:
    return _EFFECTS.index(row.effect)


@rule(
    id="CHG-004",
    title="Inputs or data added",
    kind="review",
    severity=Severity.MEDIUM,
    grouped_when=True,
    remedy="Look at what came in, and decide anew where it matters.",
    standards=("nist-800-53:5.1.1/CM-4", "safe-mcp:2025-08/T1501"),
    false_positives="Inputs that were renamed.",
    missing_input=_unsigned,
    hits=(
        _since(replace(_NOW.row, inputs=("id",))),
        _since(_NOW.row, replace(_NOW, row=replace(_NOW.row, data=("personal",)))),
    ),
    clean=(_since(_NOW.row), _since(None)),
)
def schema_widened(review: ReviewFacts) -> Iterator[Hit]:
    """It takes in or hands out something that those who signed have not seen."""
    for before, now in _compared(review):
        inputs = [name for name in now.inputs if name not in before.inputs]
        data = [each for each in now.data if each not in before.data]
        told = [f"inputs: {', '.join(inputs)}"] if inputs else []
        told += [f"data: {', '.join(data)}"] if data else []
        if told:
            yield Hit("; ".join(told), tool=now.id)
