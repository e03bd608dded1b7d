"""Bytes before anything parses them: size, kind of file, encoding. Refusals are data."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.model import Level, Problem

if TYPE_CHECKING:
    from pathlib import Path


_UTF8_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a stranger's document is read.

    In bytes, levels of nesting, nodes after aliases, operations, files, and referenced parts.
    """

    size: int = 64 * 1024 * 1024
    depth: int = 200
    nodes: int = 2_000_000
    operations: int = 200_000
    files: int = 10_000
    units: int = 50_000


def refused(what: str, remedy: str, pointer: str = "", line: int | None = None) -> Problem:
    """Return the problem that ends the reading of a source."""
    return Problem(Level.REFUSED, what, pointer, line, remedy)


def load(path: Path, limits: Limits) -> tuple[bytes | None, list[Problem]]:
    """Read a regular file within the size limit, or say why not."""
    try:
        info = os.stat(path)  # noqa: PTH116 - one call gives kind and size together
    except FileNotFoundError:
        return None, [refused("there is no such file", "check the spelling of the path")]
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        return None, [refused(f"the file cannot be read: {why}", "check its name and permissions")]
    if not stat.S_ISREG(info.st_mode):
        return None, [refused("this is not a regular file", "name an OpenAPI document or a tools/list result")]
    if info.st_size > limits.size:
        return None, [
            refused(
                f"the file has {info.st_size:,} bytes; the limit is {limits.size:,}",
                "cut the document into several sources",
            )
        ]
    try:
        return path.read_bytes(), []
    except OSError as error:
        return None, [refused(f"the file cannot be read: {error.strerror}", "check its permissions")]


def decode(raw: bytes) -> tuple[str | None, list[Problem]]:
    """Return the text of a document: UTF-8, or UTF-16 with a byte order mark; never with a NUL."""
    if not raw.strip():
        return None, [refused("the file is empty", "export the document again")]
    encoding = "utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        return None, [
            refused(
                f"byte {error.start + (3 if raw[:3] == _UTF8_MARK else 0):,} is not {encoding.removesuffix('-sig').upper()}",
                "save the document as UTF-8",
            )
        ]
    if "\0" in text:
        where = text.index("\0")
        return None, [
            refused(
                f"a NUL character stands at character {where:,}; some parsers silently stop there",
                "remove it; ask where the document came from",
                line=text.count("\n", 0, where) + 1,
            )
        ]
    return text, []
