"""`clearance changes`: what re-imports changed, and the earlier decisions that wait to be confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from analysis.errors import UsageError
from analysis.output.drift.records import ChangeGroup
from analysis.output.drift.reports import shown_change
from analysis.review import commands
from analysis.review.queries.changes import change_data, changes_of, pending_decisions, pending_groups
from analysis.text import visible
from tui import clock
from tui.cli.common.lookup import resolve_tool
from tui.cli.common.options import FILE, recording
from tui.cli.common.outcome import show_outcome
from tui.cli.common.output import put_json, say
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.model import ToolId
    from analysis.output.drift.records import Drift
    from analysis.review.queries.changes import DefinitionChange, PendingDecision
    from analysis.review.session import Review

_GROUPS = {group.value.replace(" ", "-"): group for group in ChangeGroup}


@click.command(
    "changes",
    epilog="Example: clearance changes payments.clearance --confirm hints-added --reason 'hints agree with the review'",
)
@FILE
@click.option(
    "--confirm",
    "group",
    type=click.Choice(list(_GROUPS)),
    help="Confirm the earlier decisions of a group that brings nothing new.",
)
@click.option(
    "--keep", default="", metavar="TOOL", help="Confirm the earlier decision on one tool, whatever has changed."
)
@click.option("--reason", default="", help="Why the earlier decisions hold; --confirm and --keep need one.")
@click.option("--dry-run", is_flag=True, help="Only list the tools that would be confirmed.")
@recording
def changes_command(
    file: Path, group: str | None, keep: str, reason: str, actor: str | None, dry_run: bool, as_json: bool
) -> None:
    """Show what re-imports changed, field by field, and confirm earlier decisions that still hold.

    A decision whose definition is equal is kept. The rest waits in groups. A group in which the engine finds nothing new
    (added hints, wording, another spelling, narrower input) is confirmed as one; each tool is listed, and gets a decision
    of its own with its earlier conditions. Whatever widens a schema, changes a hint, or brings a destination, an
    instruction, a reference to another tool or something concealed into a text is confirmed alone.
    """
    if group and keep:
        raise UsageError("--confirm and --keep exclude each other", remedy="choose one")
    if (reason or dry_run) and not (group or keep):
        raise UsageError("--reason and --dry-run apply to --confirm and --keep", remedy="name a group or a tool")
    review = opened(file, writable=bool(group or keep) and not dry_run)
    if not group and not keep:
        _list(review, as_json=as_json)
        return
    tool = resolve_tool(review, keep) if keep else None
    waiting = (
        [each for each in [pending_decisions(review).get(tool)] if each]
        if tool
        else pending_groups(review).get(_GROUPS[group or ""], [])
    )
    if not as_json:
        for each in waiting:
            _show_pending(each)
    if dry_run:
        if as_json:
            put_json({"tools": [{"id": each.tool, "name": each.name} for each in waiting]})
        else:
            say(f"would confirm {len(waiting)} tools")
        return
    who, at = clock.actor(actor), clock.now()
    if tool:
        outcome = commands.confirm_alone(review, tool, reason=reason, actor=who, at=at)
    else:
        outcome = commands.confirm_group(review, _GROUPS[group or ""], reason=reason, actor=who, at=at)
    show_outcome(review, outcome, as_json)


def _list(review: Review, *, as_json: bool) -> None:
    found, pending = changes_of(review), pending_decisions(review)
    if as_json:
        put_json([change_data(each, pending.get(each.tool)) for each in found])
        return
    for each in found:
        _show_change(each, pending)
    for group, waiting in pending_groups(review).items():
        named = group.value.replace(" ", "-")
        decisions = "1 earlier decision" if len(waiting) == 1 else f"{len(waiting):,} earlier decisions"
        say(
            f"{group.value}: {decisions}, the engine finds nothing new in the changes; read them, and confirm with --confirm {named}"
        )
    alone = sum(1 for each in pending.values() if each.alone)
    if alone:
        say(f"{alone} earlier decisions to confirm one by one: --keep TOOL, or decide anew")
    say(f"{len(found)} tools differ")


def _show_change(change: DefinitionChange, pending: Mapping[ToolId, PendingDecision]) -> None:
    was = f", was {visible(change.was, 100)}" if change.was else ""
    say(f"{change.kind.value:8} {visible(change.name)}  ({visible(change.source)}, {change.at}{was})")
    for each in change.drift:
        say(f"  {change_line(each)}")
    waiting = pending.get(change.tool)
    if waiting is not None:
        origin = f" as {visible(waiting.origin, 100)}" if waiting.renamed else ""
        say(
            f"  {waiting.decision.state.value}{origin} before"
            + (f"; {visible(waiting.alone, 200)}" if waiting.alone else "")
        )


def change_line(each: Drift) -> str:
    """Return a difference on one line, the words that differ marked."""
    more = ", ".join(part for part in (each.direction.value, each.group.value) if part)
    weight = "" if each.substance else ", no substance"
    why = f"; {visible(each.why, 200)}" if each.why else ""
    return f"{visible(each.field, 200)}: {shown_change(each)}  ({more}{weight}{why})"


def _show_pending(each: PendingDecision) -> None:
    say(f"{each.decision.state.value:11} {visible(each.name, 100)}")
    for record in each.drift:
        say(f"  {change_line(record)}")
