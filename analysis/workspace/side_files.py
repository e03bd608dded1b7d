"""SQLite's side files beside a review file: which may be there, and which are never to be followed.

A rollback journal tells SQLite what to write back, and may name a further file (a *super-journal*) that SQLite then
deletes. So what lies beside a file is not data but orders, and only our own are carried out: those of a file in which
this machine has written, or had begun to write, under an identity that lies outside the file (see `replicas`).
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from analysis.errors import WorkspaceRefused
from analysis.workspace import replicas

_JOURNAL: Final = "-journal"
#: Of write-ahead mode, in which a review file never is.
_NEVER_OURS: Final = ("-wal", "-shm")
#: What a journal ends in when it names a super-journal. A review file is alone in its transactions, so ours never do.
_NAMES_ANOTHER: Final = bytes.fromhex("d9d505f920a163d7")
_ALONE: Final = (
    "if somebody is writing in it right now, open it again in a moment; otherwise copy the .clearance file alone to a"
    " new folder and open the copy, or ask whoever wrote it for a copy made while nobody works on it"
)


def beside(path: Path) -> list[Path]:
    """Return the side files of a review file: signs of a crash, a careless copy, or a program that is writing."""
    whole = os.path.realpath(path)  # SQLite too looks beside the file that a link leads to
    return [Path(whole + suffix) for suffix in (_JOURNAL, *_NEVER_OURS) if os.path.lexists(whole + suffix)]


def check(path: Path) -> bool:
    """Whether a journal of our own lies beside a file, so that SQLite has to write to take back what it left.

    Raises `WorkspaceRefused` for any other side file; nothing on the disk is touched.
    """
    side = beside(path)
    if not side:
        return False
    for each in side:
        if why := _reason_against(each, path):
            raise _refused(path, why)
    return True


def check_free(path: Path) -> None:
    """Refuse a name for a new file beside which a side file lies already: SQLite would take it for the new file's."""
    if side := beside(path):
        raise WorkspaceRefused(
            "the review file was not made",
            place=str(path),
            why=f"{side[0].name} lies beside it already, and SQLite would carry out what it says",
            remedy="choose another name or another folder with -w FILE",
        )


def _reason_against(side: Path, path: Path) -> str:
    """Return why a side file is not to be followed, or nothing."""
    if not side.name.endswith(_JOURNAL):
        return f"{side.name} lies beside it, which Clearance never writes"
    try:
        info = side.lstat()
        if not stat.S_ISREG(info.st_mode):
            return f"{side.name} beside it is not a regular file"
        if not replicas.has_written(path):
            return f"{side.name} lies beside it, and this machine did not write it: SQLite would carry out what it says"
        with side.open("rb") as file:
            file.seek(max(info.st_size - len(_NAMES_ANOTHER), 0))
            if file.read() == _NAMES_ANOTHER:
                return f"{side.name} beside it names another file, which SQLite would delete"
    except FileNotFoundError:  # another program of ours has just finished writing
        return ""
    except OSError as error:
        return f"{side.name} beside it cannot be read: {error.strerror}"
    return ""


def _refused(path: Path, why: str) -> WorkspaceRefused:
    return WorkspaceRefused("the review file was not opened", place=str(path), why=why, remedy=_ALONE)
