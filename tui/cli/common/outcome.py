"""How a command reports what it recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.text import visible
from tui.cli.common.output import put_json, say

if TYPE_CHECKING:
    from analysis.review.commands.outcome import Outcome
    from analysis.review.session import Review


def show_outcome(review: Review, outcome: Outcome, as_json: bool) -> None:
    """Print what was recorded, with the tools it affects."""
    if as_json:
        tools = [{"id": tool, "name": review.tool(tool).row.name} for tool in outcome.tools]
        put_json({"done": outcome.sentence, "tools": tools, "events": len(review.record.events)})
    else:
        say(visible(outcome.sentence))
