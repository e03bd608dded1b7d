"""Names of new review files: each appears whole or not at all, and never replaces another file."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Final

from analysis.errors import WorkspaceRefused

if TYPE_CHECKING:
    from pathlib import Path


#: Longest name of a file in bytes, so that SQLite can still put its journal next to it.
_MAX_NAME_BYTES: Final = 255 - len("-journal")


def check_name(path: Path) -> None:
    """Refuse a file name that cannot hold a review. Raises `WorkspaceRefused`."""
    name = os.path.basename(os.path.realpath(path))  # noqa: PTH119 - Path.resolve fails on cyclic links
    size = len(os.fsencode(name))
    if size <= _MAX_NAME_BYTES:
        return
    why = f"its name is too long: {size} bytes, and beyond {_MAX_NAME_BYTES} SQLite cannot keep a journal next to it"
    raise WorkspaceRefused(
        "the review file has a name that cannot be used",
        place=str(path),
        why=why,
        remedy="give it a shorter name in plain letters, such as payments.clearance",
    )


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
    """Give a finished file its name, never over another one, and flush it to the disk."""
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
