"""What commands that record have in common: who acts, and how they tell what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from analysis.text import visible
from tui.cli.common.output import put_json, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.review.commands.outcome import Outcome
    from analysis.review.session import Review


def recording(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of everything that records."""
    as_json: Callable[..., Any] = click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
    actor: Callable[..., Any] = click.option(
        "--actor", help="Who acts. Default: $CLEARANCE_ACTOR, else your login name."
    )
    made: Callable[..., Any] = actor(as_json(command))
    return made


def tell(review: Review, done: Outcome, as_json: bool) -> None:
    """Print what was done, with the tools that it touched."""
    if as_json:
        tools = [{"id": tool, "name": review.tool(tool).row.name} for tool in done.tools]
        put_json({"done": done.sentence, "tools": tools, "events": len(review.record.events)})
    else:
        say(visible(done.sentence))
