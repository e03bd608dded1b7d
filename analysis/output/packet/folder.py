"""The folder of a packet, which may come from anyone: read once, plain files only, none too large, none outside it."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from analysis.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "MANIFEST",
    "MAX_BYTES",
    "MAX_FILES",
    "MAX_TOTAL",
    "SIGNOFFS",
    "SIGNOFF_PAGE",
    "SUMS",
    "Snapshot",
    "Unreadable",
    "read",
    "safe_name",
]

#: Names of the files that bind a packet together, and of the folder of its sign-offs.
SUMS: Final = "SHA256SUMS"
MANIFEST: Final = "manifest.json"
SIGNOFFS: Final = "signoffs"
#: Name of the page that shows the sign-offs.
SIGNOFF_PAGE: Final = "signoffs.html"
#: Maximum size of a file of a packet; a larger one is not read. The review of 50,000 tools has some 240 MB as data.
MAX_BYTES: Final = 256 * 1024 * 1024
#: Maximum size of all files of a packet together.
MAX_TOTAL: Final = 1024 * 1024 * 1024
#: Maximum number of entries in the folder of a packet, which has some dozens of files.
MAX_FILES: Final = 5_000

_NAME: Final = re.compile(r"\.?[A-Za-z0-9_][A-Za-z0-9._@+-]{0,99}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The bytes of a folder, each file read once: every check works on these bytes alone.

    `refused` holds the entries that were not read, with the reason: links, devices, files that are too large.
    """

    files: Mapping[str, bytes]
    refused: Mapping[str, str]

    @classmethod
    def of(cls, folder: Path) -> Snapshot:
        """Read a folder, or raise `Unreadable` if it cannot be listed or exceeds the limits of a packet."""
        files: dict[str, bytes] = {}
        refused: dict[str, str] = {}
        total = 0
        for name in _entries(folder):
            try:
                files[name] = read(folder / name)
            except Unreadable as error:
                refused[name] = str(error)
                continue
            total += len(files[name])
            if total > MAX_TOTAL:
                raise Unreadable(f"the folder holds more than {MAX_TOTAL // (1024 * 1024)} MB")
        return cls(files, refused)

    @property
    def names(self) -> list[str]:
        """The names of all files in the folder and below it, sorted."""
        return sorted([*self.files, *self.refused])

    def read(self, name: str) -> bytes:
        """Return the bytes of a file, or raise `Unreadable`."""
        if name in self.files:
            return self.files[name]
        if name in self.refused:
            raise Unreadable(self.refused[name])
        if any(above.as_posix() in self.refused for above in PurePosixPath(name).parents):
            raise Unreadable("is behind a link")
        raise Unreadable("is missing")


def safe_name(name: str) -> bool:
    """Whether a file name of a manifest stays in the folder, and is the same on every system and in every shell."""
    parts = PurePosixPath(name).parts
    return bool(parts) and "/".join(parts) == name and all(_NAME.fullmatch(part) for part in parts)


def read(path: Path) -> bytes:
    """Return the bytes of a plain file, or raise `Unreadable`. A link or a device is never opened for reading."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise Unreadable("is not a plain file")
        # The file may have been replaced by a link or a pipe since: the one is not followed, the other not waited for.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as stream:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                raise Unreadable("is not a plain file")
            # A file may be longer than its reported size, so one byte more than the limit is requested.
            data = stream.read(MAX_BYTES + 1) if found.st_size <= MAX_BYTES else None
    except FileNotFoundError:
        raise Unreadable("is missing") from None
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from None
    if data is None or len(data) > MAX_BYTES:
        raise Unreadable(f"is larger than {MAX_BYTES // (1024 * 1024)} MB")
    return data


def _entries(folder: Path) -> Iterator[str]:
    """Yield the names of all files in a folder and below it. No link is followed."""
    waiting = [folder]
    seen = 0
    while waiting:
        try:
            with os.scandir(waiting.pop()) as listing:
                for entry in listing:
                    seen += 1
                    if seen > MAX_FILES:
                        raise Unreadable(f"the folder holds more than {MAX_FILES:,} files")
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    else:
                        yield Path(entry.path).relative_to(folder).as_posix()
        except OSError as error:
            raise Unreadable(f"the folder cannot be listed: {error.strerror}") from None
