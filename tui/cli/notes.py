"""`clearance note`: notes on tools, findings, questions and the review."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from analysis.review import commands
from tui import clock
from tui.cli.common.lookup import resolve_subject
from tui.cli.common.options import FILE, recording
from tui.cli.common.outcome import show_outcome
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from pathlib import Path


@click.command("note", epilog="Example: clearance note payments.clearance createRefund 'asked the owner'")
@FILE
@click.argument("subject")
@click.argument("text")
@recording
def note_command(file: Path, subject: str, text: str, actor: str | None, as_json: bool) -> None:
    """Write a note on SUBJECT: a tool, a finding, a question, or `review`. A TEXT of - reads standard input."""
    review = opened(file, writable=True)
    note = sys.stdin.read() if text == "-" else text
    outcome = commands.note(review, resolve_subject(review, subject), note, actor=clock.actor(actor), at=clock.now())
    show_outcome(review, outcome, as_json)
