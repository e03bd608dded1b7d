"""`clearance assign`: who is to decide which tools, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from analysis.errors import UsageError
from analysis.review import commands, queries
from analysis.text import visible
from tui import clock
from tui.cli.common.options import FILE, recording
from tui.cli.common.outcome import show_outcome
from tui.cli.common.output import put_json, say
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    "assign",
    epilog="Example: clearance assign payments.clearance --where 'class:billing is:undecided' --to h.field --due 2027-01-31",
)
@FILE
@click.option("--where", required=True, help="Which tools, as a query: 'class:billing is:undecided'.")
@click.option("--to", "person", help="Who is to decide them: the name with which they act.")
@click.option("--due", default="", help="By which day (YYYY-MM-DD).")
@click.option("--clear", is_flag=True, help="Take the assignments back.")
@recording
def assign_command(
    file: Path, where: str, person: str | None, due: str, clear: bool, actor: str | None, as_json: bool
) -> None:
    """Assign all tools that a query selects to a person, as one action.

    An assignment is no decision: verdict, score and allowlist stay as they are. Queries find assigned tools by
    `assigned:NAME`, `is:mine`, `is:assigned` and `is:overdue`.
    """
    if clear == bool(person and person.strip()):
        raise UsageError("no person was named", remedy="give either --to or --clear")
    if not where.strip():
        raise UsageError("an empty query would assign every tool", remedy="to mean all: --where 'risk:high,medium,low'")
    review, who = opened(file, writable=True), clock.actor(actor)
    tools = queries.select(review, where, actor=who)
    if not tools:
        put_json({"done": "", "tools": [], "events": len(review.record.events)}) if as_json else say(
            "no tool matches; nothing was assigned"
        )
        return
    outcome = commands.assign(
        review, tools, "" if clear else visible(person or "", 200), due=due, actor=who, at=clock.now()
    )
    show_outcome(review, outcome, as_json)
