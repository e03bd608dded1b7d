"""Files that travel: a copy to give away, and a file received, from which events are taken in.

A foreign file is copied aside, and the copy is read. Nothing next to the file is applied, nothing is written there, and what
is read cannot change while it is checked. The copy lies in a folder that no other user can enter, and is removed afterwards.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.errors import ClearanceError
from analysis.workspace import file_schema, replicas, side_files
from analysis.workspace.files import check_name, exists_already, put_in_place, unwritable
from analysis.workspace.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from io import FileIO

    from analysis.workspace.events import Event

#: Maximum size of a file that is copied aside, in bytes: ten times a review of 20,000 tools and 100,000 events.
MAX_BYTES: Final = 2 * 1024 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
#: How often copying starts over because another program was writing meanwhile.
_TRIES: Final = 3


@contextlib.contextmanager
def foreign_store(path: Path, known: Mapping[str, Event] | None = None) -> Iterator[Store]:
    """Open a copy of a file for reading; `known` are the events of our own copy, by id. Raises `WorkspaceRefused` or `InputRefused`, about the file itself."""
    with tempfile.TemporaryDirectory(prefix="clearance-") as folder:
        copy = Path(folder, "copy.clearance")
        _copy(path, copy)
        try:
            store = Store.open(copy, writable=False, rows=False, known=known, place=path)
        except ClearanceError as error:
            error.place = str(path)
            raise
        try:
            yield store
        finally:
            store.close()


def _copy(path: Path, copy: Path) -> None:
    for _ in range(_TRIES):
        file_schema.check_header(path)
        if side := side_files.existing(path):
            raise file_schema.refuse(
                path,
                f"{side[0].name} lies next to it: another program is writing in it, or was stopped",
                "close the program that uses it, or ask for a copy made with: clearance share FILE OUT",
            )
        before = replicas.stamp(path)
        _copy_bytes(path, copy)
        if before == replicas.stamp(path) and not side_files.existing(path):
            return
    raise file_schema.refuse(
        path,
        "another program is writing in it",
        "try again in a moment, or ask for a copy made with: clearance share FILE OUT",
    )


def _copy_bytes(path: Path, copy: Path) -> None:
    left = MAX_BYTES
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(handle, "rb", buffering=0) as source, copy.open("wb", buffering=0) as target:  # noqa: PTH123 - from a handle
            while count := _copy_some(source, target):
                left -= count
                if left < 0:
                    raise file_schema.refuse(
                        path,
                        f"it holds more than {MAX_BYTES:,} bytes",
                        "ask for a copy made with: clearance share FILE OUT",
                    )
    except OSError as error:
        raise file_schema.refuse(
            path, error.strerror or "it cannot be read", "check its permissions and the disk"
        ) from None


def _copy_some(source: FileIO, target: FileIO) -> int:
    """Copy the next bytes, inside the system where it can; return their number."""
    with contextlib.suppress(OSError, AttributeError):  # a system that sends only to a connection
        return os.sendfile(target.fileno(), source.fileno(), None, _CHUNK)
    chunk = source.read(_CHUNK)
    rest = memoryview(chunk)
    while rest:
        rest = rest[target.write(rest) :]
    return len(chunk)


def write_copy(store: Store, out: Path) -> None:
    """Write a compact copy of an open file that only its owner can read; it appears whole or not at all.

    Raises `WorkspaceRefused`, also where the place exists.
    """
    try:
        check_name(out)
        side_files.check_free(out)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".") as folder:
            draft = Path(folder, "copy")
            with contextlib.closing(file_schema.connect(store.path, writable=False)) as connection:
                connection.execute("VACUUM INTO ?", (draft.resolve().as_uri(),))  # an address can state any name
            draft.chmod(0o600)
            with draft.open("rb+") as file:
                os.fsync(file.fileno())
            if out.exists() or out.is_symlink():
                raise exists_already(out)
            put_in_place(draft, out)
    except FileExistsError:
        raise exists_already(out) from None
    except (OSError, ValueError, sqlite3.Error) as error:
        raise unwritable(out, error, "choose a folder you may write to, with enough space") from None
