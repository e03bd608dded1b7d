"""Actions that show more about the tool under the cursor: evidence, source lines, schemas."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from textual.content import Content

from analysis.review.queries import reviewed_tool
from analysis.text import visible
from tui.desk.actions.notes import own_editor, view_file
from tui.desk.pages.source_code import source_lines
from tui.desk.shell.host import session_of
from tui.desk.styles.ink import css_style
from tui.desk.widgets.prompts import Read
from tui.desk.widgets.table_columns import cell_text

if TYPE_CHECKING:
    from tui.desk.shell.host import Host
    from tui.desk.widgets.lines import Line

#: Maximum length of a name or a call that is copied, characters.
_MAX_COPIED: Final = 2_000


def evidence(desk: Host) -> None:
    """Show the evidence on the whole screen, or in its pane again."""
    desk.tools_area.show_whole(whole=not desk.tools_area.has_class("-evidence-only"))


async def source(desk: Host) -> None:
    """Show the source lines that define the tool, and similar tools."""
    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    row = session.review.tool(tool).row
    sources = desk.tools_area.sources
    await sources.read(row.source)
    found = sources.excerpt(row.source, row.line)
    matched = [reason.matched for reason in reviewed_tool(session.review, tool).assessment.reasons]
    lines: list[tuple[str, str | Content]] = [("", _coloured(each)) for each in source_lines(found, matched)]
    similar = [session.review.tool(each).row.name for each in session.similar(tool) if each != tool]
    shown = ", ".join(visible(name, 60) for name in similar[:10]) or "none"
    rows: list[tuple[str, str | Content]] = [
        ("similar", f"{len(similar)}: {shown}"),
        *(lines or [("", "the source gives no line for this tool")]),
    ]
    await desk.prompts.ask(Read(f"{visible(row.name, 60)} in {visible(row.source, 60)}", rows))


def _coloured(each: Line) -> Content:
    return Content.assemble(*((text, css_style(style)) for text, style in each.parts))


def copy(desk: Host) -> None:
    """Copy the tool under the cursor, by name and call, or the whole row of a list; the terminal puts it away (OSC 52)."""
    session = session_of(desk)
    if desk.area == "tools":
        row = session.review.tool(desk.tools_area.tool).row if desk.tools_area.tool is not None else None
        text = f"{visible(row.name, _MAX_COPIED)}  {visible(row.call, _MAX_COPIED)}" if row is not None else ""
    else:
        key = desk.list_area.table.key
        text = "  ".join(cell_text(cell).strip() for cell in desk.list_area.cells(key)) if key is not None else ""
    if text:
        desk.copy_to_clipboard(text)
        desk.messages.say(f"copied: {text[:80]}")


def source_in_editor(desk: Host) -> None:
    """Open a copy of the stored source in the reviewer's editor, at the line of the tool; nothing is read back."""
    from analysis.review.queries.tools import stored_files  # noqa: PLC0415 - a stored source is unpacked on demand

    session, tool = session_of(desk), desk.tools_area.tool
    command = own_editor("press x for the lines of this tool")
    if tool is None:
        return
    row = session.review.tool(tool).row
    name, raw = stored_files(session.review, row.source)[0]
    desk.suspend_for(lambda: view_file(command, name, raw, row.line or 1), "press x for the lines of this tool")


async def schema(desk: Host) -> None:
    """Show input and output of the tool as a tree of fields."""
    from analysis.review.queries.schema_tree import tool_schema  # noqa: PLC0415 - the source is read on demand
    from tui.desk.pages.schemas import tree_rows  # noqa: PLC0415

    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    name = visible(session.review.tool(tool).row.name, 60)
    fields = await asyncio.to_thread(tool_schema, session.review, tool)  # the first one reads the document
    rows = tree_rows(fields) or ["the source states no schema where this tool is defined"]
    await desk.prompts.ask(Read(f"Schemas of {name}; * is required", [("", row) for row in rows]))
