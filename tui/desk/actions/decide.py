"""Decisions: approve, approve with conditions, block, clear; on one tool or on all that are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.model import ConditionKind, DecisionState, Risk
from analysis.review import commands, queries
from analysis.review.queries.decision_support.decision_reasons import prefilled_reason
from analysis.review.queries.governance import required_controls
from analysis.review.record.conditions import TEMPLATES, read_conditions, split_conditions
from analysis.text import visible
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import FormField
from tui.desk.widgets.symbols import SEP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import Condition, ToolId, ToolType
    from analysis.review.derived.flows import PathChange
    from tui.desk.shell.host import Host
    from tui.desk.shell.session import Session

#: Maximum number of tools named for each flow role in a warning.
_MAX_NAMED: Final = 3
_VERB: Final = {
    DecisionState.APPROVED: "Approve",
    DecisionState.BLOCKED: "Block",
    DecisionState.CONDITIONAL: "Approve with conditions",
}


async def ask_reason(desk: Host, title: str, proposed: str, note: str = "") -> str | None:
    """Ask for the reason of a verdict in the bar that all verdicts share; None when the person leaves.

    What differs from the reason filled in was written by the person, and can be recalled.
    """
    session = session_of(desk)
    field = FormField("Reason", proposed, choices=tuple(session.recalled_reasons()))
    given = await desk.prompts.ask_verdict(title, [field], note)
    if given is None:
        return None
    if given[0] != proposed:
        session.remember_reason(given[0])
    return given[0]


def verdict_title(session: Session, tools: Sequence[ToolId], decision_state: DecisionState | None) -> str:
    """Return what is decided, and on what: one tool by its name and risk, or how many."""
    verb = _VERB[decision_state] if decision_state else "Clear the decision on"
    if len(tools) > 1:
        return f"{verb}: {session.bulk_preview(tools)}"
    state = session.review.tool(tools[0])
    risk = "HIGH" if state.risk is Risk.HIGH else state.risk.value
    return f"{verb}: {visible(state.row.name, 60)}, {risk} risk"


async def decide(
    desk: Host,
    decision_state: DecisionState | None,
    conditions: Sequence[Condition] = (),
    reason: str = "",
    *,
    stay: bool = False,
) -> None:
    """Record a decision on the marked tools, else on the one under the cursor, after its bar was committed."""
    session = session_of(desk)
    here = desk.tools_area.tool
    tools = session.targets(here)
    if not tools:
        return
    advances = tools == [here] and decision_state is not None and not stay
    next_tool = session.next_undecided(here) if advances else None
    if await decide_tools(desk, tools, decision_state, conditions, reason):
        marked = len(tools) > 1 or tools != [here]
        desk.sync.changed(next_tool or here, None if marked else tools)


async def decide_tools(
    desk: Host,
    tools: Sequence[ToolId],
    decision_state: DecisionState | None,
    conditions: Sequence[Condition] = (),
    reason: str = "",
    proposed_reason: str = "",
) -> bool:
    """Record a decision on tools, after its bar was committed. Returns whether it was recorded.

    `reason` was given with the conditions, in the same bar. `proposed_reason` fills the bar in place of the assessment's.
    """
    session = session_of(desk)
    commands.refuse_unseen(session.review, tools, decision_state, session.opened)
    effect = session.review.views.flows.effect_of(tools, decision_state, conditions)
    warning = _warning(session, effect)
    final_reason: str | None = reason
    if not reason or warning:
        written = reason if reason in session.recalled_reasons() else ""
        proposed = written if warning else proposed_reason or prefilled_reason(session.review, tools, decision_state)
        changes = session.bulk_changes(tools, decision_state) if len(tools) > 1 else ""
        note = "\n".join(filter(None, (warning, changes)))
        title = verdict_title(session, tools, decision_state)
        final_reason = await ask_reason(desk, title, proposed, note)
    if final_reason is None:
        return False
    outcome = session.decide(tools, decision_state, final_reason, conditions)
    if len(tools) > 1 or effect.removes or effect.unsettles:
        changed = effect.removes or effect.unsettles
        cut = f"; exfiltration path among approved tools: {effect.after.state.value}" if changed else ""
        desk.messages.say(outcome.sentence + cut)
    return True


def _warning(session: Session, change: PathChange) -> str:
    """Return the exfiltration path that a decision opens among approved tools; empty when it opens none."""
    if not change.completes:
        return ""
    named = "; ".join(
        f"{role.value}: {', '.join(visible(session.review.tool(tool).row.name, 40) for tool in tools[:_MAX_NAMED])}"
        + (f" and {len(tools) - _MAX_NAMED:,} more" if len(tools) > _MAX_NAMED else "")
        for role, tools in change.after.flow_roles.items()
    )
    return f"This completes an exfiltration path: untrusted content could have private data sent out. {named}"


async def approve(desk: Host) -> None:
    """Approve."""
    await decide(desk, DecisionState.APPROVED)


async def block(desk: Host) -> None:
    """Block."""
    await decide(desk, DecisionState.BLOCKED)


async def approve_here(desk: Host) -> None:
    """Approve, and stay on the tool."""
    await decide(desk, DecisionState.APPROVED, stay=True)


async def block_here(desk: Host) -> None:
    """Block, and stay on the tool."""
    await decide(desk, DecisionState.BLOCKED, stay=True)


async def conditions_here(desk: Host) -> None:
    """Approve with conditions, and stay on the tool."""
    await _conditions(desk, stay=True)


async def clear(desk: Host) -> None:
    """Clear decisions: the tools are undecided again."""
    session = session_of(desk)
    if any(
        session.review.tool(t).decision or session.review.tool(t).stale for t in session.targets(desk.tools_area.tool)
    ):
        await decide(desk, None)


def _check_conditions(values: list[str]) -> str:
    try:
        conditions = read_conditions(split_conditions(values[0]))
    except UsageError as error:
        return SEP.join(error.lines())
    return "" if conditions else "at least one condition is required"


def _condition_choices(session: Session, kind: ToolType) -> tuple[str, ...]:
    """Return sets of conditions to choose from: last used first, then those for the type, then one of each kind."""
    used = (session.last_conditions, *queries.conditions_used(session.review))
    return tuple(dict.fromkeys(filter(None, (*used, _required_controls(session, kind), *TEMPLATES))))


def _required_controls(session: Session, kind: ToolType) -> str:
    """Return the conditions that the policy, else the built-in table, recommends for a type, as one line."""
    return "; ".join(required_controls(kind, session.review)[1])


async def conditions(desk: Host) -> None:
    """Approve with conditions."""
    await _conditions(desk)


async def _conditions(desk: Host, *, stay: bool = False) -> None:
    session = session_of(desk)
    tools = session.targets(desk.tools_area.tool)
    given = await ask_conditions(desk, tools) if tools else None
    if given:
        await decide(desk, DecisionState.CONDITIONAL, *given, stay=stay)


async def ask_conditions(desk: Host, tools: Sequence[ToolId]) -> tuple[Sequence[Condition], str] | None:
    """Ask for the conditions and the reason of an approval; None when the person leaves."""
    session = session_of(desk)
    commands.refuse_unseen(session.review, tools, DecisionState.CONDITIONAL, session.opened)
    state = session.review.tool(tools[0])
    proposed = prefilled_reason(session.review, tools, DecisionState.CONDITIONAL)
    fields = [
        FormField(
            "Conditions",
            session.last_conditions or _required_controls(session, state.type),
            choices=_condition_choices(session, state.type),
        ),
        FormField("Reason", proposed, choices=tuple(session.recalled_reasons())),
    ]
    by_form = " Or Esc, then e: a form for each kind." if desk.area == "tools" else ""
    note = f"KIND=VALUE; KIND=VALUE | EVIDENCE.{by_form} Kinds: {', '.join(ConditionKind)}"
    title = verdict_title(session, tools, DecisionState.CONDITIONAL)
    given = await desk.prompts.ask_verdict(title, fields, note, _check_conditions)
    if not given:
        return None
    if given[1] != proposed:
        session.remember_reason(given[1])
    session.last_conditions = given[0]
    return read_conditions(split_conditions(given[0])), given[1]
