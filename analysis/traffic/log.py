"""Reads a log of tool calls: HAR 1.2, or JSON lines as written by gateways and agents."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.loading import refused
from analysis.model import Level, Problem
from analysis.traffic.call_record import Call, call_of_entry, call_of_record
from analysis.traffic.secrets import TooDeep, parse_json

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Maximum number of faulty lines listed; the rest is counted.
_MAX_PROBLEMS: Final = 200
_DEPTH: Final = "nested too deeply to be read"


@dataclass(frozen=True, slots=True)
class LogLimits:
    """Limits on a log: bytes, calls, bytes of a line (of a body in a HAR), nesting."""

    size: int = 64 * 1024 * 1024
    calls: int = 1_000_000
    line: int = 1024 * 1024
    depth: int = 200


_LIMITS: Final = LogLimits()


def read_log(raw: bytes, limits: LogLimits = _LIMITS) -> tuple[tuple[Call, ...], tuple[Problem, ...]]:
    """Return the calls of a log, in order, and the problems.

    Reads a HAR file, JSON lines, or a JSON list of records. A faulty record is a problem of level ERROR with its line;
    an unreadable log one of level REFUSED. Values of secrets are dropped here. Never raises.
    """
    if len(raw) > limits.size:
        what = f"the log has {len(raw):,} bytes; the limit is {limits.size:,}"
        return (), (refused(what, "split the log and check each part"),)
    raw = _utf8(raw)
    if not raw.strip():
        return (), (refused("the log is empty", "export it again"),)
    reader = _Reader(limits)
    whole = None if _begins_with_record(raw, limits) else reader.whole(raw)
    entries = _entries(whole)
    if entries is not None:
        reader.take(enumerate(entries, start=1), har=True)
    elif isinstance(whole, list):
        reader.take(enumerate(whole, start=1), har=False)
    elif isinstance(whole, dict):
        reader.take([(1, whole)], har=False)
    else:
        reader.lines(raw)
    if not reader.calls and not reader.others:
        what = f"no recorded call can be read: this is neither a HAR file nor JSON lines{reader.why}"
        return (), (refused(what, "export a HAR 1.2 file, or one JSON object per line"), *reader.problems)
    return tuple(reader.calls), reader.all_problems()


class _Reader:
    """Collects the calls and problems of one log."""

    def __init__(self, limits: LogLimits) -> None:
        self.limits = limits
        self.calls: list[Call] = []
        self.problems: list[Problem] = []
        self.faults = 0
        self.others = 0
        self.why = ""

    def whole(self, raw: bytes) -> Any:
        """Return the data of a log that is one JSON document; None if it is not, with the reason in `why`."""
        try:
            return parse_json(raw.decode())
        except RecursionError:
            self.why = f" ({_DEPTH})"
        except ValueError as error:
            self.why = f" ({str(error)[:100]})"
        return None

    def take(self, records: Iterable[tuple[int, Any]], *, har: bool) -> None:
        """Read records that are parsed already."""
        for number, record in records:
            if self._full(number):
                return
            self._record(number, record, har=har, line=None)

    def lines(self, raw: bytes) -> None:
        """Read JSON lines."""
        for number, line in enumerate(io.BytesIO(raw), start=1):
            if not line.strip():
                continue
            if self._full(number):
                return
            if len(line) > self.limits.line:
                self._fault(f"the line has {len(line):,} bytes; the limit is {self.limits.line:,}", number)
                continue
            try:
                record = parse_json(line.decode())
            except UnicodeDecodeError:
                self._fault("the line is not UTF-8", number)
            except ValueError as error:
                self._fault(f"the line is not JSON: {str(error)[:100]}", number)
            except RecursionError:
                self._fault(_DEPTH, number)
            else:
                self._record(number, record, har=False, line=number)

    def all_problems(self) -> tuple[Problem, ...]:
        """Return the problems, with the number of those not listed."""
        found = self.problems
        if self.faults > _MAX_PROBLEMS:
            found = [*found, Problem(Level.ERROR, f"{self.faults - _MAX_PROBLEMS:,} further faults are not listed")]
        if self.others:
            what = f"{self.others:,} records are protocol messages other than tool calls"
            found = [*found, Problem(Level.NOTE, what)]
        return tuple(found)

    def _record(self, number: int, record: Any, *, har: bool, line: int | None) -> None:
        if not isinstance(record, dict):
            self._fault("the record is not an object" if line is None else "the line is not an object", line, number)
            return
        try:
            if har:
                self.calls.append(call_of_entry(record, number, self.limits.depth, self.limits.line))
                return
            call = call_of_record(record, number, self.limits.depth)
        except (TooDeep, RecursionError):
            self._fault(_DEPTH, line, number)
            return
        if call is None:
            self.others += 1
        else:
            self.calls.append(call)

    def _full(self, number: int) -> bool:
        if len(self.calls) < self.limits.calls:
            return False
        what = f"more than {self.limits.calls:,} calls; record {number:,} and all after it were not read"
        self.problems.append(Problem(Level.ERROR, what, remedy="split the log"))
        return True

    def _fault(self, what: str, line: int | None, number: int = 0) -> None:
        self.faults += 1
        if self.faults <= _MAX_PROBLEMS:
            where = "" if line is not None else f"record {number:,}: "
            self.problems.append(Problem(Level.ERROR, f"{where}{what}; it was left out", line=line))


def _utf8(raw: bytes) -> bytes:
    """Return the bytes without a byte order mark, and UTF-16 (with a mark) as UTF-8."""
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return raw.decode("utf-16", "replace").encode()
    return raw.removeprefix(b"\xef\xbb\xbf")


def _begins_with_record(raw: bytes, limits: LogLimits) -> bool:
    """Whether the first line is a complete object and not a HAR: then the log is JSON lines."""
    begin = raw.lstrip()
    end = begin.find(b"\n", 0, limits.line)
    if end < 0:
        return False
    try:
        first = parse_json(begin[:end].decode())
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and _entries(first) is None


def _entries(data: Any) -> list[Any] | None:
    """Return the entries of a HAR; None if the data is not a HAR."""
    log = data.get("log") if isinstance(data, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    return entries if isinstance(entries, list) else None
