"""Reading a packet that may come from anyone: plain files only, none too large, none outside the folder."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

#: No file of a packet is larger; a larger one is refused unread.
MAX_BYTES: Final = 64 * 1024 * 1024
#: A packet holds some dozens of files. More than this is not a packet.
MAX_FILES: Final = 5_000

_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._@+-]{0,99}", re.ASCII)


class Unreadable(Exception):
    """A file or folder that may not be read as a part of a packet, with the reason in words."""


def safe_name(name: str) -> bool:
    """Whether a file name of a manifest stays in the folder, and is the same on every system and in every shell."""
    parts = PurePosixPath(name).parts
    return bool(parts) and "/".join(parts) == name and all(_NAME.fullmatch(part) for part in parts)


def read(path: Path) -> bytes:
    """Return the bytes of a plain file, or raise `Unreadable`. A link or a device is never opened for reading."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise Unreadable("is not a plain file")
        # The name may have been given to a link or a pipe since: neither is followed nor waited for.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise Unreadable("is missing") from None
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from None
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise Unreadable("is not a plain file")
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Unreadable(f"is larger than {MAX_BYTES // (1024 * 1024)} MB")
    return data


def entries(folder: Path) -> Iterator[tuple[str, bool]]:
    """Yield (name, whether it is a plain file) of all that lies in a folder and below it, folders left out.

    Links are yielded as not plain and never followed.
    """
    waiting = [folder]
    seen = 0
    while waiting:
        try:
            found = sorted(os.scandir(waiting.pop()), key=lambda entry: entry.name)
        except OSError as error:
            raise Unreadable(f"cannot be listed: {error.strerror}") from None
        for entry in found:
            seen += 1
            if seen > MAX_FILES:
                raise Unreadable(f"holds more than {MAX_FILES:,} files")
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
                continue
            name = Path(entry.path).relative_to(folder).as_posix()
            yield name, entry.is_file(follow_symlinks=False)


def strict_json(data: bytes) -> dict[str, Any]:
    """Return a JSON object, or raise `Unreadable`: no key twice, no NaN, no nesting that exhausts the reader."""
    try:
        value = json.loads(data.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise Unreadable("is not JSON") from None
    if not isinstance(value, dict):
        raise Unreadable("is not a JSON object")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("holds the same key twice")
    return found


def _no_constant(name: str) -> Any:
    raise Unreadable(f"holds {visible(name)}, which is not JSON")
