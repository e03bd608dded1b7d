"""Earlier decisions on definitions that have changed: confirmed by group where nothing of substance changed, else alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review import commands
from analysis.review.queries.changes import pending_groups
from analysis.text import visible
from tui import clock
from tui.desk.areas.changes import ChangesArea
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Form, FormField, Read

if TYPE_CHECKING:
    from analysis.review.queries.changes import PendingDecision
    from tui.desk.shell.host import Host


async def confirm_changes(desk: Host) -> None:
    """Confirm the earlier decision on the tool under the cursor, with all of its group where that has no substance."""
    session, area = session_of(desk), desk.list_area
    pending = area.pending() if isinstance(area, ChangesArea) else None
    if pending is None:
        desk.messages.say("no earlier decision waits on this row; Enter goes to the tool")
        return
    if pending.alone:
        given = await desk.prompts.ask(
            Form(
                f"Confirm: {visible(pending.name, 60)} stays {pending.decision.state.value}",
                [FormField("Reason")],
                note=_said(pending),
            )
        )
        if given:
            at = clock.now()
            desk.sync.done(
                commands.confirm_alone(session.review, pending.tool, reason=given[0], actor=session.actor, at=at)
            )
        return
    group = pending_groups(session.review).get(pending.group, [])
    title = f"{pending.group.value}: {len(group)} earlier decisions, nothing new in the changes"
    listed = [(each.decision.state.value, f"{visible(each.name, 60)}: {_fields(each)}") for each in group]
    await desk.prompts.ask(Read(title, listed))
    given = await desk.prompts.ask(
        Form(
            f"Confirm {len(group)} earlier decisions as they were", [FormField("Reason", f"only {pending.group.value}")]
        )
    )
    if given:
        desk.sync.done(
            commands.confirm_group(session.review, pending.group, reason=given[0], actor=session.actor, at=clock.now())
        )


def _fields(pending: PendingDecision) -> str:
    return visible(", ".join(dict.fromkeys(each.field for each in pending.drift)), 160)


def _said(pending: PendingDecision) -> str:
    under = f" as {visible(pending.origin, 80)}" if pending.renamed else ""
    return f"Decided{under} by {visible(pending.decision.actor, 40)} on {pending.decision.at[:10]}. Since then: {_fields(pending)}"
