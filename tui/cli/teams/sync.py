"""`clearance sync`: events exchanged with colleagues through a git remote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.review.queries.status import json_data
from analysis.text import visible
from tui import clock
from tui.cli.common.options import FILE, recording
from tui.cli.common.output import interactive, put_json, say
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from analysis.review.syncing.exchange import Synced


@click.command(
    "sync", epilog="Example: clearance sync payments.clearance git@host:security/reviews.git --key ~/.ssh/id_ed25519"
)
@FILE
@click.argument("remote", required=False, default="")
@click.option("--key", type=click.Path(path_type=Path), help="SSH key that signs what you send; remembered.")
@click.option(
    "--allowed-signers",
    type=click.Path(path_type=Path),
    help="Your organisation's list of people and keys, which proves what others send; remembered.",
)
@click.option("--mine", is_flag=True, help="Also sign events in your name that other copies recorded: they are yours.")
@recording
def sync_command(
    file: Path,
    remote: str,
    key: Path | None,
    allowed_signers: Path | None,
    mine: bool,
    actor: str | None,
    as_json: bool,
) -> None:
    """Send your events to a git REMOTE, and take in those of your colleagues.

    REMOTE is a bare folder, or an address of ssh or https; it is remembered. Each copy writes to a branch of its own, in
    signed commits. Without a connection nothing fails: what you recorded is sent the next time.
    """
    from analysis.review.syncing.exchange import sync  # noqa: PLC0415 - `--help` needs no git

    review = opened(file, writable=True)
    done = sync(
        review,
        person=clock.actor(actor),
        at=clock.now(),
        remote=remote,
        allowed_signers=allowed_signers,
        key=key,
        ask=interactive(),
        mine=mine,
    )
    if as_json:
        put_json(json_data(done) | {"sentence": done.sentence})
        return
    _show(done, file)


def _show(done: Synced, file: Path) -> None:
    say(visible(done.sentence, 600))
    for name, why in done.trouble:
        say(f"  {visible(name, 120)}: {visible(why, 300)}")
    if done.conflicts:
        say(f"see: clearance conflicts {visible(str(file))}")
