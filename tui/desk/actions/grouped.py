"""Decisions on several tools as one: a group of the queue, duplicates of which one is kept, changes that are confirmed."""

from __future__ import annotations

from random import SystemRandom
from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.model import DecisionState, Risk
from analysis.output.drift.reports import shown_change
from analysis.review import commands
from analysis.review.queries.changes import pending_groups
from analysis.text import visible
from tui import clock
from tui.desk.actions.decide import ask_conditions, ask_reason, decide_tools
from tui.desk.areas.changes import ChangesArea
from tui.desk.areas.duplicates import DuplicatesArea, member_choices
from tui.desk.areas.queue import QueueArea
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Choose, Read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from analysis.model import Condition, ToolId
    from analysis.review.derived.groups import ToolGroup
    from analysis.review.queries.changes import PendingDecision
    from tui.desk.shell.host import Host
    from tui.desk.shell.session import Session


#: Maximum length of the changes of one tool in a list, characters.
_MAX_CHANGES: Final = 240


async def keep_one(desk: Host) -> None:
    """Keep one of the duplicates and block the rest, as one step."""
    session, area = session_of(desk), desk.list_area
    group = area.group() if isinstance(area, DuplicatesArea) else None
    if group is None:
        return
    states = [session.review.tool(row.id).decision_state for row in group.members]
    offered = member_choices(group, states)
    title = "Which one does the agent keep? The rest is blocked."
    letter = await desk.prompts.ask(Choose(title, [choice[:2] for choice in offered]))
    kept = next((tool for key, _, tool in offered if key == letter), None)
    if kept is None:
        return
    name = session.review.tool(kept).row.name
    reason = f"duplicate of {name}, which is kept"
    rest = len(group.members) - 1
    title = f"Keep {visible(name, 60)}, block the other {rest}"
    given = await ask_reason(desk, title, visible(reason, 200))
    if given:
        desk.sync.done(
            commands.keep_one(session.review, group, kept, reason=given, actor=session.actor, at=clock.now())
        )


async def approve_group(desk: Host) -> None:
    """Approve the undecided tools of the group under the cursor, or of all marked groups."""
    await _decide_group(desk, DecisionState.APPROVED)


async def block_group(desk: Host) -> None:
    """Block the undecided tools of the group under the cursor, or of all marked groups."""
    await _decide_group(desk, DecisionState.BLOCKED)


async def conditions_group(desk: Host) -> None:
    """Approve the undecided tools of the group under the cursor, or of all marked groups, with conditions."""
    tools = _left(desk)
    given = await ask_conditions(desk, tools) if tools else None
    if given:
        await _decided(desk, tools, DecisionState.CONDITIONAL, given[0], reason=given[1])


async def take_group(desk: Host) -> None:
    """Decide the undecided tools of the group under the cursor, or of all marked groups, as proposed."""
    session, area = session_of(desk), desk.list_area
    proposals = area.proposals() if isinstance(area, QueueArea) else []
    groups = _groups_of(session, [each.tool for each in proposals])
    if not proposals:
        raise UsageError("nothing is proposed here", remedy="a approves, c with conditions, b blocks")
    if len({(each.decision, each.conditions) for each in proposals}) > 1:
        raise UsageError(
            f"the tools of {'this group' if len(groups) == 1 else 'these groups'} have different proposals",
            remedy="press Enter to decide them in the list"
            if len(groups) == 1
            else "mark groups with the same proposal",
        )
    if any(group.key.risk is Risk.HIGH or group.key.executes for group in groups):
        await _decide_group(desk, proposals[0].decision, proposals[0].conditions)
        return
    named = visible(groups[0].title, 120) if len(groups) == 1 else f"{len(groups):,} groups"
    title = f"As proposed: {named}, {len(proposals):,} tools"
    reason = visible(proposals[0].reason, 200)
    given = await ask_reason(desk, title, reason)
    if given:
        outcome = commands.take(
            session.review, proposals, reason=given, actor=session.actor, at=clock.now(), chance=SystemRandom(),
            opened=session.opened,
        )  # fmt: skip
        onward = _onward(desk)
        area.marks.clear()
        desk.sync.done(outcome)
        onward()


async def _decide_group(desk: Host, decision_state: DecisionState, conditions: Sequence[Condition] = ()) -> None:
    """Decide the undecided tools of the groups; a reason is proposed unless the risk of one is high."""
    area, tools = desk.list_area, _left(desk)
    if not tools or not isinstance(area, QueueArea):
        return
    agreed = {each.reason for each in area.proposals() if each.decision is decision_state}
    high = any(group.key.risk is Risk.HIGH for group in _groups_of(session_of(desk), tools))
    proposed = visible(next(iter(agreed)), 200) if len(agreed) == 1 and not high else ""
    await _decided(desk, tools, decision_state, conditions, proposed_reason=proposed)


