"""The folder of a source with several files: on disk, or stored in a review."""

from __future__ import annotations

import hashlib
import posixpath
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from analysis.ingest.document.loading import load_file, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.ingest.document.loading import Limits
    from analysis.model import Problem


class Folder(Protocol):
    """Files that may refer to each other by relative names; nothing outside is ever opened."""

    def find(self, base: str, name: str) -> str | None:
        """Return the relative name of a file that `base` refers to, or None when it lies outside the folder."""

    def load(self, name: str, limits: Limits) -> tuple[bytes | None, list[Problem]]:
        """Return the bytes of a file within the limits, or the problem."""


class DiskFolder:
    """A folder on disk that the reviewer named as the source."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def find(self, base: str, name: str) -> str | None:
        """Return the relative name of a file after following symbolic links."""
        try:
            path = (self._root / base).parent.joinpath(name).resolve()
        except (OSError, ValueError, RuntimeError):  # RuntimeError: a cycle of symbolic links
            path = Path("/")
        return path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else None

    def load(self, name: str, limits: Limits) -> tuple[bytes | None, list[Problem]]:
        """Read a regular file within the size limit."""
        return load_file(self._root / name, limits)


class StoredFolder:
    """The files of a source stored in a review. Its names are never used on the file system."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def find(self, base: str, name: str) -> str | None:
        """Return the relative name of a file."""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(base), name))
        return None if path == ".." or path.startswith(("../", "/")) else path

    def load(self, name: str, limits: Limits) -> tuple[bytes | None, list[Problem]]:
        """Return the stored bytes, within the size limit."""
        raw = self._files.get(name)
        if raw is None:
            return None, [refused("there is no such file", "check the spelling of the path")]
        if len(raw) > limits.size:
            return None, [refused(f"more than {limits.size:,} bytes", "split the document")]
        return raw, []


@dataclass(frozen=True, slots=True)
class Stored:
    """A source stored in a review: (relative name, bytes) of each file, the entry first.

    `folder`: the reviewer named a folder, so the files may refer to each other.
    """

    files: tuple[tuple[str, bytes], ...]
    folder: bool

    def sha256(self) -> str:
        """Return the digest under which the source was recorded."""
        return combined_digest({name: hashlib.sha256(raw).hexdigest() for name, raw in self.files})


def combined_digest(hashes: Mapping[str, str]) -> str:
    """Return the digest of a source from the digests of its files: of one file its own, of several one over the list."""
    if len(hashes) == 1:
        return next(iter(hashes.values()))
    listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items()))
    return hashlib.sha256(listed.encode()).hexdigest()
