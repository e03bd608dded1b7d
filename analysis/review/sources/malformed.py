"""Content of a review file that has its checksum and makes no sense: the file is refused in words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from analysis.errors import WorkspaceRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def refusing_malformed(path: Path) -> Iterator[None]:
    """Raise `WorkspaceRefused` for what reading malformed content raises."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError, OverflowError) as error:
        raise WorkspaceRefused(
            "the review file was not opened",
            place=str(path),
            why=f"it contains something that this version of Clearance cannot read: {error}",
            remedy="restore a copy, or open it with the version that wrote it; this file was not changed",
        ) from error
