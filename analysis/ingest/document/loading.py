"""Checks before parsing: size, file type, encoding. Refusals are returned as problems."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from analysis.model import Level, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


_AMOUNT: Final = re.compile(r"([0-9]{1,15})([KMGkmg]?)\Z")
_PROGRESS_INTERVAL: Final = 250
_UTF8_MARK: Final = b"\xef\xbb\xbf"


#: By default, nodes that a document may write out, and those that it may repeat. The largest public document of an API has some
#: five million.
_NODES: Final = 8_000_000
_REPEATED_NODES: Final = 2_000_000
#: No limit on a text but that on its file: of sources that were imported while texts had another limit, or none.
ANY_TEXT: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on an untrusted document. A reviewer may set each of them; changed limits are recorded.

    In bytes, levels of nesting, nodes, characters that aliases repeat, characters of one text, operations, files, and
    referenced parts (`units`). A text is looked at many times over, with some forty times its size in memory; the longest
    in a score of real documents has 17,000 characters.
    Fewer nodes may be repeated than written out, and that bounds shared parts each time they are used: see `expansion`.
    """

    size: int = 64 * 1024 * 1024
    depth: int = 200
    nodes: int = _NODES
    characters: int = 64 * 1024 * 1024
    text: int = 1024 * 1024
    operations: int = 200_000
    files: int = 10_000
    units: int = 50_000

    @property
    def repeated_nodes(self) -> int:
        """Nodes that aliases and references may repeat: a small file can state any number. As `nodes`, where that was set."""
        return _REPEATED_NODES if self.nodes == _NODES else self.nodes

    @classmethod
    def parse(cls, wanted: Iterable[str]) -> Limits:
        """Return the limits set by `NAME=VALUE` texts; a value may end in K, M or G (powers of 1024).

        Raises ValueError with the fault and the known names.
        """
        names = [field.name for field in fields(cls)]
        made: dict[str, int] = {}
        for text in wanted:
            name, _, value = text.partition("=")
            if name not in names:
                raise ValueError(f"there is no limit {name!r}; there are {', '.join(names)}")
            made[name] = amount_of(name, value, getattr(cls(), name))
        return cls(**made)

    def changed(self) -> dict[str, int]:
        """Return the limits that differ from the default; that on texts only where there is one."""
        default = Limits()
        stated = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value
            for name, value in stated.items()
            if value != getattr(default, name) and not (name == "text" and value >= ANY_TEXT)
        }


def amount_of(name: str, value: str, example: int) -> int:
    """Return the amount of a limit; it may end in K, M or G (powers of 1024). Raises ValueError for anything else."""
    match = _AMOUNT.match(value.strip())
    if match is None or int(match[1]) == 0:
        raise ValueError(f"{name} needs a whole number above 0, such as {example} or 128M")
    factor: int = 1024 ** " KMG".index(match[2].upper() or " ")
    return int(match[1]) * factor


@dataclass(frozen=True, slots=True)
class Options:
    """How a source is read.

    `definitions`: whether digests, sizes and texts of definitions are computed; an inventory without them lists what can
    be called and with which fields, and cannot be decided on. `on_progress` is called with (step, done, total) at
    intervals; an exception it raises ends the reading.
    """

    limits: Limits = Limits()
    definitions: bool = True
    on_progress: Callable[[str, int, int], None] | None = None

    def report_progress(self, step: str, done: int, of: int) -> None:
        """Call `on_progress` at regular intervals."""
        if self.on_progress is not None and done % _PROGRESS_INTERVAL == 0:
            self.on_progress(step, done, of)


def how_to_raise(name: str, value: int) -> str:
    """Return the remedy for a limit that was reached: how four times as much is allowed, at the desk too."""
    return f"raise the limit `{name}` behind the name of the source: --limit {name}={value * 4}"


def refused(what: str, remedy: str, pointer: str = "", line: int | None = None) -> Problem:
    """Return the problem that ends the reading of a source."""
    return Problem(Level.REFUSED, what, pointer, line, remedy)


def long_text(limits: Limits, line: int | None = None) -> Problem:
    """Return the problem of a text beyond the limit."""
    remedy = f"shorten it, or {how_to_raise('text', limits.text)}"
    return refused(f"a text in it has more than {limits.text:,} characters", remedy, line=line)


def load_file(path: Path, limits: Limits) -> tuple[bytes | None, list[Problem]]:
    """Return the bytes of a regular file within the size limit, or the problem."""
    try:
        info = os.stat(path)  # noqa: PTH116 - one call gives type and size together
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
                f"split the document into several sources, or {how_to_raise('size', limits.size)}",
            )
        ]
    try:
        return path.read_bytes(), []
    except OSError as error:
        return None, [refused(f"the file cannot be read: {error.strerror}", "check its permissions")]


def decode(raw: bytes) -> tuple[str | None, list[Problem]]:
    """Return the text of a document: UTF-8, or UTF-16 with a byte order mark; never with a NUL."""
    if not raw or raw.isspace():
        return None, [refused("the file is empty", "export the document again")]
    encoding = "utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    try:
        text = raw.removeprefix(_UTF8_MARK).decode(encoding)
    except UnicodeDecodeError as error:
        return None, [
            refused(
                f"byte {error.start + (3 if raw[:3] == _UTF8_MARK else 0):,} is not {encoding.upper()}",
                "save the document as UTF-8",
            )
        ]
    if b"\0" in raw and "\0" in text:  # in UTF-16 every second byte
        position = text.index("\0")
        return None, [
            refused(
                f"NUL character at position {position:,}; some parsers silently stop there",
                "remove it; ask where the document came from",
                line=text.count("\n", 0, position) + 1,
            )
        ]
    return text, []