async def repeat_verdict(desk: Host) -> None:
    """Decide the group under the cursor as the last one, with the same reason, for high risk if a person wrote it.

    A block is recorded at once, as it gives nothing away; anything else is asked for in the bar.
    """
    last, tools = session_of(desk).last_verdict, _left(desk)
    if last is None:
        raise UsageError("there is no verdict to repeat", remedy="a approves, c with conditions, b blocks")
    state, conditions, reason = last
    session = session_of(desk)
    high = any(session.review.tool(tool).risk is Risk.HIGH for tool in tools)
    if tools:
        recalled = reason if not high or reason in session.recalled_reasons() else ""
        at_once = recalled if state is DecisionState.BLOCKED else ""
        await _decided(desk, tools, state, conditions, at_once, proposed_reason=recalled)


async def _decided(
    desk: Host, tools: Sequence[ToolId], state: DecisionState, conditions: Sequence[Condition], reason: str = "",
    proposed_reason: str = "",
) -> None:  # fmt: skip
    """Record a verdict on a group, go on to the next group, and keep the verdict to be repeated."""
    onward, session = _onward(desk), session_of(desk)
    if await decide_tools(desk, tools, state, conditions, reason, proposed_reason=proposed_reason):
        decision = session.review.tool(tools[0]).decision
        given = decision.reason if decision is not None else ""
        session.last_verdict = (state, conditions, given) if len(tools) > 1 else session.last_verdict
        desk.list_area.marks.clear()
        desk.sync.changed()
        onward()


def _onward(desk: Host) -> Callable[[], None]:
    """Return what puts the cursor on the group that comes next, as the list is before the decision."""
    area = desk.list_area
    key = area.next_group() if isinstance(area, QueueArea) else None

    def onward() -> None:
        if key is not None:
            area.table.go(key)

    return onward


def _groups_of(session: Session, tools: Sequence[ToolId]) -> list[ToolGroup]:
    """Return the groups that tools are in, each once."""
    return list({group.key: group for group in map(session.review.views.groups.of, tools)}.values())


def _left(desk: Host) -> list[ToolId]:
    """Return the undecided tools of the groups that a verdict takes. Says so where there are none."""
    area = desk.list_area
    tools = area.undecided() if isinstance(area, QueueArea) else []
    if not tools:
        desk.messages.say("every tool here is decided; Enter lists them")
    return tools


async def confirm_changes(desk: Host) -> None:
    """Confirm the earlier decision on the tool under the cursor, with all of its group where that has no substance."""
    session, area = session_of(desk), desk.list_area
    if isinstance(area, ChangesArea) and area.marks.rows():
        await _confirm_marked(desk, area)
        return
    pending = area.pending() if isinstance(area, ChangesArea) else None
    if pending is None:
        way = "; Enter goes to the tool" if area.target() is not None else ""
        desk.messages.say(f"no earlier decision waits on this row{way}")
        return
    if pending.alone:
        title = f"Confirm: {visible(pending.name, 60)} stays {pending.decision.state.value}"
        given = await ask_reason(desk, title, "", note=_said(pending))
        if given:
            at = clock.now()
            desk.sync.done(
                commands.confirm_alone(session.review, pending.tool, reason=given, actor=session.actor, at=at)
            )
        return
    group = pending_groups(session.review).get(pending.group, [])
    decisions, as_before = (
        (f"{len(group):,} earlier decisions", "as they were")
        if len(group) != 1
        else ("1 earlier decision", "as it was")
    )
    title = f"{pending.group.value}: {decisions}, the engine finds nothing new in the changes"
    listed = [(each.decision.state.value, f"{visible(each.name, 60)}: {_fields(each)}") for each in group]
    await desk.prompts.ask(Read(title, listed, then="Enter goes on to the reason"))
    title = f"Confirm {decisions} {as_before}"
    given = await ask_reason(desk, title, f"only {pending.group.value}")
    if given:
        desk.sync.done(
            commands.confirm_group(session.review, pending.group, reason=given, actor=session.actor, at=clock.now())
        )


async def _confirm_marked(desk: Host, area: ChangesArea) -> None:
    """Confirm the earlier decisions on all marked tools, after a list of what changed, as one step."""
    session, waiting = session_of(desk), area.marked_pending()
    if not waiting:
        desk.messages.say("no earlier decision waits on the marked rows")
        return
    listed = [(each.decision.state.value, f"{visible(each.name, 60)}: {_fields(each)}") for each in waiting]
    title = f"{len(waiting):,} earlier decisions, of {len(area.marks.rows()):,} marked rows"
    await desk.prompts.ask(Read(title, listed, then="Enter goes on to the reason"))
    given = await ask_reason(desk, f"Confirm {len(waiting):,} earlier decisions as they were", "")
    if given:
        tools = [each.tool for each in waiting]
        outcome = commands.confirm_tools(session.review, tools, reason=given, actor=session.actor, at=clock.now())
        area.marks.clear()
        desk.sync.done(outcome)


def _fields(pending: PendingDecision) -> str:
    changes = dict.fromkeys(f"{each.field.removeprefix('annotations.')} {shown_change(each)}" for each in pending.drift)
    return visible("; ".join(changes), _MAX_CHANGES)


def _said(pending: PendingDecision) -> str:
    under = f" as {visible(pending.origin, 80)}" if pending.renamed else ""
    return f"Decided{under} by {visible(pending.decision.actor, 40)} on {pending.decision.at[:10]}. Since then: {_fields(pending)}"
