"""The lists of keys that an organisation keeps: who may sign for what, and which keys are revoked.

A key that ends gets `valid-before` in `allowed_signers`, and what was seen by then stays proven. A key in other hands goes
into `revoked_keys` next to that file: nothing signed with it counts, whenever it was seen, because a list of keys does not
say since when they are in other hands. The list is found by its place, so that no command can forget to name it.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.errors import Unreadable

if TYPE_CHECKING:
    from pathlib import Path

#: Name of the list of revoked keys: public keys, one a line, or a KRL, as `ssh-keygen -Y verify -r` takes them.
REVOKED: Final = "revoked_keys"
#: Maximum size of that list, in bytes.
_MAX_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SignerList:
    """The content of `allowed_signers`, and that of `revoked_keys`; None where there is no such file."""

    allowed: bytes
    revoked: bytes | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over both, in hex; another one means that signatures have to be checked again."""
        first = hashlib.sha256(self.allowed).hexdigest()
        return first if self.revoked is None else hashlib.sha256(f"{first} ".encode() + self.revoked).hexdigest()


def revoked_next_to(place: Path) -> bytes | None:
    """Return the revoked keys next to an `allowed_signers` file, or next to the file that it links to; None without any.

    Raises `Unreadable` for a list that is there and cannot be read, and for two that differ: then no signature counts.
    """
    found = {_read(each) for each in revoked_places(place)}
    if len(found) > 1:
        raise Unreadable(f"there are two different lists of {REVOKED}")
    return next(iter(found), None)


def revoked_places(place: Path) -> list[Path]:
    """Return the lists of revoked keys that are there for an `allowed_signers` file. Raises `Unreadable`."""
    try:
        folders = dict.fromkeys((place.absolute().parent, place.resolve().parent))
    except (OSError, RuntimeError):
        raise Unreadable(f"{REVOKED} cannot be looked for: the links are circular") from None
    return [folder / REVOKED for folder in folders if os.path.lexists(folder / REVOKED)]


def _read(place: Path) -> bytes:
    """Return a plain file; a pipe is not waited for."""
    try:
        handle = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise Unreadable(f"{REVOKED} is not a plain file")
            content = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"{REVOKED} cannot be read: {error.strerror}") from None
    if len(content) > _MAX_BYTES:
        raise Unreadable(f"{REVOKED} has more than {_MAX_BYTES:,} bytes")
    return content
