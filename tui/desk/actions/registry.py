"""What each action does: asks what it has to ask, calls the session or the review, tells the desk. One table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import Risk, ToolType
from analysis.review import commands
from analysis.text import visible
from tui import clock
from tui.desk.actions import conditions as conditioning
from tui.desk.actions import conformance as validating
from tui.desk.actions import decide as verdicts
from tui.desk.actions import findings as disposing
from tui.desk.actions import flows as relating
from tui.desk.actions import governance as answering
from tui.desk.actions import import_export as exchange
from tui.desk.actions import navigation as going
from tui.desk.actions import notes as writing
from tui.desk.actions import selection as marking
from tui.desk.actions import start as governing
from tui.desk.shell import background_jobs as beside
from tui.desk.shell.host import session_of
from tui.desk.shell.keys import spelled
from tui.desk.widgets.prompts import Choose, Form, FormField, Read

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from analysis.review.commands.outcome import Outcome
    from tui.desk.shell.host import Host


# re-tags and notes -------------------------------------------------------------------------------------


async def risk(desk: Host) -> None:
    """Re-tag the risk."""
    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    state = session.review.tool(tool)
    letter = await desk.ask(
        Choose(f"Risk of {visible(state.row.name, 50)}", [("h", "high"), ("m", "medium"), ("l", "low")])
    )
    if letter is None:
        return
    value = {"h": Risk.HIGH, "m": Risk.MEDIUM, "l": Risk.LOW}[letter]
    lowers = value.rank < max(state.row.risk.rank, state.risk.rank)
    given = await desk.ask(Form(f"Risk {value.value}: why?", [FormField("Reason", needed=lowers)]))
    if given is not None:
        desk.done(
            commands.override_risk(session.review, tool, value, reason=given[0], actor=session.actor, at=clock.now())
        )


async def retype(desk: Host) -> None:
    """Re-tag the type."""
    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    letters = {
        "r": ToolType.READ,
        "s": ToolType.SIDE_EFFECT,
        "c": ToolType.CRITICAL,
        "a": ToolType.ADMINISTRATIVE,
        "b": ToolType.BILLING,
    }
    name = visible(session.review.tool(tool).row.name, 50)
    letter = await desk.ask(Choose(f"Type of {name}", [(k, v.value) for k, v in letters.items()]))
    if letter is None:
        return
    given = await desk.ask(Form(f"Type {letters[letter].value}: what did the engine not see?", [FormField("Reason")]))
    if given:
        desk.done(
            commands.override_type(
                session.review, tool, letters[letter], reason=given[0], actor=session.actor, at=clock.now()
            )
        )


# moving and choosing -----------------------------------------------------------------------------------


async def skip(desk: Host) -> None:
    """Go to the next undecided tool."""
    _go(desk, 1)


async def back(desk: Host) -> None:
    """Go to the previous undecided tool."""
    _go(desk, -1)


def _go(desk: Host, step: int) -> None:
    found = session_of(desk).next_undecided(desk.tools_area.tool, step)
    if found is None:
        desk.say("no undecided tool that way")
    else:
        desk.tools_area.table.go(found)


async def sort(desk: Host) -> None:
    """Order the tools by the next criterion."""
    session_of(desk).next_order()
    desk.tools_area.reload(tools=())
    desk.refresh_status()


async def open_filter(desk: Host) -> None:
    """Type a filter."""
    desk.tools_area.open_filter()


async def filter_list(desk: Host) -> None:
    """Show only the rows of a list that hold some words."""
    area = desk.list_area
    given = await desk.ask(
        Form("Show rows with these words; -word leaves rows out", [FormField("Words", area.words, needed=False)])
    )
    if given is not None:
        area.words = given[0]
        area.reload()
        desk.refresh_status()


async def evidence(desk: Host) -> None:
    """Give the evidence the whole screen, or give it back."""
    desk.tools_area.toggle_class("-evidence-only")
    desk.tools_area.show_evidence()


async def source(desk: Host) -> None:
    """Show the lines that define the tool, and which tools are like it."""
    from analysis.review.queries.excerpts import excerpt  # noqa: PLC0415 - a stored source is unpacked when it is asked for

    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    row = session.review.tool(tool).row
    lines = [(f"{number:,}", _source_line(text)) for number, text in excerpt(session.review, tool)]
    alike = [session.review.tool(each).row.name for each in session.alike(tool) if each != tool]
    shown = ", ".join(visible(name, 60) for name in alike[:10]) or "none"
    rows = [("like it", f"{len(alike)}: {shown}"), *(lines or [("", "the source says no line for this tool")])]
    await desk.ask(Read(f"{visible(row.name, 60)} in {visible(row.source, 60)}", rows))


def _source_line(text: str) -> str:
    bare = text.lstrip()
    return " " * min(len(text) - len(bare), 40) + visible(bare, 300)


async def schema(desk: Host) -> None:
    """Show what the tool takes and gives back, as a tree of fields."""
    from analysis.review.queries.schema_tree import tool_schema  # noqa: PLC0415 - the source is read when it is asked for
    from tui.desk.pages.schemas import tree_rows  # noqa: PLC0415

    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    name = visible(session.review.tool(tool).row.name, 60)
    rows = tree_rows(tool_schema(session.review, tool)) or ["the source states no schema where this tool is defined"]
    await desk.ask(Read(f"Schemas of {name}; * is needed", [("", row) for row in rows]))


async def scroll_down(desk: Host) -> None:
    """Scroll the page down."""
    _page(desk, 1)


async def scroll_up(desk: Host) -> None:
    """Scroll the page up."""
    _page(desk, -1)


def _page(desk: Host, by: int) -> None:
    area = desk.tools_area if desk.area == "tools" else desk.list_area
    area.pane.page(by)


async def escape(desk: Host) -> None:
    """Go one level back: evidence, marks, filter, area."""
    session, area = desk.session, desk.tools_area if desk.session else None
    if session is None or area is None or beside.stop(desk):
        return
    if desk.area != "tools" and desk.list_area.limits():
        desk.list_area.clear_filters()
        desk.list_area.reload()
    elif desk.area != "tools":
        await desk.show_area("tools")
    elif area.has_class("-evidence-only"):
        area.remove_class("-evidence-only")
    elif session.marks or session.range_from:
        session.range_from = None
        session.marks.clear()
        area.table.forget()
    elif session.query or session.fault or desk.focused is not area.table:
        session.filter("")
        area.close_filter()
        area.reload()
    desk.refresh_status()


# the review --------------------------------------------------------------------------------------------


async def undo(desk: Host) -> None:
    """Take back the last action; the cursor goes where it was."""
    session = session_of(desk)
    await _stepped(desk, commands.undo(session.review, actor=session.actor, at=clock.now()))


async def redo(desk: Host) -> None:
    """Do again what was undone."""
    session = session_of(desk)
    await _stepped(desk, commands.redo(session.review, actor=session.actor, at=clock.now()))


async def _stepped(desk: Host, done: Outcome) -> None:
    desk.done(done)
    if done.tools:
        desk.tools_area.table.go(done.tools[0])


async def keys(desk: Host) -> None:
    """Show the keys of this area."""
    rows = [(spelled(entry.keys), entry.help) for entry in desk.keymap.of(desk.area)]
    await desk.ask(Read(f"Keys: {desk.area}", rows))


async def log(desk: Host) -> None:
    """Show again what the desk has said."""
    await desk.ask(Read("What the desk has said, newest first", desk.told[::-1] or [("", "nothing yet")]))


async def palette(desk: Host) -> None:
    """Open the command palette."""
    await desk.open_palette()


async def leave(desk: Host) -> None:
    """Leave the desk."""
    desk.leave()


ACTIONS: Final[dict[str, Callable[[Host], Awaitable[None]]]] = {
    "approve": verdicts.approve, "block": verdicts.block, "clear": verdicts.clear, "conditions": verdicts.conditions, "conditions_by_kind": conditioning.conditions_by_kind, "risk": risk, "type": retype,
    "note": writing.note, "note_in_editor": writing.note_in_editor, "skip": skip, "back": back, "mark": marking.mark, "mark_all": marking.mark_all,
    "mark_range": marking.mark_range, "mark_alike": marking.mark_alike, "view": marking.choose_view, "facet": marking.choose_facet,
    "save_view": marking.save_view, "approve_here": verdicts.approve_here, "block_here": verdicts.block_here,
    "conditions_here": verdicts.conditions_here, "sort": sort, "filter": open_filter, "filter_list": filter_list,
    "evidence": evidence, "source": source, "schema": schema, "scroll_down": scroll_down, "scroll_up": scroll_up, "escape": escape, "undo": undo,
    "redo": redo, "keys": keys, "palette": palette, "quit": leave, "export": exchange.export_packet, "import": exchange.import_source,
    "answer": answering.answer, "add_evidence": answering.add_evidence, "take_proposal": answering.take_proposal,
    "profile": answering.profile, "policy": answering.policy, "choose_list": answering.choose_list,
    "dispose": disposing.dispose, "choose_findings": disposing.choose_findings, "go_tool": going.go_tool, "only_person": going.only_person, "only_kind": going.only_kind,
    "only_since": going.only_since, "leg": relating.flow_role, "keep": relating.keep,
    "log": log, "conformance": validating.conformance, "demo": governing.demo, "begin": governing.begin, "load": governing.load,
    "intake": governing.intake,
}  # fmt: skip
