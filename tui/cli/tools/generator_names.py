"""`clearance names`: the names that generators of MCP tools give to the operations of a review."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from analysis.review.packets.generator_names import named_tools
from analysis.text import visible
from tui.cli.common.options import AS_JSON, FILE
from tui.cli.common.output import put_json, say
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.review.packets.generator_names import DerivedName, NamedTool


@click.command("names", epilog="Example: clearance names payments.clearance --generator fastmcp@4.2.3")
@FILE
@click.option("--generator", multiple=True, metavar="NAME[@VERSION]", help="Only this one, at this version; may be given again.")  # fmt: skip
@click.option("--problems", is_flag=True, help="Only names that an export cannot rely on.")
@AS_JSON
def names_command(file: Path, generator: tuple[str, ...], problems: bool, as_json: bool) -> None:
    """List the tool names that generators give to the operations of OpenAPI sources.

    Names of approved operations are those given when exactly these are exposed; of all others, those of the whole document.
    A name is moved when it denotes another operation in the whole document. Names hold for the stated version only.
    """
    found = named_tools(opened(file), generator)
    if as_json:
        put_json([_entry(tool, name) for tool in found for name in tool.names if name.problems or not problems])
        return
    for tool in found:
        shown = [name for name in tool.names if name.problems or not problems]
        if shown:
            say(f"{visible(tool.state.row.id, 200)}{'' if tool.exposed else '  (not exposed)'}")
        for name in shown:
            say(f"  {name.generator:30} {_said(name)}")
    count = sum(bool(name.problems) for tool in found for name in tool.names)
    say(f"{len(found)} operations, {count} names with problems")


def _said(name: DerivedName) -> str:
    if name.name is None:
        return f"- {name.why}"
    problems = f"  [{', '.join(name.problems)}]" if name.problems else ""
    other = f"  was {visible(name.other, 120)}" if name.other else ""
    return f"{visible(name.name, 200) or '(empty)'}{problems}{other}"


def _entry(tool: NamedTool, name: DerivedName) -> dict[str, object]:
    return {
        "id": tool.state.row.id,
        "exposed": tool.exposed,
        "generator": name.generator,
        "name": name.name,
        "why": str(name.why or ""),
        "problems": [problem.value for problem in name.problems],
        "other": name.other,
    }
