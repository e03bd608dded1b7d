"""Actions that choose: marks, ranges, all that is alike, saved views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.review import commands, queries
from analysis.text import visible
from tui import clock
from tui.desk.pages.facets import choices, views_of
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Choose, Form, FormField

if TYPE_CHECKING:
    from tui.desk.shell.host import Host

_LETTERS: Final = "123456789abcdefghijklmnopqrstuvwxyz"


async def mark(desk: Host) -> None:
    """Mark or unmark the tool and go on."""
    session, area = session_of(desk), desk.tools_area
    if area.tool is not None:
        session.marks ^= {area.tool}
        area.table.forget([area.tool])
        area.table.move(1)
        desk.refresh_status()


async def mark_all(desk: Host) -> None:
    """Mark all tools that are shown, or none."""
    session_of(desk).toggle_all()
    desk.tools_area.table.forget()
    desk.refresh_status()


async def mark_range(desk: Host) -> None:
    """Begin a range at the cursor, or mark from its beginning to the cursor."""
    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    if session.range_from is None:
        session.range_from = tool
        desk.say("range begun: move, then press the key again")
        return
    session.mark_to(tool)
    desk.tools_area.table.forget()
    desk.refresh_status()


async def mark_alike(desk: Host) -> None:
    """Mark all shown tools like this one: method, type, risk, beginning of the path."""
    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    alike = session.alike(tool)
    session.marks |= set(alike)
    desk.tools_area.table.forget()
    desk.say(f"{len(alike)} tools like {visible(session.review.tool(tool).row.name, 60)} are marked")
    desk.refresh_status()


async def choose_view(desk: Host) -> None:
    """Show what a view shows: one of the review's own, or of those that every review has."""
    session = session_of(desk)
    entries = list(zip(_LETTERS, views_of(session).items(), strict=False))
    lines = [
        (
            letter,
            f"{len(queries.select(session.review, query, actor=session.actor)):>6}  {visible(name, 30)}  ({visible(query, 60)})",
        )
        for letter, (name, query) in entries
    ]
    letter = await desk.ask(Choose("Views", lines))
    query = next((query for key, (_, query) in entries if key == letter), None)
    if query is not None:
        filter_by(desk, query)


async def choose_facet(desk: Host) -> None:
    """Narrow the list by a facet: risk, type, decision, method; one that is chosen already goes."""
    facets = [choice for choice in choices(session_of(desk)) if choice.count is not None]
    entries = list(zip(_LETTERS, facets, strict=False))
    lines = [
        (letter, f"{'*' if facet.used else ' '} {facet.count:>6,}  {facet.title:9} {visible(facet.label, 40)}")
        for letter, facet in entries
    ]
    letter = await desk.ask(Choose("Narrow by; * is chosen, once more takes it back", lines))
    query = next((facet.query for key, facet in entries if key == letter), None)
    if query is not None:
        filter_by(desk, query)


def filter_by(desk: Host, query: str) -> None:
    """Show the tools that a filter selects, from the first one on."""
    session_of(desk).filter(query)
    desk.tools_area.reload()
    desk.tools_area.table.edge(0)
    desk.refresh_status()


async def save_view(desk: Host) -> None:
    """Keep the filter in force under a name, for everybody who works on the review."""
    session = session_of(desk)
    if not session.query:
        desk.say("there is no filter to keep; press / to write one")
        return
    given = await desk.ask(Form(f"Save the view: {visible(session.query, 80)}", [FormField("Name")]))
    if given:
        desk.done(commands.save_view(session.review, given[0], session.query, actor=session.actor, at=clock.now()))
