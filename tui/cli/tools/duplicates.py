"""`clearance duplicates`: tools that an agent cannot tell apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from analysis.errors import CheckFailed, UsageError
from analysis.review import commands
from analysis.review.queries.duplicates import differences
from analysis.review.queries.status import plain
from analysis.text import visible
from tui import clock
from tui.cli.common.lookup import resolve_tool, tool_names
from tui.cli.common.options import FILE, recording
from tui.cli.common.outcome import show_outcome
from tui.cli.common.output import put_json, say
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.review.derived.duplicates import DuplicateGroup
    from analysis.review.session import Review


@click.command(
    "duplicates",
    epilog="Example: clearance duplicates payments.clearance --keep getOrder --reason 'the others are older'",
)
@FILE
@click.option("--keep", default="", help="Keep this tool and block its duplicates, as one action.")
@click.option("--reason", default="", help="Why; --keep needs one.")
@recording
def duplicates_command(file: Path, keep: str, reason: str, actor: str | None, as_json: bool) -> None:
    """List tools that an agent cannot tell apart, with their differences; or keep one and block the rest."""
    if reason and not keep:
        raise UsageError("--reason applies to --keep", remedy="name the tool to keep: --keep TOOL")
    review = opened(file, writable=bool(keep))
    groups = review.views.duplicates.groups
    if keep:
        tool = resolve_tool(review, keep)
        group = next((each for each in groups if tool in {row.id for row in each.members}), None)
        if group is None:
            raise CheckFailed("this tool has no duplicates", place=keep, remedy="list the groups: leave out --keep")
        outcome = commands.keep_one(review, group, tool, reason=reason, actor=clock.actor(actor), at=clock.now())
        show_outcome(review, outcome, as_json)
    elif as_json:
        put_json([_entry(review, group) for group in groups])
    else:
        for group in groups:
            _show_group(review, group)
        say(f"{len(groups)} groups of duplicates")


def _entry(review: Review, group: DuplicateGroup) -> dict[str, object]:
    return {
        "similarity": group.similarity,
        "tools": [row.id for row in group.members],
        "suggested": group.suggested.id,
        "why": group.reason,
        "differences": [plain(each) for each in differences(review, group)],
    }


def _show_group(review: Review, group: DuplicateGroup) -> None:
    say(f"{group.similarity}: {tool_names(review, (row.id for row in group.members))}")
    say(f"  suggested: {visible(group.suggested.name)} ({group.reason})")
    for each in differences(review, group):
        say(f"  {visible(each.what)}: {' | '.join(visible(value, 80) for value in each.values)}")
