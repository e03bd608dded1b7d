"""Which tools are listed and marked: order, filters, facets, views, marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.review import commands, queries
from analysis.text import visible
from tui import clock
from tui.desk.pages.facets import choices, views_of
from tui.desk.shell.host import session_of
from tui.desk.widgets.prompts import Choose, Form, FormField
from tui.desk.widgets.symbols import MARKED

if TYPE_CHECKING:
    from tui.desk.shell.host import Host

_LETTERS: Final = "123456789abcdefghijklmnopqrstuvwxyz"


# marks -----------------------------------------------------------------------------------------------------


def mark(desk: Host) -> None:
    """Mark or unmark the tool and move on."""
    session, area = session_of(desk), desk.tools_area
    if area.tool is not None:
        session.marks ^= {area.tool}
        area.table.redraw([area.tool])
        area.table.move(1)
        desk.refresh_status()


def mark_all(desk: Host) -> None:
    """Mark all tools that are shown, or none."""
    session_of(desk).toggle_all()
    desk.tools_area.table.redraw()
    desk.refresh_status()


def mark_range(desk: Host) -> None:
    """Start a range at the cursor, or mark from its start to the cursor."""
    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    if session.range_from is None:
        session.range_from = tool
        desk.messages.say("range started: move, then press the key again")
        return
    session.mark_to(tool)
    desk.tools_area.table.redraw()
    desk.refresh_status()


def mark_similar(desk: Host) -> None:
    """Mark all shown tools with the same method, type, risk and start of path."""
    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    similar = session.similar(tool)
    session.marks |= set(similar)
    desk.tools_area.table.redraw()
    desk.messages.say(f"{len(similar)} tools similar to {visible(session.review.tool(tool).row.name, 60)} are marked")
    desk.refresh_status()


def mark_row(desk: Host) -> None:
    """Mark or unmark the row of a list and move on."""
    desk.list_area.marks.toggle()


def mark_all_rows(desk: Host) -> None:
    """Mark all rows that are listed, or none."""
    desk.list_area.marks.toggle_all()


def mark_row_range(desk: Host) -> None:
    """Start a range at the cursor, or mark from its start to the cursor."""
    if desk.list_area.marks.toggle_range():
        desk.messages.say("range started: move, then press the key again")


# order, filters and views ----------------------------------------------------------------------------------


def sort(desk: Host) -> None:
    """Order the tools by the next criterion."""
    session_of(desk).next_order()
    desk.tools_area.reload(tools=())
    desk.refresh_status()


async def sort_by(desk: Host) -> None:
    """Order the tools by a column that is chosen."""
    from analysis.review.derived.orders import COLUMN_ORDERS, ORDERS  # noqa: PLC0415 - the first rows do not wait for it

    session = session_of(desk)
    entries = list(zip(_LETTERS, (*ORDERS, *COLUMN_ORDERS), strict=False))
    lines = [(letter, f"{'*' if name == session.order else ' '} {name}") for letter, name in entries]
    letter = await desk.prompts.ask(Choose("Sort by; * is in force", lines))
    if letter is not None:
        session.set_order(dict(entries)[letter])
        desk.tools_area.reload(tools=())
        desk.refresh_status()


def open_filter(desk: Host) -> None:
    """Open the line of the filter."""
    desk.tools_area.open_filter()


async def filter_list(desk: Host) -> None:
    """Show only the rows of a list that contain some words."""
    area = desk.list_area
    title = "Show rows with these words; -word leaves rows out"
    given = await desk.prompts.ask(Form(title, [FormField("Words", area.words, needed=False)]))
    if given is not None:
        area.words = given[0]
        area.reload()
        desk.refresh_status()


def keep_tab(desk: Host) -> None:
    """Keep the filter in force as a tab."""
    session = session_of(desk)
    if not session.query:
        desk.messages.say("there is no filter to keep; press / to write one")
    elif session.query not in session.tabs:
        session.tabs.append(session.query)
        session.came_from.clear()
        desk.refresh_status()


def close_tab(desk: Host) -> None:
    """Close the tab that is shown."""
    session = session_of(desk)
    if session.query in session.tabs:
        desk.tools_area.close_tab(session.query)
        desk.refresh_status()


def next_tab(desk: Host) -> None:
    """Show the next tab; after the last the first, which lists all tools."""
    session = session_of(desk)
    tabs = ["", *session.tabs]
    if len(tabs) == 1:
        desk.messages.say("no filter is kept as a tab; press + on a filter to keep it")
        return
    place = tabs.index(session.query) + 1 if session.query in tabs else 0
    _apply_filter(desk, tabs[place % len(tabs)])


async def choose_columns(desk: Host) -> None:
    """Choose the columns of the inventory, one letter each, until Esc; the choice is kept."""
    from tui.desk.areas.tool_row import CHOICES, USUAL  # noqa: PLC0415
    from tui.desk.styles.preferences import keep_columns  # noqa: PLC0415 - once in a while

    area, names = desk.tools_area, list(desk.tools_area.columns.names)
    while True:
        lines = [
            (each.key, f"{MARKED if name in names else ' '} {each.column.title:<10}  {each.help}")
            for name, each in CHOICES.items()
        ]
        title = f"Columns; {MARKED} is shown. Where there is little room, call and data give way first."
        lines.append(("u", f"  {'usual':<10}  {', '.join(USUAL)}"))
        letter = await desk.prompts.ask(Choose(title, lines, leave="Esc done"))
        chosen = next((name for name, each in CHOICES.items() if each.key == letter), None)
        if letter is None:
            break
        names = list(USUAL) if chosen is None else [each for each in CHOICES if (each in names) != (each == chosen)]
        area.choose_columns(names)
    if fault := keep_columns(area.columns.names):
        desk.messages.say(fault)


async def choose_view(desk: Host) -> None:
    """Apply a view: one saved in the review, or a built-in one."""
    session = session_of(desk)
    entries = list(zip(_LETTERS, views_of(session).items(), strict=False))
    lines = [
        (
            letter,
            f"{len(queries.select(session.review, query, actor=session.actor)):>6}  {visible(name, 30)}  ({visible(query, 60)})",
        )
        for letter, (name, query) in entries
    ]
    letter = await desk.prompts.ask(Choose("Views", lines))
    query = next((query for key, (_, query) in entries if key == letter), None)
    if query is not None:
        _apply_filter(desk, query)


async def choose_facet(desk: Host) -> None:
    """Narrow the list by a facet: risk, type, decision, method; remove one that is in force."""
    facets = [choice for choice in choices(session_of(desk)) if choice.count is not None]
    entries = list(zip(_LETTERS, facets, strict=False))
    lines = [
        (letter, f"{'*' if facet.used else ' '} {facet.count:>6,}  {facet.title:9} {visible(facet.label, 40)}")
        for letter, facet in entries
    ]
    letter = await desk.prompts.ask(Choose("Narrow by; * is in force, choosing it again removes it", lines))
    query = next((facet.query for key, facet in entries if key == letter), None)
    if query is not None:
        _apply_filter(desk, query)


def _apply_filter(desk: Host, query: str) -> None:
    desk.tools_area.apply_filter(query)
    desk.refresh_status()


async def save_view(desk: Host) -> None:
    """Save the filter in force as a view, for everybody on the review."""
    session = session_of(desk)
    if not session.query:
        desk.messages.say("there is no filter to save; press / to write one")
        return
    given = await desk.prompts.ask(Form(f"Save the view: {visible(session.query, 80)}", [FormField("Name")]))
    if given:
        desk.sync.done(commands.save_view(session.review, given[0], session.query, actor=session.actor, at=clock.now()))
