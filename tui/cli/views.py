"""`clearance view`, `views`: saved queries that everyone on a review shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from analysis.review import commands, queries
from analysis.text import visible
from tui import clock
from tui.cli.common.options import AS_JSON, FILE, recording
from tui.cli.common.outcome import show_outcome
from tui.cli.common.output import columns, put_json, say
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from pathlib import Path


@click.command("views", epilog="Example: clearance views payments.clearance")
@FILE
@AS_JSON
def views_command(file: Path, as_json: bool) -> None:
    """List the saved views of a review with the number of tools in each."""
    review = opened(file)
    counts = {
        name: len(queries.select(review, query, actor=clock.actor()))
        for name, query in queries.saved_views(review).items()
    }
    if as_json:
        put_json(
            [
                {"name": name, "query": query, "tools": counts[name]}
                for name, query in queries.saved_views(review).items()
            ]
        )
        return
    for line in columns(
        [[visible(n), str(counts[n]), visible(q)] for n, q in queries.saved_views(review).items()], [24, 6, 0]
    ):
        say(line)
    if not counts:
        say("no saved views; save one with: clearance view FILE NAME QUERY")


@click.command("view", epilog="Example: clearance view payments.clearance 'money' 'class:billing is:undecided'")
@FILE
@click.argument("name")
@click.argument("query")
@recording
def view_command(file: Path, name: str, query: str, actor: str | None, as_json: bool) -> None:
    """Save QUERY as the view NAME for everyone on the review; an empty QUERY deletes the view."""
    review = opened(file, writable=True)
    show_outcome(review, commands.save_view(review, name, query, actor=clock.actor(actor), at=clock.now()), as_json)
