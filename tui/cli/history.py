"""`clearance log`, `undo`, `redo`: the audit trail of a review."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from analysis.errors import UsageError
from analysis.review import commands, queries
from analysis.review.queries.people import people_in
from analysis.review.queries.status import aside_data, json_data
from analysis.review.sources.log_check import check_log
from analysis.text import visible
from tui import clock
from tui.cli.common.options import AS_JSON, FILE, recording
from tui.cli.common.outcome import show_outcome
from tui.cli.common.output import put_json, say
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.review.session import Review
    from analysis.review.sources.log_check import LogCheck

#: A date, or the beginning of a time in the form the record uses.
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T[\d:.Z]*)?)?)?", re.ASCII)


@click.command("log", epilog="Example: clearance log payments.clearance --json | jq -r '.[].sentence'")
@FILE
@click.option("--by", default="", help="Only events of one person; part of the name is enough.")
@click.option("--kind", default="", help="Only events of one kind, such as tool.decided.")
@click.option("--since", default="", help="Only events from this date on (YYYY-MM-DD).")
@click.option("--has", default="", help="Only events whose sentence contains this text, ignoring case.")
@click.option("--people", "by_person", is_flag=True, help="Only who acted, how often and when.")
@click.option("--verify", is_flag=True, help="Only check every chain of events; the first broken event is named.")
@AS_JSON
def log_command(
    file: Path, by: str, kind: str, since: str, has: str, by_person: bool, verify: bool, as_json: bool
) -> None:
    """Show the audit trail: who did what, when, oldest first. A file with a broken chain is refused."""
    if since and not _DATE.fullmatch(since):
        raise UsageError("this is not a date", place=since, remedy="write --since YYYY-MM-DD")
    if verify:
        _show_chains(check_log(file, now=clock.now()), as_json=as_json)
        return
    review = opened(file)
    if by_person:
        _show_people(review, as_json=as_json)
        return
    entries = [
        entry
        for entry in queries.audit_trail(review)
        if by.lower() in entry.actor.lower()
        and entry.kind.startswith(kind)
        and entry.at >= since
        and has.lower() in entry.sentence.lower()
    ]
    if as_json:
        fields = ("id", "replica", "seq", "at", "actor", "kind", "key", "sentence", "body")
        put_json([{field: getattr(entry, field) for field in fields} for entry in entries])
        return
    for entry in entries:
        say(f"{entry.at}  {visible(entry.actor, 20):20}  {visible(entry.sentence)}")


def _show_chains(found: LogCheck, *, as_json: bool) -> None:
    """Print the chains of a log, and the events that were set aside."""
    if as_json:
        heads = [{"replica": replica, "seq": seq, "id": identity} for replica, seq, identity in found.chains]
        put_json({"chains": heads, "set_aside": [aside_data(each, settled) for each, settled in found.set_aside]})
        return
    say(f"{found.events:,} events in {len(found.chains)} whole chains")
    for replica, seq, identity in found.chains:
        say(f"  {visible(replica, 32)}  {seq:,} events, the last one {identity}")
    for each, settled in found.set_aside:
        done = " (settled)" if settled else ""
        say(
            f"set aside: event {each.event.seq} of {visible(each.event.replica, 12)}, {each.event.id[:12]}: {visible(each.why, 200)}{done}"
        )


def _show_people(review: Review, *, as_json: bool) -> None:
    """Print who acted in a review."""
    found = people_in(review)
    if as_json:
        put_json([json_data(each) | {"events": each.events} for each in found])
        return
    for each in found:
        counts = ", ".join(f"{count} {kind}" for kind, count in each.done)
        say(f"{visible(each.name, 20):20}  {each.first[:10]} to {each.last[:10]}  {counts}")


@click.command("undo", epilog="Example: clearance undo payments.clearance")
@FILE
@recording
def undo_command(file: Path, actor: str | None, as_json: bool) -> None:
    """Undo your last action; a bulk action is one step."""
    review = opened(file, writable=True)
    show_outcome(review, commands.undo(review, actor=clock.actor(actor), at=clock.now()), as_json)


@click.command("redo", epilog="Example: clearance redo payments.clearance")
@FILE
@recording
def redo_command(file: Path, actor: str | None, as_json: bool) -> None:
    """Redo the action you undid last."""
    review = opened(file, writable=True)
    show_outcome(review, commands.redo(review, actor=clock.actor(actor), at=clock.now()), as_json)
