"""Verdicts: approve, approve with conditions, block, clear; on one tool or on all that are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.errors import CheckFailed, UsageError
from analysis.model import DecisionState, Risk
from analysis.review import queries
from analysis.review.queries.governance import required_controls
from analysis.review.record.conditions import TEMPLATES, read_conditions, split_conditions
from analysis.text import visible
from tui.desk.actions.flows import warning
from tui.desk.shell.host import session_of
from tui.desk.shell.session import own_reason
from tui.desk.widgets.prompts import Form, FormField
from tui.desk.widgets.symbols import DOWN, SEP, UP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import Condition, ToolId, ToolType
    from tui.desk.shell.host import Host
    from tui.desk.shell.session import Session

_VERB: Final = {
    DecisionState.APPROVED: "Approve",
    DecisionState.BLOCKED: "Block",
    DecisionState.CONDITIONAL: "Approve with conditions",
}


async def _reason(
    desk: Host, tools: Sequence[ToolId], decision_state: DecisionState | None, given: str, warned: str
) -> str | None:
    """Return the reason of a verdict: asked for a bulk, for approving high risk, and for what one is warned of.

    All else is decided on the assessment itself.
    """
    session = session_of(desk)
    if given and not warned:
        return given
    state = session.review.tool(tools[0])
    verb = _VERB[decision_state] if decision_state else "Clear the decision on"
    if len(tools) == 1 and not warned and not (decision_state is DecisionState.APPROVED and state.risk is Risk.HIGH):
        return own_reason(state) if decision_state else "taken back at the desk"
    what = visible(state.row.name, 60) if len(tools) == 1 else session.bulk_preview(tools)
    changes = session.bulk_changes(tools, decision_state) if len(tools) > 1 else ""
    note = "\n".join(part for part in (warned, changes) if part)
    said = await desk.ask(Form(f"{verb}: {what}", [FormField("Reason", given)], note=note))
    return said[0] if said else None


def refuse_unseen(session: Session, tools: Sequence[ToolId], decision_state: DecisionState | None) -> None:
    """Approving high risk in bulk needs each tool to have been looked at."""
    if len(tools) < 2 or decision_state not in {DecisionState.APPROVED, DecisionState.CONDITIONAL}:
        return
    unseen = session.unseen_high(tools)
    if unseen:
        name = session.review.tool(unseen[0]).row.name
        raise CheckFailed(
            f"{len(unseen)} of the {len(tools)} tools are HIGH risk and were not looked at, first {name}",
            remedy="decide them one by one, or add -risk:high to the filter",
        )


async def give_verdict(
    desk: Host,
    decision_state: DecisionState | None,
    conditions: Sequence[Condition] = (),
    reason: str = "",
    *,
    stay: bool = False,
) -> None:
    """Record a verdict on what is marked, else on the tool under the cursor; asks for a reason where it needs one."""
    session = session_of(desk)
    here = desk.tools_area.tool
    tools = session.targets(here)
    if not tools:
        return
    refuse_unseen(session, tools, decision_state)
    effect = session.review.views.flows.effect_of(tools, decision_state, conditions)
    said = await _reason(desk, tools, decision_state, reason, warning(session, effect))
    if said is None:
        return
    advances = tools == [here] and decision_state is not None and not stay
    following = session.next_undecided(here) if advances else None
    done = session.decide(tools, decision_state, said, conditions)
    if len(tools) > 1 or effect.removes:
        desk.say(done.sentence + ("; this breaks the trifecta over allowed tools" if effect.removes else ""))
    marked = len(tools) > 1 or tools != [here]
    desk.changed(following or here, None if marked else tools)


async def approve(desk: Host) -> None:
    """Approve."""
    await give_verdict(desk, DecisionState.APPROVED)


async def block(desk: Host) -> None:
    """Block."""
    await give_verdict(desk, DecisionState.BLOCKED)


async def approve_here(desk: Host) -> None:
    """Approve, and stay on the tool."""
    await give_verdict(desk, DecisionState.APPROVED, stay=True)


async def block_here(desk: Host) -> None:
    """Block, and stay on the tool."""
    await give_verdict(desk, DecisionState.BLOCKED, stay=True)


async def conditions_here(desk: Host) -> None:
    """Approve with conditions, and stay on the tool."""
    await _conditions(desk, stay=True)


async def clear(desk: Host) -> None:
    """Take decisions back."""
    session = session_of(desk)
    if any(
        session.review.tool(t).decision or session.review.tool(t).stale for t in session.targets(desk.tools_area.tool)
    ):
        await give_verdict(desk, None)


def _check_conditions(values: list[str]) -> str:
    try:
        made = read_conditions(split_conditions(values[0]))
    except UsageError as error:
        return SEP.join(error.lines())
    return "" if made else "at least one condition is needed"


def _offered(session: Session, kind: ToolType) -> tuple[str, ...]:
    """Return sets of conditions to choose from: last used first, then what suits the type, then one of each kind."""
    used = (session.last_conditions, *queries.conditions_used(session.review))
    return tuple(dict.fromkeys(filter(None, (*used, _required_controls(session, kind), *TEMPLATES))))


def _required_controls(session: Session, kind: ToolType) -> str:
    """Return the conditions that the policy, else our own table, proposes for a type, as one line."""
    return "; ".join(required_controls(kind, session.review)[1])


async def conditions(desk: Host) -> None:
    """Approve with conditions."""
    await _conditions(desk)


async def _conditions(desk: Host, *, stay: bool = False) -> None:
    session = session_of(desk)
    tools = session.targets(desk.tools_area.tool)
    if not tools:
        return
    refuse_unseen(session, tools, DecisionState.CONDITIONAL)
    state = session.review.tool(tools[0])
    form = Form(
        "Approve with conditions: " + (visible(state.row.name, 60) if len(tools) == 1 else session.bulk_preview(tools)),
        [
            FormField(
                "Conditions",
                session.last_conditions or _required_controls(session, state.type),
                choices=_offered(session, state.type),
            ),
            FormField("Reason", "" if len(tools) > 1 else own_reason(state)),
        ],
        note=f"{UP} {DOWN} choose, last used first. KIND=VALUE; KIND=VALUE | EVIDENCE. Kinds: "
        "approval, group, env, param_allow, rate, audit, expires, note.",
        check=_check_conditions,
    )
    given = await desk.ask(form)
    if given:
        session.last_conditions = given[0]
        await give_verdict(
            desk, DecisionState.CONDITIONAL, read_conditions(split_conditions(given[0])), given[1], stay=stay
        )
