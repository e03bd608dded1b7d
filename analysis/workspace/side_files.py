"""SQLite's side files next to a review file: which are allowed, and which are never applied.

A rollback journal tells SQLite what to write back, and may name a further file (a *super-journal*) that SQLite then
deletes. So a side file holds instructions, not data, and only our own are carried out: those of a file in which this
machine has written, or had begun to write, under an identity kept outside the file (see `replicas`).
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from analysis.errors import WorkspaceRefused
from analysis.workspace import replicas

_JOURNAL: Final = "-journal"
#: Side files of write-ahead mode, in which a review file never is.
_NEVER_OURS: Final = ("-wal", "-shm")
#: End of a journal that names a super-journal. Transactions of a review span one file only, so ours never do.
_NAMES_ANOTHER: Final = bytes.fromhex("d9d505f920a163d7")
_REMEDY: Final = (
    "if another program is writing in it, open it again in a moment; otherwise copy only the .clearance file to a new"
    " folder and open the copy, or ask the sender for a copy made while no program has it open"
)


def existing(path: Path) -> list[Path]:
    """Return the side files of a review file: signs of a crash, a careless copy, or a program that is writing."""
    whole = os.path.realpath(path)  # SQLite too looks next to the file that a link leads to
    return [Path(whole + suffix) for suffix in (_JOURNAL, *_NEVER_OURS) if os.path.lexists(whole + suffix)]


def check(path: Path) -> bool:
    """Whether a journal of our own lies next to a file, so that SQLite has to write to roll it back.

    Raises `WorkspaceRefused` for any other side file; nothing on the disk is touched.
    """
    side = existing(path)
    if not side:
        return False
    for each in side:
        if why := _reason_against(each, path):
            raise _refused(path, why)
    return True


def check_free(path: Path) -> None:
    """Refuse the name of a new file that a side file lies next to: SQLite would take it for the new file's."""
    if side := existing(path):
        raise WorkspaceRefused(
            "the review file was not made",
            place=str(path),
            why=f"{side[0].name} already lies next to it, and SQLite would apply it",
            remedy="choose another name or another folder with -w FILE",
        )


def _reason_against(side: Path, path: Path) -> str:
    """Return why a side file is not applied, or an empty string."""
    if not side.name.endswith(_JOURNAL):
        return f"{side.name} lies next to it, which Clearance never writes"
    try:
        info = side.lstat()
        if not stat.S_ISREG(info.st_mode):
            return f"{side.name} next to it is not a regular file"
        if not replicas.has_written(path):
            return f"{side.name} lies next to it, and this machine did not write it: SQLite would apply it"
        with side.open("rb") as file:
            file.seek(max(info.st_size - len(_NAMES_ANOTHER), 0))
            if file.read() == _NAMES_ANOTHER:
                return f"{side.name} next to it names another file, which SQLite would delete"
    except FileNotFoundError:  # another program of ours has just finished writing
        return ""
    except OSError as error:
        return f"{side.name} next to it cannot be read: {error.strerror}"
    return ""


def _refused(path: Path, why: str) -> WorkspaceRefused:
    return WorkspaceRefused("the review file was not opened", place=str(path), why=why, remedy=_REMEDY)
