"""Who decides what: tools of the list, or of a group, are assigned to a person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from analysis.review import commands
from analysis.review.commands.assignments import is_day
from analysis.review.queries.people import known_people
from analysis.text import visible
from tui import clock
from tui.desk.areas.queue import QueueArea
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Form, FormField
from tui.desk.widgets.symbols import DOWN, UP

if TYPE_CHECKING:
    from analysis.model import ToolId
    from tui.desk.shell.host import Host

#: Due days that the arrow keys offer, days from today.
_DAYS: Final = (7, 14, 30)


async def assign_tools(desk: Host) -> None:
    """Assign the marked tools, the tool under the cursor, or the undecided tools of the group; an empty name takes it back."""
    session, tools = session_of(desk), _targets(desk)
    if not tools:
        return
    states = [session.review.tool(tool) for tool in tools]
    known = {each.assignment for each in states}
    before = next(iter(known)) if len(known) == 1 else None
    what = visible(states[0].row.name, 60) if len(tools) == 1 else f"{len(tools):,} tools"
    today = date.fromisoformat(clock.now()[:10])
    fields = [
        FormField("Who decides", before.to if before else "", needed=False, choices=known_people(session.review)),
        FormField(
            "By (YYYY-MM-DD)", before.due if before else "", needed=False,
            choices=tuple((today + timedelta(days=days)).isoformat() for days in _DAYS),
        ),
    ]  # fmt: skip
    note = f"{UP} {DOWN} choose. An empty name takes the assignment back. It is no decision."
    given = await desk.prompts.ask(Form(f"Assign: {what}", fields, note=note, check=_problem))
    if given is None:
        return
    outcome = commands.assign(session.review, tools, given[0], due=given[1], actor=session.actor, at=clock.now())
    session.marks.clear()
    desk.sync.done(outcome)


def _targets(desk: Host) -> list[ToolId]:
    if desk.area == "tools":
        return session_of(desk).targets(desk.tools_area.tool)
    area = desk.list_area
    return area.undecided() if isinstance(area, QueueArea) else []


def _problem(given: list[str]) -> str:
    """Return the problem with the values of the form; empty when there is none."""
    if given[1] and not is_day(given[1]):
        return "the date format is YYYY-MM-DD"
    return "a due date needs a person" if given[1] and not given[0] else ""
