"""`clearance merge`, `conflicts`, `settle`, `share`, `team`: several people on copies of one review."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import CheckFailed
from analysis.model import GateId
from analysis.review import commands
from analysis.review.queries.people import open_conflicts, team
from analysis.review.queries.status import aside_data, json_data
from analysis.text import visible
from tui import clock
from tui.cli.common.options import AS_JSON, FILE, recording
from tui.cli.common.outcome import show_outcome
from tui.cli.common.output import put_json, say
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from analysis.review.commands.merging import Merged
    from analysis.review.queries.people import Member
    from analysis.review.session import Review

#: Maximum number of conflicts and of events set aside that are printed; all of them with --json.
_MAX_SHOWN = 20


@click.command("merge", epilog="Example: clearance merge payments.clearance payments-bob.clearance --dry-run")
@FILE
@click.argument("others", nargs=-1, required=True, metavar="OTHER...", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what it would take in.")
@AS_JSON
def merge_command(file: Path, others: tuple[Path, ...], dry_run: bool, as_json: bool) -> None:
    """Take the work in OTHER copies of a review into FILE.

    The result is the same whichever way copies are merged; the OTHER files are only read. Where reviewers differ nothing
    is allowed until a person settles it: see conflicts.
    """
    review = opened(file, writable=not dry_run)
    merged = commands.merge(review, others, at=clock.now(), dry_run=dry_run)
    if as_json:
        put_json(_merged_data(review, merged, dry_run=dry_run))
        return
    say(f"{'would take in' if dry_run and merged.found.events else 'merged'}: {visible(merged.sentence, 400)}")
    for fork in merged.found.forks:
        say(
            f"fork: two programs wrote as replica {visible(fork.replica, 12)} from event {fork.seq} on;"
            f" {fork.events} events are kept in quarantine as {fork.quarantine}"
        )
    for left in merged.found.left_out:
        say(
            f"left out: {left.events} events of replica {visible(left.replica, 12)} from event {left.seq} on: {visible(left.why, 200)}"
        )
    for aside in merged.set_aside[:_MAX_SHOWN]:
        say(f"set aside: event {aside.event.id[:12]} by {visible(aside.event.actor, 60)}: {visible(aside.why, 200)}")
    for source in merged.contested_sources:
        say(f"two imports of {visible(source, 60)} differ; the later one is shown: import the valid one again")
    if not dry_run:
        for gate in (gate for gate in review.summary().gates if gate.id is GateId.PROVEN and gate.open):
            say(f"open: {gate.why}")
    if merged.conflicts:
        say(f"{len(merged.conflicts)} new conflicts; see: clearance conflicts {visible(str(file))}")


def _merged_data(review: Review, merged: Merged, *, dry_run: bool) -> dict[str, Any]:
    return {
        "done": "" if dry_run else merged.sentence,
        "new": len(merged.found.events),
        "people": dict(merged.people),
        "forks": [json_data(each) for each in merged.found.forks],
        "left_out": [json_data(each) for each in merged.found.left_out],
        "set_aside": [aside_data(each, settled=False) for each in merged.set_aside],
        "conflicts": [each.key for each in merged.conflicts],
        "contested_sources": list(merged.contested_sources),
        "events": len(review.record.events),
    }


@click.command("conflicts", epilog="Example: clearance conflicts payments.clearance --json | jq -r '.[].sides[].id'")
@FILE
@AS_JSON
def conflicts_command(file: Path, as_json: bool) -> None:
    """Show where reviewers differ, each side with person, time and reason. Exit code 1 while there is a conflict."""
    found = open_conflicts(opened(file))
    if as_json:
        sides = ("id", "at", "actor", "sentence", "body")
        put_json(
            [
                {"what": what, "sides": [{name: getattr(s, name) for name in sides} for s in each]}
                for what, each in found
            ]
        )
    else:
        for what, each in found[:_MAX_SHOWN]:
            say(visible(what, 200))
            for side in each:
                say(f"  {side.id[:12]}  {side.at}  {visible(side.actor, 20):20}  {visible(side.sentence, 300)}")
        if len(found) > _MAX_SHOWN:
            say(f"… and {len(found) - _MAX_SHOWN} more; all of them with --json")
    if found:
        raise CheckFailed(
            f"reviewers differ on {len(found)} {'points' if len(found) > 1 else 'point'}",
            place=str(file),
            remedy="take a side with: clearance settle FILE ID --reason TEXT, or decide anew",
        )


@click.command("settle", epilog="Example: clearance settle payments.clearance 3f2a90c1b7d4 --reason 'agreed with Bob'")
@FILE
@click.argument("event", metavar="ID")
@click.option("--reason", required=True, help="Why, in a few words.")
@recording
def settle_command(file: Path, event: str, reason: str, actor: str | None, as_json: bool) -> None:
    """Take one side of a conflict, or leave aside an event that cannot be understood, by one event of yours.

    ID is the id of the side or of the event, or its first characters; see conflicts and status.
    """
    review = opened(file, writable=True)
    outcome = commands.settle(review, event, reason=reason, actor=clock.actor(actor), at=clock.now())
    show_outcome(review, outcome, as_json)


@click.command("share", epilog="Example: clearance share payments.clearance payments-for-bob.clearance")
@FILE
@click.argument("out", type=click.Path(path_type=Path))
@AS_JSON
def share_command(file: Path, out: Path, as_json: bool) -> None:
    """Write a compact copy of FILE to give away; only you may read it, and it replaces nothing."""
    review = opened(file)
    size = commands.share(review, out)
    if as_json:
        put_json({"file": str(out), "bytes": size, "events": len(review.record.events)})
    else:
        say(f"wrote {visible(str(out))}: {size:,} bytes, {len(review.record.events):,} events")


def _standing(member: Member, *, several: bool) -> str:
    """Return how far the events of a person are proven, in words."""
    key = f"key {', '.join(f'{each[:14]}…' for each in member.keys)}" if member.keys else ""
    if not member.proven:
        said = "claimed: no signature proves them"
    elif member.proven < member.events:
        said = f"{member.proven:,} proven, {member.events - member.proven:,} claimed, {key}"
    else:
        said = f"proven, {key}"
    return f"{said}, {member.waiting:,} wait for a signature" if several and member.waiting else said


@click.command("team", epilog="Example: clearance team payments.clearance --json | jq -r '.members[].name'")
@FILE
@AS_JSON
def team_command(file: Path, as_json: bool) -> None:
    """Show who works on a review: last seen, decisions, conflicts, copies, wrong clocks and forks."""
    found = team(opened(file))
    if as_json:
        put_json(json_data(found))
        return
    for each in found.members:
        parts = [f"{each.events:,} events", f"{each.decided:,} decisions in effect"]
        parts += [f"{each.assigned:,} assigned and undecided"] if each.assigned else []
        parts += [f"{each.overdue:,} overdue"] if each.overdue else []
        parts += [_standing(each, several=found.several)] if found.several or each.keys else []
        parts += [f"{each.conflicts:,} conflicts"] if each.conflicts else []
        parts += [f"{each.copies} copies"] if each.copies > 1 else []
        parts += [f"clock: {each.clock}"] if each.clock else []
        say(f"{visible(each.name, 20):20}  last seen {visible(each.last, 20) or 'never'}  {', '.join(parts)}")
    say(f"{found.undecided:,} left to decide")
    for key in found.shared_keys:
        say(f"one key, several names: {visible(key, 60)}; they count as one person")
    if found.remote:
        say(f"remote {visible(found.remote, 200)}, last synchronised {found.synced_at or 'never'}")
    for name, events in found.forks:
        say(f"fork: {events} events of a copied machine, in quarantine as {visible(name, 40)}")
