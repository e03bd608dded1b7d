"""Moves: in a list, between areas, from a row to its subject, and one level back; filters of the history."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from analysis.review.queries.people import people_in
from analysis.review.record.history import activity
from analysis.text import visible
from tui.desk.areas.findings import FindingsArea
from tui.desk.areas.overview import OverviewArea
from tui.desk.areas.queue import QueueArea
from tui.desk.areas.trail import TrailArea
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Choose, Form, FormField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import Finding
    from tui.desk.areas.list_area import Target
    from tui.desk.shell.host import Host
    from tui.desk.shell.session import Session
    from tui.desk.widgets.line_table import LineTable

_LETTERS: Final = "123456789abcdefghijklmnopqrstuvwxyz"


# in a list -------------------------------------------------------------------------------------------------


def _table(desk: Host) -> LineTable:
    return desk.tools_area.table if desk.area == "tools" else desk.list_area.table


def move(desk: Host, argument: str) -> None:
    """Move the cursor by rows."""
    _table(desk).move(int(argument))


def page(desk: Host, argument: str) -> None:
    """Move the cursor by pages."""
    _table(desk).page(int(argument))


def edge(desk: Host, argument: str) -> None:
    """Move the cursor to the first row (0) or the last one (1)."""
    _table(desk).edge(int(argument))


def scroll_down(desk: Host) -> None:
    """Scroll the page down."""
    _scroll(desk, 1)


def scroll_up(desk: Host) -> None:
    """Scroll the page up."""
    _scroll(desk, -1)


def _scroll(desk: Host, by: int) -> None:
    if desk.area == "tools":
        desk.tools_area.pane.page(by)
    else:
        desk.list_area.scroll_page(by)


def skip(desk: Host) -> None:
    """Go to the next undecided tool."""
    _go_undecided(desk, 1)


def back(desk: Host) -> None:
    """Go to the previous undecided tool."""
    _go_undecided(desk, -1)


def _go_undecided(desk: Host, step: int) -> None:
    tool = session_of(desk).next_undecided(desk.tools_area.tool, step)
    if tool is None:
        desk.messages.say(f"no undecided tool {'below' if step > 0 else 'above'}")
    else:
        desk.tools_area.table.go(tool)


# between areas ---------------------------------------------------------------------------------------------


async def show_area(desk: Host, argument: str) -> None:
    """Show another area."""
    if desk.session is not None:
        desk.session.came_from.clear()
        await desk.show_area(argument)


def next_cell(desk: Host) -> None:
    """Choose the next cell of the matrix of risk by type."""
    area = desk.list_area
    if isinstance(area, OverviewArea):
        area.next_cell()


async def escape(desk: Host) -> None:
    """Go one level back: job, filters and marks of a list, evidence, marks, to where Enter was pressed, area, filter."""
    session, area = desk.session, desk.tools_area if desk.session else None
    if session is None or area is None or desk.jobs.stop():
        return
    if desk.area != "tools" and (desk.list_area.active_filters() or desk.list_area.marks.rows()):
        desk.list_area.clear_filters()
        desk.list_area.reload()
    elif desk.area == "tools" and area.has_class("-evidence-only"):
        area.show_whole(whole=False)
    elif desk.area == "tools" and _has_own_marks(session):
        session.range_from = None
        session.marks.clear()
        area.table.redraw()
    elif session.came_from:
        await _go_back(desk)
    elif desk.area != "tools":
        await desk.show_area("tools")
    elif session.query or session.fault or not area.table.has_focus:
        session.filter("")
        area.filter_bar.close()
        area.reload()
    desk.refresh_status()


def _has_own_marks(session: Session) -> bool:
    """Whether a range or marks are in force that a person set: not those of the row that was entered."""
    entered = bool(session.came_from) and session.came_from[-1].took_marks
    return session.range_from is not None or (bool(session.marks) and not entered)


async def _go_back(desk: Host) -> None:
    """Go back to where Enter was pressed: its row, or from a group that is decided the next one."""
    session = session_of(desk)
    origin = session.go_back()
    desk.tools_area.reload()
    await desk.show_area(origin.area)
    if desk.area != "tools" and origin.row is not None and not _is_left(desk):
        desk.list_area.table.go(origin.row)


def _is_left(desk: Host) -> bool:
    """Whether the row under the cursor still has something to decide; only groups say so."""
    area = desk.list_area
    return not isinstance(area, QueueArea) or bool(area.undecided())


def current_finding(desk: Host) -> Finding | None:
    """Return the finding under the cursor."""
    area = desk.list_area
    return area.finding() if isinstance(area, FindingsArea | OverviewArea) else None


async def go_to(desk: Host) -> None:
    """Go to the subject of the row under the cursor."""
    if desk.session is None:
        return
    if isinstance(desk.list_area, FindingsArea | OverviewArea):
        finding = current_finding(desk)
        if finding is not None:
            await _go_to_finding(desk, finding)
            return
    target = desk.list_area.target()
    if target is None and isinstance(desk.list_area, FindingsArea | OverviewArea):
        return
    if target is None:
        desk.messages.say("this row has nothing to go to")
        return
    await _go_to_target(desk, target)


async def _go_to_finding(desk: Host, finding: Finding) -> None:
    session = session_of(desk)
    session.enter(desk.area, finding.id)
    if finding.tool is not None:
        await _go_to_tool(desk, finding.tool)
    elif finding.control:
        await desk.show_area("governance")
        desk.list_area.table.go(finding.control)
    elif finding.tools:
        session.filter(f"rule:{finding.rule} severity:{finding.severity.value}")
        desk.tools_area.reload()
        await desk.show_area("tools")
        desk.tools_area.table.go(finding.tools[0])


async def _go_to_target(desk: Host, target: Target) -> None:
    session, area = session_of(desk), desk.list_area
    row = area.next_group() if isinstance(area, QueueArea) else area.table.key
    session.enter(desk.area, row, target.marks)
    if target.area != "tools":
        await desk.show_area(target.area)
        desk.list_area.clear_filters()
        desk.list_area.reload()
        desk.list_area.table.go(target.key)
    elif target.query:
        session.filter(target.query)
        desk.tools_area.reload()
        await desk.show_area("tools")
        desk.tools_area.table.edge(0)
        if target.key:
            desk.tools_area.table.go(target.key)
    else:
        await _go_to_tool(desk, target.key)


async def _go_to_tool(desk: Host, tool: str) -> None:
    session = session_of(desk)
    if tool not in session.shown:
        session.filter("")
        desk.tools_area.reload()
    await desk.show_area("tools")
    desk.tools_area.table.go(tool)


# filters of the history ------------------------------------------------------------------------------------


async def only_person(desk: Host) -> None:
    """Show only what one person did."""
    entries = [
        (person.name, f"{person.events:,} events, most of them {activity(person.done[0][0])}, last {person.last[:10]}")
        for person in people_in(session_of(desk).review)
    ]
    name = await _pick(desk, "Who", entries)
    if name is not None and isinstance(desk.list_area, TrailArea):
        desk.list_area.who = name
        _reload(desk)


async def only_kind(desk: Host) -> None:
    """Show only events of one kind."""
    area = desk.list_area
    if isinstance(area, TrailArea):
        kind = await _pick(desk, "What", area.kinds())
        if kind is not None:
            area.kind = kind
            _reload(desk)


async def only_since(desk: Host) -> None:
    """Show only events from a day on."""
    area = desk.list_area
    if not isinstance(area, TrailArea):
        return

    def check(values: list[str]) -> str:
        try:
            date.fromisoformat(values[0] or "2000-01-01")
        except ValueError:
            return "the date format is YYYY-MM-DD"
        return ""

    form = Form("History since when?", [FormField("From (YYYY-MM-DD)", area.since, needed=False)], check=check)
    given = await desk.prompts.ask(form)
    if given is not None:
        area.since = given[0]
        _reload(desk)


async def _pick(desk: Host, title: str, entries: Sequence[tuple[str, str]]) -> str | None:
    """Return the entry that is chosen by its letter."""
    letters = dict(zip(_LETTERS, entries, strict=False))
    shown = [(key, f"{visible(name, 40)}  ({visible(note, 60)})") for key, (name, note) in letters.items()]
    letter = await desk.prompts.ask(Choose(title, shown))
    return letters[letter][0] if letter is not None else None


def _reload(desk: Host) -> None:
    desk.list_area.reload()
    desk.refresh_status()
