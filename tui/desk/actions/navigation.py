"""Actions that go from a row to what it is about, and that narrow the rows of a list."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from analysis.text import visible
from tui.desk.areas.findings import FindingsArea
from tui.desk.areas.overview import OverviewArea
from tui.desk.areas.trail import TrailArea
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Choose, Form, FormField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import Finding
    from tui.desk.areas import Target
    from tui.desk.shell.host import Host

_LETTERS = "123456789abcdefghijklmnopqrstuvwxyz"


def finding_here(desk: Host) -> Finding | None:
    """Return the finding under the cursor."""
    area = desk.list_area
    return area.finding() if isinstance(area, FindingsArea | OverviewArea) else None


async def go_tool(desk: Host) -> None:
    """Go to what the row under the cursor is about."""
    if desk.session is None:
        return
    if isinstance(desk.list_area, FindingsArea | OverviewArea):
        found = finding_here(desk)
        if found is not None:
            await _go_finding(desk, found)
        return
    target = desk.list_area.target()
    if target is None:
        desk.say("this row leads nowhere else")
        return
    await _go(desk, target)


async def _go_finding(desk: Host, found: Finding) -> None:
    session = session_of(desk)
    if found.tool is not None:
        await _go_to_tool(desk, found.tool)
    elif found.control:
        await desk.show_area("governance")
        desk.list_area.table.go(found.control)
    elif found.tools:
        session.filter(f"rule:{found.rule} severity:{found.severity.value}")
        desk.tools_area.reload()
        await desk.show_area("tools")
        desk.tools_area.table.go(found.tools[0])


async def _go(desk: Host, target: Target) -> None:
    session = session_of(desk)
    if target.area != "tools":
        await desk.show_area(target.area)
        desk.list_area.clear_filters()
        desk.list_area.reload()
        desk.list_area.table.go(target.key)
    elif target.query:
        if target.marks:
            session.marks.clear()
            session.marks.update(target.marks)
        session.filter(target.query)
        desk.tools_area.reload()
        await desk.show_area("tools")
        desk.tools_area.table.edge(0)
    else:
        await _go_to_tool(desk, target.key)


async def _go_to_tool(desk: Host, tool: str) -> None:
    session = session_of(desk)
    if tool not in session.shown:
        session.filter("")
        desk.tools_area.reload()
    await desk.show_area("tools")
    desk.tools_area.table.go(tool)


# the history -----------------------------------------------------------------------------------------------


async def only_person(desk: Host) -> None:
    """Show only what one person did."""
    from analysis.review.queries.people import people_in  # noqa: PLC0415 - on demand

    found = people_in(session_of(desk).review)
    entries = [(each.name, f"{each.events:,} entries, most {each.done[0][0]}, last {each.last[:10]}") for each in found]
    chosen = await _pick(desk, "Who", entries)
    if chosen is not None and isinstance(desk.list_area, TrailArea):
        desk.list_area.who = chosen
        _narrowed(desk)


async def only_kind(desk: Host) -> None:
    """Show only events of one kind."""
    area = desk.list_area
    if isinstance(area, TrailArea):
        chosen = await _pick(desk, "What", area.kinds())
        if chosen is not None:
            area.kind = chosen
            _narrowed(desk)


async def only_since(desk: Host) -> None:
    """Show only what happened from a day on."""
    area = desk.list_area
    if not isinstance(area, TrailArea):
        return

    def check(values: list[str]) -> str:
        try:
            date.fromisoformat(values[0] or "2000-01-01")
        except ValueError:
            return "the date is written YYYY-MM-DD"
        return ""

    form = Form("History since when?", [FormField("From (YYYY-MM-DD)", area.since, needed=False)], check=check)
    given = await desk.ask(form)
    if given is not None:
        area.since = given[0]
        _narrowed(desk)


async def _pick(desk: Host, title: str, entries: Sequence[tuple[str, str]]) -> str | None:
    """Return which of the entries is chosen by its letter."""
    letters = dict(zip(_LETTERS, entries, strict=False))
    shown = [(key, f"{visible(name, 40)}  ({visible(told, 60)})") for key, (name, told) in letters.items()]
    letter = await desk.ask(Choose(title, shown))
    return letters[letter][0] if letter is not None else None


def _narrowed(desk: Host) -> None:
    desk.list_area.reload()
    desk.refresh_status()
