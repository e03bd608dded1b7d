"""How a new review file gets its name: whole or not at all, and never over another one."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from analysis.errors import WorkspaceRefused

if TYPE_CHECKING:
    from pathlib import Path


def exists_already(path: Path) -> WorkspaceRefused:
    """Return the error for a file that would be overwritten."""
    return WorkspaceRefused(
        "the review file exists already",
        place=str(path),
        remedy=f"open it with: clearance open {path}, or choose another name with -w",
    )


def unwritable(path: Path, error: Exception, remedy: str) -> WorkspaceRefused:
    """Return the error for a place that cannot be written."""
    why = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return WorkspaceRefused("the review file cannot be written", place=str(path), why=why, remedy=remedy)


def put_in_place(draft: Path, path: Path) -> None:
    """Give a finished file its name, never over another one, so that it lasts through a power cut."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        draft.rename(path)
    with contextlib.suppress(OSError):
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
