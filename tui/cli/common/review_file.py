"""Opening review files from a command, at the current time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review.session import Review
from tui import clock
from tui.cli.common.options import FILE

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FILE", "opened"]


def opened(file: Path, *, writable: bool = False) -> Review:
    """Open a review file as of now: whatever has expired since its last event is no longer in force."""
    return Review.open(file, writable=writable, now=clock.now())
