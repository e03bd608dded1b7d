"""Actions that show more about the tool under the cursor: evidence, source lines, schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from analysis.review.queries import reviewed_tool
from analysis.text import visible
from tui.desk.pages.source_code import source_lines
from tui.desk.shell.host import session_of
from tui.desk.styles.ink import css_style
from tui.desk.widgets.prompts import Read

if TYPE_CHECKING:
    from tui.desk.shell.host import Host
    from tui.desk.widgets.lines import Line


def evidence(desk: Host) -> None:
    """Show the evidence on the whole screen, or in its pane again."""
    desk.tools_area.toggle_class("-evidence-only")
    desk.tools_area.show_evidence()


async def source(desk: Host) -> None:
    """Show the source lines that define the tool, and similar tools."""
    from analysis.review.queries.excerpts import excerpt  # noqa: PLC0415 - a stored source is unpacked on demand

    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    row = session.review.tool(tool).row
    found = excerpt(session.review, tool)
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


async def schema(desk: Host) -> None:
    """Show input and output of the tool as a tree of fields."""
    from analysis.review.queries.schema_tree import tool_schema  # noqa: PLC0415 - the source is read on demand
    from tui.desk.pages.schemas import tree_rows  # noqa: PLC0415

    session, tool = session_of(desk), desk.tools_area.tool
    if tool is None:
        return
    name = visible(session.review.tool(tool).row.name, 60)
    rows = tree_rows(tool_schema(session.review, tool)) or ["the source states no schema where this tool is defined"]
    await desk.prompts.ask(Read(f"Schemas of {name}; * is required", [("", row) for row in rows]))
