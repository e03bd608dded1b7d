"""Review files as commands open them: as they stand at this moment."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.review.session import Review
from tui import clock

#: The argument of every command that works on a review.
FILE = click.argument("file", type=click.Path(path_type=Path))


def opened(file: Path, *, writable: bool = False) -> Review:
    """Open a review file as it stands now: what has run out since its last event no longer holds."""
    return Review.open(file, writable=writable, now=clock.now())
