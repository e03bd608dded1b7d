"""Decisions on duplicate tools: one is kept, the rest is blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review import commands
from analysis.text import visible
from tui import clock
from tui.desk.areas.duplicates import DuplicatesArea, member_choices
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Choose, Form, FormField

if TYPE_CHECKING:
    from tui.desk.shell.host import Host


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
    form = Form(f"Keep {visible(name, 60)}, block the rest", [FormField("Reason", visible(reason, 200))])
    given = await desk.prompts.ask(form)
    if given:
        desk.sync.done(
            commands.keep_one(session.review, group, kept, reason=given[0], actor=session.actor, at=clock.now())
        )
