"""The audit log of a gateway: JSON lines, each with the digest of the line before it.

::

    {"event": "call", "user": "ann@corp.example", "agent": "claude-code/2.1", "tool": "crm:getRoom", ...,
     "prev": "<digest of the line before>", "digest": "<of this line without it>"}

A record is one line, written at once, so that it outlives the process; one that must outlive the machine is flushed to
the disk before anything else happens, the others soon after. Several gateways may write to one file: each takes a lock,
and continues from the last line that it finds. The chain shows a changed, removed or inserted line; that lines were cut
off at the end shows only against a digest that is kept elsewhere (a span, a copy, `expected`).
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import InputRefused
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FORMAT_VERSION: Final = 1
#: Digest before the first line.
START: Final = "0" * 64
_DOMAIN: Final = b"clearance-audit-1\0"
#: Event of the line after one that a crash cut off.
_RECOVERED: Final = "recovered"
#: Bytes read from the end to find the last line; a record is far smaller.
_TAIL: Final = 4 * 1024 * 1024


class AuditFailed(Exception):
    """The record could not be written, with the reason; then no call may go on."""


def chained_line(record: Mapping[str, Any], prev: str) -> tuple[bytes, str]:
    """Return a record as its line, and the digest of the line."""
    body = _text(dict(record) | {"v": FORMAT_VERSION, "prev": prev})
    digest = hashlib.sha256(_DOMAIN + body).hexdigest()
    return body[:-1] + f',"digest":"{digest}"}}\n'.encode(), digest


def _text(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode("ascii")


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """The outcome of checking an audit log. `head` is the digest of its last line; `cut` counts lines cut by a crash."""

    records: int
    head: str
    problems: tuple[str, ...]
    cut: int = 0

    @property
    def ok(self) -> bool:
        """Whether every line follows from the line before it."""
        return not self.problems


def check_chain(path: Path, expected: str = "") -> ChainCheck:
    """Check the chain of an audit log; `expected` is a digest that one of its lines must have. Raises `InputRefused`."""
    prev, records, cut, problems, waiting = START, 0, 0, list[str](), 0
    found = not expected or expected == START
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                record = _read(line)
                if record is None:
                    if waiting:
                        problems.append(f"line {waiting}: is not a record")
                    waiting = number
                    continue
                if waiting and record.get("event") != _RECOVERED:
                    problems.append(f"line {waiting}: is not a record")
                cut, waiting = cut + bool(waiting), 0
                fault, prev = _fault(record, line, prev)
                if fault:
                    problems.append(f"line {number}: {fault}")
                records += 1
                found = found or prev == expected
    except OSError as error:
        raise InputRefused(
            "the audit file cannot be read", place=str(path), why=str(error), remedy="check the path"
        ) from None
    if waiting:
        problems.append(f"line {waiting}: is cut off; the next start of the gateway says so in the file")
    if not found:
        problems.append(
            f"no line has the digest {expected[:12]}…: lines are missing at the end, or this is another file"
        )
    return ChainCheck(records, prev, tuple(problems), cut)


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and line.endswith(b"\n") else None


def _fault(record: dict[str, Any], line: bytes, prev: str) -> tuple[str, str]:
    """Return what is wrong with a line, and the digest that the next one has to name."""
    stated = str(record.pop("digest", ""))
    if record.get("prev") != prev:
        return "does not follow the line before it: a line was removed, inserted or moved", stated
    again, digest = chained_line({name: value for name, value in record.items() if name not in {"v", "prev"}}, prev)
    if record.get("v") != FORMAT_VERSION or digest != stated or again != line:
        return "has been changed", stated
    return "", stated


class AuditLog:
    """The audit log that a gateway writes to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.head = START
        self._end = -1
        self._failed = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError as error:
            raise InputRefused(
                "the audit file cannot be written", place=str(path), why=str(error), remedy="name another with --audit"
            ) from None

    def write(self, record: Mapping[str, Any], *, durable: bool = True) -> str:
        """Append a record, and return its digest. Raises `AuditFailed`, and from then on always.

        A `durable` one is on the disk when this returns; the others are with the next one, or with `flush`.
        """
        if self._failed:
            raise AuditFailed(self._failed)
        try:
            with _locked(self._file):
                self._catch_up()
                digest = self._append(record)
            if durable:
                os.fsync(self._file)
        except (OSError, ValueError, TypeError, RecursionError) as error:
            self._failed = f"the audit file cannot be written: {visible(str(error), 120)}"
            raise AuditFailed(self._failed) from None
        return digest

    def flush(self) -> None:
        """Put on the disk what is not there yet. Raises `AuditFailed`."""
        try:
            os.fsync(self._file)
        except OSError as error:
            self._failed = f"the audit file cannot be written: {visible(str(error), 120)}"
            raise AuditFailed(self._failed) from None

    def _append(self, record: Mapping[str, Any]) -> str:
        line, digest = chained_line(record, self.head)
        if os.write(self._file, line) != len(line):
            raise OSError("the disk is full")
        self._end += len(line)
        self.head = digest
        return digest

    def _catch_up(self) -> None:
        """Continue from the last line of the file; another gateway may have written to it."""
        size = os.fstat(self._file).st_size
        if size == self._end:
            return
        tail = os.pread(self._file, min(size, _TAIL), max(size - _TAIL, 0))
        self._end = size
        lines = tail.split(b"\n")
        rest = lines.pop()
        last = _read(lines[-1] + b"\n") if lines else None
        self.head = str(last.get("digest", START)) if last else START
        if rest:  # a crash cut off the last line: it stays as it is, and the next line says so
            os.write(self._file, b"\n")
            self._end += 1
            self._append({"event": _RECOVERED, "method": "audit/recovered", "cut_bytes": len(rest)})

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


@contextmanager
def _locked(file: int) -> Iterator[None]:
    """Hold the lock of a file against other gateways, where the system has such locks."""
    try:
        import fcntl  # noqa: PLC0415 - not on Windows, where one gateway writes to one file
    except ImportError:
        yield
        return
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
